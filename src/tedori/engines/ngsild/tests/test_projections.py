"""The language of pick and omit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.projections import attributes_in, check_choice, read_projection
from tedori.engines.ngsild.tests.worlds import CITY_CONTEXT, iri


def projection(text):
    return read_projection(text, CITY_CONTEXT)


def test_braces_choose_inside_linked_entities():
    assert projection("id, locatedIn{name|locatedIn{id}},occupancy") == {
        "id": None,
        iri("locatedIn"): {iri("name"): None, iri("locatedIn"): {"id": None}},
        iri("occupancy"): None,
    }
    assert attributes_in(projection("id,type,occupancy")) == {iri("occupancy")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "id;name",
        "id,,name",
        "id,locatedIn{name",
        "id,locatedIn{{name}",
        "id,locatedIn{,name}",
        "a{}",
        "a}",
        "{a}",
        "a{b}c",
        "a{" * 12 + "b" + "}" * 12,
    ],
)
def test_a_broken_expression_is_refused(text):
    with pytest.raises(NgsiLdError) as refused:
        projection(text)
    assert (refused.value.kind, refused.value.where) == ("BadRequestData", "pick")


@pytest.mark.parametrize(
    ("attrs", "pick", "omit"),
    [
        (("a",), "a", None),
        (("a",), None, "a"),
        (None, "a,b", "b"),
        (None, "a{b}", "a"),
        (None, "a{b,c}", "a{b}"),
    ],
)
def test_contradictions_are_refused(attrs, pick, omit):
    with pytest.raises(NgsiLdError):
        check_choice(attrs=attrs, pick=pick and projection(pick), omit=omit and projection(omit))


def test_picking_one_thing_and_omitting_another_is_fine():
    check_choice(attrs=None, pick=projection("a{b,c},d"), omit=projection("a{e},f"))
    check_choice(attrs=("a",), pick=None, omit=None)


@given(st.text(alphabet="ab,{}| ", max_size=20))
def test_any_text_is_a_projection_or_refused(text):
    try:
        assert projection(text)
    except NgsiLdError as error:
        assert error.kind == "BadRequestData"
