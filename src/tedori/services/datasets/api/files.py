"""Whole datasets as files, written piece by piece while they are sent."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from typing import IO

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from django.utils.translation import gettext_lazy as _

from tedori.engines.tabular.writing import harmless, neutral
from tedori.kernel.errors import UserError, Words
from tedori.services.datasets.api.forms import feature_id
from tedori.services.datasets.queries.exporting import Export
from tedori.services.datasets.queries.shelves import CODE, TYPES, without_gaps
from tedori.services.datasets.rules.frames import KEY, LAT, LON

CHUNK = 1 << 18
SHEET_ROWS = 1_048_575
SHEET_TEXT = 32_767
BOM = b"\xef\xbb\xbf"
ARROW = {"Int64": pa.int64(), "Float64": pa.float64(), "String": pa.string()}


class SheetFull(UserError):
    """More rows than a sheet holds."""

    code = "too-many-rows"
    status = 413
    words = Words(
        _("Excelのシートに入る行数を超えています。"),
        _("CSVかParquetを使うか、municipality で発行者を選んでください。"),
    )


def csv_chunks(export: Export) -> Iterator[bytes]:
    """UTF-8 with BOM; nothing in it runs as a formula."""
    yield BOM + _csv(pl.DataFrame({"": [neutral(name) for name in export.header]}).transpose())
    for piece in export.pieces():
        yield _csv(harmless(piece))


def _csv(piece: pl.DataFrame) -> bytes:
    text = io.BytesIO()
    piece.write_csv(text, include_header=False, line_terminator="\r\n")
    return text.getvalue()


def geojson_chunks(export: Export) -> Iterator[bytes]:
    """A FeatureCollection; a row without a known place has no geometry."""
    yield b'{"type":"FeatureCollection","features":['
    comma = b"\n"
    for piece in export.pieces():
        features = [_feature(values) for values in piece.to_dicts()]
        if features:
            yield comma + b",\n".join(features)
            comma = b",\n"
    yield b"\n]}\n"


def _feature(values: dict) -> bytes:
    latitude, longitude = values[LAT], values[LON]
    known = latitude is not None and longitude is not None
    return orjson.dumps(
        {
            "type": "Feature",
            "id": feature_id(values[CODE], values[KEY]),
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]} if known else None,
            "properties": without_gaps(values),
        }
    )


def parquet_chunks(export: Export) -> Iterator[bytes]:
    """Parquet; texts stay as they are, no spreadsheet runs it."""
    fields = [(name, ARROW[str(TYPES.get(name, pl.String))]) for name in export.header]
    schema = pa.schema(fields)
    with tempfile.TemporaryFile() as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for piece in export.pieces():
                writer.write_table(piece.to_arrow().cast(schema))
        yield from _read(file)


def xlsx_chunks(export: Export) -> Iterator[bytes]:
    """One sheet of texts and numbers, nothing a formula, nothing a link."""
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet("データ")
            sheet.freeze_panes(1, 0)
            bold = book.add_format({"bold": True})
            for column, name in enumerate(export.header):
                sheet.write_string(0, column, name, bold)
            _write_rows(sheet, export)
        yield from _read(file)


def _write_rows(sheet: xlsxwriter.worksheet.Worksheet, export: Export) -> None:
    row = 0
    for piece in export.pieces():
        for cells in harmless(piece).iter_rows():
            row += 1
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell[:SHEET_TEXT])
                elif cell is not None:
                    sheet.write_number(row, column, cell)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


WRITERS = {
    "csv": csv_chunks,
    "xlsx": xlsx_chunks,
    "geojson": geojson_chunks,
    "parquet": parquet_chunks,
}


def chunks(export: Export, kind: str) -> Iterator[bytes]:
    """The file piece by piece; raises SheetFull before the first one."""
    if kind == "xlsx" and export.rows > SHEET_ROWS:
        raise SheetFull(where=export.slug)
    return WRITERS[kind](export)
