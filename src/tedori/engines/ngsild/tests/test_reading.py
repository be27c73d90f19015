"""What a caller may send: every kind of attribute, in every form."""

from __future__ import annotations

import pytest

from tedori.engines.ngsild.kinds import ABSENT, DELETED
from tedori.engines.ngsild.reading import (
    kinds_of,
    read_attribute,
    read_entity,
    read_feature,
    read_fragment,
    read_history,
)
from tedori.engines.ngsild.tests.worlds import CITY, CITY_CONTEXT, KUDAN, NOON, context_of, iri, only, shelter
from tedori.engines.ngsild.values import Attribute

KANDA = "urn:ngsi-ld:District:kanda"
POINT = {"type": "Point", "coordinates": [139.7454, 35.6958]}


@pytest.mark.req("R02")
@pytest.mark.parametrize(
    ("given", "kind", "value"),
    [
        ({"type": "Property", "value": 120}, "Property", 120),
        ({"value": 120}, "Property", 120),
        (120, "Property", 120),
        ("open", "Property", "open"),
        (False, "Property", False),
        (["a", "b"], "Property", ["a", "b"]),
        ({"value": {"street": "Kudan"}}, "Property", {"street": "Kudan"}),
        ({"street": "Kudan"}, "Property", {"street": "Kudan"}),
        ({"type": "GeoProperty", "value": POINT}, "GeoProperty", POINT),
        ({"value": POINT}, "GeoProperty", POINT),
        (POINT, "GeoProperty", POINT),
        ({"type": "Relationship", "object": KANDA}, "Relationship", KANDA),
        ({"object": KANDA}, "Relationship", KANDA),
        ({"object": [KANDA, KUDAN]}, "Relationship", (KANDA, KUDAN)),
        ({"languageMap": {"ja": "開設", "en": "open"}}, "LanguageProperty", {"ja": "開設", "en": "open"}),
        ({"languageMap": {"@none": ["a", "b"]}}, "LanguageProperty", {"@none": ["a", "b"]}),
        ({"vocab": "Toilet"}, "VocabProperty", f"{CITY}Toilet"),
        ({"vocab": ["Toilet", "District"]}, "VocabProperty", (f"{CITY}Toilet", f"{CITY}District")),
        ({"json": {"id": "x", "deep": [None]}}, "JsonProperty", {"id": "x", "deep": [None]}),
        ({"valueList": [1, "a", {"b": 2}]}, "ListProperty", (1, "a", {"b": 2})),
        ({"objectList": [{"object": KANDA}, {"object": KUDAN}]}, "ListRelationship", (KANDA, KUDAN)),
        ({"objectList": [KANDA]}, "ListRelationship", (KANDA,)),
        ({"ngsi-ld:hasValue": 3}, "Property", 3),
        ({"@type": "ngsi-ld:Property", "value": 3}, "Property", 3),
    ],
)
def test_a_value_tells_its_kind(given, kind, value):
    instance = only(shelter(it=given), "it")
    assert (instance.kind, instance.value) == (kind, value)


def test_members_of_an_attribute_are_kept_apart_from_its_sub_attributes():
    entity = read_entity(
        {
            "id": KUDAN,
            "type": "EvacuationShelter",
            "occupancy": {
                "type": "Property",
                "value": 12,
                "unitCode": "IE",
                "observedAt": NOON,
                "valueType": "Integer",
                "datasetId": "urn:sensor:1",
                "source": "gate",
                "seenBy": {"object": KANDA, "objectType": "District", "since": {"value": "2026"}},
            },
        },
        CITY_CONTEXT,
    )
    occupancy = only(entity, "occupancy")
    assert (occupancy.unit_code, occupancy.observed_at, occupancy.dataset_id) == ("IE", NOON, "urn:sensor:1")
    assert occupancy.value_type == iri("Integer")
    assert set(occupancy.attributes) == {iri("source"), iri("seenBy")}
    (seen,) = occupancy.attributes[iri("seenBy")]
    assert seen.object_types == (f"{CITY}District",)
    assert seen.attributes[iri("since")] == (Attribute("Property", "2026"),)


def test_instances_are_told_apart_by_their_dataset():
    entity = shelter(
        occupancy=[{"value": 1}, {"value": 2, "datasetId": "urn:b"}, {"value": 3, "datasetId": "urn:c"}]
    )
    assert [(one.dataset_id, one.value) for one in entity.attributes[iri("occupancy")]] == [
        (None, 1),
        ("urn:b", 2),
        ("urn:c", 3),
    ]
    assert only(shelter(occupancy={"value": 1, "datasetId": "@none"}), "occupancy").dataset_id is None


def test_types_and_scopes_may_be_one_or_many():
    document = {"id": KUDAN, "type": ["EvacuationShelter", "District"], "scope": ["/Tokyo/Chiyoda", "School"]}
    entity = read_entity(document, CITY_CONTEXT)
    assert entity.types == (f"{CITY}EvacuationShelter", f"{CITY}District")
    assert entity.scopes == ("/Tokyo/Chiyoda", "/School")


def test_what_the_system_sets_is_not_taken_from_callers():
    document = {
        "id": KUDAN,
        "type": "Toilet",
        "createdAt": NOON,
        "status": {"value": 1, "createdAt": NOON, "modifiedAt": NOON, "instanceId": "urn:i", "lang": "ja"},
    }
    entity = read_entity(document, CITY_CONTEXT)
    assert entity.created_at is None
    assert only(entity, "status") == Attribute("Property", 1)
    kept = read_entity(document, CITY_CONTEXT, system=True)
    assert kept.created_at == only(kept, "status").created_at == NOON


