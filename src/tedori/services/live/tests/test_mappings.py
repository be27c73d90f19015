"""One sender's names and values, turned into common ones and back."""

# ruff: noqa: E501 - tables keep a case on one line
from __future__ import annotations

import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.writing import SIMPLIFIED, write_entity
from tedori.services.live.rules.mappings import MappingRefused, listed, names_of, shown
from tedori.services.live.rules.previews import preview

TEXT = """
types:
  避難所:
    type: EvacuationShelter
    id: {theirs: "Shelter-{}", ours: "urn:ngsi-ld:EvacuationShelter:131016:{}"}
    attributes:
      名称: label
      開設: {name: status, values: {開設中: open, 閉鎖: closed, 1: full}}
      混雑率: {name: share, scale: 0.01, unit: P1}
    leave: [内線]
"""
THEIRS = {
    "id": "urn:ngsi-v2:Shelter-7",
    "type": "避難所",
    "名称": "九段小学校",
    "開設": "開設中",
    "混雑率": 55,
    "内線": 3,
    "階": 2,
}
OURS = {
    "id": "urn:ngsi-ld:EvacuationShelter:131016:7",
    "type": "EvacuationShelter",
    "label": "九段小学校",
    "status": "open",
    "share": 0.55,
    "階": 2,
}


def entity(document):
    return read_entity(document, CORE, simplified=True)


def plain(found):
    return write_entity(found, CORE, SIMPLIFIED)


@pytest.mark.req("F09")
def test_names_values_units_and_ids_are_turned_and_turned_back():
    names = names_of(TEXT)
    found = names.common(entity(THEIRS))
    assert plain(found) == OURS
    share = found.attributes[CORE.expand("share")][0]
    assert share.unit_code == "P1"
    assert plain(names.foreign(found)) == {name: value for name, value in THEIRS.items() if name != "内線"}


def test_what_the_file_does_not_name_passes_as_it_is():
    other = entity({"id": "urn:a:b", "type": "Toilet", "free": 1})
    assert names_of(TEXT).common(other) == other
    assert names_of("").foreign(other) == other


def test_others_may_be_left():
    found = names_of(TEXT + "    others: leave\n").common(entity(THEIRS))
    assert "階" not in plain(found)


WRONG = """
 text                                                          | where
 [                                                             | 1:
 types: 3                                                      | types
 typs: {}                                                      |
 types: {a: {name: b}}                                         | types.a
 types: {a: {id: {ours: x}}}                                   | types.a.id
 types: {a: {attributes: {b: {}}}}                             | types.a.attributes.b.name
 types: {a: {attributes: {b: {name: c, scale: 0}}}}            | types.a.attributes.b.scale
 types: {a: {attributes: {b: {name: c, scale: yes}}}}          | types.a.attributes.b.scale
 types: {a: {attributes: {b: c, d: c}}}                        | types.a.attributes
 types: {a: {type: x}, b: {type: x}}                           | types
 types: {a: {others: perhaps}}                                 | types.a
 types: {"a b": {}}                                            | types.a b
 types: !!python/object/apply:os.system [ls]                   |
"""


@pytest.mark.parametrize(
    ("text", "where"), [[c.strip() for c in line.split("|")] for line in WRONG.strip().splitlines()][1:]
)
def test_a_file_that_cannot_be_used_says_where(text, where):
    with pytest.raises(MappingRefused) as caught:
        names_of(text)
    assert caught.value.where.startswith(where)
    assert str(caught.value)


def test_a_yaml_bomb_is_refused():
    bomb = "a: &a [x,x,x,x]\n" + "".join(f"k{n}: &k{n} [{','.join(['*a'] * 9)}]\n" for n in range(3))
    with pytest.raises(MappingRefused):
        names_of(bomb)
    with pytest.raises(MappingRefused):
        names_of("[" * 5_000)
    with pytest.raises(MappingRefused):
        names_of("x" * 300_000)


def test_types_of_the_data_models_have_the_iris_of_the_models():
    (iri,) = listed("CrowdFlowObserved")
    assert iri == "https://smartdatamodels.org/dataModel.Transportation/CrowdFlowObserved"
    assert shown(listed("Toilet、CrowdFlowObserved")) == "Toilet, CrowdFlowObserved"


def test_a_sample_shows_both_sides():
    (one,) = preview(
        names_of(TEXT), "ngsiv2", '{"id": "Shelter-7", "type": "避難所", "開設": {"value": "閉鎖"}}'
    )
    assert '"closed"' in one.ours
    assert '"閉鎖"' in one.theirs
    for sample in ("[", "3", '{"id": 1}', '{"type": "x"}'):
        with pytest.raises(MappingRefused):
            preview(names_of(TEXT), "ngsi-ld", sample)
