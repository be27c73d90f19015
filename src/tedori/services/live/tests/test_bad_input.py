"""What must not get through: bombs, injections, nonsense on the map, other worlds' names, late news."""

from __future__ import annotations

import json

import pytest

from tedori.services.live.queries.store import STORE

pytestmark = pytest.mark.req("F09")
JSON = "application/json"
URN = "urn:ngsi-ld:Toilet:1"
ONE = f"/entities/{URN}"
TOILET = {"id": URN, "type": "Toilet", "free": 3}


def nested(depth, kind="list"):
    return "[" * depth + "]" * depth if kind == "list" else '{"a":' * depth + "1" + "}" * depth


BEGUN = '{"id": "urn:a:1", "type": "A", "n": '
BOMBS = {
    "deep": nested(100_000),
    "deep value": BEGUN + nested(1_000) + "}",
    "deep sub-attributes": BEGUN + nested(600, "object") + "}",
    "many members": json.dumps({f"name{number}": 1 for number in range(100_000)}),
    "a long number": BEGUN + "9" * 10_000 + "}",
    "half a character": b'{"id": "urn:a:1", "type": "A", "n": "\xed\xa0\x80"}',
    "a lone surrogate": '{"id": "urn:a:1", "type": "A", "n": "\\ud800"}',
    "nul": '{"id": "urn:a:1", "type": "A", "n": "\\u0000"}',
    "not a number": '{"id": "urn:a:1", "type": "A", "n": NaN}',
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("path", ["/entities", "/entityOperations/upsert", "/temporal/entities"])
def test_a_bomb_is_refused_or_taken_and_breaks_nothing(ask, bomb, path):
    answer = ask("POST", path, BOMBS[bomb], content_type=JSON)
    assert answer.status_code < 500, answer.text
    assert ask("POST", "/entities", TOILET).status_code == 201
    assert ask("GET", "/entities?local=true").status_code == 200


INJECTIONS = [
    "free==3;1==1) OR (1=1",
    'name=="\' OR 1=1 --"',
    'name=="x"; DROP TABLE live_entity; --"',
    'name~="(((((((((((a+)+)+)+)+)+)+)+)+)+)+)$"',
    "free')/**/UNION/**/SELECT/**/1--==3",
    'name=="%s?$1:x{}"',
    'name["\'];DROP TABLE live_value;--"]==1',
]


@pytest.mark.parametrize("question", INJECTIONS)
def test_a_question_is_never_a_command(ask, question):
    ask("POST", "/entities", TOILET)
    answer = ask("GET", "/entities", params={"type": "Toilet", "q": question})
    assert answer.status_code in (200, 400), answer.text
    assert answer.status_code == 400 or answer.json() == []
    for name in ("type", "attrs", "scopeQ", "idPattern", "id", "orderBy", "geoproperty", "lang", "pick"):
        assert ask("GET", "/entities", params={"q": "free", name: question}).status_code in (200, 400), name
    assert STORE.session().one("SELECT count(*) FROM live_entity") == (1,)


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [181, 91]},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point", "coordinates": [1e400, 0]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Circle", "coordinates": [0, 0]},
        {"type": "GeometryCollection", "geometries": [None]},
    ],
)
def test_nonsense_on_the_map_is_refused(ask, shape):
    body = json.dumps(TOILET | {"location": {"type": "GeoProperty", "value": shape}})
    assert ask("POST", "/entities", body, content_type=JSON).status_code == 400
    params = {"type": "Toilet", "georel": "within", "geometry": shape["type"]}
    params["coordinates"] = json.dumps(shape.get("coordinates"))
    assert ask("GET", "/entities", params=params).status_code == 400


@pytest.mark.parametrize("name", ["../default", "a b", "'; --", "x" * 101, "町", "a/b", "%00"])
def test_what_is_no_name_of_a_tenant_founds_none(ask, name):
    ask("POST", "/entities", TOILET)
    header = name.encode().decode("latin-1")
    assert ask("POST", "/entities", TOILET, ngsild_tenant=header.encode("latin-1")).status_code == 400
    assert ask("GET", ONE, ngsild_tenant=header.encode("latin-1")).status_code == 404
    assert STORE.session().one("SELECT count(*) FROM live_tenant") == (1,)


def test_late_news_stands_in_its_place_in_the_past(ask):
    hours = ("12", "09", "15", "10")
    ask("POST", "/entities", {"id": URN, "type": "Toilet"})
    for number, hour in enumerate(hours):
        value = {"type": "Property", "value": number, "observedAt": f"2026-04-01T{hour}:00:00Z"}
        assert ask("POST", f"{ONE}/attrs", {"free": value}).status_code == 204
    told = ask("GET", f"/temporal{ONE}", params={"options": "temporalValues"}).json()
    times = [moment for _, moment in told["free"]["values"]]
    assert sorted(times) == [f"2026-04-01T{hour}:00:00Z" for hour in sorted(hours)]
    between = {"timerel": "between", "timeAt": "2026-04-01T09:30:00Z", "endTimeAt": "2026-04-01T12:30:00Z"}
    found = ask("GET", f"/temporal{ONE}", params=between).json()
    assert {one["value"] for one in found["free"]} == {0, 3}


def test_a_reading_from_the_future_is_kept_as_it_was_told(ask):
    value = {"type": "Property", "value": 1, "observedAt": "2999-01-01T00:00:00Z"}
    assert ask("POST", "/entities", TOILET | {"free": value}).status_code == 201
    assert ask("GET", ONE).json()["free"]["observedAt"] == "2999-01-01T00:00:00Z"
