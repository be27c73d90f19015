"""Checks of whole columns and rows: mandatory items, unique ids, repeated rows, order of dates."""

from __future__ import annotations

import polars as pl

from tedori.engines.tabular.checking.rows import by_row, present, where
from tedori.engines.tabular.values import Definition, Finding, Item
from tedori.engines.tabular.wording import finding

# With more than half of the rows empty the column is the problem, not the rows.
HALF = 0.5
PERIODS = (
    ("開始日", "終了日"),
    ("受付開始日", "受付終了日"),
    ("許可開始日", "許可満了日"),
    ("通学区域_登録年月日", "通学区域_廃止日"),
)


def check(frame: pl.DataFrame, definition: Definition) -> list[Finding]:
    """Check what the standard demands of columns and rows."""
    demanded = [item for item in definition.items if item.demand == "必須" and item.kind != "flag"]
    findings = [one for item in demanded for one in _mandatory(frame, item)]
    findings += _doubles(frame, definition)
    for start, end in PERIODS:
        findings += _period(frame, start, end)
    return findings


def _doubles(frame: pl.DataFrame, definition: Definition) -> list[Finding]:
    """Report ids given twice, and repeated rows unless the ids tell all rows apart."""
    unique = present(frame, (item.name for item in definition.items if item.unique))
    doubles = [one for name in unique for one in _unique(frame, name)]
    return doubles + _repeated(frame) if doubles or not unique else []


def _mandatory(frame: pl.DataFrame, item: Item) -> list[Finding]:
    if item.name not in frame.columns or frame[item.name].null_count() == frame.height:
        return [finding("required-missing", item=item.name)]
    empty = frame[item.name].is_null()
    count = int(empty.sum())
    if not count:
        return []
    if count > HALF * frame.height:
        return [finding("required-empty", item=item.name, count=count)]
    return by_row("required-empty", item.name, where(frame, empty).with_columns(count=pl.lit(1)))


def _unique(frame: pl.DataFrame, name: str) -> list[Finding]:
    column = frame[name].drop_nulls()
    # Numbers compare faster than texts; a clash of hashes only means that the texts are compared too.
    if column.hash().n_unique() == column.len():
        return []
    twice = (
        frame.select(value=name, row="_row")
        .drop_nulls("value")
        .group_by("value", maintain_order=True)
        .agg(pl.col("row").get(1, null_on_oob=True), count=pl.len())
        .filter(pl.col("count") > 1)
    )
    return by_row("duplicate", name, twice)


def _repeated(frame: pl.DataFrame) -> list[Finding]:
    columns = present(frame, (name for name in frame.columns if name != "_row"))
    if not columns:
        return []
    keys = frame.select(pl.struct(columns).hash().alias("key"), row="_row")
    again = keys.filter(~pl.col("key").is_first_distinct())
    if not again.height:
        return []
    return [finding("duplicate-rows", row=again["row"][0], count=again.height)]


def _period(frame: pl.DataFrame, start: str, end: str) -> list[Finding]:
    if len(present(frame, (start, end))) < 2:
        return []
    day = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    first, last = frame[start], frame[end]
    mask = (last < first) & first.str.contains(day) & last.str.contains(day)
    return by_row("date-order", end, where(frame, mask, value=last, other=first)) if mask.any() else []
