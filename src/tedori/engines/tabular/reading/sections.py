"""Several tables below each other on one sheet or in one text, each with its own header."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.engines.tabular.reading import headers
from tedori.engines.tabular.reading.cells import is_value
from tedori.engines.tabular.reading.endings import is_repeated
from tedori.engines.tabular.reading.grids import Grid, Row, filled, is_blank
from tedori.engines.tabular.reading.headers import Header
from tedori.engines.tabular.reading.lexicon import names_a_column

_MOST_TITLES = 3


@dataclass(frozen=True, slots=True)
class Section:
    """A table's part of a grid: its header, and the row indices from `start` to `end` (exclusive)."""

    header: Header
    start: int
    end: int


def split(grid: Grid, header: Header) -> list[Section]:
    """The section of the first header, and those of further headers that follow a blank row.

    A further header must name columns in nearly every cell, hold no value, differ from the header above
    and have rows of another kind below it; anything less stays with the table above.
    """
    sections: list[Section] = []
    start = 0
    names = _names(grid, header)
    for index in range(header.last + 3, len(grid.rows)):
        if not is_blank(grid.rows[index - 1]) or is_blank(grid.rows[index]):
            continue
        following = _header_near(grid, index, names)
        if following is not None and following.first > header.last:
            sections.append(Section(header, start, index))
            header, start, names = following, index, _names(grid, following)
    return [*sections, Section(header, start, len(grid.rows))]


def _names(grid: Grid, header: Header) -> Row:
    return grid.rows[header.last] if header.first >= 0 else []


def _header_near(grid: Grid, index: int, names: Row) -> Header | None:
    """A header in this row or below a few rows of title."""
    for at in range(index, min(index + _MOST_TITLES, len(grid.rows))):
        if _starts_a_table(grid.rows[at], names):
            found = headers.at(grid, at)
            return found if found.score >= headers.CONVINCING else None
        if filled(grid.rows[at]) > 2:
            return None
    return None


def _starts_a_table(row: Row, names: Row) -> bool:
    cells = [cell for cell in row if cell.strip()]
    if len(cells) < 3 or any(map(is_value, cells)) or is_repeated(row, names):
        return False
    return sum(map(names_a_column, cells)) >= len(cells) * 0.7
