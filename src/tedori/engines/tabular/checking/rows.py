"""How findings about single rows are made: as many as a person can use, and one that counts the rest."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tedori.engines.tabular.values import Finding
from tedori.engines.tabular.wording import ROWS_PER_CAUSE, finding


def by_row(code: str, item: str, found: pl.DataFrame) -> list[Finding]:
    """Make one finding per row of `found` (column `row`; every other column fills the sentence).

    After the first thousand one finding counts the rest.
    """
    findings = [
        finding(code, row=facts.pop("row"), item=item, **facts)
        for facts in found.head(ROWS_PER_CAUSE).iter_rows(named=True)
    ]
    return findings + rest(code, item, found.height)


def rest(code: str, item: str, count: int) -> list[Finding]:
    """Count the findings beyond the first thousand, if there are any."""
    if count <= ROWS_PER_CAUSE:
        return []
    more = count - ROWS_PER_CAUSE
    return [finding("more", item=item, count=more, about=code, value=f"{code} {more}")]


def where(frame: pl.DataFrame, mask: pl.Series, **columns: pl.Series) -> pl.DataFrame:
    """Give `row` and further columns of the rows in the mask."""
    return pl.DataFrame({"row": frame["_row"], **columns}).filter(mask.fill_null(False))


def present(frame: pl.DataFrame, names: Iterable[str]) -> list[str]:
    """Keep the names whose column exists and holds at least one value."""
    return [name for name in names if name in frame.columns and frame[name].null_count() < frame.height]
