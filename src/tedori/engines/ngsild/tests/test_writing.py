"""What a reader gets: every form, chosen members, languages, features and linked entities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.forms import CONCISE, NORMALIZED, SIMPLIFIED, Form
from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.patching import create
from tedori.engines.ngsild.projections import read_projection
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.tests.worlds import CITY, CITY_CONTEXT, KUDAN, NINE, NOON, iri, shelter
from tedori.engines.ngsild.values import Attribute
from tedori.engines.ngsild.writing import (
    feature_collection,
    linked_uris,
    write_attribute,
    write_entity,
    write_flat,
)

POINT = {"type": "Point", "coordinates": [139.7454, 35.6958]}
KANDA, TOKYO = "urn:ngsi-ld:District:kanda", "urn:ngsi-ld:City:tokyo"


def written(attribute, form=NORMALIZED):
    return write_entity(shelter(it=attribute), CITY_CONTEXT, form)["it"]


@pytest.mark.req("R02")
@pytest.mark.parametrize(
    ("normalised", "concise", "simplified"),
    [
        ({"type": "Property", "value": 1}, 1, 1),
        ({"type": "Property", "value": [1, 2]}, [1, 2], [1, 2]),
        ({"type": "Property", "value": {"a": 1}}, {"a": 1}, {"a": 1}),
        ({"type": "Property", "value": {"type": "x"}}, {"value": {"type": "x"}}, {"type": "x"}),
        ({"type": "Property", "value": [{"value": 1}]}, {"value": [{"value": 1}]}, [{"value": 1}]),
        ({"type": "Property", "value": 1, "unitCode": "CEL"}, {"value": 1, "unitCode": "CEL"}, 1),
        (
            {"type": "Property", "value": 1, "source": {"type": "Property", "value": "x"}},
            {"value": 1, "source": "x"},
            1,
        ),
        ({"type": "GeoProperty", "value": POINT}, POINT, POINT),
        ({"type": "Relationship", "object": KANDA}, {"object": KANDA}, KANDA),
        ({"type": "Relationship", "object": [KANDA, TOKYO]}, {"object": [KANDA, TOKYO]}, [KANDA, TOKYO]),
        (
            {"type": "LanguageProperty", "languageMap": {"ja": "あ"}},
            {"languageMap": {"ja": "あ"}},
            {"languageMap": {"ja": "あ"}},
        ),
        ({"type": "VocabProperty", "vocab": "Toilet"}, {"vocab": "Toilet"}, {"vocab": "Toilet"}),
        ({"type": "VocabProperty", "vocab": ["Toilet"]}, {"vocab": ["Toilet"]}, {"vocab": ["Toilet"]}),
        ({"type": "JsonProperty", "json": {"id": 1}}, {"json": {"id": 1}}, {"json": {"id": 1}}),
        ({"type": "ListProperty", "valueList": [1, "a"]}, {"valueList": [1, "a"]}, [1, "a"]),
        (
            {"type": "ListRelationship", "objectList": [{"object": KANDA}]},
            {"objectList": [KANDA]},
            [KANDA],
        ),
    ],
)
def test_an_attribute_in_three_forms(normalised, concise, simplified):
    assert written(normalised) == normalised
    assert written(normalised, CONCISE) == concise
    assert written(normalised, SIMPLIFIED) == simplified


def test_several_instances_are_an_array_or_a_map_of_datasets():
    both = [{"type": "Property", "value": 1}, {"type": "Property", "value": 2, "datasetId": "urn:b"}]
    assert written(both) == both
    assert written(both, CONCISE) == [1, {"value": 2, "datasetId": "urn:b"}]
    assert written(both, SIMPLIFIED) == {"dataset": {"@none": 1, "urn:b": 2}}
    assert written(both[1], SIMPLIFIED) == {"dataset": {"urn:b": 2}}


def test_names_follow_the_context_of_the_reader_not_of_the_writer():
    document = write_entity(shelter(occupancy=1), CORE, SIMPLIFIED)
    assert document == {"id": KUDAN, "type": f"{CITY}EvacuationShelter", f"{CITY}occupancy": 1}


def test_one_type_and_one_scope_stand_alone_several_in_arrays():
    one = {"id": KUDAN, "type": "Toilet", "scope": "/Tokyo"}
    assert write_entity(read_entity(one, CITY_CONTEXT), CITY_CONTEXT) == one
    many = {"id": KUDAN, "type": ["Toilet", "District"], "scope": ["/Tokyo", "/School"]}
    assert write_entity(read_entity(many, CITY_CONTEXT), CITY_CONTEXT) == many


def test_the_systems_times_are_shown_on_demand():
    entity = shelter(occupancy={"value": 1, "source": "gate"})
    assert "createdAt" not in write_entity(entity, CITY_CONTEXT)
    shown = write_entity(entity, CITY_CONTEXT, Form(sys_attrs=True))
    for part in (shown, shown["occupancy"], shown["occupancy"]["source"]):
        assert part["createdAt"] == part["modifiedAt"] == NINE


@pytest.mark.parametrize(
    ("parameter", "text", "members"),
    [
        ("pick", "id,occupancy", ["id", "occupancy"]),
        ("pick", "name|type", ["type", "name"]),
        ("pick", "createdAt", ["createdAt"]),
        ("omit", "name", ["id", "type", "occupancy", "location"]),
        ("omit", "id,type,location", ["occupancy", "name"]),
    ],
)
def test_a_reader_picks_or_omits_members(parameter, text, members):
    form = Form(**{parameter: read_projection(text, CITY_CONTEXT)})
    entity = shelter(occupancy=1, name="Kudan", location=POINT)
    assert list(write_entity(entity, CITY_CONTEXT, form)) == members


def test_attrs_choose_attributes_and_dataset_ids_choose_instances():
    entity = shelter(occupancy=[{"value": 1}, {"value": 2, "datasetId": "urn:b"}], name="Kudan")
    chosen = Form("simplified", attrs=frozenset([iri("name")]))
    assert write_entity(entity, CITY_CONTEXT, chosen) == {
        "id": KUDAN,
        "type": "EvacuationShelter",
        "name": "Kudan",
    }
    of_b = write_entity(entity, CITY_CONTEXT, Form(dataset_ids=frozenset(["urn:b"])))
    assert of_b["occupancy"]["value"] == 2
    assert "name" not in of_b
    default = write_entity(entity, CITY_CONTEXT, Form("simplified", dataset_ids=frozenset(["@none"])))
    assert (default["occupancy"], default["name"]) == (1, "Kudan")


@pytest.mark.parametrize(
    ("wanted", "text", "language"),
    [
        ("ja", "開設", "ja"),
        ("fr", "open", "en"),
        ("en-GB", "open", "en"),
        ("*", "open", "en"),
        ("de,ja;q=0.1", "開設", "ja"),
    ],
)
def test_a_language_property_becomes_a_property_in_one_language(wanted, text, language):
    attribute = {"languageMap": {"en": "open", "ja": "開設"}, "observedAt": NOON}
    shown = written(attribute, Form(languages=wanted))
    assert shown == {"type": "Property", "value": text, "lang": language, "observedAt": NOON}
    assert written(attribute, Form("simplified", languages=wanted)) == text


def test_a_deleted_attribute_shows_the_null_of_its_kind_and_what_it_was():
    gone = Attribute("LanguageProperty", DELETED, deleted_at=NOON, previous={"ja": "開設"})
    assert write_attribute(gone, CITY_CONTEXT) == {
        "type": "LanguageProperty",
        "languageMap": {"@none": DELETED},
        "deletedAt": NOON,
        "previousLanguageMap": {"ja": "開設"},
    }
    relation = Attribute("Relationship", DELETED, previous=KANDA)
    assert write_attribute(relation, CITY_CONTEXT)["previousObject"] == KANDA


def test_an_entity_is_a_feature():
    feature = write_entity(
        shelter(location=POINT, occupancy=3), CITY_CONTEXT, Form("simplified", geojson=True)
    )
    assert feature == {
        "id": KUDAN,
        "type": "Feature",
        "geometry": POINT,
        "properties": {"type": "EvacuationShelter", "location": POINT, "occupancy": 3},
    }


def test_the_geometry_of_a_feature_is_chosen_by_property_and_dataset():
    other = {"type": "Point", "coordinates": [1, 2]}
    entity = shelter(
        location=[{"value": other, "datasetId": "urn:b"}, {"value": POINT}], entrance=other, occupancy=1
    )

    def geometry(**chosen):
        return write_entity(entity, CITY_CONTEXT, Form(geojson=True, **chosen))["geometry"]

    assert geometry() == POINT
    assert geometry(dataset_ids=frozenset(["urn:b"])) == other
    assert geometry(geometry_property=iri("entrance")) == other
    assert geometry(geometry_property=iri("occupancy")) is None
    assert geometry(geometry_property=iri("nothing")) is None


def test_entities_are_a_feature_collection():
    collection = feature_collection([shelter(location=POINT)], CITY_CONTEXT)
    assert collection["type"] == "FeatureCollection"
    assert [one["geometry"] for one in collection["features"]] == [POINT]


def city():
    """Kudan lies in Kanda, Kanda in Tokyo, and Tokyo points back to Kudan."""
    documents = [
        {"id": KUDAN, "type": "EvacuationShelter", "name": "Kudan", "locatedIn": {"object": KANDA}},
        {"id": KANDA, "type": "District", "name": "Kanda", "note": "old", "locatedIn": {"object": TOKYO}},
        {"id": TOKYO, "type": "City", "name": "Tokyo", "shelters": {"objectList": [KUDAN, "urn:unknown"]}},
    ]
    return {
        document["id"]: create(read_entity(document, CITY_CONTEXT), at=NINE).entity for document in documents
    }


def test_linked_entities_stand_inside_relationships():
    entities = city()
    form = Form(join="inline", join_level=2)
    kudan = write_entity(entities[KUDAN], CITY_CONTEXT, form, linked=entities.get)
    kanda = kudan["locatedIn"]["entity"]
    assert kanda["name"]["value"] == "Kanda"
    assert kanda["locatedIn"]["entity"]["id"] == TOKYO
    assert "entityList" not in kanda["locatedIn"]["entity"]["shelters"]  # the third level


def test_lists_of_linked_entities_leave_out_what_is_not_there():
    entities = city()
    tokyo = write_entity(entities[TOKYO], CITY_CONTEXT, Form(join="inline"), linked=entities.get)
    assert [one["id"] for one in tokyo["shelters"]["entityList"]] == [KUDAN]


def test_simplified_linked_entities_stand_in_the_place_of_their_uris():
    entities = city()
    form = Form("simplified", join="inline")
    assert write_entity(entities[KUDAN], CITY_CONTEXT, form, linked=entities.get)["locatedIn"] == {
        "id": KANDA,
        "type": "District",
        "name": "Kanda",
        "note": "old",
        "locatedIn": TOKYO,
    }


def test_braces_pick_and_omit_inside_linked_entities():
    entities = city()

    def locatedin(**chosen):
        form = Form("simplified", join="inline", join_level=2, **chosen)
        return write_entity(entities[KUDAN], CITY_CONTEXT, form, linked=entities.get)

    picked = locatedin(pick=read_projection("id,locatedIn{id,name}", CITY_CONTEXT))
    assert picked == {"id": KUDAN, "locatedIn": {"id": KANDA, "name": "Kanda"}}
    omitted = locatedin(omit=read_projection("type,locatedIn{note,locatedIn}", CITY_CONTEXT))
    assert omitted == {
        "id": KUDAN,
        "name": "Kudan",
        "locatedIn": {"id": KANDA, "type": "District", "name": "Kanda"},
    }


def test_flat_linked_entities_follow_each_once():
    entities = city()
    form = Form("simplified", join="flat", join_level=5)
    documents = write_flat([entities[KUDAN]], CITY_CONTEXT, form, linked=entities.get)
    assert [one["id"] for one in documents] == [KUDAN, KANDA, TOKYO]
    assert linked_uris(entities[TOKYO], form) == (KUDAN, "urn:unknown")
    assert linked_uris(entities[TOKYO], Form()) == ()


VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5).filter(lambda text: text != DELETED),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3) | st.sampled_from(["type", "value", "@value", "id"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
ATTRIBUTES = st.one_of(
    st.builds(lambda value: {"type": "Property", "value": value}, VALUES),
    st.builds(lambda value: {"type": "ListProperty", "valueList": value}, st.lists(VALUES, max_size=3)),
    st.builds(
        lambda value: {"type": "JsonProperty", "json": value}, st.dictionaries(st.text(max_size=3), VALUES)
    ),
    st.just({"type": "Relationship", "object": [KANDA, KUDAN]}),
    st.just({"type": "VocabProperty", "vocab": "Toilet"}),
    st.just({"type": "GeoProperty", "value": POINT}),
    st.just({"type": "LanguageProperty", "languageMap": {"ja": "開設"}}),
)


@given(ATTRIBUTES, st.booleans(), st.none() | ATTRIBUTES, st.booleans())
def test_what_is_written_reads_back_as_it_was(attribute, with_unit, sub, twice):
    if with_unit and attribute["type"] == "Property":
        attribute = {**attribute, "unitCode": "CEL", "observedAt": NOON}
    if sub:
        attribute = {**attribute, "source": sub}
    given = [attribute, {**attribute, "datasetId": "urn:b"}] if twice else attribute
    entity = read_entity({"id": KUDAN, "type": "Toilet", "it": given}, CITY_CONTEXT)
    for form in (NORMALIZED, CONCISE):
        assert read_entity(write_entity(entity, CITY_CONTEXT, form), CITY_CONTEXT) == entity
