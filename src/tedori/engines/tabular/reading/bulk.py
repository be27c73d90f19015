"""Long delimited texts: header found in the first part, the rest read piece by piece at full speed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO

import polars as pl

from tedori.engines.tabular.reading import (
    chunks,
    delimiters,
    encodings,
    endings,
    eucjp,
    headers,
    mojibake,
    records,
)
from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.grids import Grid
from tedori.engines.tabular.reading.headers import Header
from tedori.engines.tabular.reading.limits import Limits
from tedori.engines.tabular.reading.naming import distinct
from tedori.engines.tabular.reading.refusals import Declined
from tedori.engines.tabular.reading.sections import Section
from tedori.engines.tabular.reading.tables import columns_of, lost_characters, preamble_of
from tedori.engines.tabular.values import Finding, Source, Table

_HEAD = 1 << 20
_WINDOWS = 8
_TAIL = 400
_MOST_SUSPECTS = 20000


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the first part of a text says about all of it."""

    encoding: str
    delimiter: str
    grid: Grid
    header: Header
    names: list[str]
    because: tuple[str, ...]


def read(stream: BinaryIO, digest, *, source: Source, limits: Limits) -> Table | None:  # noqa: ANN001
    """Read a long text; None when it needs the careful way (unusual or damaged encoding, no header).

    `digest` is a hashlib object that sees every byte once, unless None is returned.
    """
    plan = _plan(stream, source)
    if plan is None:
        return None
    if len(plan.names) > limits.columns:
        raise Declined("too-many-columns", count=len(plan.names), limit=limits.columns)
    pieces = _pieces(stream, digest, plan)
    if pieces is None:
        return None
    return _assemble(pieces, plan, source)


def _plan(stream: BinaryIO, source: Source) -> _Plan | None:
    head = stream.read(_HEAD)
    head = head[: head.rfind(b"\n") + 1]
    found = _decoded(stream, head)
    if found is None:
        return None
    choice, text = found
    delimiter = delimiters.decide(text[:400000])
    grid = records.to_grid(text, delimiter.character)
    header = headers.locate(grid)
    if header is None or header.first < 0:
        return None
    width = max(map(len, grid.rows[header.first :]))
    names, _, _ = columns_of(grid, header, range(header.last + 1, len(grid.rows)), width)
    return _Plan(
        choice.encoding, delimiter.character, grid, header, names, (choice.because, delimiter.because)
    )


def _decoded(stream: BinaryIO, head: bytes) -> tuple[encodings.Choice, str] | None:
    """The head as text; None when its line ends, its encoding or its text are unusual."""
    choice = _encoding(stream, head) if _has_usual_lines(head) else None
    if choice is None:
        return None
    text = encodings.decode(head, choice.encoding)
    return None if _is_spoilt(text) else (choice, text)


def _has_usual_lines(head: bytes) -> bool:
    return bool(head) and b"\r" not in head.replace(b"\r\n", b"")


def _is_spoilt(text: str) -> bool:
    return mojibake.looks_double_encoded(text[:200000]) or "\x00" in text


def _encoding(stream: BinaryIO, head: bytes) -> encodings.Choice | None:
    """Choose from the head and from windows spread over the file; each piece proves the choice later."""
    sample = head[: head.rfind(b"\n", 0, 1 << 16) + 1] + b"".join(_windows(stream))
    whole = encodings.bom_of(head) or encodings.choose(sample)
    if whole is None or whole.encoding not in ("utf-8", "utf-8-sig", "cp932", "euc-jp"):
        return None
    return whole if encodings.decodes(head, whole.encoding) is not None else None


