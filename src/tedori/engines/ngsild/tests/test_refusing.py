"""Bad input is refused, and the error says where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.reading import (
    read_attribute,
    read_entity,
    read_feature,
    read_fragment,
    read_history,
)
from tedori.engines.ngsild.tests.worlds import CITY, CITY_CONTEXT, KUDAN

WHOLE = {"id": KUDAN, "type": "EvacuationShelter"}


def where(document, read=read_entity, **how) -> str:
    with pytest.raises(NgsiLdError) as caught:
        read(document, CITY_CONTEXT, **how)
    assert caught.value.kind == "BadRequestData"
    return caught.value.where


def deep(levels: int):
    value = 1
    for _ in range(levels):
        value = {"a": value}
    return value


def nested_attributes(levels: int):
    attribute = {"value": 1}
    for _ in range(levels):
        attribute = {"value": 1, "sub": attribute}
    return attribute


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "$"),
        ({}, "$.id"),
        ({"id": KUDAN}, "$.type"),
        ({"id": "no uri", "type": "T"}, "$.id"),
        ({"id": 5, "type": "T"}, "$.id"),
        ({"id": DELETED, "type": "T"}, "$.id"),
        ({"id": KUDAN, "type": "type"}, "$.type"),
        ({"id": KUDAN, "type": DELETED}, "$.type"),
        ({"id": KUDAN, "type": []}, "$.type"),
        ({"id": KUDAN, "type": "two words"}, "$.type"),
        ({"id": KUDAN, "@id": KUDAN, "type": "T"}, "$.@id"),
        ({**WHOLE, "scope": "/a b"}, "$.scope"),
        ({**WHOLE, "scope": [5]}, "$.scope"),
        ({**WHOLE, "expiresAt": "tomorrow"}, "$.expiresAt"),
        ({**WHOLE, f"n{'x' * 3000}": 1}, f"$.n{'x' * 3000}"),
        ({**WHOLE, **{f"a{n}": 1 for n in range(2_001)}}, "$"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_an_entity_is_checked(document, place):
    assert where(document) == place


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "<b>", "a;b", "@graph", "observedAt", "value", "object", "instanceId"]
)
def test_a_name_that_no_attribute_can_have_is_refused(name):
    assert where({**WHOLE, name: {"type": "Property", "value": 1}}) == f"$.{name}"


def test_one_attribute_under_two_names_is_refused():
    assert where({**WHOLE, "occupancy": 1, f"{CITY}occupancy": 2}) == f"$.{CITY}occupancy"


@pytest.mark.parametrize(
    ("attribute", "place"),
    [
        (None, ""),
        ({"type": "Property"}, ""),
        ({"type": "Property", "value": None}, ".value"),
        ({"type": "Property", "value": DELETED}, ".value"),
        ({"type": "Property", "value": {"a": [{"b": DELETED}]}}, ".value"),
        ({"type": "Property", "object": KUDAN}, ""),
        ({"type": "Property", "value": 1, "json": {}}, ""),
        ({"value": 1, "object": KUDAN}, ""),
        ({"type": "Building", "value": 1}, ".type"),
        ({"type": 5, "value": 1}, ".type"),
        ({"type": "two words", "value": 1}, ".type"),
        ({"type": "Relationship", "object": "no uri"}, ".object"),
        ({"type": "Relationship", "object": [KUDAN, 5]}, ".object[1]"),
        ({"type": "Relationship", "object": []}, ".object"),
        ({"type": "Relationship", "object": KUDAN, "unitCode": "CEL"}, ".unitCode"),
        ({"type": "LanguageProperty", "languageMap": "open"}, ".languageMap"),
        ({"type": "LanguageProperty", "languageMap": {}}, ".languageMap"),
        ({"type": "LanguageProperty", "languageMap": {"no tag": "x"}}, ".languageMap"),
        ({"type": "LanguageProperty", "languageMap": {"ja": 5}}, ".languageMap.ja"),
        ({"type": "VocabProperty", "vocab": 5}, ".vocab"),
        ({"type": "VocabProperty", "vocab": []}, ".vocab"),
        ({"type": "JsonProperty", "json": 5}, ".json"),
        ({"type": "ListProperty", "valueList": 5}, ".valueList"),
        ({"type": "ListRelationship", "objectList": [{"object": 5}]}, ".objectList[0]"),
        ({"value": 1, "observedAt": "2026-02-31T00:00:00Z"}, ".observedAt"),
        ({"value": 1, "observedAt": "2026-02-01"}, ".observedAt"),
        ({"value": 1, "observedAt": "2026-02-01T00:00:00+09:00"}, ".observedAt"),
        ({"value": 1, "observedAt": 5}, ".observedAt"),
        ({"value": 1, "unitCode": 5}, ".unitCode"),
        ({"value": 1, "datasetId": "no uri"}, ".datasetId"),
        ({"value": 1, "entity": {"id": KUDAN}}, ".entity"),
        ({"value": 1, "previousObject": KUDAN}, ".previousObject"),
        ({"value": 1, "@context": {}}, ".@context"),
        ({"value": 1, "sub": {"value": 1, "a;b": 2}}, ".sub.a;b"),
        ([{"value": 1}, {"value": 2}], ""),
        ([{"value": 1, "datasetId": "urn:a"}, {"value": 2, "datasetId": "urn:a"}], ""),
        ([{"value": 1}, {"value": 2, "datasetId": 5}], "[1].datasetId"),
        ({"value": deep(80)}, ".value"),
        ({"json": deep(80)}, ".json"),
        (nested_attributes(20), ".sub" * 9),
    ],
)
def test_an_attribute_is_checked(attribute, place):
    assert where({**WHOLE, "occupancy": attribute}) == f"$.occupancy{place}"


@pytest.mark.parametrize(
    ("geometry", "place"),
    [
        ("POINT(139 35)", ""),
        ({"type": "Pointe", "coordinates": [139, 35]}, ""),
        ({"type": "Point"}, ""),
        ({"type": "GeometryCollection", "geometries": []}, ""),
        ({"type": "Point", "coordinates": []}, ".coordinates"),
        ({"type": "Point", "coordinates": [139]}, ".coordinates"),
        ({"type": "Point", "coordinates": ["139", "35"]}, ".coordinates"),
        ({"type": "Point", "coordinates": [True, 35]}, ".coordinates"),
        ({"type": "Point", "coordinates": [35, 139]}, ".coordinates"),  # latitude first
        ({"type": "Point", "coordinates": [float("nan"), 35]}, ".coordinates"),
        ({"type": "LineString", "coordinates": [[139, 35]]}, ".coordinates"),
        ({"type": "LineString", "coordinates": [139, 35]}, ".coordinates[0]"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, ".coordinates[0]"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}, ".coordinates[0]"),
        ({"type": "Polygon", "coordinates": []}, ".coordinates"),
        ({"type": "Polygon", "coordinates": [[[[0, 0]]]]}, ".coordinates[0][0]"),
        ({"type": "MultiPoint", "coordinates": [[0, 0], [0, 91]]}, ".coordinates[1]"),
        ({"type": "MultiPoint", "coordinates": [[0, 0]] * 100_001}, ".coordinates"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value)[:50],
)
def test_a_geometry_is_checked(geometry, place):
    attribute = {"type": "GeoProperty", "value": geometry}
    assert where({**WHOLE, "location": attribute}) == f"$.location.value{place}"


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [139.7, 35.7, 24.5]},
        {"type": "MultiPoint", "coordinates": []},
        {"type": "LineString", "coordinates": [[139, 35], [140, 36]]},
        {"type": "MultiLineString", "coordinates": [[[139, 35], [140, 36]], [[0, 0], [1, 1]]]},
        {
            "type": "Polygon",
            "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]],
        },
        {"type": "MultiPolygon", "coordinates": [[[[0, 0], [9, 0], [9, 9], [0, 0]]]]},
    ],
    ids=lambda value: value["type"],
)
def test_every_geometry_of_the_standard_is_taken(geometry):
    entity = read_entity({**WHOLE, "location": {"type": "GeoProperty", "value": geometry}}, CITY_CONTEXT)
    (instance,) = next(iter(entity.attributes.values()))
    assert instance.value == geometry


def test_nulls_stand_only_where_something_is_updated():
    null = {"occupancy": {"value": DELETED}}
    assert where(null, read_fragment, nulls=False) == "$.occupancy.value"
    assert where({**WHOLE, **null}, read_history) == "$.occupancy.value"
    assert where({"value": DELETED}, read_attribute, nulls=False) == "$.value"
    inside = {"address": {"value": {"street": DELETED}}}
    assert where(inside, read_fragment) == "$.address.value"


@pytest.mark.parametrize("payload", [5, "x", None, {}, [], {"@context": {}}])
def test_an_attribute_alone_must_say_something(payload):
    assert where(payload, read_attribute) == "$"


def test_a_feature_is_checked():
    assert where({"type": "FeatureCollection"}, read_feature) == "$.type"
    assert where({"type": "Feature", "id": KUDAN}, read_feature) == "$.properties"
    assert where({"type": "Feature", "id": KUDAN, "properties": {}}, read_feature) == "$.type"


MEMBERS = (
    *(
        "id",
        "type",
        "@id",
        "@type",
        "@context",
        "scope",
        "name",
        "lang",
        "createdAt",
        "observedAt",
        "unitCode",
    ),
    *(
        "value",
        "object",
        "languageMap",
        "vocab",
        "json",
        "valueList",
        "objectList",
        "datasetId",
        "coordinates",
    ),
    *("entity", "ngsi-ld:hasValue"),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.just(KUDAN)
    | st.just(DELETED),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(MEMBERS) | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from([read_entity, read_fragment, read_history, read_attribute, read_feature]))
def test_whatever_is_sent_is_read_or_refused_never_more(payload, read):
    try:
        read(payload, CITY_CONTEXT)
    except NgsiLdError as error:
        assert error.kind == "BadRequestData"


@given(st.dictionaries(st.sampled_from(["a", "b", "name"]), JSON, max_size=3))
def test_whatever_stands_in_an_attribute_is_read_or_refused(attributes):
    for how in ({}, {"partial": True}, {"simplified": True}):
        try:
            read_fragment(attributes, CITY_CONTEXT, **how)
        except NgsiLdError as error:
            assert error.where.startswith("$")
