"""Published rows laid out for quick answers: one shelf per dataset, all organisations on it.

A shelf is made from the lake's immutable files and never changes; when a version is published or retracted,
a new shelf takes its place. Rows lie in the order organisation code, key, so that a cursor stays good while
others publish. Each row is turned into JSON once, when somebody first asks for it.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import orjson
import polars as pl

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.queries.values import PublishedVersion
from tedori.services.datasets.rules.frames import EXTRA, KEY, LAT, LON, ROW
from tedori.vocabulary.folding import narrow

CODE, VERSION, SOURCE = "_organisation", "_version", "_source"
PROVENANCE = (CODE, VERSION, SOURCE, ROW, KEY, LAT, LON)
TYPES = {
    CODE: pl.String, VERSION: pl.Int64, SOURCE: pl.String, ROW: pl.Int64, KEY: pl.String,
    LAT: pl.Float64, LON: pl.Float64,
}  # fmt: skip
BESIDE = "\x1f"
LINES_KEPT = 100_000  # rows of a shelf that are remembered as JSON
ORDERS_KEPT = 16  # items of a shelf whose order is remembered


class Shelf:
    """All public rows of one dataset, with what is needed to find and hand them out fast.

    Rows are known by their number on the shelf; answers are arrays of such numbers, ascending.
    """

    def __init__(self, slug: str, versions: Sequence[PublishedVersion], lake: Path) -> None:
        self.slug = slug
        self.versions = tuple(versions)
        self.etag = etag_of(versions)
        self.frame = whole_frame(slug, versions, lake)
        self.columns = tuple(name for name in self.frame.columns if name not in TYPES)
        self._lines: dict[int, bytes] = {}
        self._orders: OrderedDict[str, tuple[pl.Series, np.ndarray]] = OrderedDict()

    def __len__(self) -> int:
        return self.frame.height

    @cached_property
    def latitudes(self) -> np.ndarray:
        """Degrees north, NaN where unknown."""
        return self.frame[LAT].fill_null(float("nan")).to_numpy()

    @cached_property
    def longitudes(self) -> np.ndarray:
        """Degrees east, NaN where unknown."""
        return self.frame[LON].fill_null(float("nan")).to_numpy()

    @cached_property
    def placed(self) -> np.ndarray:
        """The rows whose place is known."""
        return np.flatnonzero(~np.isnan(self.latitudes) & ~np.isnan(self.longitudes))

    @cached_property
    def ranges(self) -> dict[str, tuple[int, int]]:
        """Organisation code → its first row and the row after its last."""
        counted = self.frame.group_by(CODE, maintain_order=True).len()
        ends = np.cumsum(counted["len"].to_numpy()).tolist()
        return {
            code: (end - length, end)
            for code, length, end in zip(counted[CODE], counted["len"], ends, strict=True)
        }

    @cached_property
    def _cursors(self) -> pl.Series:
        return self.frame[CODE] + BESIDE + self.frame[KEY]

    @cached_property
    def _northwards(self) -> tuple[np.ndarray, np.ndarray]:
        """The placed rows from south to north, and their latitudes."""
        order = self.placed[np.argsort(self.latitudes[self.placed], kind="stable")]
        return order, self.latitudes[order]

    @cached_property
    def _folded(self) -> pl.Series:
        texts = [pl.col(name).fill_null("") for name in self.columns]
        joined = self.frame.select(pl.concat_str(texts, separator=BESIDE).alias("text"))["text"]
        return joined.str.normalize("NFKC").str.to_lowercase()

    def cursor(self, row: int) -> str:
        """The place of a row in the order, as organisation code and key."""
        return self._cursors[row]

    def after(self, cursor: str) -> int:
        """The first row behind a cursor, whether or not that row is still there."""
        return int(self._cursors.search_sorted(cursor, side="right"))

    def find(self, code: str, key: str) -> int | None:
        """The row with this key of this organisation, or None."""
        cursor = code + BESIDE + key
        row = int(self._cursors.search_sorted(cursor, side="left"))
        return row if row < len(self) and self._cursors[row] == cursor else None

    def rows_of(self, codes: Iterable[str]) -> np.ndarray:
        """The rows of some organisations."""
        spans = sorted(self.ranges[code] for code in set(codes) if code in self.ranges)
        return np.concatenate([np.arange(start, end) for start, end in spans] or [np.arange(0)])

    def rows_inside(self, west: float, south: float, east: float, north: float) -> np.ndarray:
        """The rows inside a box of degrees; a box whose west is east of its east spans 180°."""
        order, latitudes = self._northwards
        rows = order[np.searchsorted(latitudes, south) : np.searchsorted(latitudes, north, side="right")]
        longitudes = self.longitudes[rows]
        if west <= east:
            inside = (longitudes >= west) & (longitudes <= east)
        else:
            inside = (longitudes >= west) | (longitudes <= east)
        return np.sort(rows[inside])

    def rows_equal(self, item: str, values: Sequence[str]) -> np.ndarray:
        """The rows whose item has one of the values."""
        ordered, rows = self._order(item)
        found = [
            rows[ordered.search_sorted(value, side="left") : ordered.search_sorted(value, side="right")]
            for value in set(values)
        ]
        return np.sort(np.concatenate(found)) if len(found) != 1 else found[0]

    def _order(self, item: str) -> tuple[pl.Series, np.ndarray]:
        """The values of an item in ascending order, and the rows in which they stand; empty ones apart."""
        known = self._orders.get(item)
        if known is None:
            filled = self.frame.select(pl.col(item).alias("value"), pl.int_range(pl.len()).alias("row"))
            filled = filled.drop_nulls("value").sort("value", "row")
            known = self._orders[item] = (filled["value"], filled["row"].to_numpy())
            while len(self._orders) > ORDERS_KEPT:
                self._orders.popitem(last=False)
        return known

    def rows_with_text(self, text: str) -> np.ndarray:
        """The rows that hold every word of the text in any item, width and case apart."""
        mask = np.ones(len(self), dtype=bool)
        for word in narrow(text).lower().split():
            mask &= self._folded.str.contains(word, literal=True).to_numpy()
        return np.flatnonzero(mask)

    def lines(self, rows: Sequence[int]) -> list[bytes]:
        """Rows as JSON objects: the items, the extra columns that are filled, where the row comes from."""
        known = self._lines
        new = [row for row in rows if row not in known]
        if new:
            if len(known) > LINES_KEPT:
                known = self._lines = {row: known[row] for row in rows if row in known}
            for row, values in zip(new, self.frame[new].to_dicts(), strict=True):
                known[row] = orjson.dumps(without_gaps(values))
        return [known[row] for row in rows]


def without_gaps(values: dict) -> dict:
    """A row without the extra columns that only other organisations have."""
    return {name: value for name, value in values.items() if value is not None or not name.startswith(EXTRA)}


def etag_of(versions: Sequence[PublishedVersion]) -> str:
    """32 hex digits that change when any of the versions does."""
    digest = hashlib.sha256()
    for version in versions:
        digest.update(f"{version.organisation}/{version.number}/{version.sha256};".encode())
    return digest.hexdigest()[:32]


def columns_of(slug: str, found: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The items in standard order, then the extra columns in the order of their appearance."""
    items = [item.name for item in standard()[slug].items] if slug in standard() else []
    others = (name for names in found for name in names if name not in TYPES)
    return tuple(dict.fromkeys((*items, *others)))


def with_origin(frame: pl.DataFrame, version: PublishedVersion, columns: Sequence[str]) -> pl.DataFrame:
    """A version's rows with exactly these columns, then where each row comes from."""
    absent = [pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(
        *absent,
        pl.lit(version.organisation).alias(CODE),
        pl.lit(version.number, pl.Int64).alias(VERSION),
        pl.lit(version.source_name).alias(SOURCE),
    ).select(*columns, *PROVENANCE)


def whole_frame(slug: str, versions: Sequence[PublishedVersion], lake: Path) -> pl.DataFrame:
    """The rows of all versions, one below the other; a column that one lacks is null there."""
    frames = [pl.read_parquet(lake / version.path) for version in versions]
    columns = columns_of(slug, [frame.columns for frame in frames])
    if not frames:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String) | TYPES)
    parts = [with_origin(*pair, columns) for pair in zip(frames, versions, strict=True)]
    return pl.concat(parts).sort(CODE, KEY)
