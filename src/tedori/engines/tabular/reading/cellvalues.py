"""The values of workbook cells as the texts that a person sees."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from tedori.engines.tabular.reading.grids import Grid, Row, is_blank


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, whether people see it, and its cells."""

    name: str
    visible: bool
    grid: Grid


def text_of(cell: object) -> str:
    """A cell as text: ISO dates, times as HH:MM, whole numbers without a decimal point."""
    if isinstance(cell, str):
        return cell.replace("_x000D_", "").replace("\r\n", "\n")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return _number(cell) if isinstance(cell, int | float) else _moment(cell)


def _number(cell: float) -> str:
    return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)


def _moment(cell: object) -> str:
    if isinstance(cell, datetime.datetime):
        time = clock(cell)
        return cell.date().isoformat() + (f" {time}" if time != "00:00" else "")
    if isinstance(cell, datetime.time):
        return clock(cell)
    if isinstance(cell, datetime.timedelta):
        return duration(cell)
    return cell.isoformat() if isinstance(cell, datetime.date) else str(cell)


def clock(moment: datetime.datetime | datetime.time) -> str:
    """HH:MM, with seconds only where there are some."""
    return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")


def duration(value: datetime.timedelta) -> str:
    """HH:MM beyond 24 hours too."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def without_margins(rows: list[Row]) -> list[Row]:
    """Drop the blank rows at the end and the blank columns on the right."""
    while rows and is_blank(rows[-1]):
        rows.pop()
    width = max(map(_filled_width, rows), default=0)
    return [row[:width] for row in rows]


def _filled_width(row: Row) -> int:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width
