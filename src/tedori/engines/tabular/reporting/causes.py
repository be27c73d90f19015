"""The fix list: findings grouped by cause, so that a steward corrects each cause once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from tedori.engines.tabular.values import Finding, Message, Severity
from tedori.engines.tabular.wording import todo

ROWS_SHOWN = 12
ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Cause:
    """All findings of one kind about one item: how many rows, the first of them, an example, what to do."""

    code: str
    item: str | None
    severity: Severity
    count: int
    rows: tuple[int, ...]
    example: Message
    todo: Message | None


def causes(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    """Group findings by code and item, the gravest and most frequent first."""
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for one in findings:
        groups.setdefault((_cause(one), one.item), []).append(one)
    found = [_grouped(code, item, group) for (code, item), group in groups.items()]
    return tuple(sorted(found, key=lambda cause: (ORDER[cause.severity], -cause.count, cause.code)))


def _cause(one: Finding) -> str:
    """Count "1,234 more rows" with the findings that it continues."""
    return _continued(one)[0] if one.code == "more" else one.code


def _continued(one: Finding) -> tuple[str, int]:
    code, _, count = (one.value or "more 0").partition(" ")
    return code, int(count)


def _grouped(code: str, item: str | None, group: list[Finding]) -> Cause:
    first = group[0]
    rows = sorted({one.row for one in group if one.row is not None})
    return Cause(
        code=code,
        item=item,
        severity=first.severity,
        count=sum(_continued(one)[1] if one.code == "more" else 1 for one in group),
        rows=tuple(rows[:ROWS_SHOWN]),
        example=first.message,
        todo=todo(code),
    )


def repair_groups(repairs: pl.DataFrame | None) -> pl.DataFrame:
    """Count repairs by item and rule, with the first before and after: item, rule, count, before, after."""
    if repairs is None or not repairs.height:
        return pl.DataFrame(schema={"item": pl.String, "rule": pl.String, "count": pl.UInt32})
    return (
        repairs.group_by("item", "rule", maintain_order=True)
        .agg(pl.len().alias("count"), pl.col("before").first(), pl.col("after").first())
        .sort("count", descending=True, maintain_order=True)
    )
