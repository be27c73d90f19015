"""The people whom every test knows, as a pytest plugin: organisations, members, residents, clients.

sato       佐藤花子      steward      131016 千代田区
suzuki     鈴木一郎      publisher    131016 千代田区
takahashi  高橋美咲      steward      132012 八王子市
tanaka     田中健        admin        130001 東京都 デジタルサービス局 (platform administrator)
yamamoto   山本さくら    resident
ito        伊藤蓮        developer    civic-tech シビックテック東京
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

from tedori.kernel.evidence.seals import unsealed
from tedori.kernel.organisations.models import Membership, Organisation, User
from tedori.kernel.organisations.queries import person_actor
from tedori.kernel.organisations.values import Actor

JOINED = datetime(2026, 4, 1, tzinfo=UTC)


def make_organisation(
    code: str, name: str, name_en: str, kind: str, *, steward: bool = False
) -> Organisation:
    """An organisation's row, the same one when asked twice."""
    row, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "name_en": name_en, "kind": kind, "steward_of_platform": steward}
    )
    return row


def make_person(
    username: str, name: str, *, organisation: Organisation | None = None, role: str = ""
) -> User:
    """A person without a usable password, in at most one organisation."""
    person = User(username=username, name=name)
    person.set_unusable_password()
    person.save()
    if organisation is not None:
        Membership.objects.create(user=person, organisation=organisation, role=role, added_at=JOINED)
    return person


@pytest.fixture(scope="session", autouse=True)
def evidence_gives_way_when_the_test_database_is_emptied() -> Iterator[None]:
    """Lift the evidence's seals while Django empties the tables after a transactional test."""
    plain = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with unsealed(self.connection):
            plain(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No test inherits the counts of another."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def bureau(db: None) -> Organisation:
    """東京都 デジタルサービス局, whose admins administer the platform."""
    return make_organisation(
        "130001", "東京都 デジタルサービス局", "Tokyo Bureau of Digital Services", "bureau", steward=True
    )


@pytest.fixture
def chiyoda(db: None) -> Organisation:
    """千代田区."""
    return make_organisation("131016", "千代田区", "Chiyoda City", "municipality")


@pytest.fixture
def hachioji(db: None) -> Organisation:
    """八王子市."""
    return make_organisation("132012", "八王子市", "Hachioji City", "municipality")


@pytest.fixture
def civic_group(db: None) -> Organisation:
    """シビックテック東京."""
    return make_organisation("civic-tech", "シビックテック東京", "Civic Tech Tokyo", "civic")


@pytest.fixture
def sato(chiyoda: Organisation) -> User:
    """佐藤花子, steward of 千代田区."""
    return make_person("sato", "佐藤花子", organisation=chiyoda, role="steward")


@pytest.fixture
def suzuki(chiyoda: Organisation) -> User:
    """鈴木一郎, publisher of 千代田区."""
    return make_person("suzuki", "鈴木一郎", organisation=chiyoda, role="publisher")


@pytest.fixture
def takahashi(hachioji: Organisation) -> User:
    """高橋美咲, steward of 八王子市."""
    return make_person("takahashi", "高橋美咲", organisation=hachioji, role="steward")


@pytest.fixture
def tanaka(bureau: Organisation) -> User:
    """田中健, platform administrator."""
    return make_person("tanaka", "田中健", organisation=bureau, role="admin")


@pytest.fixture
def yamamoto(db: None) -> User:
    """山本さくら, a resident."""
    return make_person("yamamoto", "山本さくら")


@pytest.fixture
def ito(civic_group: Organisation) -> User:
    """伊藤蓮, developer in a civic group."""
    return make_person("ito", "伊藤蓮", organisation=civic_group, role="developer")


@pytest.fixture
def acting(db: None) -> Callable[..., Actor]:
    """`acting(sato)` is the Actor that a request of hers would have."""
    return person_actor


@pytest.fixture
def browser_of(db: None) -> Callable[[User], Client]:
    """`browser_of(sato)` is a test client in which she is signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
