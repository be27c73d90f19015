"""From delimited text to a grid, row by row, keeping the line numbers that an editor shows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.grids import Grid, Row
from tedori.engines.tabular.values import Finding

_MOST_LINES_PER_RECORD = 200
_NEWLINE = re.compile(r"\r\n|\n|\r")

Parsed = tuple[list[Row], list[int]]


def to_grid(text: str, delimiter: str, *, damaged: dict[int, str] | None = None) -> Grid:
    """Split a text into rows; a record that spans several lines carries the number of its first line.

    `damaged` names physical lines (from 1) whose bytes cannot be trusted.
    """
    findings: tuple[Finding, ...] = ()
    parsed = _parse(text, delimiter)
    if parsed is None or _quotes_run_away(parsed, text, delimiter):
        parsed, findings = _recover(text, delimiter)
    (rows, numbers), wrapped = _unwrap(parsed, delimiter)
    return Grid(rows, numbers, findings=findings + wrapped, damaged=_on_records(damaged or {}, numbers))


def _parse(text: str, delimiter: str) -> Parsed | None:
    """The csv module's reading, or None when a cell outgrows everything."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    numbers: list[int] = []
    before = 0
    try:
        for row in reader:
            rows.append(row)
            numbers.append(before + 1)
            before = reader.line_num
    except csv.Error:
        return None
    return rows, numbers


def _quotes_run_away(parsed: Parsed, text: str, delimiter: str) -> bool:
    """Whether a quotation mark that is never closed has swallowed the lines after it."""
    rows, numbers = parsed
    if '"' not in text or not rows:
        return False
    width = _usual_width(rows)
    lines = _lines(text)
    ends = [*numbers[1:], len(lines) + 1]
    spans = [span for span in zip(rows, numbers, ends, strict=True) if span[2] - span[1] > 1]
    return any(
        _swallows(lines[start - 1 : end - 1], delimiter, width, last=row is rows[-1])
        for row, start, end in spans
        if len(row) != width or end - start > _MOST_LINES_PER_RECORD or row is rows[-1]
    )


def _swallows(lines: list[str], delimiter: str, width: int, *, last: bool) -> bool:
    """Whether the first line alone makes a usual row, and the record of all lines does not."""
    alone, _ = split_record(lines[0], delimiter, literal=True)
    if '"' not in lines[0] or len(alone) != width:
        return False
    return not last or not _closes(lines, delimiter, width=width)


def _closes(lines: list[str], delimiter: str, *, width: int) -> bool:
    cells, closed = split_record("\n".join(lines), delimiter)
    return closed and len(cells) == width


def _usual_width(rows: list[Row]) -> int:
    return Counter(len(row) for row in rows[:2000]).most_common(1)[0][0]


def _recover(text: str, delimiter: str) -> tuple[Parsed, tuple[Finding, ...]]:
    """Read a text with a quotation mark that is never closed: that line alone is taken literally."""
    lines = _lines(text)
    width = _usual_width([line.split(delimiter) for line in lines])
    rows: list[Row] = []
    numbers: list[int] = []
    findings: list[Finding] = []
    at = 0
    while at < len(lines):
        cells, end = _record_at(lines, at, delimiter, width=width)
        if cells is None:
            cells, end = split_record(lines[at], delimiter, literal=True)[0], at + 1
            findings.append(find("unclosed-quote", row=at + 1))
        rows.append(cells)
        numbers.append(at + 1)
        at = end
    return (rows, numbers), tuple(findings)


def _lines(text: str) -> list[str]:
    lines = _NEWLINE.split(text)
    if lines and lines[-1] == "":
        lines.pop()
    return lines


def _record_at(lines: list[str], start: int, delimiter: str, *, width: int) -> tuple[Row | None, int]:
    """The record that begins at line `start` and the line after it; None when its quotes never close.

    A record of several lines must have the usual width if its first line alone could have it.
    """
    cells, closed = split_record(lines[start], delimiter)
    if closed:
        return cells, start + 1
    alone = len(split_record(lines[start], delimiter, literal=True)[0]) == width
    for end in range(start + 2, min(start + 50, len(lines)) + 1):
        cells, closed = split_record("\n".join(lines[start:end]), delimiter)
        if closed:
            return (None, 0) if alone and len(cells) != width else (cells, end)
    return None, 0


def split_record(record: str, delimiter: str, *, literal: bool = False) -> tuple[Row, bool]:
    """Split one record of any length and say whether its quotation marks close.

    With `literal`, a quotation mark that does not close is a plain character.
    """
    cells: Row = []
    at = 0
    closed = True
    while at <= len(record):
        cell, at, whole = _cell(record, at, delimiter, literal=literal)
        closed = closed and whole
        cells.append(cell)
        at += 1
    return cells, closed


def _cell(record: str, at: int, delimiter: str, *, literal: bool) -> tuple[str, int, bool]:
    """The cell that starts at `at`, the position of the delimiter after it, and whether it is whole."""
    if not record.startswith('"', at):
        end = _next(record, at, delimiter)
        return record[at:end], end, True
    pieces: list[str] = []
    scan = at + 1
    while (close := record.find('"', scan)) >= 0:
        pieces.append(record[scan:close])
        if not record.startswith('""', close):
            end = _next(record, close + 1, delimiter)
            return "".join([*pieces, record[close + 1 : end]]), end, True
        pieces.append('"')
        scan = close + 2
    if literal:
        end = _next(record, at, delimiter)
        return record[at:end], end, True
    return "".join([*pieces, record[scan:]]), len(record), False


def _next(record: str, at: int, delimiter: str) -> int:
    end = record.find(delimiter, at)
    return len(record) if end < 0 else end


def _unwrap(parsed: Parsed, delimiter: str) -> tuple[Parsed, tuple[Finding, ...]]:
    """Undo rows that were quoted as a whole: every row is one cell that holds the delimiter."""
    rows, numbers = parsed
    if not _are_wrapped([row for row in rows if row], delimiter):
        return parsed, ()
    return ([split_record(row[0], delimiter)[0] if row else row for row in rows], numbers), (
        find("wrapped-rows"),
    )


def _are_wrapped(content: list[Row], delimiter: str) -> bool:
    if len(content) < 2 or any(len(row) > 1 for row in content):
        return False
    return sum(delimiter in row[0] for row in content) >= len(content) * 0.9


def _on_records(damaged: dict[int, str], numbers: list[int]) -> dict[int, str]:
    """Move codes about physical lines to the records that contain these lines."""
    placed: dict[int, str] = {}
    starts = [*numbers, 1 << 62]
    index = 0
    for line in sorted(damaged):
        while starts[index + 1] <= line:
            index += 1
        placed[starts[index]] = damaged[line]
    return placed
