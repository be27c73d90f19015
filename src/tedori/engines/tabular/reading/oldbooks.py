"""Workbooks of the old binary kind (XLS), by a reader whose failures are ordinary exceptions."""

from __future__ import annotations

import datetime
import io
import struct

import xlrd
from xlrd.compdoc import CompDocError

from tedori.engines.tabular.reading.cellvalues import Sheet, text_of, without_margins
from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.grids import Grid, Row
from tedori.engines.tabular.reading.refusals import Declined
from tedori.engines.tabular.reading.sheetxml import as_shown
from tedori.engines.tabular.values import Finding

# What the reader lets through over damaged files.
_DAMAGE = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    NotImplementedError,
    EOFError,
)
_MOST_ERRORS = 20


def sheets_of(data: bytes) -> list[Sheet]:
    """All sheets; raises Declined when the workbook is protected or damaged."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        return [Sheet(sheet.name, sheet.visibility == 0, _grid(book, sheet)) for sheet in book.sheets()]
    except _DAMAGE as error:
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise Declined("encrypted-workbook") from None
        raise Declined("broken-workbook", what=" ".join(str(error).split())[:120]) from None


def _grid(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Grid:
    findings: list[Finding] = []
    rows: list[Row] = []
    for number in range(sheet.nrows):
        cells = sheet.row(number)
        rows.append([_text(book, cell) for cell in cells])
        broken = [cell.value for cell in cells if cell.ctype == xlrd.XL_CELL_ERROR]
        findings += [find("error-cell", row=number + 1, value=_error(code)) for code in broken]
    merges = tuple((top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells)
    rows = without_margins(rows)
    return Grid(rows, list(range(1, len(rows) + 1)), merges, tuple(findings[:_MOST_ERRORS]))


def _error(code: int) -> str:
    return xlrd.error_text_from_code.get(code, "#ERROR")


def _text(book: xlrd.Book, cell: xlrd.sheet.Cell) -> str:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return ""
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return text_of(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return text_of(bool(cell.value))
    code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    shown = as_shown(repr(cell.value), code)
    if shown is not None:
        return shown
    return text_of(_moment(book, cell.value) if cell.ctype == xlrd.XL_CELL_DATE else cell.value)


def _moment(book: xlrd.Book, value: float) -> datetime.datetime | datetime.time:
    moment = xlrd.xldate_as_datetime(value, book.datemode)
    rounded = (moment + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
    return rounded.time() if value < 1 else rounded
