"""Reads rows of published versions out of the lake for people to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tedori.engines.tabular.definitions import standard
from tedori.kernel.lake.store import house_lake
from tedori.services.datasets.queries.values import PublishedVersion
from tedori.services.datasets.rules.frames import LAT, LON

NAMING = ("名称", "施設名", "イベント名", "制度名", "料理名", "品目", "地域名", "データセット名", "学校名")
"""Items that name a row, best first."""
DULL = (
    "全国地方公共団体コード",
    "ID",
    "地方公共団体名",
    "緯度",
    "経度",
    "都道府県コード又は市区町村コード",
    "NO",
)
"""Items that say nothing to a reader who already sees the publisher and the map."""
PARTS = ("_カナ", "_英字", "_都道府県", "_市区町村", "_町字", "_番地以下", "町字ID", "団体コード")
"""Ends of items that only take another item apart or repeat it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row to show: its values in the order of the items, its name, and where it is."""

    name: str
    values: tuple[str | None, ...]
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows with the items shown; `total` counts all rows of the version."""

    items: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int

    @property
    def placed(self) -> int:
        """How many of the rows shown have a place on the map."""
        return sum(row.latitude is not None for row in self.rows)


def page(version: PublishedVersion, *, offset: int = 0, limit: int = 100, every: bool = False) -> Rows:
    """Some rows of a version; without `every` only the items that best tell the rows apart."""
    frame = house_lake().open(version.path).slice(offset, limit).collect()
    items = _all_items(frame, version.slug) if every else _telling_items(frame, version.slug)
    return Rows(items, _rows(frame, items), version.rows)


def sample(versions: Sequence[PublishedVersion], *, each: int = 1) -> tuple[tuple[str, Row], ...]:
    """A few rows from the head of several versions of one dataset, with their publisher's code."""
    lake = house_lake()
    frames = [(version, lake.open(version.path).head(each).collect()) for version in versions]
    frames = [(version, frame) for version, frame in frames if frame.height]
    if not frames:
        return ()
    items = sample_items(versions[0].slug, [frame for _, frame in frames])
    return tuple((version.organisation, row) for version, frame in frames for row in _rows(frame, items))


def sample_items(slug: str, frames: Sequence[pl.DataFrame]) -> tuple[str, ...]:
    """The items that best tell the rows of several frames apart."""
    return _telling_items(pl.concat(frames, how="diagonal"), slug)


def _all_items(frame: pl.DataFrame, slug: str) -> tuple[str, ...]:
    return tuple(item.name for item in standard()[slug].items if item.name in frame.columns)


def _telling_items(frame: pl.DataFrame, slug: str, *, most: int = 6) -> tuple[str, ...]:
    present = [name for name in _all_items(frame, slug) if name not in DULL and not name.endswith(PARTS)]
    filled = {name: frame[name].is_not_null().sum() for name in present}
    named = [name for name in NAMING if filled.get(name)][:1]
    order = {item.name: (("必須", "推奨", "任意").index(item.demand)) for item in standard()[slug].items}
    others = sorted(
        (name for name in present if filled[name] and name not in named),
        key=lambda name: (order[name], -filled[name]),
    )
    chosen = {*named, *others[: most - len(named)]}
    return (*named, *(name for name in present if name in chosen and name not in named))


def _rows(frame: pl.DataFrame, items: tuple[str, ...]) -> tuple[Row, ...]:
    shown = [name if name in frame.columns else None for name in items]
    columns = [frame[name].to_list() if name else [None] * frame.height for name in shown]
    lats, lons = frame[LAT].to_list(), frame[LON].to_list()
    values = list(zip(*columns, strict=True)) if columns else [()] * frame.height
    return tuple(
        Row(next((value for value in row if value), ""), row, lat, lon)
        for row, lat, lon in zip(values, lats, lons, strict=True)
    )
