"""What changed between two versions of a dataset, and what of it a person must confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import polars as pl

from tedori.services.datasets.rules.frames import HOUSE, KEY

EXAMPLES = 20
# A version that loses more than this share of the rows is confirmed by a person.
SHRINK = 0.2


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that is not what it was."""

    key: str
    item: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows added, removed, changed and kept by key, with examples; `first` when there was nothing before."""

    first: bool
    rows_before: int
    rows_after: int
    added: int
    removed: int
    changed: int
    kept: int
    added_examples: tuple[str, ...] = ()
    removed_examples: tuple[str, ...] = ()
    cells: tuple[CellChange, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    against: int | None = None

    def as_dict(self) -> dict:
        """Plain data for the database."""
        return asdict(self)


def first_difference(rows: int) -> Difference:
    """The difference against nothing."""
    return Difference(True, 0, rows, rows, 0, 0, 0)


def difference(before: pl.DataFrame, after: pl.DataFrame, *, against: int) -> Difference:
    """Compare two lake frames by `_key`; `against` is the number of the earlier version."""
    shared = [name for name in after.columns if name in before.columns and name not in HOUSE]
    both = after.select(KEY, *shared).join(
        before.select(KEY, *shared), on=KEY, how="inner", suffix="\x00before", maintain_order="left"
    )
    differs = [~pl.col(name).eq_missing(pl.col(f"{name}\x00before")) for name in shared]
    changed = both.filter(pl.any_horizontal(differs)) if shared else both.clear()
    added = after.join(before, on=KEY, how="anti", maintain_order="left")
    removed = before.join(after, on=KEY, how="anti", maintain_order="left")
    return Difference(
        first=False,
        rows_before=before.height,
        rows_after=after.height,
        added=added.height,
        removed=removed.height,
        changed=changed.height,
        kept=both.height - changed.height,
        added_examples=_labels(added),
        removed_examples=_labels(removed),
        cells=_cells(changed.head(EXAMPLES), shared),
        columns_added=_columns(after, before),
        columns_removed=_columns(before, after),
        against=against,
    )


def _columns(one: pl.DataFrame, other: pl.DataFrame) -> tuple[str, ...]:
    return tuple(name for name in one.columns if name not in other.columns and name not in HOUSE)


def _labels(frame: pl.DataFrame) -> tuple[str, ...]:
    """A few rows by what a person knows them by: the key, and the name if there is one."""
    names = [name for name in ("名称", "施設名称", "イベント名") if name in frame.columns][:1]
    labels = []
    for key, *name in frame.select(KEY, *names).head(EXAMPLES).rows():
        told = key.replace("|", " ").strip()
        labels.append(" ".join([told, *(text for text in name if text and text not in told)]))
    return tuple(labels)


def _cells(changed: pl.DataFrame, names: list[str]) -> tuple[CellChange, ...]:
    found: list[CellChange] = []
    for row in changed.iter_rows(named=True):
        for name in names:
            before, after = row[f"{name}\x00before"], row[name]
            if before != after:
                found.append(CellChange(row[KEY], name, before or "", after or ""))
    return tuple(found[:EXAMPLES])


def confirmations(
    found: Mapping, *, period: str, period_before: str, restored: bool = False
) -> tuple[str, ...]:
    """Codes of what a person must confirm in a kept difference; nothing for a restored version."""
    if restored or not found:
        return ()
    counts = {name: found[name] for name in Difference.__slots__ if isinstance(found.get(name), int)}
    return to_confirm(Difference(**counts), period=period, period_before=period_before)


def to_confirm(found: Difference, *, period: str, period_before: str) -> tuple[str, ...]:
    """Codes of what a person must confirm: `shrinks`, `silent-replacement`, `all-new`."""
    if found.first:
        return ()
    touched = found.added + found.removed + found.changed
    reasons = {
        "shrinks": found.rows_before and found.rows_after < found.rows_before * (1 - SHRINK),
        "silent-replacement": touched and period and period == period_before,
        "all-new": found.rows_before and not found.kept and not found.changed,
    }
    return tuple(code for code, holds in reasons.items() if holds)
