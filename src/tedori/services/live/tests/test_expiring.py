"""What is stored for a time only: not shown, not matched and told as deleted once its time is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tedori.services.live.actions.expiring import Expire
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.queries import expiring
from tedori.services.live.queries.store import STORE
from tedori.services.live.tests.hubs import Hub

START = datetime(2026, 4, 1, 12, tzinfo=UTC)
SOON, LATER = "2026-04-01T12:05:00Z", "2026-04-01T13:00:00Z"
ALERT = {"id": "urn:ngsi-ld:Alert:1", "type": "Alert", "level": 3, "expiresAt": SOON}
ONE = f"/entities/{ALERT['id']}"
READING = {"type": "Property", "value": 5}


class Clock:
    """The writer's time, moved by hand."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def go(self, minutes):
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock(ask, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(WRITER, "clock", clock)
    return clock


def changes():
    rows = STORE.session().all('SELECT operation, changed, "by" FROM live_change ORDER BY seq')
    return [(operation, changed, by) for operation, changed, by in rows]


@pytest.mark.req("F09")
def test_an_entity_is_there_until_it_expires(ask, clock):
    ask("POST", "/entities", ALERT)
    clock.go(4)
    assert ask("GET", ONE).status_code == 200
    assert ask("POST", "/entities", ALERT).status_code == 409
    clock.go(1)
    assert ask("GET", ONE).status_code == 404
    assert ask("GET", "/entities?type=Alert&count=true").headers["ngsild-results-count"] == "0"
    assert ask("GET", "/types").json()["typeList"] == []
    assert ask("POST", "/entities", ALERT | {"expiresAt": LATER}).status_code == 201


def test_what_expired_is_written_down_like_every_other_deletion(ask, clock):
    ask("POST", "/entities", ALERT)
    clock.go(6)
    ask("GET", ONE)
    operation, changed, by = changes()[-1]
    assert (operation, "level" in changed, by) == ("deleted", True, "system:expiry")
    assert [one["value"] for one in ask("GET", f"/temporal{ONE}").json()["level"]] == [3]
    mark = STORE.session().one("SELECT modified_at FROM live_history WHERE deleted")
    assert mark == ("2026-04-01T12:06:00.000000Z",)


def test_an_attribute_expires_alone(ask, clock):
    ask("POST", "/entities", {**ALERT, "expiresAt": LATER, "wind": READING | {"expiresAt": SOON}})
    assert len(ask("GET", "/entities?type=Alert&q=wind==5").json()) == 1
    clock.go(6)
    assert ask("GET", "/entities?type=Alert&q=wind==5").json() == []
    assert ask("GET", "/attributes").json()["attributeList"] == ["level"]
    assert ask("GET", ONE).json().keys() >= {"level"}
    assert "wind" not in ask("GET", ONE).json()
    assert changes()[-1][0] == "updated"
    clock.go(60)
    assert ask("GET", ONE).status_code == 404


def test_of_several_readings_of_one_attribute_the_old_one_goes(ask, clock):
    two = [READING | {"expiresAt": SOON}, READING | {"value": 6, "datasetId": "urn:d:2"}]
    ask("POST", "/entities", {"id": ALERT["id"], "type": "Alert", "wind": two})
    clock.go(6)
    assert ask("GET", ONE).json()["wind"]["value"] == 6


def test_a_longer_life_can_be_given(ask, clock):
    ask("POST", "/entities", ALERT)
    assert ask("POST", f"{ONE}/attrs", {"expiresAt": LATER, "level": 4}).status_code == 204
    clock.go(6)
    assert ask("GET", ONE).json()["level"]["value"] == 4


def test_more_than_one_step_expires_at_once(ask, clock, monkeypatch):
    monkeypatch.setattr("tedori.services.live.actions.expiring.STEP", 2)
    for number in range(5):
        ask("POST", "/entities", ALERT | {"id": f"urn:ngsi-ld:Alert:{number}"})
    clock.go(6)
    assert ask("GET", "/entities?type=Alert").json() == []


def test_nothing_is_looked_for_in_what_is_stored_for_good(ask):
    ask("POST", "/entities", {"id": "urn:a:1", "type": "A", "n": 1})
    session = STORE.session()
    explain = "EXPLAIN QUERY PLAN"
    if session.vendor == "postgresql":
        session.raw.execute("SET enable_seqscan = off")  # which it would prefer for so few
        explain = "EXPLAIN"
    plan = session.native(f"{explain} SELECT min(due_at) FROM live_entity WHERE due_at IS NOT NULL")
    assert "live_entity_due" in str(plan)


def test_another_process_that_writes_a_short_life_is_heard_of(ask, clock, monkeypatch):
    assert ask("GET", "/types").status_code == 200
    monkeypatch.setattr(expiring.EXPIRY, "expect", lambda moment: None)  # as if it were written elsewhere
    ask("POST", "/entities", ALERT)
    clock.go(6)
    monkeypatch.setattr(expiring, "FRESH", 0.0)
    assert ask("GET", ONE).status_code == 404


def test_subscribers_hear_that_an_entity_has_expired(store):
    hub = Hub()
    hub.create(temperature=1, expiresAt="2020-01-01T00:00:00Z")
    hub.subscribe(notificationTrigger=["entityDeleted"])
    matcher = hub.matcher()
    assert hub.do(Expire()) == 1
    _, letters = matcher.round("2026-04-01T12:00:00.000000Z")
    (told,) = letters
    assert b"deletedAt" in told.body
