"""Who may read and write: owners, members, the public, and tokens that do not hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tedori.kernel.organisations.actions import issue_token, revoke_token
from tedori.kernel.organisations.values import system_actor
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.queries.store import STORE
from tedori.services.live.tests.conftest import Caller

AT = datetime.now(UTC)
HOUSE = system_actor("tests")
TOILET = "https://uri.etsi.org/ngsi-ld/default-context/Toilet"
ONE = "/entities/urn:ngsi-ld:Toilet:1"
TOILETS = {"id": "urn:ngsi-ld:Toilet:1", "type": "Toilet", "free": 3}
STRANGER = Caller()


@pytest.fixture
def caller_of(transactional_db, store, tanaka, acting):
    """`caller_of("131016", "live.write")`: a program with a token of that organisation."""

    def issued(organisation, *scopes, token=False):
        value, secret = issue_token(
            organisation=organisation, label="トイレ", scopes=scopes, by=acting(tanaka), at=AT,
            expires=AT + timedelta(days=1),
        )  # fmt: skip
        caller = Caller(authorization=f"Bearer {secret}")
        return (caller, value) if token else caller

    return issued


@pytest.fixture
def chiyoda_city(caller_of, chiyoda):
    caller = caller_of("131016", "live.write")
    assert caller("POST", "/entities", TOILETS).status_code == 201
    return caller


@pytest.fixture
def hachioji_city(caller_of, hachioji):
    return caller_of("132012", "live.write")


def publish(level, *, owner=""):
    STORE.session().run(
        "INSERT INTO live_publication (tenant_id, name, owner, level, set_by, set_at) "
        "VALUES (?, ?, ?, ?, '', '')",
        (WRITER.write_now(Found("")), TOILET, owner, level),
    )


# general rule | Chiyoda's own rule | who may read Chiyoda's toilet besides Chiyoda
READERS = """
          |          |
 internal |          |
 members  |          | member
 public   |          | member stranger
 public   | internal |
 internal | public   | member stranger
 public   | members  | member
