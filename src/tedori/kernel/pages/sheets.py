"""Gives any table of a page as CSV too, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from django.http import HttpResponse

from tedori.kernel.pages.values import Cell, Link, Status, Table

# A spreadsheet takes a cell that starts so for a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def plain(cell: Cell) -> str:
    """A cell as text; a text that a spreadsheet would run is quoted with an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell)
    text = str(cell.text if isinstance(cell, Link) else cell.label if isinstance(cell, Status) else cell)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def sheet(table: Table, *, name: str) -> HttpResponse:
    """The table as a CSV file (UTF-8 with BOM, so that Excel reads it)."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([str(column.label) for column in table.columns])
    writer.writerows([plain(cell) for cell in row] for row in table.rows)
    response = HttpResponse(
        b"\xef\xbb\xbf" + file.getvalue().encode(), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
