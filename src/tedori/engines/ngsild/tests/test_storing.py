"""What is stored comes back as it was."""

from __future__ import annotations

import orjson
import pytest

from tedori.engines.ngsild.forms import CONCISE, NORMALIZED, SIMPLIFIED, Form
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.storing import dump, dump_attributes, glance, load, load_attributes
from tedori.engines.ngsild.straight import write_plainly
from tedori.engines.ngsild.tests.worlds import CITY, CITY_CONTEXT, KUDAN, NINE, NOON, iri, shelter
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.engines.ngsild.writing import write_entity

EVERY_KIND = {
    "number": {
        "value": 1.5,
        "unitCode": "CEL",
        "observedAt": NOON,
        "valueType": "Double",
        "datasetId": "urn:b",
    },
    "array": {"value": [1, [2]]},
    "place": {"value": {"type": "Point", "coordinates": [139.0, 35.0]}},
    "link": {"object": [KUDAN, "urn:b"], "objectType": ["Toilet", "District"]},
    "text": {"languageMap": {"ja": "開設"}},
    "word": {"vocab": ["Toilet"]},
    "raw": {"json": [{"a": None}]},
    "list": {"valueList": [1, [2], {"a": 3}]},
    "links": {"objectList": [KUDAN]},
    "deep": {"value": 1, "sub": [{"value": 2, "subsub": 3}, {"value": 4, "datasetId": "urn:c"}]},
}


def test_every_kind_survives_storage():
    entity = shelter(**EVERY_KIND, scope=["/Tokyo", "/School"], expiresAt=NOON)
    assert load(dump(entity)) == entity
    assert load_attributes(dump_attributes(entity.attributes)) == entity.attributes


def test_the_stored_json_is_what_queries_rest_on():
    entity = shelter(occupancy={"value": 3, "unitCode": "IE", "source": "gate"}, scope="/Tokyo")
    assert orjson.loads(dump(entity)) == {
        "id": KUDAN,
        "types": [f"{CITY}EvacuationShelter"],
        "scopes": ["/Tokyo"],
        "createdAt": NINE,
        "modifiedAt": NINE,
        "attributes": {
            f"{CITY}occupancy": [
                {
                    "kind": "Property",
                    "value": 3,
                    "unitCode": "IE",
                    "createdAt": NINE,
                    "modifiedAt": NINE,
                    "subs": {
                        f"{CITY}source": [
                            {"kind": "Property", "value": "gate", "createdAt": NINE, "modifiedAt": NINE}
                        ]
                    },
                }
            ]
        },
    }


def test_what_histories_add_survives_storage():
    instance = Attribute("Property", 1, deleted_at=NOON, instance_id="urn:i", previous=0, expires_at=NOON)
    entity = Entity(KUDAN, (iri("Toilet"),), {iri("a"): (instance,)}, deleted_at=NOON)
    assert load(dump(entity)) == entity


def test_an_entity_with_nothing_survives_storage():
    entity = read_entity({"id": KUDAN, "type": "Toilet"}, CITY_CONTEXT)
    assert load(dump(entity)) == entity


def test_a_glance_shows_the_same_entity():
    entity = shelter(**EVERY_KIND, scope=["/Tokyo", "/School"], expiresAt=NOON)
    assert glance(dump(entity)) == entity
    assert glance(dump(entity)).attributes.keys() == entity.attributes.keys()


@pytest.mark.parametrize(
    "form", [NORMALIZED, CONCISE, SIMPLIFIED, Form(sys_attrs=True), Form(attrs=frozenset([iri("deep")]))]
)
@pytest.mark.parametrize("scope", [[], ["/Tokyo"], ["/Tokyo", "/School"]])
def test_what_is_written_straight_is_what_is_written_otherwise(form, scope):
    entity = shelter(**EVERY_KIND, **({"scope": scope} if scope else {}))
    straight = write_plainly(glance(dump(entity)), CITY_CONTEXT, form)
    assert orjson.dumps(straight) == orjson.dumps(write_entity(entity, CITY_CONTEXT, form))


def test_a_deleted_entity_is_not_written_straight():
    entity = Entity(KUDAN, (iri("Toilet"),), deleted_at=NOON)
    assert write_plainly(glance(dump(entity)), CITY_CONTEXT, NORMALIZED)["deletedAt"] == NOON
