"""The data models: every example is valid, means what it should, and can be posted as it stands."""

from __future__ import annotations

import pytest

from tedori.engines.ngsild.contexts import compiled
from tedori.services.live.rules.datamodels import complaints, context, example, model_of, models, short

LINK = '<http://hub/ngsi-ld/v1/jsonldContexts/tedori>; rel="http://www.w3.org/ns/json-ld#context"'
NAMES = ("Alert", "CrowdFlowObserved", "EvacuationShelter", "Toilet", "WaterOutage", "WaterSupplyPoint")

PROPERTY = "Property"
WRONG = [
    ("status", {"type": PROPERTY, "value": "ajar"}, "ajar is none of open, cleaning, outOfService, closed"),
    ("status", {"type": "Relationship", "object": "urn:a:b"}, "a Property with value is wanted"),
    ("location", {"type": PROPERTY, "value": "here"}, "a GeoProperty with value is wanted"),
    ("stallCount", {"type": PROPERTY, "value": "8"}, "number is wanted"),
    ("name", None, "missing"),
]


def test_these_are_the_models():
    assert tuple(models()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_example_keeps_to_its_model(name):
    assert list(complaints(example(models()[name]))) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_model_lists_and_draws_only_what_it_has(name):
    model = models()[name]
    assert set(model.columns) | ({model.chart} - {""}) <= set(model.items)
    assert all(item.label.ja and item.label.en for item in model.items.values())


@pytest.mark.parametrize(("attribute", "told", "complaint"), WRONG)
def test_what_does_not_keep_to_the_model_is_named(attribute, told, complaint):
    document = {name: one for name, one in example(models()["Toilet"]).items() if name != attribute}
    if told is not None:
        document[attribute] = told
    assert list(complaints(document)) == [f"{attribute}: {complaint}"]


def test_an_attribute_that_the_model_does_not_know_is_welcome():
    document = example(models()["Toilet"]) | {"smell": {"type": "Property", "value": "roses"}}
    assert list(complaints(document)) == []


def test_names_mean_what_the_smart_data_models_mean():
    names = compiled(context()["@context"], load={}.__getitem__)
    assert (
        names.expand("CrowdFlowObserved")
        == "https://smartdatamodels.org/dataModel.Transportation/CrowdFlowObserved"
    )
    assert names.expand("peopleCount") == "https://smartdatamodels.org/dataModel.Transportation/peopleCount"
    assert names.expand("name") == "https://smartdatamodels.org/name"
    assert names.expand("EvacuationShelter").endswith("/default-context/EvacuationShelter")


def test_a_type_is_known_by_the_end_of_its_name_whoever_sends_it():
    assert model_of("https://uri.etsi.org/ngsi-ld/default-context/Toilet") is models()["Toilet"]
    assert short("https://example.org/terms#Toilet") == "Toilet"
    assert model_of("https://example.org/Unheard") is None


@pytest.mark.req("F09")
@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_posted_and_read_again_with_our_context(ask, name):
    document = example(models()[name])
    assert ask("POST", "/entities", document, link=LINK).status_code == 201
    found = ask("GET", f"/entities/{document['id']}", link=LINK).json()
    assert found == document
    assert len(ask("GET", f"/entities?type={name}", link=LINK).json()) == 1


def test_our_context_is_served_and_listed_under_its_name(ask):
    answer = ask("GET", "/jsonldContexts/tedori")
    assert answer.status_code == 200
    assert answer.json() == context()
