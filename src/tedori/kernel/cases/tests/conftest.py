"""A kind of case that only these tests know, and the people who work on it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tedori.kernel.cases import rules
from tedori.kernel.cases.rules import CaseKind, Move, State
from tedori.kernel.organisations import permissions
from tedori.kernel.organisations.models import Membership, Organisation, User
from tedori.kernel.organisations.permissions import Permission
from tedori.kernel.organisations.queries import person_actor

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)

LEAK = CaseKind(
    name="tests.leak",
    label="漏水の疑い",
    states=(State("new", "新着"), State("checking", "確認中"), State("fixed", "解決", final=True)),
    moves=(
        Move("new", "checking", "tests.check"),
        Move("checking", "new", "tests.check", needs_reason=True),
        Move("checking", "fixed", "tests.close"),
    ),
    deadline=timedelta(days=3),
)
ONLY_HERE = {
    "tests.check": Permission("tests.check", roles=("steward", "publisher"), label="確認"),
    "tests.close": Permission("tests.close", roles=("publisher",), label="終了"),
}


@pytest.fixture(autouse=True)
def _leak(monkeypatch):
    declared = {**permissions._declared(), **ONLY_HERE}
    monkeypatch.setattr(permissions, "_declared", lambda: declared)
    monkeypatch.setattr(rules, "kinds", lambda: {LEAK.name: LEAK})
    with translation.override("ja"):
        yield


@pytest.fixture
def people(db):
    """sato and suzuki of 千代田区, takahashi of 八王子市, tanaka of the platform, yamamoto, a resident."""
    found = {}
    for name, shown, code, role in (
        ("sato", "佐藤花子", "131016", "steward"),
        ("suzuki", "鈴木一郎", "131016", "publisher"),
        ("takahashi", "高橋美咲", "132012", "publisher"),
        ("tanaka", "田中健", "130001", "admin"),
        ("yamamoto", "山本さくら", "", ""),
    ):
        user = User.objects.create(username=name, name=shown)
        if code:
            place, _ = Organisation.objects.get_or_create(
                code=code, defaults={"name": code, "kind": "bureau", "steward_of_platform": code == "130001"}
            )
            Membership.objects.create(user=user, organisation=place, role=role, added_at=NOW)
        found[name] = person_actor(user)
    return found
