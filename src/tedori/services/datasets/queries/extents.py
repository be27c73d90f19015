"""Reads where the rows of published versions lie, from the statistics of the lake's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyarrow.parquet as pq

from tedori.kernel.lake.store import house_lake
from tedori.services.datasets.queries.values import PublishedVersion
from tedori.services.datasets.rules.frames import LAT, LON


@dataclass(frozen=True, slots=True)
class Extent:
    """West, south, east and north in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """The four numbers as a bbox."""
        return self.west, self.south, self.east, self.north


def extent(versions: Sequence[PublishedVersion]) -> Extent | None:
    """The box around all rows with a place; None when no row has one."""
    lake = house_lake()
    found = [one for version in versions if (one := _of_file(str(lake.path(version.path))))]
    if not found:
        return None
    return Extent(
        min(one.west for one in found),
        min(one.south for one in found),
        max(one.east for one in found),
        max(one.north for one in found),
    )


@lru_cache(maxsize=20_000)
def _of_file(path: str) -> Extent | None:
    """Files of the lake never change, so each is looked at once."""
    meta = pq.read_metadata(path)
    lows, highs = [], []
    for group in range(meta.num_row_groups):
        columns = {
            meta.row_group(group).column(index).path_in_schema: meta.row_group(group).column(index)
            for index in range(meta.num_columns)
        }
        said = [columns[name].statistics for name in (LON, LAT)]
        if all(one is not None and one.has_min_max for one in said):
            lows.append([one.min for one in said])
            highs.append([one.max for one in said])
    if not lows:
        return None
    (west, south), (east, north) = map(min, zip(*lows, strict=True)), map(max, zip(*highs, strict=True))
    return Extent(west, south, east, north)
