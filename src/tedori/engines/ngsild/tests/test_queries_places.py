"""Geo-queries: what every relation finds; arithmetic in PostgreSQL agrees with a geometry library."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import from_geojson

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.queries import shapes
from tedori.engines.ngsild.queries.geo import parse_geo
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.tests.queries_tables import Memory, fill, postgresql_tables, sqlite_tables

SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [1, 3], [3, 3], [3, 1], [1, 1]]
PLACES = {
    "p": ("Point", [2, 2]),  # inside the square, in the hole of the ring
    "q": ("Point", [4, 2]),  # on its edge
    "o": ("Point", [6, 6]),  # outside
    "m": ("MultiPoint", [[0.5, 0.5], [6, 6]]),
    "l": ("LineString", [[0.5, 0.5], [3.5, 0.5]]),
    "x": ("LineString", [[-1, 2], [5, 2]]),  # across
    "t": ("LineString", [[4, 4], [5, 5]]),  # touches a corner
    "s": ("Polygon", [SQUARE]),
    "r": ("Polygon", [SQUARE, HOLE]),
    "h": ("Polygon", [HOLE[::-1]]),
    "w": ("MultiPolygon", [[[[3, 3], [5, 3], [5, 5], [3, 5], [3, 3]]], [[[8, 8], [9, 8], [9, 9], [8, 8]]]]),
}
TOKYO, YOKOHAMA = [139.767125, 35.681236], [139.622, 35.4657]  # 27.3 km apart


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def store(request):
    if request.param == "postgresql":
        yield from map(_filled, postgresql_tables())
    else:
        yield _filled(Memory() if request.param == "memory" else sqlite_tables())


def place(geometry, coordinates):
    return {"type": "GeoProperty", "value": {"type": geometry, "coordinates": coordinates}}


def _filled(store):
    written = [{"id": f"urn:x:{at}", "type": "T", "location": place(*held)} for at, held in PLACES.items()]
    written.append({"id": "urn:y:Y", "type": "T", "operationSpace": place("Point", YOKOHAMA)})
    fill(store, [read_entity(one, CORE) for one in written])
    return store


def letters(store, georel, geometry, coordinates, name=None):
    geo = parse_geo(georel, geometry, coordinates, name, CORE)
    return "".join(sorted(urn[-1] for urn in store.find(Selection(geo=geo))))


@pytest.mark.req("F09")
@pytest.mark.parametrize(
    ("georel", "geometry", "coordinates", "who"),
    [
        ("within", "Polygon", [SQUARE], "plsrh"),
        ("within", "Polygon", [SQUARE, HOLE], "lr"),
        ("intersects", "Polygon", [SQUARE], "pqmlxtsrhw"),
        ("disjoint", "Polygon", [SQUARE], "o"),
        ("overlaps", "Polygon", [SQUARE], "w"),
        ("equals", "Polygon", [SQUARE[::-1]], "s"),
        ("contains", "Polygon", [HOLE], "sh"),
        ("contains", "Point", [2, 2], "pxsh"),
        ("contains", "Point", [0.5, 0.5], "msr"),
        ("equals", "Point", [6, 6], "o"),
        ("intersects", "Point", [6, 6], "om"),
        ("intersects", "Point", [4, 4], "tsrw"),
        ("disjoint", "Point", [2, 2], "qomltrw"),
        ("within", "Point", [2, 2], "p"),
        ("within", "MultiPoint", [[2, 2], [6, 6]], "po"),
        ("within", "LineString", [[0, 2], [6, 2]], "pq"),
        ("within", "LineString", [[2, 2], [6, 2]], "q"),  # an end of a line is its edge
        ("intersects", "LineString", [[2, 2], [3, 2]], "pxsrh"),
        ("overlaps", "LineString", [[2, 2], [7, 2]], "x"),
        ("contains", "LineString", [[1, 2], [3, 2]], "xsh"),
        ("within", "MultiPolygon", [[SQUARE], [[[5, 5], [9, 5], [9, 9], [5, 5]]]], "plsrhm"),
    ],
)
def test_a_relation_finds_exactly_those(store, georel, geometry, coordinates, who):
    assert letters(store, georel, geometry, coordinates) == "".join(sorted(who))


@pytest.mark.parametrize(
    ("georel", "who"),
    [
        ("near;maxDistance==27000", ""),
        ("near;maxDistance==28000", "Y"),
        ("near;minDistance==27000", "Y"),
        ("near;minDistance==28000", ""),
    ],
)
def test_distances_are_great_circles_in_metres(store, georel, who):
    assert letters(store, georel, "Point", json.dumps(TOKYO), "operationSpace") == who


def test_near_reaches_edges_of_lines_and_areas(store):
    a_degree = 111_196
    assert letters(store, f"near;maxDistance=={a_degree}", "Point", [2, -1]) == "rs"
    assert (
        letters(store, f"near;maxDistance=={1.6 * a_degree}", "Point", [2, -1]) == "lrs"
    )  # half a degree on
    assert letters(store, "near;maxDistance==1", "LineString", [[-3, 1], [7, 1]]) == "hrs"
    assert letters(store, f"near;minDistance=={3 * a_degree}", "Polygon", [SQUARE]) == ""


def test_near_wraps_around_the_date_line():
    west, east = [-179.99, 10.0], [179.99, 10.0]
    store = sqlite_tables()
    store.put(read_entity({"id": "urn:x:w", "type": "T", "location": place("Point", west)}, CORE))
    geo = parse_geo("near;maxDistance==3000", "Point", east, None, CORE)
    assert store.find(Selection(geo=geo)) == ["urn:x:w"]


@pytest.mark.parametrize(
    ("georel", "geometry", "coordinates", "where"),
    [
        ("beside", "Point", "[1,2]", "georel"),
        ("near", "Point", "[1,2]", "georel"),
        ("near;maxDistance==0", "Point", "[1,2]", "georel"),
        ("near;maxDistance==-5", "Point", "[1,2]", "georel"),
        ("near;maxDistance=5", "Point", "[1,2]", "georel"),
        ("near;maxDistance==5;minDistance==2", "Point", "[1,2]", "georel"),
        ("within;maxDistance==5", "Point", "[1,2]", "georel"),
        ("within", "GeometryCollection", "[1,2]", "geometry"),
        ("within", "Circle", "[1,2]", "geometry"),
        ("within", "Polygon", "[1,2]", "coordinates"),
        ("within", "Polygon", "[[[0,0],[1,0],[1,1],[0,1]]]", "coordinates"),  # not closed
        ("within", "Polygon", "[[[0,0],[2,0],[0,0],[0,0]]]", "coordinates"),  # no area
        ("within", "LineString", "[[0,0]]", "coordinates"),
        ("equals", "Point", "[1]", "coordinates"),
        ("equals", "Point", '["1","2"]', "coordinates"),
        ("equals", "Point", "[NaN,1]", "coordinates"),
        ("equals", "Point", "[35.6,139.7]", "coordinates"),  # latitude first
        ("equals", "Point", "[" * 50_000, "coordinates"),
        ("equals", "Point", "{", "coordinates"),
        ("equals", None, "[1,2]", "geometry"),
        ("equals", "Point", None, "coordinates"),
        (None, "Point", "[1,2]", "georel"),
    ],
)
def test_a_geo_query_that_cannot_be_read_names_its_parameter(georel, geometry, coordinates, where):
    with pytest.raises(NgsiLdError, match="BadRequestData") as error:
        parse_geo(georel, geometry, coordinates, None, CORE)
    assert error.value.where == where


def test_a_ring_that_crosses_itself_means_the_area_it_encloses(store):
    bow_tie = [[[0, 0], [4, 4], [4, 0], [0, 4], [0, 0]]]
    assert letters(store, "intersects", "Polygon", bow_tie) == "hlmpqrstwx"
    assert letters(store, "within", "Polygon", bow_tie) == ""
    one = sqlite_tables()
    one.put(read_entity({"id": "urn:x:b", "type": "T", "location": place("Polygon", bow_tie)}, CORE))
    inside = parse_geo("contains", "Point", [1, 2], None, CORE)
    between = parse_geo("contains", "Point", [2, 1], None, CORE)
    assert [one.find(Selection(geo=geo)) for geo in (inside, between)] == [["urn:x:b"], []]


def test_a_reference_of_too_many_positions_is_too_complex():
    line = [[at / 100, 0] for at in range(6000)]
    with pytest.raises(NgsiLdError, match="TooComplexQuery"):
        parse_geo("intersects", "LineString", line, None, CORE)


def test_a_collection_stands_in_no_relation():
    held = json.dumps(
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 1]}]}
    )
    reference = json.dumps({"type": "Point", "coordinates": [1, 1]})
    assert not any(
        shapes.holds(relation, held, reference, 10.0) for relation in ("near", "intersects", "disjoint")
    )


SPOT = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(list)
SPOTS = st.lists(SPOT, min_size=2, max_size=4)


@st.composite
def boxes(draw):
    """A rectangle on the grid, some with a hole: edges and corners of two often coincide."""
    x, y, wide, high = (draw(st.integers(low, 4)) for low in (0, 0, 1, 1))
    ring = [[x, y], [x + wide, y], [x + wide, y + high], [x, y + high], [x, y]]
    if min(wide, high) < 3 or not draw(st.booleans()):
        return [ring]
    right, top = x + wide - 1, y + high - 1
    return [ring, [[x + 1, y + 1], [x + 1, top], [right, top], [right, y + 1], [x + 1, y + 1]]]


def rings(corners):
    return [[*corners, corners[0]]]


GEOMETRIES = st.one_of(
    st.tuples(st.just("Point"), SPOT),
    st.tuples(st.just("MultiPoint"), SPOTS),
    st.tuples(st.just("LineString"), SPOTS),
    st.tuples(st.just("MultiLineString"), st.lists(SPOTS, min_size=1, max_size=2)),
    st.tuples(st.just("Polygon"), boxes()),
    st.tuples(st.just("Polygon"), st.lists(SPOT, min_size=3, max_size=4, unique_by=tuple).map(rings)),
    st.tuples(st.just("MultiPolygon"), st.lists(boxes(), min_size=2, max_size=2)),
).map(lambda held: json.dumps({"type": held[0], "coordinates": held[1]}))
SOUND = GEOMETRIES.filter(lambda text: _sound(text))


def _sound(text):
    shape = from_geojson(text)
    return shape.is_valid and (shape.length > 0 or shape.geom_type.endswith("Point"))


@pytest.fixture(scope="module")
def arithmetic():
    yield from postgresql_tables()


@settings(max_examples=150, deadline=None)
@given(target=SOUND, reference=SOUND)
def test_arithmetic_in_the_database_agrees_with_the_library(arithmetic, target, reference):
    for relation in ("intersects", "disjoint", "within", "contains", "equals", "overlaps"):
        ((held,),) = arithmetic.run("SELECT ngsild_geo(%s, %s, %s, NULL)", (relation, target, reference))
        assert held == shapes.holds(relation, target, reference, None), relation
    ((metres,),) = arithmetic.run("SELECT ngsild_distance(%s, %s)", (target, reference))
    assert metres == pytest.approx(shapes.distance(target, reference), abs=1e-6)