def _windows(stream: BinaryIO) -> list[bytes]:
    size = stream.seek(0, 2)
    windows = []
    for part in range(1, _WINDOWS):
        stream.seek(size * part // _WINDOWS)
        window = stream.read(1 << 15)
        start, end = window.find(b"\n") + 1, window.rfind(b"\n") + 1
        windows.append(window[start:end])
    return windows


def _pieces(stream: BinaryIO, digest, plan: _Plan) -> list[chunks.Piece] | None:  # noqa: ANN001
    """All pieces after the header; None when one does not fit the encoding."""
    if plan.header.last + 1 >= len(plan.grid.numbers):
        return None
    stream.seek(0)
    skip = plan.grid.numbers[plan.header.last + 1] - 1
    line = 1 + skip
    pieces: list[chunks.Piece] = []
    for data in chunks.cut(stream, digest):
        try:
            utf8 = _to_utf8(data, plan.encoding)
            if not pieces:
                utf8 = _after_lines(utf8.removeprefix(codecs.BOM_UTF8), skip)
            pieces.append(chunks.parse(utf8, width=len(plan.names), delimiter=plan.delimiter, line=line))
        except UnicodeDecodeError:
            return None
        line += pieces[-1].lines
    return pieces


def _to_utf8(data: bytes, encoding: str) -> bytes:
    """The piece as UTF-8; raises UnicodeDecodeError. UTF-8 itself is proved by the reader of the piece."""
    if encoding == "cp932":
        return data.decode("cp932").encode()
    if encoding == "euc-jp":
        return eucjp.decode(data).encode()
    return data


def _after_lines(data: bytes, count: int) -> bytes:
    at = 0
    for _ in range(count):
        at = data.find(b"\n", at) + 1
    return data[at:]


def _assemble(pieces: list[chunks.Piece], plan: _Plan, source: Source) -> Table:
    shape = endings.shape_of(plan.names, plan.grid.rows[plan.header.last + 1 :][:2000])
    scan = [_scan(piece, shape) for piece in pieces]
    judged = _judged(pieces, scan, shape)
    blank = list(chain.from_iterable(numbers for numbers, _ in scan))
    columns = _columns(pieces, plan)
    header, told = distinct([plan.names[i] for i in columns], columns)
    aside = [*judged.values()]
    lost = False
    for piece in pieces:
        told += piece.findings
        aside += piece.aside
        lost |= piece.lost
    frame = _joined(pieces, pl.Series([*judged, *blank], dtype=pl.Int64), columns)
    return Table(
        source=_source(source, plan, frame, len(aside)),
        header=header,
        frame=frame,
        preamble=preamble_of(plan.grid, Section(plan.header, 0, len(plan.grid.rows))),
        aside=tuple(sorted(aside, key=lambda finding: finding.row or 0)),
        findings=told + _doubts(frame, blank, lost=lost),
    )


def _doubts(frame: pl.DataFrame, blank: list[int], *, lost: bool) -> tuple[Finding, ...]:
    told = (find("blank-rows", count=len(blank), first=blank[0], last=blank[-1]),) if blank else ()
    told += lost_characters(frame) if lost else ()
    return told if frame.height else (*told, find("no-rows"))


def _joined(pieces: list[chunks.Piece], out: pl.Series, columns: list[int]) -> pl.DataFrame:
    """All pieces as one frame without the rows `out`.

    Each piece is let go as soon as it is taken over, so memory is not needed twice.
    """
    frames = []
    while pieces:
        frames.append(_kept(pieces.pop(0).frame, out, columns))
    return pl.concat(frames, rechunk=False)


def _kept(frame: pl.DataFrame, out: pl.Series, columns: list[int]) -> pl.DataFrame:
    """A piece with these columns only, without the rows that have these numbers."""
    if len(columns) < frame.width - 1:
        frame = frame.select(*(pl.col(f"c{i}").alias(f"c{at}") for at, i in enumerate(columns)), "_row")
    rows = frame["_row"]
    hit = rows.is_in(out.implode()) if len(out) else None
    return frame if hit is None or not hit.any() else frame.filter(~hit)


def _source(source: Source, plan: _Plan, frame: pl.DataFrame, aside: int) -> Source:
    rows = f"{frame.height:,}行をデータと判断" + (f"、ほかに{aside:,}行を取り分けた" if aside else "")
    rows += f" ({frame.height:,} rows of data, {aside:,} set aside)"
    return replace(
        source,
        format=source.format or ("tsv" if plan.delimiter == "\t" else "csv"),
        encoding=plan.encoding,
        delimiter=plan.delimiter,
        header_row=plan.grid.numbers[plan.header.first],
        because=(*plan.because, plan.header.because, rows),
    )


def _columns(pieces: list[chunks.Piece], plan: _Plan) -> list[int]:
    """The columns that have a name or content."""
    rows = sum(piece.frame.height for piece in pieces)
    return [
        i
        for i, name in enumerate(plan.names)
        if name or sum(piece.frame[f"c{i}"].null_count() for piece in pieces) < rows
    ]


_Rows = list[tuple[int, list[str]]]


def _scan(piece: chunks.Piece, shape: endings.Shape) -> tuple[list[int], _Rows]:
    """The numbers of blank rows; and the suspects: sparse rows, and rows that begin like the header."""
    frame = piece.frame
    first = next((i for i, name in enumerate(shape.header) if name), 0)
    alike = (frame[f"c{first}"] == shape.header[first]).fill_null(value=False)
    low = max(2, shape.usual // 2)
    fill = chunks.fills(frame, low=low)
    if fill is None:
        return [], _rows(frame.filter(alike)) if alike.any() else []
    blank = frame["_row"].filter(fill == 0).to_list()
    return blank, _rows(frame.filter(alike | ((fill > 0) & (fill <= low))))


def _judged(
    pieces: list[chunks.Piece], scan: list[tuple[list[int], _Rows]], shape: endings.Shape
) -> dict[int, Finding]:
    """The rows that are not data: suspects are found in bulk and judged one by one."""
    suspects = [row for _, rows in scan for row in rows]
    aside = _verdicts(suspects, shape, order=1 << 30) if len(suspects) <= _MOST_SUSPECTS else {}
    top = [row for row in _rows(pieces[0].frame.head(100)) if any(row[1])][:8]
    aside = _verdicts(top, shape, order=0) | aside
    return aside | _trailing(_tail(pieces), aside, shape)


def _verdicts(rows: _Rows, shape: endings.Shape, *, order: int) -> dict[int, Finding]:
    verdicts = {
        number: endings.judge(row, shape, order=order + position)
        for position, (number, row) in enumerate(rows)
    }
    return {number: find(v[0], row=number, what=v[1]) for number, v in verdicts.items() if v}


def _trailing(tail: _Rows, aside: dict[int, Finding], shape: endings.Shape) -> dict[int, Finding]:
    left = [(number, row) for number, row in reversed(tail) if number not in aside]
    closing = {number for number, finding in aside.items() if finding.code in endings.CLOSING}
    content = {number for number, _ in tail} - closing
    after_gap = {number for number, _ in tail if number - 1 not in content}
    codes = endings.trailing(left, shape, after_blank=after_gap)
    return {number: find(code, row=number) for number, code in codes.items()}


def _tail(pieces: list[chunks.Piece]) -> _Rows:
    """The last rows that are not blank."""
    rows: _Rows = []
    for piece in reversed(pieces):
        texts = pl.exclude("_row")
        rows = (
            _rows(piece.frame.filter(pl.any_horizontal(texts.is_not_null())).tail(_TAIL - len(rows))) + rows
        )
        if len(rows) >= _TAIL:
            break
    return rows


def _rows(frame: pl.DataFrame) -> _Rows:
    return [(row[-1], [cell or "" for cell in row[:-1]]) for row in frame.iter_rows()]
