"""The evolution of an entity, as a reader gets it."""

from __future__ import annotations

import pytest

from tedori.engines.ngsild.forms import Form
from tedori.engines.ngsild.histories import Aggregate, time_of, write_aggregated, write_history, write_values
from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.projections import read_projection
from tedori.engines.ngsild.reading import SCOPE_IRI
from tedori.engines.ngsild.tests.worlds import CITY_CONTEXT, KUDAN, NINE, NOON, TEN, iri
from tedori.engines.ngsild.values import Attribute, Entity

SHELTER = (iri("EvacuationShelter"),)
B = "urn:b"
COUNTED = Entity(
    KUDAN,
    SHELTER,
    {
        iri("occupancy"): (
            Attribute("Property", 10, observed_at=NINE, instance_id="urn:i:1"),
            Attribute("Property", 20, observed_at=TEN, instance_id="urn:i:2"),
            Attribute("Property", 7, B, observed_at=TEN, instance_id="urn:i:3"),
        )
    },
)
HEAD = {"id": KUDAN, "type": "EvacuationShelter"}


def evolution(*instances):
    return Entity(KUDAN, SHELTER, {iri("it"): instances})


def test_in_full_every_instance_stands_in_an_array():
    document = write_history(COUNTED, CITY_CONTEXT)
    assert document == {
        **HEAD,
        "occupancy": [
            {"type": "Property", "value": 10, "observedAt": NINE, "instanceId": "urn:i:1"},
            {"type": "Property", "value": 20, "observedAt": TEN, "instanceId": "urn:i:2"},
            {"type": "Property", "value": 7, "observedAt": TEN, "datasetId": B, "instanceId": "urn:i:3"},
        ],
    }
    alone = write_history(evolution(Attribute("Property", 1, observed_at=NINE)), CITY_CONTEXT)
    assert alone["it"] == [{"type": "Property", "value": 1, "observedAt": NINE}]


def test_simplified_values_stand_beside_their_times_by_dataset():
    assert write_values(COUNTED, CITY_CONTEXT) == {
        **HEAD,
        "occupancy": [
            {"type": "Property", "values": [[10, NINE], [20, TEN]]},
            {"type": "Property", "datasetId": B, "values": [[7, TEN]]},
        ],
    }


@pytest.mark.parametrize(
    ("kind", "value", "member", "shown"),
    [
        ("Property", 1, "values", 1),
        (
            "GeoProperty",
            {"type": "Point", "coordinates": [1, 2]},
            "values",
            {"type": "Point", "coordinates": [1, 2]},
        ),
        ("Relationship", KUDAN, "objects", KUDAN),
        ("LanguageProperty", {"ja": "開設"}, "languageMaps", {"languageMap": {"ja": "開設"}}),
        ("VocabProperty", iri("Toilet"), "vocabs", {"vocab": "Toilet"}),
        ("JsonProperty", {"a": 1}, "jsons", {"json": {"a": 1}}),
        ("ListProperty", (1, 2), "valueLists", [1, 2]),
        ("ListRelationship", (KUDAN,), "objectLists", [KUDAN]),
        ("LanguageProperty", DELETED, "languageMaps", {"languageMap": {"@none": DELETED}}),
        ("Property", DELETED, "values", DELETED),
    ],
)
def test_each_kind_has_its_own_member_for_simplified_values(kind, value, member, shown):
    document = write_values(evolution(Attribute(kind, value, observed_at=NINE)), CITY_CONTEXT)
    assert document["it"] == {"type": kind, member: [[shown, NINE]]}


def test_a_language_is_chosen_in_the_evolution_too():
    instance = Attribute("LanguageProperty", {"ja": "開設", "en": "open"}, observed_at=NINE)
    assert write_values(evolution(instance), CITY_CONTEXT, Form(languages="en"))["it"] == {
        "type": "Property",
        "values": [["open", NINE]],
    }


def test_an_instance_without_the_time_asked_for_is_placed_by_another():
    instance = Attribute("Property", 1, created_at=NINE, modified_at=TEN)
    assert time_of(instance) == TEN
    assert time_of(instance, "createdAt") == NINE
    assert time_of(Attribute("Property", DELETED, modified_at=TEN, deleted_at=NOON)) == NOON
    assert time_of(Attribute("Property", 1)) is None


def test_scopes_evolve_like_a_property():
    scopes = (
        Attribute("Property", ["/Tokyo"], modified_at=NINE),
        Attribute("Property", [], deleted_at=TEN),
    )
    entity = Entity(KUDAN, SHELTER, {SCOPE_IRI: scopes}, scopes=("/Tokyo",))
    assert write_history(entity, CITY_CONTEXT)["scope"] == [
        {"type": "Property", "value": ["/Tokyo"]},
        {"type": "Property", "value": [], "deletedAt": TEN},
    ]
    assert write_values(entity, CITY_CONTEXT)["scope"] == {
        "type": "Property",
        "values": [[["/Tokyo"], NINE], [[], TEN]],
    }
    assert "scope" not in write_values(
        entity, CITY_CONTEXT, Form(omit=read_projection("scope", CITY_CONTEXT))
    )


def test_aggregates_stand_in_periods():
    hour = [(15, NINE, TEN), (7, TEN, NOON)]
    aggregates = {
        iri("occupancy"): [
            Aggregate("Property", {"avg": hour, "max": hour}),
            Aggregate("Property", {"avg": hour}, B),
        ],
        iri("hidden"): [Aggregate("Property", {"avg": hour})],
    }
    form = Form(attrs=frozenset([iri("occupancy")]))
    periods = [[15, NINE, TEN], [7, TEN, NOON]]
    assert write_aggregated(COUNTED, aggregates, CITY_CONTEXT, form) == {
        **HEAD,
        "occupancy": [
            {"type": "Property", "avg": periods, "max": periods},
            {"type": "Property", "datasetId": B, "avg": periods},
        ],
    }


def test_members_and_datasets_are_chosen_in_the_evolution_too():
    of_b = write_history(COUNTED, CITY_CONTEXT, Form(dataset_ids=frozenset([B])))
    assert [one["value"] for one in of_b["occupancy"]] == [7]
    assert write_history(COUNTED, CITY_CONTEXT, Form(pick=read_projection("id", CITY_CONTEXT))) == {
        "id": KUDAN
    }
