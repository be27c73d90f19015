"""Reads whole datasets out of the lake in pieces, each row with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow.parquet as pq

from tedori.kernel.lake.store import Lake, house_lake
from tedori.services.datasets.queries.shelves import PROVENANCE, columns_of, etag_of, with_origin
from tedori.services.datasets.queries.values import PublishedVersion
from tedori.services.datasets.queries.versions import published

PIECE = 20_000  # rows in memory at once


@dataclass(frozen=True, slots=True)
class Export:
    """The public versions of one dataset, of one publisher or of all, and the columns they have together."""

    slug: str
    versions: tuple[PublishedVersion, ...]
    columns: tuple[str, ...]
    lake: Lake

    @property
    def header(self) -> tuple[str, ...]:
        """All columns in their order: items, extra columns, where the row comes from."""
        return (*self.columns, *PROVENANCE)

    @property
    def etag(self) -> str:
        """Changes when any of the versions does."""
        return etag_of(self.versions)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(version.rows for version in self.versions)

    def pieces(self) -> Iterator[pl.DataFrame]:
        """The rows, at most PIECE at once, publisher by publisher."""
        for version in self.versions:
            file = pq.ParquetFile(self.lake.path(version.path))
            try:
                for batch in file.iter_batches(batch_size=PIECE):
                    yield with_origin(pl.from_arrow(batch), version, self.columns)
            finally:
                file.close()


def export(slug: str, *, organisations: Sequence[str] = ()) -> Export:
    """A dataset ready to be read out; of some publishers when their codes are given."""
    found = tuple(
        version for version in published(slug) if not organisations or version.organisation in organisations
    )
    lake = house_lake()
    names = [pq.read_schema(lake.path(version.path)).names for version in found]
    return Export(slug, found, columns_of(slug, names), lake)
