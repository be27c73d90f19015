"""Queries go by an index: no plan reads all entities, all values or all places."""

from __future__ import annotations

import json

import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.queries.geo import parse_geo
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.scopes import parse_scope
from tedori.engines.ngsild.queries.sql import conditions, leading, probe, where
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.queries.types import parse_types
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.tests.queries_tables import TENANT, postgresql_tables, sqlite_tables

TYPE = {"types": parse_types("Toilet", CORE)}
NEAR = parse_geo("near;maxDistance==500", "Point", "[139.7,35.6]", None, CORE)
SQUARE = "[[[139,35],[139.1,35],[139.1,35.1],[139,35.1],[139,35]]]"
WITHIN = parse_geo("within", "Polygon", SQUARE, None, CORE)


def q(text):
    return parse_q(text, CORE)


def asked(selection, store, **options):
    condition = where(selection, dialect=store.dialect, tenant=TENANT, **options)
    return Sql(
        f"SELECT e.doc FROM live_entity e WHERE {condition.text} ORDER BY e.id LIMIT 20", condition.params
    )


@pytest.mark.parametrize(
    ("selection", "index"),
    [
        (Selection(q=q("seats>4"), **TYPE), "live_value_number (tenant_id=? AND name=? AND number>?)"),
        (
            Selection(q=q("seats==4..5"), **TYPE),
            "live_value_number (tenant_id=? AND name=? AND number>? AND number<?)",
        ),
        (Selection(q=q('name=="Ueno"'), **TYPE), "live_value_text (tenant_id=? AND name=? AND text=?)"),
        (
            Selection(q=q("since>2026-01-01T00:00:00Z")),
            "live_value_instant (tenant_id=? AND name=? AND instant>?",
        ),
        (Selection(q=q("seats==4|seats==5;name")), "live_value_number (tenant_id=? AND name=? AND number=?)"),
        (
            Selection(q=q("name~=^Ueno"), **TYPE),
            "live_value_text (tenant_id=? AND name=? AND text>? AND text<?)",
        ),
        (Selection(geo=NEAR, **TYPE), "VIRTUAL TABLE INDEX 2:"),
        (Selection(geo=WITHIN, q=q("seats>4"), **TYPE), "VIRTUAL TABLE INDEX 2:"),
        (Selection(ids=("urn:x:a",)), "(tenant_id=? AND urn=?)"),
        (Selection(q=q("seats.confidence>0.5")), "live_value_named (tenant_id=? AND name=?)"),
        (Selection(scopes=parse_scope("/a/b"), **TYPE), "live_scope_found (tenant_id=? AND path=?)"),
        (Selection(**TYPE), "live_type_found (tenant_id=? AND name=?)"),
    ],
)
def test_sqlite_goes_by_the_index_and_keeps_the_order_of_ids(selection, index):
    store = sqlite_tables()
    plan = store.plan(asked(selection, store))
    assert index in plan
    assert "SEARCH e USING INTEGER PRIMARY KEY" in plan
    assert not [line for line in plan.splitlines() if line.startswith("SCAN ") and "VIRTUAL" not in line]
    assert "TEMP B-TREE FOR ORDER BY" not in plan


@pytest.mark.parametrize("text", ["seats!=4", "name~=Ueno", "!seats", "seats>4"])
def test_a_walk_tests_each_entity_by_its_own_rows(text):
    store = sqlite_tables()
    plan = store.plan(asked(Selection(q=q(text), **TYPE), store, drive=None))
    assert "SEARCH e USING INDEX live_entity_of (tenant_id=?)" in plan
    assert "live_value_of (entity_id=?)" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


def test_candidates_are_counted_up_to_a_ceiling():
    store = sqlite_tables()
    for number in range(30):
        store.put(read_entity({"id": f"urn:x:{number}", "type": "Toilet", "seats": number}, CORE))
    parts = conditions(Selection(q=q("seats>=20;seats!=25"), **TYPE), dialect=store.dialect, tenant=TENANT)
    counts = [probe(part, dialect=store.dialect, ceiling=15) for part in parts]
    assert [count and store.run(count.text, count.params)[0][0] for count in counts] == [15, 10, None]


@pytest.mark.parametrize(
    ("counts", "leader"),
    [
        ([], None),
        ([None, None], None),
        ([8000], None),  # most match: the page is soon full
        ([0], 0),
        ([1000], 0),
        ([2000], None),  # every 50th: 20 of them within 1,000 steps
        ([8000, 300], 1),
        ([4000, 5000], 0),  # together every 500th: 10,000 steps
        ([None, 8000, 50], 2),
    ],
)
def test_the_index_leads_when_it_reads_less_than_a_walk(counts, leader):
    assert leading(counts, total=100_000, limit=20) == leader


@pytest.fixture(scope="module")
def full():
    for store in postgresql_tables():
        for number in range(3000):
            place = {"type": "Point", "coordinates": [139 + number / 3000, 35 + (number * 7 % 3000) / 3000]}
            entity = {"id": f"urn:x:{number}", "type": "Toilet", "seats": number, "name": f"n{number}"}
            store.put(read_entity({**entity, "location": place}, CORE))
        store.run("ANALYZE", ())
        yield store


@pytest.mark.parametrize(
    ("selection", "index"),
    [
        (Selection(q=q("seats>2980"), **TYPE), "live_value_number"),
        (Selection(q=q('name=="n7"'), **TYPE), "live_value_text"),
        (Selection(geo=NEAR, **TYPE), "live_place_box"),
        (Selection(ids=("urn:x:7",)), "urn"),
    ],
)
def test_postgresql_goes_by_the_index(full, selection, index):
    plan = full.plan(asked(selection, full))
    assert index in plan
    assert "Seq Scan" not in plan, json.dumps(plan)
