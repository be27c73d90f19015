"""Files that the tests make themselves: texts in any encoding and workbooks in memory."""

from __future__ import annotations

import io

import xlsxwriter

from tedori.engines.tabular.reading import read_bytes
from tedori.engines.tabular.values import Reading, Table

HEADER = "全国地方公共団体コード,ID,地方公共団体名,名称,所在地_連結表記,緯度,経度,電話番号,備考"
ROWS = (
    "131016,1,千代田区,千代田保健所,東京都千代田区九段北1-2-14,35.695,139.751,03-5211-8161,",
    "131016,2,千代田区,ちよだパークサイドプラザ,東京都千代田区神田和泉町1,35.697,139.776,03-3864-8931,土日も利用可",
    "131016,3,千代田区,髙齢者総合サポートセンター①,東京都千代田区九段南1-6-10,35.693,139.752,03-3265-1161,",
)


def lines(*rows: str, end: str = "\r\n") -> str:
    return "".join(row + end for row in rows)


PLAIN = lines(HEADER, *ROWS)


def reading_of(text: str | bytes, encoding: str = "utf-8", name: str = "file.csv") -> Reading:
    return read_bytes(text if isinstance(text, bytes) else text.encode(encoding), name=name)


def table_of(text: str | bytes, encoding: str = "utf-8") -> Table:
    reading = reading_of(text, encoding)
    assert reading.refusal is None, reading.refusal
    assert len(reading.tables) == 1
    return reading.tables[0]


def cells_of(table: Table) -> list[list[str]]:
    return [[cell or "" for cell in row[:-1]] for row in table.frame.iter_rows()]


def codes_of(findings) -> list[str]:
    return [finding.code for finding in findings]


def workbook(fill, **sheets) -> bytes:
    """A workbook written by `fill(book)`, or one sheet per keyword with rows of cells."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    if fill is not None:
        fill(book)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()
