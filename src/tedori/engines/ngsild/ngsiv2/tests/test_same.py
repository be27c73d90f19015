"""What NGSIv2 says comes back as it was said, whatever is between."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.ngsiv2.asking import query_of
from tedori.engines.ngsild.ngsiv2.entities import Shape, read_entity, write_entity
from tedori.engines.ngsild.ngsiv2.instants import utc
from tedori.engines.ngsild.ngsiv2.names import id_of, iri_of, name_of, urn_of
from tedori.engines.ngsild.storing import dump, load

names = st.text(st.sampled_from("abzAZ019_.-:@!$~駅é%+,*|"), min_size=1, max_size=12).filter(
    lambda one: one not in ("id", "type", "dateExpires") and "://" not in one
)
plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8) | st.floats(-1e9, 1e9)
json_values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
)


@given(names)
def test_names_and_ids_come_back(name):
    assert name_of(iri_of(name)) == name
    assert id_of(urn_of(name)) == name


@pytest.mark.req("F09")
@given(names, names, st.dictionaries(names, json_values, max_size=4))
def test_key_values_come_back_also_through_the_store(urn, kind, values):
    document = {"id": urn, "type": kind, **values}
    stored = load(dump(read_entity(document, key_values=True)))
    assert write_entity(stored, Shape("keyValues")) == document


PLACES = """
 type        | value
 geo:point   | "35.5, 139.25"
 geo:line    | ["35.5, 139.25", "36, 140"]
 geo:polygon | ["0, 0", "0, 1", "1, 1", "0, 0"]
 geo:box     | ["35, 139", "36, 140"]
 geo:json    | {"type": "Point", "coordinates": [139.25, 35.5]}
"""


@pytest.mark.parametrize(
    ("kind", "value"), [[c.strip() for c in line.split("|")] for line in PLACES.strip().splitlines()][1:]
)
def test_places_come_back(kind, value):
    given_value = json.loads(value)
    entity = read_entity({"id": "a", "place": {"type": kind, "value": given_value}})
    assert entity.attributes[iri_of("place")][0].kind == "GeoProperty"
    written = write_entity(load(dump(entity)), Shape())["place"]
    assert (written["type"], written["value"]) == (kind, given_value)


TIMES = """
 given                      | utc
 2026-04-01                 | 2026-04-01T00:00:00.000Z
 2026-04-01T09:00:00+09:00  | 2026-04-01T00:00:00.000Z
 2026-04-01T09:00+0900      | 2026-04-01T00:00:00.000Z
 2026-04-01T09:00:00.5Z     | 2026-04-01T09:00:00.500Z
 2026-02-30                 | None
 9999-12-31T23:59:59-23:00  | None
 x                          | None
"""


@pytest.mark.parametrize(
    ("text", "expected"), [[c.strip() for c in line.split("|")] for line in TIMES.strip().splitlines()][1:]
)
def test_times_become_utc(text, expected):
    assert str(utc(text)) == expected


@pytest.mark.parametrize(
    "q",
    ["", ";", "a;", "a==", "==1", "a=1", "a>'", "a==1..", "a.[b]==1", "!a==1", "a==1,,2", "a" * 9000, "'a"],
)
def test_a_query_that_cannot_be_read_is_refused(q):
    with pytest.raises(NgsiLdError):
        query_of(q)


@given(st.text(max_size=40))
def test_no_query_makes_it_fall_over(text):
    with suppress(NgsiLdError):
        query_of(text)
