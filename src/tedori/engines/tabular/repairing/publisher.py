"""The publisher's code and name in rows that leave them empty, once the municipality is known."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from tedori.engines.tabular.repairing.addresses import KNOWN_ENOUGH, fill
from tedori.engines.tabular.values import Definition, PlaceGuess

NAME, CODE = "地方公共団体名", "全国地方公共団体コード"
RULE = "publisher-known"


def repair(
    frame: pl.DataFrame, definition: Definition, *, place: PlaceGuess
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Fill the publisher's code and name; gives the new frame and the lists of repairs.

    Only where the place is known well enough, only in items that the dataset has and only in empty cells. The
    name is written as the other rows of the file write it. A column that names several publishers is left
    alone: its empty cells may belong to any of them.
    """
    repairs = []
    if place.code and place.confidence >= KNOWN_ENOUGH:
        for name, value in _wanted(frame, definition, place):
            frame, done = fill(frame, name, pl.lit(value), where=pl.col(name).is_null(), rule=RULE)
            repairs.append(done)
    return frame, repairs


def _wanted(frame: pl.DataFrame, definition: Definition, place: PlaceGuess) -> Iterator[tuple[str, str]]:
    """The items with empty cells and what belongs there."""
    for name in (item.name for item in definition.items):
        known = place.name if name == NAME else place.code if _is_code(name) else None
        if known and name in frame.columns and frame[name].null_count():
            written = frame[name].drop_nulls().unique().to_list() or [known]
            if len(written) == 1 and _is_theirs(written[0], known, name):
                yield name, written[0]


def _is_code(name: str) -> bool:
    return name.endswith(CODE) and "所在地" not in name


def _is_theirs(written: str, known: str, name: str) -> bool:
    """Whether what the other rows say is this municipality: its code, or its name in full."""
    return written.endswith(known) if name == NAME else written == known
