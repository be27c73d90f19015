"""Which registrations are found by a query, and what a source is asked for."""

import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.queries.geo import parse_geo
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.temporal import parse_temporal
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.queries.types import parse_types
from tedori.engines.ngsild.registrations.asking import questions
from tedori.engines.ngsild.registrations.finding import Wanted, narrowed, suits
from tedori.engines.ngsild.registrations.tests.worlds import BUS, iris, names, registration, source

POINT = {"type": "Point", "coordinates": [139.75, 35.69]}
SPAN = {"startAt": "2026-01-01T00:00:00Z", "endAt": "2026-02-01T00:00:00Z"}
SPEED = [{"entities": [{"type": "Bus"}], "propertyNames": ["speed"]}]


def selection(types="Bus", **members):
    return Selection(types=parse_types(types, CORE) if types else (), **members)


def geo(georel, coordinates):
    return parse_geo(georel, "Point", coordinates, None, CORE)


FOUND = [
    ({}, Wanted(selection()), True),
    ({}, Wanted(selection("Tram")), False),
    ({}, Wanted(selection(ids=(BUS,))), True),
    ({"information": SPEED}, Wanted(selection(attrs=tuple(iris("line")))), False),
    ({"information": SPEED}, Wanted(selection(q=parse_q("speed>3", CORE))), True),
    ({"information": SPEED}, Wanted(selection(q=parse_q("line==7", CORE))), False),
    ({"information": [{"attributeNames": ["speed"]}]}, Wanted(selection("Tram")), True),
    ({"location": POINT}, Wanted(selection(geo=geo("near;maxDistance==500", [139.751, 35.69]))), True),
    ({"location": POINT}, Wanted(selection(geo=geo("near;maxDistance==500", [139.9, 35.69]))), False),
    ({}, Wanted(selection(geo=geo("near;maxDistance==500", [139.9, 35.69]))), False),
    ({"scope": "/Tokyo/Chiyoda"}, Wanted(selection(scopes=(("/Tokyo/#",),))), True),
    ({"scope": "/Osaka"}, Wanted(selection(scopes=(("/Tokyo/#",),))), False),
    ({"operator": "Toei"}, Wanted(selection(), sources=parse_q('operator=="Toei"', CORE)), True),
    ({"operator": "Keio"}, Wanted(selection(), sources=parse_q('operator=="Toei"', CORE)), False),
    ({"observationInterval": SPAN}, Wanted(selection()), False),
]


@pytest.mark.parametrize(("members", "wanted", "expected"), FOUND)
def test_a_registration_is_found_by_what_it_says(members, wanted, expected):
    assert suits(registration(**members), wanted) is expected


TIMES = """
observationInterval | after   | 2026-01-15T00:00:00Z | observedAt | yes
observationInterval | after   | 2026-03-01T00:00:00Z | observedAt | no
observationInterval | before  | 2025-12-01T00:00:00Z |            | no
observationInterval | before  | 2026-03-01T00:00:00Z |            | yes
observationInterval | before  | 2026-03-01T00:00:00Z | createdAt  | no
managementInterval  | before  | 2026-03-01T00:00:00Z | modifiedAt | yes
"""


@pytest.mark.parametrize("line", TIMES.strip().splitlines())
def test_a_time_is_met_by_the_interval_of_its_kind(line):
    member, relation, moment, of, expected = (part.strip() for part in line.split("|"))
    wanted = Wanted(selection(), parse_temporal(relation, moment, None, of or None))
    assert suits(registration(**{member: SPAN}), wanted) is (expected == "yes")


def test_only_what_is_relevant_is_told():
    document = registration(information=[*SPEED, {"entities": [{"type": "Tram"}]}])
    assert narrowed(document, Wanted(selection("Tram")))["information"] == [document["information"][1]]


# what the source has | types ids attrs of the query | what it is asked for: ids, types, attributes
ASKED = [
    (source(1), selection(), [("", "Bus", None)]),
    (source(1), selection(""), [("", "Bus", None)]),
    (source(1, id=BUS), selection(), [(BUS, "Bus", None)]),
    (source(1, id=BUS), selection(ids=(BUS, "urn:x:1")), [(BUS, "Bus", None)]),
    (source(1), selection("Tram,Bus"), [("", "Bus", None)]),
    (source(1), selection("Tram"), []),
    (source(1, attrs="speed"), selection(), [("", "Bus", "speed")]),
    (source(1, attrs="speed line"), selection(attrs=tuple(iris("line fare"))), [("", "Bus", "line")]),
    (source(1, attrs="speed"), selection(attrs=tuple(iris("line"))), []),
    (
        source(1, attrs="speed"),
        selection(attrs=tuple(iris("line")), q=parse_q("speed>3", CORE)),
        [("", "Bus", "speed")],
    ),
]


@pytest.mark.parametrize(("one", "wanted", "expected"), ASKED)
def test_a_source_is_never_asked_for_more_than_it_has(one, wanted, expected):
    found = [
        (
            " ".join(question.ids),
            " ".join(names(group) for group in question.types),
            None if question.attrs is None else names(question.attrs),
        )
        for question in questions(one, wanted)
    ]
    assert found == expected
