"""Turns a grid into the bytes of a file: delimited text in several encodings, workbook, archive, GeoJSON."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat

import xlsxwriter
from xlsxwriter.format import Format

from tedori.services.datasets.demo.kinds import kind_of
from tedori.services.datasets.demo.layout import Grid

CREATED = datetime(2026, 4, 1)  # noqa: DTZ001 - the format knows no zones
ISO = re.compile(r"^\d{4}-\d\d-\d\d$")
NUMBERS = frozenset(("integer", "lat", "lon"))
EXPLANATION = ("このファイルについて", "2枚目のシートにデータがあります。", "お問い合わせは情報政策課まで")
# The suffix that a workbook gets.
WORKBOOKS = {"xlsx": "xlsx", "xlsx-as-csv": "csv"}
TABBED = frozenset(("tsv-utf16", "tsv-as-xls"))


@dataclass(frozen=True, slots=True)
class Carried:
    """A file's bytes and what is true of their form."""

    data: bytes
    suffix: str
    format: str
    encoding: str
    delimiter: str
    sheet: str


def text_of(grid: Grid, *, delimiter: str, newline: str, quote: bool) -> str:
    """The grid as delimited text."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(grid.rows)
    return out.getvalue()


def _workbook(grid: Grid, kinds: list[str], dice: random.Random) -> tuple[bytes, str]:
    """The grid as XLSX, sometimes behind a sheet of explanations; gives the bytes and the sheet's name."""
    out = io.BytesIO()
    name = dice.choice(("Sheet1", "データ", "一覧"))
    typed = frozenset(grid.data) if dice.random() < 0.6 else frozenset()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    )
    book.set_properties({"created": CREATED})
    if dice.random() < 0.12:
        book.add_worksheet("説明").write_column(0, 0, EXPLANATION)
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy/m/d"})
    for number, row in enumerate(grid.rows):
        known = kinds if number in typed else ()
        for column, (value, kind) in enumerate(zip(row, chain(known, repeat("")), strict=False)):
            _put(sheet, number, column, value=value, kind=kind, day=day)
    book.close()
    return out.getvalue(), name


def _put(sheet, row: int, column: int, *, value: str, kind: str, day: Format) -> None:
    """One cell, as a number where a spreadsheet would make it one."""
    if kind in NUMBERS and value.replace(".", "", 1).isascii() and value.replace(".", "", 1).isdigit():
        sheet.write_number(row, column, float(value))
    elif kind == "date" and ISO.match(value):
        sheet.write_datetime(row, column, datetime.fromisoformat(value), day)
    elif value:
        sheet.write_string(row, column, value)


def _archive(data: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 0, 0, 0)), data)
    return out.getvalue()


def _geojson(grid: Grid, items: list[str]) -> bytes:
    """One feature per data row; the headings are the properties."""
    headers = grid.rows[grid.header]
    at = {kind_of(item): number for number, item in reversed(list(enumerate(items)))}
    features = []
    for index in grid.data:
        row = grid.rows[index]
        geometry = None
        try:
            point = [float(row[at["lon"]]), float(row[at["lat"]])]
            geometry = {"type": "Point", "coordinates": point}
        except (KeyError, ValueError):
            point = None
        properties = dict(zip(headers, row, strict=False))
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def carry(
    grid: Grid, carrier: str, *, items: list[str], newline: str, stem: str, dice: random.Random
) -> Carried:
    """The bytes of a grid in a carrier; `items` are the true sources of the columns."""
    if carrier == "geojson":
        return Carried(_geojson(grid, items), "geojson", "geojson", "utf-8", "", "")
    if carrier in WORKBOOKS:
        data, sheet = _workbook(grid, [kind_of(item) for item in items], dice)
        return Carried(data, WORKBOOKS[carrier], "xlsx", "", "", sheet)
    quote = dice.random() < 0.15
    if carrier in TABBED:
        text = text_of(grid, delimiter="\t", newline=newline, quote=quote)
        suffix = "xls" if carrier == "tsv-as-xls" else dice.choice(("tsv", "txt", "csv"))
        return Carried(b"\xff\xfe" + text.encode("utf-16-le"), suffix, "tsv", "utf-16le", "\t", "")
    return _with_commas(text_of(grid, delimiter=",", newline=newline, quote=quote), carrier, stem=stem)


def _with_commas(text: str, carrier: str, *, stem: str) -> Carried:
    """Comma-separated text in the encoding of the carrier, damaged or packed where the carrier is so."""
    if carrier == "double":
        damaged = text.encode("cp932").decode("latin-1").encode()
        return Carried(damaged, "csv", "csv", "utf-8", ",", "")
    encoding = {"csv-utf8-bom": "utf-8-sig", "csv-utf8": "utf-8"}.get(carrier, "cp932")
    data = text.encode(encoding)
    if carrier == "zip":
        return Carried(_archive(data, f"{stem}.csv"), "zip", "csv", encoding, ",", "")
    return Carried(data, "csv", "csv", encoding, ",", "")
