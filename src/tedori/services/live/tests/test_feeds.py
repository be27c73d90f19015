"""Other services write by telling it, and hear of changes of relayed types; once each."""

# ruff: noqa: E501 - tables keep a case on one line
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.kernel.events.models import OutboxEvent
from tedori.kernel.events.rules import Event
from tedori.kernel.organisations.rules import Forbidden
from tedori.services.live.actions.relaying import relay
from tedori.services.live.feeds import write
from tedori.services.live.models import Change, Entity, Publication

AT = datetime(2026, 4, 1, tzinfo=UTC)
TOILET = "https://uri.etsi.org/ngsi-ld/default-context/Toilet"
ONE = {
    "id": "urn:ngsi-ld:Toilet:1",
    "type": "Toilet",
    "free": {"type": "Property", "value": 3, "observedAt": "2026-04-01T00:00:00Z"},
}


def told(*entities, organisation="131016", **more):
    return Event(7, "live.write", 1, "k", organisation, {"entities": list(entities), **more}, AT)


@pytest.mark.req("F09")
def test_what_another_service_tells_is_written_once(db):
    write(told(ONE))
    write(told(ONE))
    assert Entity.objects.get().owner == "131016"
    assert Change.objects.count() == 1
    assert Change.objects.get().by == "event:7"


def test_names_are_those_of_the_data_models(db):
    write(told({"id": "urn:a:b", "type": "CrowdFlowObserved"}))
    assert Entity.objects.get().doc["types"] == [
        "https://smartdatamodels.org/dataModel.Transportation/CrowdFlowObserved"
    ]


def test_a_wrong_event_changes_nothing(db):
    with pytest.raises(NgsiLdError):
        write(told(ONE, {"id": "no uri", "type": "Toilet"}))
    write(told(ONE))
    with pytest.raises(Forbidden):
        write(told({**ONE, "free": {"type": "Property", "value": 4}}, organisation="132012"))
    assert Change.objects.count() == 1


def test_an_older_event_that_comes_late_changes_nothing(db):
    write(told(ONE))
    write(told({**ONE, "free": {"type": "Property", "value": 9, "observedAt": "2026-03-31T00:00:00Z"}}))
    assert Change.objects.count() == 1


def test_what_is_gone_is_deleted(db):
    write(told({**ONE, "free": {"type": "Property", "value": 3, "observedAt": "2026-03-31T00:00:00Z"}}))
    write(Event(8, "live.write", 1, "k", "131016", {"delete": [ONE["id"]]}, AT))
    assert not Entity.objects.exists()


def test_changes_of_relayed_types_are_told_once(db):
    relay()  # from here on
    write(told(ONE, {"id": "urn:a:b", "type": "Shelter"}))
    tenant = Entity.objects.first().tenant_id
    Publication.objects.create(
        tenant_id=tenant, name=TOILET, owner="", level="internal", set_by="", set_at="", relayed=True
    )
    assert relay() == 2
    assert relay() == 0
    (event,) = OutboxEvent.objects.filter(topic="live.changed")
    assert event.key == ONE["id"]
    assert event.organisation == "131016"
    assert event.payload["entity"]["free"] == 3
    assert event.payload["types"] == ["Toilet"]
