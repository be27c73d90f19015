"""Reads what the adopter supplied for the engine: towns, a nationwide list of codes, areas."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import orjson
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from tedori.engines.tabular.pipeline import Means
from tedori.engines.tabular.supplies import codes_from, gazetteer_from
from tedori.services.datasets.queries.outlines import PLACE as AREAS

TOWNS, CODES = Path("supplies") / "towns.csv", Path("supplies") / "codes.csv"


def means(home: Path) -> Means:
    """What lies in the data folder for the engine; what is not there is left out."""
    return Means(
        codes=_known(codes_from, home / CODES) or {},
        gazetteer=_known(gazetteer_from, home / TOWNS),
        boundaries=_known(_areas, home / AREAS) or {},
    )


def _known(reader: Callable[[Path], object], path: Path) -> object | None:
    """What a file says; read again only when it has changed."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return _read(reader, path, (found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=8)
def _read(reader: Callable[[Path], object], path: Path, stamp: tuple[int, int]) -> object:
    return reader(path)


def _areas(path: Path) -> dict[str, BaseGeometry]:
    features = orjson.loads(path.read_bytes())["features"]
    return {one["properties"]["code"]: shape(one["geometry"]) for one in features}
