"""The standard frame as files for everyone: CSV, XLSX, GeoJSON, Parquet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import polars as pl
import xlsxwriter

from tedori.engines.tabular.repairing.points import Axes
from tedori.engines.tabular.repairing.stage import axes_of
from tedori.engines.tabular.values import Definition, Message
from tedori.engines.tabular.writing.files import OutputRefused, atomically
from tedori.engines.tabular.writing.harmless import harmless

SHEET_ROWS = 1_048_576
SHEET_TEXT = 32_767
FEATURES_AT_ONCE = 10_000
INNER = ("_row",)


def public(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the columns that leave the house: without the engine's own, extra columns under their own names.

    An extra column that bears the name of an item keeps its prefix.
    """
    frame = frame.drop([name for name in INNER if name in frame.columns])
    plain = {name: name.removeprefix("extra:") for name in frame.columns if name.startswith("extra:")}
    taken = set(frame.columns)
    return frame.rename({name: bare for name, bare in plain.items() if bare and bare not in taken})


def write_csv(path: Path, frame: pl.DataFrame) -> Path:
    """Write UTF-8 with BOM, comma and CRLF, formulas made harmless; raises OutputRefused."""
    with atomically(path) as draft:
        harmless(public(frame)).write_csv(draft, include_bom=True, line_terminator="\r\n")
    return path


def write_parquet(path: Path, frame: pl.DataFrame) -> Path:
    """Write Parquet with zstd; raises OutputRefused."""
    with atomically(path) as draft:
        public(frame).write_parquet(draft, compression="zstd")
    return path


def write_xlsx(path: Path, frame: pl.DataFrame) -> Path:
    """Write one sheet of texts, nothing a formula, nothing a link; raises OutputRefused.

    Cells are texts, so codes keep their zeros; a sheet holds at most 1,048,575 rows.
    """
    frame = harmless(public(frame))
    if frame.height >= SHEET_ROWS:
        raise OutputRefused(
            "too-many-rows",
            Message(
                f"XLSXには{SHEET_ROWS - 1:,}行までしか入りません。CSVかParquetを使ってください。",
                f"XLSX holds at most {SHEET_ROWS - 1:,} rows. Use CSV or Parquet.",
            ),
        )
    with atomically(path) as draft:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(draft), options) as book:
            sheet = book.add_worksheet("データ")
            sheet.freeze_panes(1, 0)
            bold = book.add_format({"bold": True})
            for column, name in enumerate(frame.columns):
                sheet.write_string(0, column, name, bold)
            for row, cells in enumerate(frame.iter_rows(), 1):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write_string(row, column, str(cell)[:SHEET_TEXT])
    return path


def write_geojson(path: Path, frame: pl.DataFrame, definition: Definition | None = None) -> Path:
    """Write a feature per row, without geometry where the point is unknown; raises OutputRefused."""
    axes = _axes(frame, definition)
    points = _points(frame, axes)
    properties = public(frame)
    with atomically(path) as draft, draft.open("wb") as out:
        out.write(b'{"type":"FeatureCollection","features":[')
        for start in range(0, properties.height, FEATURES_AT_ONCE):
            part = properties.slice(start, FEATURES_AT_ONCE).to_dicts()
            where = points[start : start + FEATURES_AT_ONCE]
            features = [_feature(one, point) for one, point in zip(part, where, strict=True)]
            out.write((b",\n" if start else b"\n") + b",\n".join(features))
        out.write(b"\n]}\n")
    return path


def _feature(properties: dict[str, object], point: tuple[float, float] | None) -> bytes:
    geometry = None if point is None else {"type": "Point", "coordinates": point}
    return orjson.dumps({"type": "Feature", "geometry": geometry, "properties": properties})


def _axes(frame: pl.DataFrame, definition: Definition | None) -> Axes | None:
    if definition is not None:
        return axes_of(definition, frame.columns)
    ends = {name[-2:]: name for name in reversed(frame.columns)}
    lat, lon = ends.get("緯度"), ends.get("経度")
    return Axes(lat, lon) if lat and lon else None


def _points(frame: pl.DataFrame, axes: Axes | None) -> list[tuple[float, float] | None]:
    if axes is None:
        return [None] * frame.height
    numbers = frame.select(
        lon=pl.col(axes.longitude).cast(pl.Float64, strict=False),
        lat=pl.col(axes.latitude).cast(pl.Float64, strict=False),
    )
    return [
        None if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90) else (lon, lat)
        for lon, lat in numbers.iter_rows()
    ]


WRITERS: dict[str, Callable[[Path, pl.DataFrame], Path]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "geojson": write_geojson,
    "parquet": write_parquet,
}