def test_aliases_of_id_and_type_are_understood():
    context = context_of({"identifier": "@id", "kind": "@type"})
    document = {"identifier": KUDAN, "kind": "Toilet", "x": {"kind": "Property", "value": 1}}
    entity = read_entity(document, context)
    assert (entity.id, entity.types) == (KUDAN, (context.expand("Toilet"),))
    assert entity.attributes[context.expand("x")] == (Attribute("Property", 1),)
    assert read_entity({"@id": KUDAN, "@type": "Toilet"}, context).types == entity.types


def test_a_fragment_needs_neither_id_nor_type():
    fragment = read_fragment({"occupancy": {"value": 3}}, CITY_CONTEXT)
    assert (fragment.id, fragment.types) == ("", ())


@pytest.mark.parametrize(
    "null",
    [
        DELETED,
        {"type": "Property", "value": DELETED},
        {"type": "Relationship", "object": DELETED},
        {"type": "GeoProperty", "value": DELETED},
        {"type": "LanguageProperty", "languageMap": {"@none": DELETED}},
        {"type": "LanguageProperty", "languageMap": DELETED},
        {"type": "VocabProperty", "vocab": DELETED},
        {"type": "JsonProperty", "json": DELETED},
        {"type": "ListProperty", "valueList": [DELETED]},
        {"type": "ListRelationship", "objectList": [DELETED]},
    ],
)
def test_the_null_of_the_standard_marks_what_is_to_go(null):
    assert only(read_fragment({"it": null}, CITY_CONTEXT), "it").value == DELETED


def test_a_partial_attribute_may_leave_its_value_alone():
    (instance,) = read_attribute({"observedAt": NOON, "@context": "x"}, CITY_CONTEXT, partial=True)
    assert (instance.kind, instance.value, instance.observed_at) == ("", ABSENT, NOON)
    assert not instance.value


def test_a_merge_may_hold_nulls_inside_its_values():
    fragment = read_fragment({"address": {"value": {"street": DELETED}}}, CITY_CONTEXT, partial=True)
    assert only(fragment, "address").value == {"street": DELETED}


def test_plain_values_take_the_kind_of_the_attribute_they_are_for():
    entity = shelter(
        locatedIn={"object": KANDA},
        category={"vocab": "Toilet"},
        name={"languageMap": {"ja": "九段"}},
        occupancy=3,
        raw={"json": {"a": 1}},
    )
    plain = {
        "locatedIn": KUDAN,
        "category": "District",
        "name": "Kudan",
        "occupancy": 4,
        "raw": {"a": 2},
        "location": POINT,
        "route": {"objectList": [KANDA]},
        "beds": {"dataset": {"@none": 1, "urn:b": 2}},
    }
    fragment = read_fragment(plain, CITY_CONTEXT, partial=True, simplified=True, kinds=kinds_of(entity))
    found = {
        CITY_CONTEXT.compact(name): [(one.kind, one.value) for one in many]
        for name, many in fragment.attributes.items()
    }
    assert found == {
        "locatedIn": [("Relationship", KUDAN)],
        "category": [("VocabProperty", f"{CITY}District")],
        "name": [("Property", "Kudan")],
        "occupancy": [("Property", 4)],
        "raw": [("JsonProperty", {"a": 2})],
        "location": [("GeoProperty", POINT)],
        "route": [("ListRelationship", (KANDA,))],
        "beds": [("Property", 1), ("Property", 2)],
    }
    assert [one.dataset_id for one in fragment.attributes[iri("beds")]] == [None, "urn:b"]


def test_the_evolution_has_many_instances_of_one_dataset():
    entity = read_history(
        {
            "id": KUDAN,
            "type": "EvacuationShelter",
            "scope": [{"type": "Property", "value": ["/A"]}, {"type": "Property", "value": ["/B"]}],
            "occupancy": [
                {"value": 1, "observedAt": NOON},
                {"value": 2, "observedAt": "2026-09-01T13:00:00Z"},
            ],
        },
        CITY_CONTEXT,
    )
    assert [one.value for one in entity.attributes[iri("occupancy")]] == [1, 2]
    assert entity.scopes == ("/B",)


def test_a_geojson_feature_is_an_entity():
    feature = {
        "id": KUDAN,
        "type": "Feature",
        "geometry": POINT,
        "properties": {"type": "EvacuationShelter", "occupancy": {"type": "Property", "value": 3}},
    }
    entity = read_feature(feature, CITY_CONTEXT)
    assert entity.types == (f"{CITY}EvacuationShelter",)
    assert only(entity, "location").value == POINT
    assert only(entity, "occupancy").value == 3


def test_times_stay_as_they_were_given():
    attribute = only(shelter(occupancy={"value": 1, "observedAt": "2026-09-01T12:00:00.120Z"}), "occupancy")
    assert attribute.observed_at == "2026-09-01T12:00:00.120Z"
    with_comma = shelter(occupancy={"value": 1, "observedAt": "2026-09-01T12:00:00,12Z"})
    assert only(with_comma, "occupancy").observed_at == "2026-09-01T12:00:00.12Z"
