"""Splitting a table into entity and facility, and joining them again on 施設_ID."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import polars as pl

from tedori.engines.tabular.definitions import FACILITY_KEY
from tedori.engines.tabular.values import Definition, Edition

PREFIX = "施設_"
_GIVEN = r"^F\d+$"  # identifiers that we give where a dataset has none of its own


def split_facilities(
    table: pl.DataFrame, definition: Definition, edition: Edition
) -> tuple[pl.DataFrame, ...]:
    """The entity table and, where the table says anything about facilities, the facility table."""
    if any(item.name == FACILITY_KEY for item in definition.items):
        return _by_own_key(table)
    columns = [h for h in edition.header if h.startswith(PREFIX)]
    if not columns:
        return (table,)
    return _by_given_key(table, columns)


def _by_own_key(table: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """Move a 施設_… column to the facility table when 施設_ID alone decides its value in every row."""
    candidates = [c for c in table.columns if c.startswith(PREFIX) and c != FACILITY_KEY]
    moved = [c for c in candidates if _depends(table, c)]
    if not moved:
        return (table,)
    facility = table.select(FACILITY_KEY, *moved).filter(pl.col(FACILITY_KEY).is_not_null())
    return table.drop(moved), facility.unique(FACILITY_KEY, keep="first", maintain_order=True)


def _depends(table: pl.DataFrame, column: str) -> bool:
    pairs = table.select(FACILITY_KEY, column).unique()
    keyed = pairs.filter(pl.col(FACILITY_KEY).is_not_null())
    unkeyed = pairs.filter(pl.col(FACILITY_KEY).is_null() & pl.col(column).is_not_null())
    return keyed.height == keyed[FACILITY_KEY].n_unique() and unkeyed.is_empty()


def _by_given_key(table: pl.DataFrame, columns: list[str]) -> tuple[pl.DataFrame, ...]:
    """Number the distinct facilities in the order in which they appear."""
    anything = pl.any_horizontal(pl.col(c).is_not_null() for c in columns)
    distinct = table.select(columns).filter(anything).unique(maintain_order=True)
    numbered = distinct.with_columns(pl.format("F{}", pl.int_range(1, pl.len() + 1)).alias(FACILITY_KEY))
    joined = table.join(numbered, on=columns, how="left", nulls_equal=True, maintain_order="left")
    entity = joined.select(FACILITY_KEY, pl.exclude(FACILITY_KEY, *columns))
    return entity, numbered.select(FACILITY_KEY, *columns)


def join_facilities(tables: Sequence[pl.DataFrame], definition: Definition) -> pl.DataFrame:
    """One table from entity and facility tables; a facility that occurs twice counts once."""
    entity = reduce(_with_facility, tables)
    if any(item.name == FACILITY_KEY for item in definition.items) or FACILITY_KEY not in entity.columns:
        return entity
    given = entity[FACILITY_KEY].drop_nulls().str.contains(_GIVEN).all()
    return entity.drop(FACILITY_KEY) if given else entity


def _with_facility(entity: pl.DataFrame, facility: pl.DataFrame) -> pl.DataFrame:
    once = facility.filter(pl.col(FACILITY_KEY).is_not_null()).unique(
        FACILITY_KEY, keep="first", maintain_order=True
    )
    fresh = [c for c in once.columns if c == FACILITY_KEY or c not in entity.columns]
    return entity.join(once.select(fresh), on=FACILITY_KEY, how="left", maintain_order="left")
