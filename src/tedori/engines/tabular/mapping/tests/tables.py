"""Small tables for tests."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tedori.engines.tabular.values import Source, Table


def table(
    header: Sequence[str], *rows: Sequence[str | None], path: str = "a.csv", header_row: int | None = 1
) -> Table:
    """A table as the reader hands it over; None and "" are empty cells."""
    columns = {
        f"c{place}": pl.Series([row[place] or None for row in rows], dtype=pl.String)
        for place in range(len(header))
    }
    numbers = pl.Series(range(2, len(rows) + 2), dtype=pl.Int64)
    return Table(
        Source(path, "0" * 64, "csv", header_row=header_row),
        tuple(header),
        pl.DataFrame({**columns, "_row": numbers}),
    )
