"""Workbooks: sheets as grids of the texts that a person sees."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tedori.engines.tabular.reading import oldbooks, sheetxml
from tedori.engines.tabular.reading.cellvalues import Sheet, text_of, without_margins
from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.grids import Grid, Row
from tedori.engines.tabular.reading.limits import Limits
from tedori.engines.tabular.reading.refusals import Declined
from tedori.engines.tabular.reading.sheetxml import Overlay
from tedori.engines.tabular.values import Finding

_NAMED = 6
_OLE_NAMES = {
    name: name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book", "WordDocument")
}


def ole_kind(data: bytes) -> str:
    """Tell an old workbook ("xls") from an encrypted one; raises Declined for other OLE files."""
    if _OLE_NAMES["EncryptedPackage"] in data:
        raise Declined("encrypted-workbook")
    if _OLE_NAMES["Workbook"] in data or _OLE_NAMES["Book"] in data:
        return "xls"
    what = "Word" if _OLE_NAMES["WordDocument"] in data else "OLE"
    raise Declined("not-a-table", what=what)


def sheets_of(data: bytes, kind: str, *, limits: Limits) -> list[Sheet]:
    """All sheets with cells; raises Declined when the workbook is protected, damaged or too vast."""
    if kind == "xls":
        return oldbooks.sheets_of(data)
    if kind != "xlsx":
        raise Declined("old-format", what=kind.upper())
    return _sheets(data, limits)


def _sheets(data: bytes, limits: Limits) -> list[Sheet]:
    overlays = sheetxml.overlays(data)
    for name, overlay in overlays.items():
        # The library lays out the whole area in memory; one stray cell far away would end the process.
        if overlay.rows * overlay.columns > limits.cells:
            where = f"{name}: {overlay.rows:,}×{overlay.columns:,}"
            raise Declined("sheet-too-vast", what=where)
    with _guarded():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for meta in workbook.sheets_metadata:
        if meta.typ == SheetTypeEnum.WorkSheet:
            grid = _grid(workbook, meta.name, overlays.get(meta.name, Overlay()))
            sheets.append(Sheet(meta.name, meta.visible == SheetVisibleEnum.Visible, grid))
    return sheets


@contextmanager
def _guarded(where: str = "") -> Iterator[None]:
    """Turn what the workbook library raises over damaged files into a refusal.

    Its panics reach Python as a BaseException of a class that cannot be imported, hence the test by name.
    """
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        protected = "password" in str(error).lower() or "encrypt" in str(error).lower()
        raise _broken(error, where, "encrypted-workbook" if protected else "broken-workbook") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _broken(error, where, "broken-workbook") from None


def _broken(error: BaseException, where: str, code: str) -> Declined:
    return Declined(code, what=f"{where}: {_short(error)}" if where else _short(error))


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120]


def _grid(workbook: CalamineWorkbook, name: str, overlay: Overlay) -> Grid:
    with _guarded(name):
        sheet = workbook.get_sheet_by_name(name)
        cells = sheet.to_python(skip_empty_area=True)
        merged = sheet.merged_cell_ranges or []
    top, left = sheet.start or (0, 0)
    rows = [[*[""] * left, *map(text_of, row)] for row in cells]
    findings = _overlay(rows, overlay, top=top)
    merges = tuple((a[0] + 1, a[1], b[0] + 1, b[1]) for a, b in merged)
    rows = without_margins(rows)
    return Grid(rows, list(range(top + 1, top + 1 + len(rows))), merges, findings)


def _overlay(rows: list[Row], overlay: Overlay, *, top: int) -> tuple[Finding, ...]:
    """Put in what the plain reading lost: leading zeros of number formats, error cells."""
    for (row, column), text in overlay.texts.items():
        if 0 <= row - 1 - top < len(rows) and column < len(rows[row - 1 - top]):
            rows[row - 1 - top][column] = text
    errors = tuple(find("error-cell", row=row, value=value) for row, value in overlay.errors)
    return (*errors, *_hidden(overlay))


def _hidden(overlay: Overlay) -> tuple[Finding, ...]:
    """Say that hidden rows and columns were read: hiding is for the screen, the values are in the file."""
    told = []
    if overlay.hidden_rows:
        told.append(find("hidden-rows", row=overlay.hidden_rows[0], count=len(overlay.hidden_rows)))
    if overlay.hidden_columns:
        named = "、".join(overlay.hidden_columns[:_NAMED]) + ("…" if overlay.hidden_columns[_NAMED:] else "")
        told.append(find("hidden-columns", value=named, count=len(overlay.hidden_columns)))
    return tuple(told)