"""


@pytest.mark.req("F09")
@pytest.mark.parametrize(
    ("general", "own", "readers"),
    [[cell.strip() for cell in row.split("|")] for row in READERS.strip("\n").splitlines()],
)
def test_a_type_is_read_as_far_as_it_is_published(chiyoda_city, hachioji_city, general, own, readers):
    for level, owner in ((general, ""), (own, "131016")):
        if level:
            publish(level, owner=owner)
    asked = {"owner": chiyoda_city, "member": hachioji_city, "stranger": STRANGER}
    for name, caller in asked.items():
        may = name == "owner" or name in readers.split()
        assert caller("GET", ONE).status_code == (200 if may else 404), name
        assert len(caller("GET", "/entities?type=Toilet").json()) == may, name
        assert caller("GET", "/entities?type=Toilet&count=true&limit=0").headers[
            "ngsild-results-count"
        ] == str(int(may))
        assert caller("GET", "/types").json()["typeList"] == ["Toilet"] * may, name
        assert caller("GET", "/attributes").json()["attributeList"] == ["free"] * may, name
        assert caller("GET", "/types/Toilet").status_code == (200 if may else 404), name


def test_every_type_of_an_entity_must_be_published(chiyoda_city):
    publish("public")
    assert STRANGER("GET", ONE).status_code == 200
    chiyoda_city("POST", f"{ONE}/attrs", {"type": "Secret"})
    assert STRANGER("GET", ONE).status_code == 404


def test_linked_entities_stay_behind_the_wall(chiyoda_city, store):
    publish("public")
    secret = {"id": "urn:ngsi-ld:Guard:1", "type": "Guard", "name": "x"}
    chiyoda_city("POST", "/entities", secret)
    chiyoda_city("POST", f"{ONE}/attrs", {"guard": {"type": "Relationship", "object": secret["id"]}})
    for join in ("inline", "flat"):
        assert '"Guard"' in chiyoda_city("GET", f"{ONE}?join={join}").text
        assert '"Guard"' not in STRANGER("GET", f"{ONE}?join={join}").text
    question = '/entities?type=Toilet&q=guard{Guard:name}=="x"'
    assert len(chiyoda_city("GET", question).json()) == 1
    assert STRANGER("GET", question).json() == []


WRITES = [
    ("PATCH", ONE, {"free": 1}),
    ("PUT", ONE, {"type": "Toilet"}),
    ("DELETE", ONE, None),
    ("POST", f"{ONE}/attrs", {"free": 1}),
    ("PATCH", f"{ONE}/attrs", {"free": 1}),
    ("PATCH", f"{ONE}/attrs/free", {"value": 1}),
    ("DELETE", f"{ONE}/attrs/free", None),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_only_the_owner_writes(chiyoda_city, hachioji_city, method, path, body):
    publish("public")
    assert STRANGER(method, path, body, content_type="application/json").status_code == 401
    assert hachioji_city(method, path, body, content_type="application/json").status_code == 403
    assert chiyoda_city("GET", ONE).json()["free"]["value"] == 3


def test_a_batch_of_others_entities_fails_for_each(chiyoda_city, hachioji_city):
    for operation in ("upsert", "update", "merge"):
        answer = hachioji_city("POST", f"/entityOperations/{operation}", [TOILETS])
        assert [one["error"]["status"] for one in answer.json()["errors"]] == [403]
    answer = hachioji_city("DELETE", "/entities?type=Toilet")
    assert answer.status_code == 204
    assert chiyoda_city("GET", ONE).status_code == 200


def test_a_token_without_the_scope_writes_nothing(caller_of, chiyoda):
    assert caller_of("131016")("POST", "/entities", TOILETS).status_code == 403


def test_a_revoked_token_opens_nothing(caller_of, chiyoda, tanaka, acting, transactional_db):
    caller, value = caller_of("131016", "live.write", token=True)
    assert caller("POST", "/entities", TOILETS).status_code == 201
    revoke_token(token_id=value.id, by=acting(tanaka), at=AT)
    for method, path, body in (("GET", ONE, None), ("POST", "/entities", TOILETS)):
        assert caller(method, path, body).status_code == 401


def test_outside_of_trial_mode_this_machine_is_a_stranger(store, transactional_db):
    answer = STRANGER("POST", "/entities", TOILETS)
    assert answer.status_code == 401
    assert answer.json()["code"]


def test_in_trial_mode_whoever_comes_through_a_proxy_is_a_stranger(ask, transactional_db):
    assert ask("POST", "/entities", TOILETS).status_code == 201
    assert ask("DELETE", ONE, x_forwarded_for="203.0.113.9").status_code == 401
    assert ask("GET", ONE, x_forwarded_for="203.0.113.9").status_code == 404


PAST = "/temporal/entities/urn:ngsi-ld:Toilet:1"
SINCE = {"timerel": "after", "timeAt": "2020-01-01T00:00:00Z", "timeproperty": "modifiedAt"}


@pytest.mark.parametrize("row", READERS.strip().splitlines()[1:])
def test_the_past_is_read_by_those_who_may_read_the_present(chiyoda_city, hachioji_city, row):
    general, own, readers = (part.strip() for part in row.split("|"))
    publish(general)
    if own:
        publish(own, owner="131016")
    for name, caller in {"member": hachioji_city, "stranger": STRANGER}.items():
        may = name in readers.split()
        assert (caller("GET", PAST).status_code == 200) is may
        found = caller("GET", "/temporal/entities", params={"type": "Toilet"} | SINCE).json()
        assert bool(found) is may
    assert chiyoda_city("DELETE", ONE).status_code == 204
    assert chiyoda_city("GET", PAST).status_code == 200
    assert (STRANGER("GET", PAST).status_code == 200) is ("stranger" in readers.split())


def test_the_past_belongs_to_the_owner(chiyoda_city, hachioji_city):
    publish("public")
    evolution = {"id": TOILETS["id"], "type": "Toilet", "free": [{"type": "Property", "value": 1}]}
    (instance,) = (one["instanceId"] for one in chiyoda_city("GET", PAST).json()["free"])
    for method, path, body in (
        ("POST", "/temporal/entities", evolution),
        ("POST", f"{PAST}/attrs", {"free": evolution["free"]}),
        ("PATCH", f"{PAST}/attrs/free/{instance}", {"value": 1}),
        ("DELETE", f"{PAST}/attrs/free/{instance}", None),
        ("DELETE", f"{PAST}/attrs/free", None),
        ("DELETE", PAST, None),
    ):
        assert hachioji_city(method, path, body).status_code == 403
        assert STRANGER(method, path, body).status_code in (401, 403)


def test_what_another_owner_wrote_under_the_same_id_stays_hidden(chiyoda_city, hachioji_city):
    publish("public")
    publish("internal", owner="131016")
    chiyoda_city("DELETE", ONE)
    assert hachioji_city("POST", "/entities", TOILETS | {"free": 7}).status_code == 201
    assert [one["value"] for one in STRANGER("GET", PAST).json()["free"]] == [7]
    assert hachioji_city("DELETE", PAST).status_code == 204
