"""Checks between datasets of one municipality: what one file says about the things in another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

import polars as pl

from tedori.engines.tabular.checking.rows import by_row, present
from tedori.engines.tabular.repairing.points import Axes, degrees
from tedori.engines.tabular.values import Finding
from tedori.engines.tabular.wording import finding

Frames = Mapping[str, pl.DataFrame]
# Two entries of one facility may be surveyed at two doors.
APART_METRES = 300.0
METRES_PER_DEGREE = 111_320.0
POINT = Axes("緯度", "経度")


def across(frames: Frames, *, names: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """Compare the frames of one municipality, by slug; `names` gives the title of each dataset."""
    titles = dict(names or {})
    findings: list[Finding] = []
    for check in CHECKS:
        findings += check(frames, titles)
    return tuple(findings)


def _title(titles: Mapping[str, str], slug: str) -> str:
    return titles.get(slug, slug)


def shelters(frames: Frames, titles: Mapping[str, str]) -> list[Finding]:
    """Compare shelters with the list of facilities: same name, other address or a point far away."""
    shelter, facility = frames.get("evacuation_space"), frames.get("public_facility")
    if (
        shelter is None
        or facility is None
        or not present(shelter, ("名称",))
        or not present(facility, ("名称",))
    ):
        return []
    other = _title(titles, "public_facility")
    pairs = _keyed(shelter, "名称").join(
        _keyed(facility, "名称").unique("key", keep="none"), on="key", suffix="_there", maintain_order="left"
    )
    north = (pl.col("lat") - pl.col("lat_there")) * METRES_PER_DEGREE
    east = (pl.col("lon") - pl.col("lon_there")) * METRES_PER_DEGREE * 0.82
    apart = pairs.with_columns(distance=(north**2 + east**2).sqrt().round(0)).filter(
        pl.col("distance") > APART_METRES
    )
    told = apart.select("row", "value", pl.col("distance").cast(pl.Int64), other=pl.lit(other))
    return by_row("across-far", "緯度", told)


def _keyed(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    table = pl.DataFrame({"row": frame["_row"], "value": frame[name]})
    if len(present(frame, (POINT.latitude, POINT.longitude))) == 2:
        table = table.hstack(degrees(frame, POINT))
    else:
        table = table.with_columns(lat=pl.lit(None, pl.Float64), lon=pl.lit(None, pl.Float64))
    return table.drop_nulls("value").with_columns(key=_folded(table["value"].drop_nulls()))


def _folded(values: pl.Series) -> pl.Series:
    return pl.Series([fold(value) for value in values], dtype=pl.String)


def fold(name: str) -> str:
    """Fold a name for comparing: width, blanks and the municipality before it do not count."""
    text = re.sub(r"[\s・･()（）「」]", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"^[^\s]{1,5}?[都道府県市区町村]立", "", text)


def schools(frames: Frames, titles: Mapping[str, str]) -> list[Finding]:
    """Compare the schools of districts and menus with the list of schools, and menus with districts."""
    findings: list[Finding] = []
    for one, other in (
        ("school_district", "educational_institution"),
        ("school_lunch", "educational_institution"),
        ("school_lunch", "school_district"),
    ):
        findings += _absent(frames, titles, one, other)
    return findings


SCHOOL_NAMES = {
    "school_district": "学校名称",
    "school_lunch": "学校名称",
    "educational_institution": "教育機関_学校名",
}


def _absent(frames: Frames, titles: Mapping[str, str], one: str, other: str) -> list[Finding]:
    here, there = frames.get(one), frames.get(other)
    item, item_there = SCHOOL_NAMES[one], SCHOOL_NAMES[other]
    if here is None or there is None or not present(here, (item,)) or not present(there, (item_there,)):
        return []
    known = {fold(name) for name in there[item_there].drop_nulls().unique()}
    names = (
        here.select(row="_row", value=item).drop_nulls().unique("value", keep="first", maintain_order=True)
    )
    absent = names.filter(pl.Series([fold(name) not in known for name in names["value"]], dtype=pl.Boolean))
    return by_row("across-missing", item, absent.with_columns(other=pl.lit(_title(titles, other))))


def catalogue(frames: Frames, titles: Mapping[str, str]) -> list[Finding]:
    """Compare the オープンデータ一覧 with the files that are really there."""
    listing = frames.get("open_data_list")
    if listing is None or not present(listing, ("データセット_タイトル",)):
        return []
    listed = {fold(title) for title in listing["データセット_タイトル"].drop_nulls().unique()}
    unlisted = [
        finding("across-unlisted", item="データセット_タイトル", value=_title(titles, slug))
        for slug in frames
        if slug != "open_data_list" and not _is_listed(fold(_title(titles, slug)), listed)
    ]
    return unlisted + _without_file(listing, frames, titles)


def _is_listed(title: str, listed: set[str]) -> bool:
    return any(title in other or other in title for other in listed)


def _without_file(listing: pl.DataFrame, frames: Frames, titles: Mapping[str, str]) -> list[Finding]:
    """Report listed datasets of the standard for which no file was given."""
    absent = {fold(title): title for slug, title in titles.items() if slug not in frames}
    rows = (
        listing.select(row="_row", value="データセット_タイトル")
        .drop_nulls()
        .unique("value", maintain_order=True)
    )
    missing = rows.filter(pl.Series([fold(value) in absent for value in rows["value"]], dtype=pl.Boolean))
    return by_row("across-no-file", "データセット_タイトル", missing)


CHECKS: tuple[Callable[[Frames, Mapping[str, str]], list[Finding]], ...] = (shelters, schools, catalogue)
