"""Any selection finds the same entities in memory, in SQLite and in PostgreSQL."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tedori.engines.ngsild.queries.sql import conditions, where
from tedori.engines.ngsild.queries.sqlite import SQLITE
from tedori.engines.ngsild.queries.tree import (
    And,
    Boolean,
    Compare,
    Exists,
    Geo,
    Instant,
    Like,
    Link,
    Not,
    Number,
    Or,
    Path,
    Range,
    Selection,
    Text,
)
from tedori.engines.ngsild.tests.queries_tables import TENANT, Memory, fill, postgresql_tables, sqlite_tables
from tedori.engines.ngsild.values import Attribute, Entity

NAMES = st.sampled_from(("n:a", "n:b", "n:c"))
TYPES = st.sampled_from(("t:A", "t:B", "t:C"))
IDS = st.sampled_from(tuple(f"urn:x:{number}" for number in range(4)))
DATASETS = st.sampled_from((None, "urn:d:1", "urn:d:2"))
TIMES = st.sampled_from(
    ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-02T00:00:00,250Z", "2026-13-01T00:00:00Z")
)
DATES = st.sampled_from(("2026-01-01", "2026-01-02", "08:00:00Z", "09:30:00.1Z", "24:00:00Z"))
TEXTS = st.sampled_from(
    ("", "a", "ab", "B", "体育館", "true", "1", "it's", 'say "x"', "100%", "a_b", "\\d", "?", "%s")
)
NUMBERS = st.one_of(st.integers(-3, 3), st.sampled_from((0.5, -0.0, 1e300, 5e-324, 2**53 + 1)))
SCALARS = st.one_of(NUMBERS, TEXTS, TIMES, DATES, st.booleans())
ELEMENTS = st.one_of(
    SCALARS, st.builds(lambda v: {"@type": "DateTime", "@value": v}, TIMES), st.just({"k": 1})
)
OBJECTS = st.fixed_dictionaries({}, optional={"k": SCALARS, "ab": st.fixed_dictionaries({"k": SCALARS})})
VALUES = st.one_of(SCALARS, st.lists(ELEMENTS, max_size=3), OBJECTS, ELEMENTS)
POINTS = st.tuples(st.integers(-2, 2), st.integers(-2, 2)).map(
    lambda spot: {"type": "Point", "coordinates": list(spot)}
)


def attributes(depth):
    sub = st.dictionaries(NAMES, attributes(depth - 1), max_size=2) if depth else st.just({})
    rest = {
        "observed_at": st.one_of(st.none(), TIMES.filter(lambda text: "-13-" not in text)),
        "unit_code": st.sampled_from((None, "CEL")),
        "attributes": sub,
    }
    kinds = st.one_of(
        st.builds(Attribute, st.just("Property"), VALUES, DATASETS, **rest),
        st.builds(
            Attribute, st.just("Relationship"), st.one_of(IDS, st.lists(IDS, max_size=2).map(tuple)), **rest
        ),
        st.builds(Attribute, st.just("VocabProperty"), st.one_of(TYPES, st.lists(TYPES).map(tuple)), **rest),
        st.builds(Attribute, st.just("LanguageProperty"), LANGUAGES, **rest),
        st.builds(Attribute, st.just("JsonProperty"), OBJECTS, **rest),
        st.builds(Attribute, st.just("GeoProperty"), POINTS),
    )
    return st.lists(kinds, min_size=1, max_size=2).map(tuple)


LANGUAGES = st.dictionaries(
    st.sampled_from(("ja", "en")), st.one_of(TEXTS, st.lists(TEXTS, max_size=2)), max_size=2
)
ENTITIES = st.lists(
    st.builds(
        Entity,
        IDS,
        st.lists(TYPES, min_size=1, max_size=2, unique=True).map(tuple),
        st.dictionaries(NAMES, attributes(2), max_size=3),
        st.lists(st.sampled_from(("/a", "/a/b", "/a/b/c", "d")), max_size=2, unique=True).map(tuple),
        created_at=st.sampled_from(("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")),
        modified_at=st.just("2026-01-03T00:00:00Z"),
    ),
    max_size=5,
    unique_by=lambda entity: entity.id,
)

MOMENTS = st.sampled_from(
    ("2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.500000Z", "D2026-01-01", "T08:00:00.000000Z")
).map(Instant)
ORDERED = st.one_of(NUMBERS.map(lambda number: Number(float(number))), TEXTS.map(Text), MOMENTS)
EQUAL = st.one_of(
    ORDERED,
    st.booleans().map(Boolean),
    IDS.map(Text),
    st.tuples(ORDERED, ORDERED)
    .filter(lambda ends: type(ends[0]) is type(ends[1]))
    .map(lambda ends: Range(*ends)),
)
TRAILS = st.sampled_from(
    ((("k",),), (("ab",), ("k",)), (("x", "k"),), (("*",),), (("en",),), (("ja",), ("k",)))
)
PATHS = st.one_of(
    NAMES.map(lambda name: Path((name,))),
    st.builds(Path, st.tuples(NAMES, NAMES), st.sampled_from((None, "unitCode"))),
    st.builds(Path, st.tuples(NAMES, NAMES, NAMES)),
    st.builds(
        Path, NAMES.map(lambda name: (name,)), st.sampled_from(("observedAt", "unitCode", "datasetId"))
    ),
    st.builds(lambda name, trail: Path((name,), None, trail), NAMES, TRAILS),
    st.builds(
        lambda name, link, types: Path((name,), links=(Link(link, types),)),
        NAMES,
        NAMES,
        st.lists(TYPES, max_size=1).map(tuple),
    ),
    st.sampled_from((Path((), "createdAt"), Path((), "modifiedAt"))),
)
PATTERNS = st.sampled_from(
    ("a", "^a$", "^$", "[[:digit:]]", "体.館", "(?:a|B)", "[^a]", "'", "%", "_", "\\.")
)
TERMS = st.one_of(
    PATHS.map(Exists),
    st.builds(
        Compare, PATHS, st.sampled_from(("==", "!=")), st.lists(EQUAL, min_size=1, max_size=3).map(tuple)
    ),
    st.builds(Compare, PATHS, st.sampled_from(("<", "<=", ">", ">=")), ORDERED.map(lambda one: (one,))),
    st.builds(Like, PATHS, PATTERNS, st.booleans()),
)
NODES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: And(tuple(nodes))),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: Or(tuple(nodes))),
    ),
    max_leaves=5,
)
REFERENCE = json.dumps({"type": "Polygon", "coordinates": [[[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]]})
GEOS = st.one_of(
    st.builds(
        Geo,
        st.sampled_from(("within", "intersects", "disjoint", "contains", "overlaps", "equals")),
        st.just(REFERENCE),
        NAMES,
        st.just((-1.0, -1.0, 1.0, 1.0)),
    ),
    st.builds(
        Geo,
        st.sampled_from(("near", "far")),
        st.just('{"type":"Point","coordinates":[0,0]}'),
        NAMES,
        st.just((0.0, 0.0, 0.0, 0.0)),
        st.sampled_from((1.0, 150_000.0, 250_000.0)),
    ),
)
GROUPS = st.lists(st.lists(TYPES, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)
SCOPES = st.sampled_from(("/a", "/a/#", "/a/+", "/#", "/+/b/#", "/d"))
PARTS = {
    "ids": st.lists(IDS, max_size=2).map(tuple),
    "id_pattern": st.sampled_from((None, None, "[12]$")),
    "types": GROUPS,
    "attrs": st.lists(NAMES, max_size=2).map(tuple),
    "q": st.one_of(st.none(), NODES),
    "geo": st.one_of(st.none(), st.none(), GEOS),
    "scopes": st.one_of(st.just(()), st.tuples(st.lists(SCOPES, min_size=1, max_size=2).map(tuple))),
}
SELECTIONS = st.builds(
    Selection,
    **PARTS,
    either=st.one_of(st.just(()), st.tuples(st.builds(Selection, **PARTS), st.just(Selection()))),
)
WORK = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request):
    yield from postgresql_tables() if request.param == "postgresql" else iter([sqlite_tables()])


@WORK
@given(entities=ENTITIES, selections=st.lists(SELECTIONS, min_size=6, max_size=6))
def test_a_database_finds_what_plain_python_finds(store, entities, selections):
    memory = Memory()
    store.clear()
    fill(memory, entities)
    fill(store, entities)
    for selection in selections:
        assert sorted(store.find(selection)) == sorted(memory.find(selection)), selection


@WORK
@given(entities=ENTITIES, selection=SELECTIONS)
def test_whichever_condition_leads_the_answer_stays(entities, selection):
    store = sqlite_tables()
    fill(store, entities)
    parts = conditions(selection, dialect=SQLITE, tenant=TENANT)
    answers = {tuple(store.find(selection, drive=drive)) for drive in (None, *range(len(parts)))}
    assert len(answers) == 1


@WORK
@given(selection=SELECTIONS)
def test_no_word_of_a_query_ever_stands_in_the_sql(selection):
    """Numbers and texts are bound: what remains is a text of our own words, whoever asks."""
    sql = where(selection, dialect=SQLITE, tenant=TENANT)
    assert sql.text.count("?") == len(sql.params)
    assert not any(mark in sql.text for mark in ("urn:", "n:a", "体", '"', "2026", "say"))
