"""The hub's tables as queries need them, on SQLite and PostgreSQL, and one small world of entities."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tedori.engines.ngsild.queries import postgresql, scopes, shapes, sqlite
from tedori.engines.ngsild.queries.dialects import Dialect
from tedori.engines.ngsild.queries.matching import matches
from tedori.engines.ngsild.queries.ordering import order
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.scalars import instant, scalars
from tedori.engines.ngsild.queries.sql import where
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.storing import dump
from tedori.engines.ngsild.values import Entity

TABLES = """
CREATE TABLE live_entity (id INTEGER PRIMARY KEY, tenant_id BIGINT, urn {text}, doc {json},
    created_at {text}, modified_at {text}, UNIQUE (tenant_id, urn));
CREATE INDEX live_entity_of ON live_entity (tenant_id, id);
CREATE TABLE live_entitytype (entity_id BIGINT, tenant_id BIGINT, name {text});
CREATE INDEX live_type_found ON live_entitytype (tenant_id, name, entity_id);
CREATE INDEX live_type_of ON live_entitytype (entity_id);
CREATE TABLE live_scope (entity_id BIGINT, tenant_id BIGINT, path {text});
CREATE INDEX live_scope_found ON live_scope (tenant_id, path, entity_id);
CREATE INDEX live_scope_of ON live_scope (entity_id);
CREATE TABLE live_value (entity_id BIGINT, tenant_id BIGINT, name {text}, dataset {text}, kind {text},
    number {number}, text {text}, instant {text}, lang {text}, observed_at {text});
CREATE INDEX live_value_of ON live_value (entity_id);
CREATE INDEX live_value_named ON live_value (tenant_id, name, entity_id);
CREATE INDEX live_value_number ON live_value (tenant_id, name, number) WHERE number IS NOT NULL;
CREATE INDEX live_value_text ON live_value (tenant_id, name, {key}) WHERE text IS NOT NULL;
CREATE INDEX live_value_instant ON live_value (tenant_id, name, instant) WHERE instant IS NOT NULL;
CREATE TABLE live_place (id INTEGER PRIMARY KEY, entity_id BIGINT, tenant_id BIGINT, name {text},
    geometry {text}, minx {number}, miny {number}, maxx {number}, maxy {number});
CREATE INDEX live_place_of ON live_place (entity_id);
"""
RTREE = "CREATE VIRTUAL TABLE live_place_rtree USING rtree(id, minx, maxx, miny, maxy);"
GIST = "CREATE INDEX live_place_box ON live_place USING gist (box(point(minx, miny), point(maxx, maxy)));"
SCHEMA = "ngsild_queries_test"
TENANT, OTHER_TENANT = 1, 2


@dataclass
class Tables:
    """One database with the hub's tables; `put` writes an entity, `find` returns the ids selected."""

    dialect: Dialect
    run: Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
    last: dict[str, int] = field(default_factory=lambda: {"entity": 0, "place": 0})

    def put(self, entity: Entity, *, tenant: int = TENANT) -> None:
        key = self._next("entity")
        created, modified = (
            instant(text or "2026-01-01T00:00:00Z") for text in (entity.created_at, entity.modified_at)
        )
        self._into("live_entity", key, tenant, entity.id, dump(entity).decode(), created, modified)
        for name in entity.types:
            self._into("live_entitytype", key, tenant, name)
        for scope in entity.scopes:
            self._into("live_scope", key, tenant, scopes.rooted(scope))
        for name, instances in entity.attributes.items():
            for one in instances:
                self._values(key, tenant, name, one)

    def _values(self, key: int, tenant: int, name: str, one: Any) -> None:
        observed = one.observed_at and instant(one.observed_at)
        for kind, number, text, moment, lang in scalars(one):
            self._into(
                "live_value", key, tenant, name, one.dataset_id, kind, number, text, moment, lang, observed
            )
        if one.kind == "GeoProperty":
            place, geometry = self._next("place"), json.dumps(one.value)
            shape = shapes.shape(geometry)
            west, south, east, north = shape.bounds if shape is not None else (0, 0, 0, 0)
            self._into("live_place", place, key, tenant, name, geometry, west, south, east, north)
            if self.dialect.name == "sqlite":
                self._into("live_place_rtree", place, west, east, south, north)

    def find(self, selection: Selection, *, tenant: int = TENANT, **choices: Any) -> list[str]:
        condition = where(selection, dialect=self.dialect, tenant=tenant, **choices)
        sorting = order(selection.order_by, dialect=self.dialect)
        text = f"SELECT e.urn FROM live_entity e WHERE {condition.text} ORDER BY {sorting.text}"
        return [urn for (urn,) in self.run(text, (*condition.params, *sorting.params))]

    def plan(self, sql: Sql) -> str:
        prefix = "EXPLAIN QUERY PLAN " if self.dialect.name == "sqlite" else "EXPLAIN "
        return "\n".join(str(row[-1]) for row in self.run(prefix + sql.text, sql.params))

    def clear(self) -> None:
        tables = ("live_entity", "live_entitytype", "live_scope", "live_value", "live_place")
        for table in (*tables, *(("live_place_rtree",) if self.dialect.name == "sqlite" else ())):
            self.run(f"DELETE FROM {table}", ())

    def _next(self, what: str) -> int:
        self.last[what] += 1
        return self.last[what]

    def _into(self, table: str, *values: Any) -> None:
        marks = ", ".join([self.dialect.placeholder] * len(values))
        self.run(f"INSERT INTO {table} VALUES ({marks})", values)


