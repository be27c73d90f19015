"""Registrations as callers write them: what is taken, what is refused, what is shown."""

import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.registrations.documents import (
    HIDDEN,
    changed_registration,
    read_registration,
    write_registration,
)
from tedori.engines.ngsild.registrations.operations import operations_of
from tedori.engines.ngsild.registrations.sources import overlap
from tedori.engines.ngsild.registrations.tests.worlds import BUS, NOW, registration, source

REFUSED = [
    ({"information": None}, "information"),
    ({"information": []}, "information"),
    ({"information": [{}]}, "information[0]"),
    ({"information": [{"entities": [{"id": BUS}]}]}, "information[0].entities[0].type"),
    ({"endpoint": "ftp://bus.example"}, "endpoint"),
    ({"endpoint": "https://me:secret@bus.example"}, "endpoint"),
    ({"expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
    ({"mode": "sometimes"}, "mode"),
    ({"mode": "exclusive"}, "information[0].entities"),
    ({"mode": "auxiliary", "operations": ["createEntity"]}, "operations"),
    ({"operations": ["flyAway"]}, "operations[0]"),
    ({"contextSourceInfo": [{"key": "X", "value": "a\r\nb"}]}, "contextSourceInfo[0]"),
    (
        {"observationInterval": {"startAt": "2026-01-02T00:00:00Z", "endAt": "2026-01-01T00:00:00Z"}},
        "observationInterval.endAt",
    ),
]


@pytest.mark.parametrize(("members", "where"), REFUSED)
def test_what_says_nothing_or_too_much_is_refused(members, where):
    with pytest.raises(NgsiLdError) as error:
        registration(**members)
    assert (error.value.kind, error.value.where) == ("BadRequestData", where)


def test_mode_and_operations_are_told_and_secrets_are_not():
    info = [{"key": "Authorization", "value": "Bearer x"}, {"key": "X-Line", "value": "7"}]
    shown = write_registration(registration(contextSourceInfo=info), CORE)
    assert (shown["mode"], shown["operations"]) == ("inclusive", ["federationOps"])
    assert [pair["value"] for pair in shown["contextSourceInfo"]] == [HIDDEN, "7"]


def test_properties_of_the_source_are_kept_under_their_names():
    assert write_registration(registration(operator="Toei"), CORE)["operator"] == "Toei"


def test_a_fragment_changes_what_it_names_and_null_takes_away():
    old = registration(expiresAt="2030-01-01T00:00:00Z", description="Buses", operator="Toei")
    fragment = {"expiresAt": None, "operator": None, "description": "Trams"}
    new = changed_registration(old, fragment, CORE, at=NOW)
    assert new == registration(description="Trams")


@pytest.mark.parametrize("fragment", [{}, [], {"endpoint": None}, {"id": "urn:x:2"}, {"information": []}])
def test_a_fragment_cannot_take_what_a_registration_needs(fragment):
    with pytest.raises(NgsiLdError):
        changed_registration(registration(), fragment, CORE, at=NOW)


def test_what_a_registration_is_not_is_told():
    with pytest.raises(NgsiLdError):
        read_registration([], CORE, at=NOW)


def test_groups_stand_for_their_operations():
    assert operations_of(["retrieveOps", "purgeEntity"]) == {"retrieveEntity", "queryEntity", "purgeEntity"}
    assert "createBatch" not in operations_of(["redirectionOps"])


OVERLAPS = [
    ({"id": BUS, "attrs": "speed"}, {"id": BUS, "attrs": "speed line"}, True),
    ({"id": BUS, "attrs": "speed"}, {"id": BUS, "attrs": "line"}, False),
    ({"id": BUS}, {"id": "urn:ngsi-ld:Bus:8"}, False),
    ({"id": BUS}, {"idPattern": ".*:7$"}, True),
    ({"idPattern": ".*:8$"}, {"id": BUS}, False),
    ({}, {"id": BUS, "attrs": "speed"}, True),
]


@pytest.mark.parametrize(("left", "right", "expected"), OVERLAPS)
def test_two_sources_overlap_where_they_keep_the_same(left, right, expected):
    assert overlap(source(1, "redirect", **left), source(2, "redirect", **right)) is expected
