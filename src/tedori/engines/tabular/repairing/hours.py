"""Opening hours that say all day: the two times prove each other."""

from __future__ import annotations

import polars as pl

from tedori.engines.tabular.repairing.cells import scatter
from tedori.engines.tabular.repairing.points import put
from tedori.engines.tabular.repairing.times import ALL_DAY
from tedori.engines.tabular.values import Definition

PAIRS = (("開始", "終了"), ("開所", "閉所"))


def repair(frame: pl.DataFrame, definition: Definition) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Write 00:00 and 24:00 where start and end both say 終日 or 24時間; one alone proves nothing."""
    repairs = []
    for start, end in _pairs(definition, frame.columns):
        both = frame[start].is_in(list(ALL_DAY)) & frame[end].is_in(list(ALL_DAY))
        at = both.fill_null(False).arg_true()
        if at.len():
            for name, time in ((start, "00:00"), (end, "24:00")):
                after = pl.Series([time]).new_from_index(0, at.len())
                rule = pl.Series(["all-day"]).new_from_index(0, at.len())
                change = scatter(frame[name], at=at, before=frame[name].gather(at), after=after, rule=rule)
                frame, done = put(frame, name, change)
                repairs.append(done)
    return frame, repairs


def _pairs(definition: Definition, columns: list[str]) -> list[tuple[str, str]]:
    times = [item.name for item in definition.items if item.kind == "time" and item.name in columns]
    found = ((name, name.replace(start, end)) for name in times for start, end in PAIRS if start in name)
    return [(start, end) for start, end in found if end in times]
