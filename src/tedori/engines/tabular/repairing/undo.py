"""The way back: every repair can be taken back exactly."""

from __future__ import annotations

import polars as pl


def undo(frame: pl.DataFrame, repairs: pl.DataFrame) -> pl.DataFrame:
    """Give the frame as it was before these repairs.

    `repairs` has the columns row, item, before, after, rule in the order in which they were made; when a cell
    was repaired twice, the first `before` is the original.
    """
    if not repairs.height:
        return frame
    first = repairs.unique(subset=["row", "item"], keep="first", maintain_order=True)
    places = pl.DataFrame({"row": frame["_row"]}).with_row_index("at")
    columns = []
    for (item,), part in first.group_by("item"):
        spots = part.join(places, on="row", how="inner")
        columns.append(frame[item].clone().scatter(spots["at"], spots["before"]).alias(item))
    return frame.with_columns(columns)
