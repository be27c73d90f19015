"""What an adopter supplies beside the files: a table of 町丁目, a nationwide list of municipalities."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tedori.engines.tabular import reading
from tedori.engines.tabular.repairing import Gazetteer, Town
from tedori.engines.tabular.values import Table
from tedori.vocabulary.municipalities import complete_code

# Headings of the tables that are common for 町丁目, by what the column holds.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("全国地方公共団体コード", "市区町村コード", "code", "lg_code"),
    "town": ("町字名", "町丁目名", "大字町丁目名", "町字", "town"),
    "town_id": ("町字ID", "町字id", "machiaza_id", "town_id"),
    "latitude": ("緯度", "代表点_緯度", "lat", "latitude", "rep_lat"),
    "longitude": ("経度", "代表点_経度", "lng", "lon", "longitude", "rep_lon"),
}
NEEDED = ("code", "town")
# Headings of the lists of municipalities, white space and widths apart.
CODE_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("団体コード", "全国地方公共団体コード", "市区町村コード", "code", "lg_code"),
    "prefecture": ("都道府県名(漢字)", "都道府県名", "prefecture", "pref"),
    "city": ("市区町村名(漢字)", "市区町村名", "団体名", "city"),
}


class SuppliesRefused(Exception):
    """A file that an adopter supplied cannot be used: which one and what it should hold."""

    code = "supplies-refused"

    def __init__(self, path: Path, wanted: str) -> None:
        super().__init__(
            f"「{path}」を{wanted}として読めません。内容を確かめてください。 "
            f"{path} cannot be read as {wanted}. Check what it holds."
        )


def gazetteer_from(path: Path) -> Gazetteer:
    """Read a table of towns: columns for code and name of the town, if there are for its ID and point.

    Raises SuppliesRefused.
    """
    found = reading.read(path)
    if not found.tables:
        raise SuppliesRefused(path, "町丁目の表 (table of towns)")
    table = found.tables[0]
    columns = _columns(table, HEADINGS)
    if not columns.keys() >= set(NEEDED):
        raise SuppliesRefused(path, "町丁目の表 (table of towns)")
    return gazetteer_of(table.frame.select(pl.col(name).alias(part) for part, name in columns.items()))


def codes_from(path: Path) -> dict[str, str]:
    """Read a list of municipalities, code to name with its prefecture; raises SuppliesRefused."""
    wanted = "団体コードの一覧 (list of municipalities)"
    found = reading.read(path)
    tables = [(table, _columns(table, CODE_HEADINGS)) for table in found.tables]
    rows = [
        (complete_code(code.strip()), f"{prefecture or ''}{city}")
        for table, columns in tables
        if columns.keys() >= CODE_HEADINGS.keys()
        for code, prefecture, city in table.frame.select(columns[part] for part in CODE_HEADINGS).iter_rows()
        if code and city
    ]
    codes = {code: name for code, name in rows if code}
    if not codes:
        raise SuppliesRefused(path, wanted)
    return codes


def _columns(table: Table, headings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Which column of the frame holds what."""
    header = ["".join(unicodedata.normalize("NFKC", name or "").split()) for name in table.header]
    return {
        part: f"c{header.index(name)}"
        for part, names in headings.items()
        for name in reversed(names)
        if name in header
    }


def gazetteer_of(frame: pl.DataFrame) -> Gazetteer:
    """Make a gazetteer of a frame: code, town and, where known, town_id, latitude, longitude."""
    for part in HEADINGS:
        if part not in frame.columns:
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(part))
    frame = frame.with_columns(
        pl.col("code").str.zfill(6),
        pl.col("latitude", "longitude").cast(pl.Float64, strict=False),
    ).drop_nulls(["code", "town"])
    towns: dict[str, list[Town]] = {}
    for code, town, town_id, latitude, longitude in frame.select(list(HEADINGS)).iter_rows():
        towns.setdefault(code, []).append(Town(town, town_id, latitude, longitude))
    return Gazetteer({code: tuple(found) for code, found in towns.items()})
