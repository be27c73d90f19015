"""Which rows below a header are not data: blanks, repeated headers, examples, totals, notes, empty lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from tedori.engines.tabular.reading.annotations import explains, is_example
from tedori.engines.tabular.reading.cells import folded
from tedori.engines.tabular.reading.grids import Row, filled

_TOTAL = re.compile(r"(?:総?合計|小計|総計|累計|計|総数|市計|区計|町計|村計|(?:grand|sub)?total)", re.I)
# Further up only these words, and not 総数, which population tables have among their rows.
_SUBTOTAL = re.compile(r"(?:.{1,12}の?)?(?:小計|合計|総計)(?:\(.*\))?|計|累計|(?:sub|grand)total", re.I)
_NOTE = re.compile(
    r"(?:※|＊|\*|注[\d１-９)）:：.、\s]|[（(]注|備考[:：]|出典|資料[:：]|典拠|データ出典|最終更新|更新日|作成日|作成[:：]|問い?合わ?せ先?[:：]"
    r"|お問い合わせ|以上$|以下余白|\[?注\]?|note[s:]|source:|令和.{1,12}現在|平成.{1,12}現在|.{4,24}日現在$|copyright|©|ライセンス[:：])",
    re.I,
)
_TOTAL_MARKS = ("計", "total", "Total", "TOTAL")
_FIGURE = re.compile(r"[-\d,.%]+")
_NEAR_TOP = 4
_FIRST = 6
CLOSING = ("note-row", "total-row")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a usual row of the table looks like: header cells, filled cells, running-number columns."""

    header: Row
    usual: int
    running: frozenset[int]
    constant: dict[int, str]


def judge(row: Row, shape: Shape, *, order: int) -> tuple[str, str] | None:
    """The finding code (and detail) for which a row is set aside, or None for a row of data.

    `order` counts the non-blank rows below the header from 0.
    """
    if is_repeated(row, shape.header):
        return "repeated-header", ""
    if _is_example_here(row, order):
        return "example-row", ""
    if order < _NEAR_TOP and (what := explains(row, shape.header)):
        return "annotation-row", what
    if _is_subtotal(row, shape):
        return "total-row", ""
    return ("note-row", "") if _is_note(row, shape) else None


def _is_example_here(row: Row, order: int) -> bool:
    """Whether a row is an example; further down a lone cell that says so can be a value."""
    return is_example(row) and (order < _NEAR_TOP or filled(row) > 1)


def _is_note(row: Row, shape: Shape) -> bool:
    """Whether a row of one or two cells in a wider table begins like a note."""
    return shape.usual >= 3 and 0 < filled(row) <= 2 and _is_marked(row)


def is_repeated(row: Row, header: Row) -> bool:
    """Whether a row repeats the header, give or take a cell."""
    named = [column for column, head in enumerate(header) if head and column < len(row)]
    if not named or not _same(row, header, named[:3]) >= min(2, len(named)):
        return False
    if len(named) == 1:
        return filled(row) == 1
    return _same(row, header, named) >= max(2, len(named) * 0.8)


def _same(row: Row, header: Row, columns: list[int]) -> int:
    return sum(folded(row[column]) == folded(header[column]) != "" for column in columns)


def is_total(row: Row) -> bool:
    """Whether the first filled cell says total and all that follow are figures."""
    full = [unicodedata.normalize("NFKC", cell).strip() for cell in row if cell.strip()]
    if len(full) < 2 or not _TOTAL.fullmatch(re.sub(r"\s|[()]", "", full[0])):
        return False
    return all(_FIGURE.fullmatch(cell) for cell in full[1:])


def _is_subtotal(row: Row, shape: Shape) -> bool:
    """Whether a row among the data is a total: the word, figures, and what every row holds anyway."""
    # Asked of every row, so the first cells decide whether to look any further.
    start = "".join(row[:_FIRST])
    if not any(mark in start for mark in _TOTAL_MARKS):
        return False
    cells = [(at, unicodedata.normalize("NFKC", cell).strip()) for at, cell in enumerate(row) if cell.strip()]
    own = [cell for at, cell in cells if shape.constant.get(at) != row[at]]
    word = own[0] if own else ""
    return len(own) >= 2 and _is_total_word(word) and all(map(_FIGURE.fullmatch, own[1:]))


def _is_total_word(word: str) -> bool:
    return _SUBTOTAL.fullmatch(re.sub(r"\s", "", word)) is not None


def is_hollow(row: Row, shape: Shape) -> bool:
    """Whether a row holds nothing but a running number and what every row holds anyway."""
    if shape.usual < 2 or filled(row) > shape.usual * 0.5:
        return False
    return all(_says_nothing(cell, column, shape) for column, cell in enumerate(row) if cell.strip())


def _says_nothing(cell: str, column: int, shape: Shape) -> bool:
    if column in shape.running and cell.strip().isdecimal():
        return True
    return shape.constant.get(column) == cell


def shape_of(header: Row, rows: list[Row]) -> Shape:
    """Learn the usual row from the fullest rows of a table, for most may be empty form lines."""
    counts = sorted(map(filled, rows), reverse=True)
    usual = counts[min(len(counts) // 20, 10)] if counts else 0
    full = [row for row, count in zip(rows, map(filled, rows), strict=True) if count > usual * 0.5][:500]
    columns = list(zip_longest(*full, fillvalue=""))
    running = frozenset(at for at, cells in enumerate(columns) if _runs(cells))
    constant = {at: cells[0] for at, cells in enumerate(columns) if _is_constant(cells)}
    return Shape(header, usual, running, constant)


def _is_constant(cells: tuple[str, ...]) -> bool:
    return len(cells) >= 3 and bool(cells[0]) and len(set(cells)) == 1


def _runs(cells: tuple[str, ...]) -> bool:
    """Whether most neighbours in a column count upwards."""
    if len(cells) < 2 or not any(cell.strip().isdecimal() for cell in cells[:4]):
        return False
    numbers = list(map(_small_number, cells))
    return sum(map(_follows, numbers, numbers[1:])) >= (len(cells) - 1) * 0.8


def _small_number(cell: str) -> int | None:
    bare = cell.strip()
    return int(bare) if bare.isdecimal() and len(bare) < 10 else None


def _follows(number: int | None, following: int | None) -> bool:
    return number is not None and following is not None and 0 < following - number <= 3


def trailing(rows: Iterable[tuple[int, Row]], shape: Shape, *, after_blank: set[int]) -> dict[int, str]:
    """Codes of the rows at the end that are not data, by index; `rows` come from the last one upwards.

    `after_blank` are the indices that follow a blank row.
    """
    codes: dict[int, str] = {}
    pending: list[int] = []
    for index, row in rows:
        if is_hollow(row, shape):
            codes[index] = "template-row"
        elif is_total(row):
            codes[index] = "total-row"
        elif _could_be_note(row, shape):
            pending.append(index)
            if _is_surely_note(row, after_blank=index in after_blank):
                codes.update(dict.fromkeys(pending, "note-row"))
                pending.clear()
        else:
            break
    return codes


def _is_surely_note(row: Row, *, after_blank: bool) -> bool:
    return after_blank or _is_marked(row)


def _could_be_note(row: Row, shape: Shape) -> bool:
    return shape.usual >= 3 and filled(row) <= max(1, shape.usual // 3) and filled(row) <= 3


def _is_marked(row: Row) -> bool:
    text = unicodedata.normalize("NFKC", next(cell for cell in row if cell.strip())).strip()
    return _NOTE.match(text) is not None