@dataclass
class Memory:
    """The same questions asked of entities in memory."""

    entities: dict[int, list[Entity]] = field(default_factory=dict)

    def put(self, entity: Entity, *, tenant: int = TENANT) -> None:
        self.entities.setdefault(tenant, []).append(entity)

    def find(self, selection: Selection, *, tenant: int = TENANT) -> list[str]:
        held = {entity.id: entity for entity in self.entities.get(tenant, [])}
        return [entity.id for entity in held.values() if matches(entity, selection, linked=held.get)]

    def clear(self) -> None:
        self.entities.clear()


def sqlite_tables() -> Tables:
    """Empty tables in memory."""
    connection = pytest.importorskip("sqlite3").connect(":memory:")
    for name, arity, function in sqlite.FUNCTIONS:
        connection.create_function(name, arity, function, deterministic=True)
    connection.executescript(TABLES.format(text="TEXT", json="TEXT", number="REAL", key="text") + RTREE)
    return Tables(sqlite.SQLITE, lambda text, params: connection.execute(text, params).fetchall())


def postgresql_tables() -> Iterator[Tables]:
    """Empty tables in a schema of their own; the test is skipped when no server answers."""
    psycopg = pytest.importorskip("psycopg")
    try:
        connection = psycopg.connect(
            "host=127.0.0.1 user=postgres dbname=test connect_timeout=2", autocommit=True
        )
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL answers: {error}")
    schema = f"{SCHEMA}_{connection.info.backend_pid}"
    connection.execute(f"CREATE SCHEMA {schema}")
    connection.execute(f"SET search_path = {schema}; SET jit = off; SET statement_timeout = '30s'")
    connection.execute("SET synchronous_commit = off")
    connection.execute(postgresql.INSTALL)
    text = {
        "text": 'TEXT COLLATE "C"',
        "json": "JSONB",
        "number": "DOUBLE PRECISION",
        "key": "left(text, 600)",
    }
    connection.execute(TABLES.format(**text) + GIST)

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        cursor = connection.execute(sql, params)
        return cursor.fetchall() if cursor.description else []

    try:
        yield Tables(postgresql.POSTGRESQL, run)
    finally:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")
        connection.close()


def fill(store: Tables | Memory, entities: Iterable[Entity]) -> None:
    """Puts all entities into an empty store."""
    for entity in entities:
        store.put(entity)
