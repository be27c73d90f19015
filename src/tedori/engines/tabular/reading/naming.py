"""The names of columns: header rows joined, line breaks removed, blanks and doubles numbered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.grids import Grid, Row
from tedori.engines.tabular.reading.headers import Header
from tedori.engines.tabular.values import Finding

_BREAK = re.compile(r"[ \t]*(?:\r\n|\r|\n|\x0b|_x000[dD]_)+[ \t]*")


def clean(cell: str) -> str:
    """A header cell on one line; a break between Japanese characters leaves no gap."""
    pieces = _BREAK.split(cell.strip())
    text = pieces[0]
    for piece in pieces[1:]:
        gap = " " if text[-1:].isascii() and piece[:1].isascii() and text and piece else ""
        text += gap + piece
    return text.strip()


def names_of(grid: Grid, header: Header, *, width: int) -> list[str]:
    """One name per column ("" where there is none), the rows of a header joined with "_"."""
    if header.first < 0:
        return [""] * width
    rows = [_padded(row, width) for row in grid.rows[header.first : header.last + 1]]
    *groups, names = rows
    levels = [
        _spread(row, rows[depth + 1 :], _spans(grid, header.first + depth))
        for depth, row in enumerate(groups)
    ]
    return [_joined(map(clean, column)) for column in zip(*levels, names, strict=True)]


def _padded(row: Row, width: int) -> Row:
    return [*row[:width], *[""] * (width - len(row))]


def _joined(parts: Iterable[str]) -> str:
    return "_".join(filter(None, dict.fromkeys(parts)))


def _spans(grid: Grid, index: int) -> dict[int, int]:
    """First column → last column of the cells of a row that are merged across."""
    number = grid.numbers[index]
    return {
        left: right for top, left, bottom, right in grid.merges if top <= number <= bottom and right > left
    }


def _spread(row: Row, lower: list[Row], spans: dict[int, int]) -> Row:
    """Carry a group name to the right over the columns that it stands for.

    Where cells of the row are merged, the merge says how far; elsewhere the name goes on until a column
    has no name below.
    """
    spread = list(row)
    group, until = "", -1
    for column, cell in enumerate(row):
        if cell.strip():
            group, until = cell, spans.get(column, column if spans else len(row))
        elif column > until or not _is_below(lower, column):
            group = ""
        else:
            spread[column] = group
    return spread


def _is_below(lower: list[Row], column: int) -> bool:
    return any(row[column].strip() for row in lower)


def distinct(names: list[str], columns: list[int]) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Unique names for the kept columns, with findings about blanks and doubles.

    `columns` are the positions in the file, from 0, that the names stand in.
    """
    findings: list[Finding] = []
    counts = Counter(name for name in names if name)
    taken = set(counts)
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for name, column in zip(names, columns, strict=True):
        seen[name] += 1
        if not name:
            name = _free(f"列{column + 1}", taken)
            findings.append(find("unnamed-column", column=column + 1, name=name))
        elif seen[name] > 1:
            name = _free(f"{name}_{seen[name]}", taken)
        unique.append(name)
    findings += [
        find("duplicate-header", name=name, count=count, item=name)
        for name, count in counts.items()
        if count > 1
    ]
    return tuple(unique), tuple(findings)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name
