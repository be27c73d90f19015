"""Cut a long text stream into pieces at the ends of records, and turn each piece into a frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
import polars as pl

from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.records import to_grid
from tedori.engines.tabular.reading.tables import texts_of
from tedori.engines.tabular.values import Finding

SIZE = 8 * 1024 * 1024
_MOST_LINES = 500
_TOLD = 20
_LOST = "\ufffd".encode()


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one piece: columns c0…cN and `_row`, with what was set aside and told on the way.

    `lines` is the number of physical lines, `lost` whether U+FFFD occurs.
    """

    frame: pl.DataFrame
    aside: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    lines: int = 0
    lost: bool = False


def cut(stream: BinaryIO, digest) -> Iterator[bytes]:  # noqa: ANN001 - a hashlib object
    """Yield pieces that end where a record ends; `digest` sees every byte."""
    while data := stream.read(SIZE):
        data += stream.readline()
        if b'"' in data:
            data = _whole_records(data, stream)
        digest.update(data)
        yield data


def _whole_records(data: bytes, stream: BinaryIO) -> bytes:
    """Read on until quotation marks pair, so that no cell with line breaks is torn; within reason."""
    odd = data.count(b'"') % 2
    more: list[bytes] = []
    while odd and len(more) < _MOST_LINES and (line := stream.readline()):
        more.append(line)
        odd ^= line.count(b'"') % 2
    return data + b"".join(more)


def parse(data: bytes, *, width: int, delimiter: str, line: int) -> Piece:
    """Read one piece of UTF-8 whose first line has the number `line`.

    Regular pieces go through the fast reader, which is believed only when the counts of line ends and
    delimiters prove that no row is longer, shorter or swallowed; the others are read row by row.
    Raises UnicodeDecodeError when the piece is not UTF-8.
    """
    marks = _measure(data, delimiter.encode())
    frame = _fast(data, width=width, delimiter=delimiter)
    if frame is not None and _is_regular(frame, data, marks):
        frame.insert_column(width, pl.Series("_row", marks.starts + line, dtype=pl.Int64))
        piece = Piece(frame)
    else:
        piece = _slow(data, width=width, delimiter=delimiter, line=line)
    return replace(piece, lines=marks.lines, lost=_LOST in data)


def fills(frame: pl.DataFrame, *, low: int) -> pl.Series | None:
    """How many cells each row fills, or None when no row can fill as few as `low`."""
    texts = [name for name in frame.columns if name != "_row"]
    if sum(frame[name].null_count() == 0 for name in texts) > low and frame.height:
        return None
    return frame.select(pl.sum_horizontal(pl.col(texts).is_not_null().cast(pl.UInt16))).to_series()


@dataclass(frozen=True, slots=True)
class _Marks:
    """Line ends in all, delimiters outside quotation marks, and the line (from 0) where each row starts."""

    lines: int
    delimiters: int
    starts: np.ndarray


def _measure(data: bytes, delimiter: bytes) -> _Marks:
    """Count marks over the raw bytes; inside quotation marks they do not count."""
    view = np.frombuffer(data, dtype=np.uint8)
    ends, marks = view == 10, view == delimiter[0]
    lines = int(np.count_nonzero(ends))
    if b'"' not in data:
        rows = lines + (not data.endswith(b"\n"))
        return _Marks(lines, int(np.count_nonzero(marks)), np.arange(rows))
    quotes = np.flatnonzero(view == 34)
    if len(quotes) % 2:
        return _Marks(lines, 0, np.empty(0, dtype=np.int64))
    at_ends, at_marks = np.flatnonzero(ends), np.flatnonzero(marks)
    before = np.searchsorted(at_marks, quotes)
    inside = int((before[1::2] - before[0::2]).sum())
    starts = np.flatnonzero(np.searchsorted(quotes, at_ends) % 2 == 0) + 1
    starts = np.concatenate(([0], starts[:-1] if data.endswith(b"\n") else starts))
    return _Marks(lines, len(at_marks) - inside, starts)


def _fast(data: bytes, *, width: int, delimiter: str) -> pl.DataFrame | None:
    schema = {f"c{i}": pl.String for i in range(width)}
    try:
        frame = pl.read_csv(data, has_header=False, separator=delimiter, schema=schema, infer_schema=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if b'""' in data:
        frame = frame.with_columns(pl.all().replace("", None))
    return frame


def _is_regular(frame: pl.DataFrame, data: bytes, marks: _Marks) -> bool:
    """Whether every row has exactly as many cells as the frame has columns, blank lines apart."""
    if frame.height != len(marks.starts):
        return False
    missing = frame.height * (frame.width - 1) - marks.delimiters
    if not missing:
        return True
    blank = data.count(b"\n\n") + data.count(b"\n\r\n") + data.startswith((b"\n", b"\r\n"))
    return missing == blank * (frame.width - 1)


def _slow(data: bytes, *, width: int, delimiter: str, line: int) -> Piece:
    """Read row by row: pad short rows, set long ones aside."""
    grid = to_grid(data.decode("utf-8"), delimiter)
    aside, short = [], []
    rows: list[list[str]] = []
    numbers: list[int] = []
    for row, number in zip(grid.rows, grid.numbers, strict=True):
        at = number + line - 1
        if any(map(str.strip, row[width:])):
            aside.append(find("too-many-cells", row=at, count=len(row), width=width))
            continue
        if row and len(row) < width:
            short.append(find("too-few-cells", row=at, count=len(row), width=width))
        rows.append(row)
        numbers.append(at)
    told = tuple(_moved(finding, line - 1) for finding in grid.findings)
    return Piece(_frame(rows, numbers, width), tuple(aside), told + _limited(short))


def _limited(short: list[Finding]) -> tuple[Finding, ...]:
    if len(short) <= _TOLD:
        return tuple(short)
    return (*short[:_TOLD], find("too-few-cells-more", count=len(short) - _TOLD))


def _moved(finding: Finding, by: int) -> Finding:
    return finding if finding.row is None else find(finding.code, row=finding.row + by)


def _frame(rows: list[list[str]], numbers: list[int], width: int) -> pl.DataFrame:
    columns = {f"c{i}": texts_of(rows, i) for i in range(width)}
    return pl.DataFrame(columns).with_columns(pl.Series("_row", numbers, dtype=pl.Int64))
