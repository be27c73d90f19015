"""Coordinate systems in which places are asked for and given."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.exceptions import ProjError

from tedori.services.datasets.rules.asking import BadParameter
from tedori.services.datasets.rules.asking import box as degrees_box

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
SYSTEMS = {
    CRS84: "OGC:CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/4326": "EPSG:4326",
    "http://www.opengis.net/def/crs/EPSG/0/6668": "EPSG:6668",
    "http://www.opengis.net/def/crs/EPSG/0/3857": "EPSG:3857",
}


def system(name: str, text: str) -> str:
    """The address of a coordinate system that is offered, from its address or short name; CRS84 for none."""
    wanted = text.strip("[]") or CRS84
    for address, short in SYSTEMS.items():
        if wanted in (address, short):
            return address
    raise BadParameter(name=name, value=text[:80], example=f"{name}={CRS84}", where=name)


@lru_cache(maxsize=16)
def _between(start: str, end: str) -> Transformer:
    return Transformer.from_crs(SYSTEMS[start], SYSTEMS[end])


def given(longitudes: np.ndarray, latitudes: np.ndarray, *, crs: str) -> list[tuple[float, float]]:
    """Places in a system, in the order of its axes; what is unknown stays NaN."""
    if crs == CRS84:
        return list(zip(longitudes.tolist(), latitudes.tolist(), strict=True))
    x, y = _between(CRS84, crs).transform(longitudes, latitudes)
    lost = ~np.isfinite(x) | ~np.isfinite(y)
    x, y = np.where(lost, np.nan, x), np.where(lost, np.nan, y)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def box(text: str, *, crs: str) -> tuple[float, float, float, float]:
    """A box in a system as west, south, east, north in degrees; raises BadParameter."""
    if crs == CRS84:
        return degrees_box(text)
    problem = BadParameter(name="bbox", value=text[:80], example="bbox=139.7,35.6,139.8,35.7", where="bbox")
    try:
        numbers = [float(part) for part in text.split(",")]
        if len(numbers) == 6:
            numbers = [*numbers[:2], *numbers[3:5]]
        left, bottom, right, top = numbers
        if left > right or bottom > top or not all(map(isfinite, numbers)):
            raise problem
        found = _between(crs, CRS84).transform_bounds(left, bottom, right, top)
    except (ValueError, ProjError) as error:
        raise problem from error
    if not all(map(isfinite, found)):
        raise problem
    return found


def in_degrees(geometry: Any, *, crs: str) -> Any:
    """A geometry of a system in CRS84."""
    if crs == CRS84:
        return geometry
    change = _between(crs, CRS84)
    return shapely.transform(geometry, lambda x, y: change.transform(x, y), interleaved=False)
