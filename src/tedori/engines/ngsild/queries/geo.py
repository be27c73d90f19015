"""Geo-queries (clause 4.10): georel, geometry and coordinates read to a checked reference geometry."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from shapely import GEOSException, from_geojson, make_valid, to_geojson
from shapely.geometry.base import BaseGeometry

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.queries.limits import too_complex
from tedori.engines.ngsild.queries.parsing import Context
from tedori.engines.ngsild.queries.tree import Geo

RELATIONS = ("near", "within", "contains", "overlaps", "intersects", "equals", "disjoint")
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
MAX_LENGTH = 200_000
MAX_POSITIONS = 5_000
_NEAR = re.compile(
    r"near\s*;\s*(max|min)Distance\s*==\s*((?:0|[1-9]\d{0,8})(?:\.\d{1,9})?(?:[eE][+-]?\d{1,2})?)", re.ASCII
)
DEFAULT = "location"


def parse_geo(
    georel: str | None, geometry: str | None, coordinates: Any, geoproperty: str | None, context: Context
) -> Geo | None:
    """The geo-query, or None when nothing is asked.

    `coordinates` is JSON text or its value. `relation` of the result is one of RELATIONS, near being `near`
    (at most `distance` metres away) or `far` (at least).
    """
    given = {"georel": georel, "geometry": geometry, "coordinates": coordinates}
    if not any(given.values()):
        return None
    for where, value in given.items():
        if not value:
            raise bad_request(
                f"A geo-query needs georel, geometry and coordinates; {where} is missing", where=where
            )
    relation, distance = _relation(str(georel))
    shape, text = reference(str(geometry), coordinates)
    return Geo(relation, text, context.expand(geoproperty or DEFAULT), shape.bounds, distance)


def reference(geometry: str, coordinates: Any, *, where: str = "coordinates") -> tuple[BaseGeometry, str]:
    """A geometry of a query as a shape and as GeoJSON text; BadRequestData if it is none."""
    if geometry not in DEPTHS:
        raise bad_request(f"geometry is one of {', '.join(DEPTHS)}", detail=geometry, where="geometry")
    value = _coordinates(coordinates, where)
    if _positions(value, DEPTHS[geometry], where) > MAX_POSITIONS:
        raise too_complex("positions", MAX_POSITIONS)
    for rings in {"Polygon": [value], "MultiPolygon": value}.get(geometry, ()):
        _closed(rings, where)
    text = json.dumps({"type": geometry, "coordinates": value}, separators=(",", ":"))
    try:
        shape = from_geojson(text)
    except GEOSException as error:
        raise _wrong(str(error), where) from None
    if not shape.is_valid:  # a ring that crosses itself still says which area is meant
        shape = make_valid(shape, method="structure")
        text = to_geojson(shape)
    if shape.is_empty or geometry.removeprefix("Multi") != shape.geom_type.removeprefix("Multi"):
        raise _wrong("the geometry is empty", where)
    return shape, text


def _relation(georel: str) -> tuple[str, float | None]:
    name = georel.split(";")[0].strip()
    if name not in RELATIONS:
        raise bad_request(f"georel is one of {', '.join(RELATIONS)}", detail=georel, where="georel")
    if name != "near":
        if georel.strip() != name:
            raise bad_request(f"{name} takes no modifier", detail=georel, where="georel")
        return name, None
    found = _NEAR.fullmatch(georel.strip())
    if not found or float(found[2]) <= 0:
        hint = "near;maxDistance==2000 or near;minDistance==2000, in metres, above 0"
        raise bad_request("near needs one distance", detail=f"{georel}; for example {hint}", where="georel")
    return ("near" if found[1] == "max" else "far"), float(found[2])


def _coordinates(coordinates: Any, where: str) -> Any:
    if not isinstance(coordinates, str):
        return coordinates
    if len(coordinates) > MAX_LENGTH:
        raise too_complex("characters in coordinates", MAX_LENGTH)
    try:
        return json.loads(coordinates)
    except (ValueError, RecursionError):
        raise _wrong("coordinates are a JSON array", where) from None


def _positions(value: Any, depth: int, where: str) -> int:
    """How many positions a value of this depth holds; every one is checked."""
    if not isinstance(value, (list, tuple)) or not value:
        raise _wrong("the nesting of the array does not fit the geometry", where)
    if depth:
        return sum(_positions(inner, depth - 1, where) for inner in value)
    numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in value)
    if not numbers or not 2 <= len(value) <= 3 or not all(map(math.isfinite, value)):
        raise _wrong("a position is [longitude, latitude]", where)
    if abs(value[0]) > 180 or abs(value[1]) > 90:
        raise _wrong(
            f"{value[0]}, {value[1]} lies outside of 180 and 90 degrees; longitude comes first", where
        )
    return 1


def _closed(rings: Any, where: str) -> None:
    for ring in rings:
        if len(ring) < 4 or list(ring[0]) != list(ring[-1]):
            raise _wrong("a ring has four positions or more, the last equal to the first", where)


def _wrong(detail: str, where: str) -> NgsiLdError:
    return bad_request("The geometry of the query cannot be read", detail=detail, where=where)
