"""Ids, types, attributes, scopes, times and orders: the other parts of a query."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tedori.engines.ngsild.contexts import CORE, compiled
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.queries.ordering import parse_order
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.patterns import checked
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.scopes import parse_scope
from tedori.engines.ngsild.queries.temporal import parse_temporal
from tedori.engines.ngsild.queries.tree import Selection, Temporal
from tedori.engines.ngsild.queries.types import parse_types
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.tests.queries_tables import Memory, fill, postgresql_tables, sqlite_tables

CONTEXT = compiled({"Home": "https://example.org/Home"}, load=lambda url: {})
#         letter: types, scopes
BUILDINGS = {
    "a": (["Home"], ["/Madrid/Gardens/ParqueNorte"]),
    "b": (["Home", "Vehicle"], ["/Madrid/Sights/ParqueNorte", "/CompanyA/UnitC"]),
    "c": (["Motorhome", "Vehicle"], ["Madrid"]),
    "d": (["School"], []),
}


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def store(request):
    if request.param == "postgresql":
        yield from map(_filled, postgresql_tables())
    else:
        yield _filled(Memory() if request.param == "memory" else sqlite_tables())


def _filled(store):
    entities = [
        read_entity({"id": f"urn:x:{letter}", "type": types, "scope": scopes, letter: 1}, CONTEXT)
        for letter, (types, scopes) in BUILDINGS.items()
        if scopes
    ]
    entities.append(read_entity({"id": "urn:x:d", "type": "School", "d": 1}, CONTEXT))
    fill(store, entities)
    return store


def letters(store, **parts):
    return "".join(sorted(urn[-1] for urn in store.find(Selection(**parts))))


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Home", "ab"),
        ("Home,School", "abd"),
        ("Home|School", "abd"),
        ("(Home;Vehicle)", "b"),
        ("Home;Vehicle", "b"),  # clients leave the parentheses out
        ("(Home;Vehicle)|Motorhome", "bc"),
        ("(Home;Vehicle),Motorhome", "bc"),
        ("https://example.org/Home", "ab"),
        ("Nothing", ""),
        ("*", "abcd"),
    ],
)
def test_types_are_a_disjunction_of_conjunctions(store, text, who):
    assert letters(store, types=parse_types(text, CONTEXT)) == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("/Madrid", "c"),
        ("Madrid", "c"),
        ("/Madrid/#", "abc"),
        ("/Madrid/Gardens/#", "a"),
        ("/Madrid/+/ParqueNorte", "ab"),
        ("/+", "c"),
        ("/+/+", "b"),
        ("/#", "abc"),
        ("/Mad/#", ""),
        ("(/Madrid/+/ParqueNorte;/CompanyA/#)", "b"),
        ("/Madrid/Sights/ParqueNorte;/CompanyA/UnitC", "b"),
        ("(/Madrid/#;/CompanyA/#),/Madrid", "bc"),
    ],
)
def test_scopes_match_level_by_level(store, text, who):
    assert letters(store, scopes=parse_scope(text)) == who


def test_ids_patterns_and_attributes_restrict_together(store):
    assert letters(store, ids=("urn:x:a", "urn:x:c", "urn:x:none")) == "ac"
    assert letters(store, id_pattern=checked("^urn:x:[b-c]$")) == "bc"
    assert letters(store, attrs=(CONTEXT.expand("a"), CONTEXT.expand("d"))) == "ad"
    assert letters(store, ids=("urn:x:a", "urn:x:b"), types=parse_types("Vehicle", CONTEXT)) == "b"
    assert letters(store) == "abcd"


def test_either_of_several_selectors_is_enough(store):
    either = (
        Selection(ids=("urn:x:d",)),
        Selection(types=parse_types("Motorhome", CONTEXT), id_pattern=checked("c$")),
        Selection(ids=("urn:x:a",), types=parse_types("School", CONTEXT)),
    )
    assert letters(store, either=either) == "cd"
    assert letters(store, either=either, q=parse_q("c==1", CONTEXT)) == "c"


@pytest.mark.parametrize(
    "text", ["", "(Home", "Home|", ";Home", "(Home;)", "Home)", "a;b|c", "Ho me", "(a|b)"]
)
def test_a_selection_of_types_that_cannot_be_read_says_where(text):
    with pytest.raises(NgsiLdError, match="BadRequestData") as error:
        parse_types(text, CORE)
    assert error.value.where == "type"
    assert "position" in error.value.detail


@pytest.mark.parametrize("text", ["", "*", "/", "/a//b", "/a/#/b", "/9", "/a;", "/a b"])
def test_a_scope_that_cannot_be_read_is_refused(text):
    with pytest.raises(NgsiLdError, match="BadRequestData"):
        parse_scope(text)


AT, TILL = "2026-04-01T09:00:00Z", "2026-04-01T10:00:00,5Z"
START, END = "2026-04-01T09:00:00.000000Z", "2026-04-01T10:00:00.500000Z"


@pytest.mark.parametrize(
    ("given", "span"),
    [
        (("before", AT), Temporal("observedAt", None, START)),
        (("after", AT), Temporal("observedAt", START, None)),
        (("between", AT, TILL), Temporal("observedAt", START, END)),
        (("after", AT, None, "modifiedAt"), Temporal("modifiedAt", START, None)),
        ((None, None), None),
    ],
)
def test_a_temporal_query_is_a_span(given, span):
    assert parse_temporal(*given) == span


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (("during", AT), "timerel"),
        (("after", None), "timeAt"),
        (("after", "2026-04-01"), "timeAt"),
        (("after", "yesterday"), "timeAt"),
        (("between", AT), "endTimeAt"),
        ((None, AT), "timerel"),
        (("after", AT, None, "seenAt"), "timeproperty"),
    ],
)
def test_a_temporal_query_names_the_parameter_that_is_wrong(given, where):
    with pytest.raises(NgsiLdError, match="BadRequestData") as error:
        parse_temporal(*given)
    assert error.value.where == where


MIXED = {
    "1": {"v": 2, "n": "b"},
    "2": {"v": [30, 1], "n": "a"},
    "3": {"v": "text", "n": "b"},
    "4": {"v": {"k": 7}},
    "5": {"v": True, "n": "a"},
    "6": {"v": "08:00:00Z", "place": {"type": "Point", "coordinates": [139.7, 35.6]}},
    "7": {"v": "2026-01-01", "place": {"type": "Point", "coordinates": [135.5, 34.7]}},
    "8": {"v": "2025-01-01T00:00:00Z"},
    "9": {"n": {"type": "Property", "value": "z", "observedAt": AT}},
}


@pytest.mark.parametrize(
    ("text", "options", "ids"),
    [
        ("", {}, "123456789"),
        ("id;desc", {}, "987654321"),
        ("v", {}, "213456789"),  # numbers, texts, objects, booleans, times, dates, date-times, nothing
        ("v;desc", {}, "876543219"),
        ("n,id", {}, "251394678"),
        ("n,id;desc", {}, "523198764"),
        ("n;desc,id", {}, "913254678"),
        ("v[k]", {}, "412356789"),
        ("n.observedAt", {}, "912345678"),
        ("createdAt;desc,id;desc", {}, "987654321"),
        ("type,v", {}, "213456789"),
        ("place;dist-asc", {"origin": "[139.8,35.6]"}, "671234589"),
        ("place;dist-desc", {"origin": [139.8, 35.6]}, "761234589"),
        ("place;dist-asc", {"origin": "[[135,34],[136,35]]", "geometry": "LineString"}, "761234589"),
    ],
)
@pytest.mark.parametrize("tables", [sqlite_tables, postgresql_tables])
def test_an_order_sorts_by_rank_of_type_then_by_value(tables, text, options, ids):
    made = tables()
    for store in [made] if tables is sqlite_tables else made:
        for key, attributes in MIXED.items():
            entity = read_entity({"id": f"urn:x:{key}", "type": "T", **attributes}, CORE)
            store.put(replace(entity, created_at=AT))
        selection = Selection(order_by=parse_order(text, CORE, **options))
        assert "".join(urn[-1] for urn in store.find(selection)) == ids


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("n;up", "orderBy"),
        ("a{b}", "orderBy"),
        ("place;dist-asc", "orderFrom"),
        ("n==1", "n==1"),
        ("n,,m", "q"),
    ],
)
def test_an_order_that_cannot_be_kept_is_refused(text, where):
    with pytest.raises(NgsiLdError, match="BadRequestData") as error:
        parse_order(text, CORE)
    assert error.value.where == where


@pytest.mark.parametrize("tables", [sqlite_tables, postgresql_tables])
def test_linked_entities_that_may_not_be_read_say_nothing(tables):
    made = tables()
    for store in [made] if tables is sqlite_tables else made:
        store.put(read_entity({"id": "urn:x:a", "type": "T", "to": {"object": "urn:x:b"}}, CORE))
        store.put(read_entity({"id": "urn:x:b", "type": "T", "secret": 1}, CORE))
        asked = Selection(q=parse_q("to{secret}==1", CORE))
        assert store.find(asked) == ["urn:x:a"]
        assert store.find(asked, wall=lambda alias: Sql(f"{alias}.urn <> ?", ("urn:x:b",))) == []
