"""From a grid and its header to a table: data rows, rows set aside, preamble, and what to tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from tedori.engines.tabular.reading import endings
from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.grids import Grid, Row, is_blank
from tedori.engines.tabular.reading.headers import Header
from tedori.engines.tabular.reading.limits import Limits
from tedori.engines.tabular.reading.naming import distinct, names_of
from tedori.engines.tabular.reading.refusals import Declined
from tedori.engines.tabular.reading.sections import Section
from tedori.engines.tabular.values import Finding, Source, Table

_TOLD = 20


@dataclass(slots=True)
class _Sorted:
    """Rows of a body while they are being sorted."""

    kept: list[int]
    aside: dict[int, Finding]
    blank: list[int]


def build(grid: Grid, section: Section, *, source: Source, limits: Limits) -> Table:
    """Build the table of one section of a grid."""
    header = section.header
    body = range(header.last + 1, section.end)
    width = max(map(len, grid.rows[max(header.first, 0) : section.end]), default=0)
    names, long_rows, width = columns_of(grid, header, body, width)
    if width > limits.columns:
        raise Declined("too-many-columns", count=width, limit=limits.columns)
    rows = _sort(grid, body, names, source=source, long_rows=long_rows)
    columns = _kept_columns(grid, rows.kept, names)
    header_names, told = distinct([names[column] for column in columns], columns)
    if header.first < 0:
        told = (find("no-header"),)
    frame = _frame(grid, rows.kept, columns)
    because = (*source.because, header.because, _ending_because(grid, rows))
    return Table(
        source=replace(source, header_row=_header_row(grid, header), because=because),
        header=header_names,
        frame=frame,
        preamble=preamble_of(grid, section),
        aside=tuple(rows.aside[i] for i in sorted(rows.aside)),
        findings=told + _doubts(grid, rows, frame, named=[i for i in columns if names[i]]),
    )


def _header_row(grid: Grid, header: Header) -> int | None:
    return grid.numbers[header.first] if header.first >= 0 else None


def preamble_of(grid: Grid, section: Section) -> tuple[tuple[str, ...], ...]:
    """The rows above the header, without blank ones."""
    header = section.header
    first = header.first if header.first >= 0 else header.last + 1
    return tuple(tuple(trimmed(row)) for row in grid.rows[section.start : first] if not is_blank(row))


def _doubts(grid: Grid, rows: _Sorted, frame: pl.DataFrame, *, named: list[int]) -> tuple[Finding, ...]:
    """What to tell about the rows that were kept."""
    told = _shortness(grid, rows.kept, named) + _blankness(grid, rows)
    if any("\ufffd" in cell for i in rows.kept for cell in grid.rows[i]):
        told += lost_characters(frame)
    return told if rows.kept else (*told, find("no-rows"))


def columns_of(grid: Grid, header: Header, body: range, width: int) -> tuple[list[str], frozenset[int], int]:
    """Names, the rows that are too long for them, and the true width.

    A header that is shorter than most rows gets unnamed columns; single longer rows are set aside.
    """
    names = names_of(grid, header, width=width)
    if header.first < 0:
        return names, frozenset(), width
    cut = _true_width(names, grid.rows[header.last], width)
    long_rows = [i for i in body if len(grid.rows[i]) > cut and any(map(str.strip, grid.rows[i][cut:]))]
    if long_rows and len(long_rows) >= max(2, 0.3 * len(body)):
        return names, frozenset(), width
    return names[:cut], frozenset(long_rows), cut


def _true_width(names: list[str], last: Row, width: int) -> int:
    """How far the last row of the header reaches, if not as far as the names at least so far."""
    named = max((i + 1 for i, name in enumerate(names) if name), default=0)
    return max(named, min(len(last), width))


def _sort(grid: Grid, body: range, names: list[str], *, source: Source, long_rows: frozenset[int]) -> _Sorted:
    """Decide row by row, then from the end upwards."""
    content = [i for i in body if not is_blank(grid.rows[i])]
    blank = set(body).difference(content)
    shape = endings.shape_of(names, [grid.rows[i] for i in content])
    aside = _verdicts(grid, content, shape)
    aside |= _too_long(grid, long_rows.difference(aside), len(names))
    aside |= _damaged(grid, content, source)
    left = [i for i in content if i not in aside]
    tail = _tail(grid, left, shape, after_blank=_after_gap(left, blank, aside))
    return _Sorted([i for i in left if i not in tail], aside | tail, sorted(blank))


def _too_long(grid: Grid, indices: Iterable[int], width: int) -> dict[int, Finding]:
    return {
        i: find("too-many-cells", row=grid.numbers[i], count=len(grid.rows[i]), width=width) for i in indices
    }


def _tail(grid: Grid, left: list[int], shape: endings.Shape, *, after_blank: set[int]) -> dict[int, Finding]:
    """The rows at the end that are not data."""
    codes = endings.trailing(((i, grid.rows[i]) for i in reversed(left)), shape, after_blank=after_blank)
    return {i: find(code, row=grid.numbers[i]) for i, code in codes.items()}


def _damaged(grid: Grid, content: list[int], source: Source) -> dict[int, Finding]:
    """The rows whose bytes cannot be trusted."""
    if not grid.damaged:
        return {}
    codes = {i: grid.damaged.get(grid.numbers[i]) for i in content}
    return {i: find(code, row=grid.numbers[i], main=source.encoding) for i, code in codes.items() if code}


def _verdicts(grid: Grid, content: list[int], shape: endings.Shape) -> dict[int, Finding]:
    """The rows that are told to be no data by what stands in them."""
    verdicts = ((i, endings.judge(grid.rows[i], shape, order=order)) for order, i in enumerate(content))
    return {i: find(code[0], row=grid.numbers[i], what=code[1]) for i, code in verdicts if code}


def _after_gap(indices: list[int], blank: set[int], aside: dict[int, Finding]) -> set[int]:
    """The rows that follow a blank row, a note or a total."""
    gaps = blank | {i for i, finding in aside.items() if finding.code in endings.CLOSING}
    return {i for i in indices if i - 1 in gaps}


def _kept_columns(grid: Grid, kept: list[int], names: list[str]) -> list[int]:
    """Columns with a name or with content."""
    rows = [grid.rows[i] for i in kept]
    return [column for column, name in enumerate(names) if name or _has_content(rows, column)]


def _has_content(rows: list[Row], column: int) -> bool:
    return any(column < len(row) and row[column].strip() for row in rows)


def _frame(grid: Grid, kept: list[int], columns: list[int]) -> pl.DataFrame:
    rows = [grid.rows[i] for i in kept]
    data = {f"c{position}": texts_of(rows, column) for position, column in enumerate(columns)}
    data["_row"] = pl.Series([grid.numbers[i] for i in kept], dtype=pl.Int64)
    return pl.DataFrame(data)


def texts_of(rows: list[Row], column: int) -> pl.Series:
    """One column of rows of any length, null where a cell is empty or missing."""
    return pl.Series([row[column] or None if column < len(row) else None for row in rows], dtype=pl.String)


def _shortness(grid: Grid, kept: list[int], named: list[int]) -> tuple[Finding, ...]:
    """Rows that end before the last named column."""
    if not named or len(named) < 2:
        return ()
    width = named[-1] + 1
    short = [i for i in kept if len(grid.rows[i]) < width]
    told = [
        find("too-few-cells", row=grid.numbers[i], count=len(grid.rows[i]), width=width)
        for i in short[:_TOLD]
    ]
    if len(short) > _TOLD:
        told.append(find("too-few-cells-more", count=len(short) - _TOLD))
    return tuple(told)


def _blankness(grid: Grid, rows: _Sorted) -> tuple[Finding, ...]:
    """Blank rows between the rows, not those after the last one."""
    last = max((*rows.kept, *rows.aside), default=-1)
    between = [i for i in rows.blank if i < last]
    if not between:
        return ()
    return (
        find(
            "blank-rows", count=len(between), first=grid.numbers[between[0]], last=grid.numbers[between[-1]]
        ),
    )


def _ending_because(grid: Grid, rows: _Sorted) -> str:
    if not rows.kept:
        return "データの行がない (no rows of data)"
    first, last = grid.numbers[rows.kept[0]], grid.numbers[rows.kept[-1]]
    aside = f"、ほかに{len(rows.aside):,}行を取り分けた" if rows.aside else ""
    told = f" (rows {first} to {last}, {len(rows.aside):,} set aside)"
    return f"{first}行目から{last}行目までの{len(rows.kept):,}行をデータと判断{aside}{told}"


def trimmed(row: Row) -> Row:
    """A row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def lost_characters(frame: pl.DataFrame) -> tuple[Finding, ...]:
    """Findings for the rows that hold U+FFFD, the mark of a character lost in an earlier conversion."""
    texts = [name for name in frame.columns if name != "_row"]
    if not texts or frame.is_empty():
        return ()
    hit = frame.filter(pl.any_horizontal(pl.col(texts).str.contains("\ufffd", literal=True)))
    rows = hit["_row"].to_list()
    told = [find("replacement-character", row=row) for row in rows[:_TOLD]]
    if len(rows) > _TOLD:
        told.append(find("replacement-characters-more", count=len(rows) - _TOLD))
    return tuple(told)
