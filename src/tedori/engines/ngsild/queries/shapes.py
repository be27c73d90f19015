"""Relations and distances between geometries, by one definition for every place that evaluates a query.

Relations are those of OGC Simple Features on the plane of longitude and latitude. Distances are great-circle
metres on a sphere of the Earth's mean radius (haversine, as clause 4.23 asks for orders); to a line or an
area it is the distance to its nearest point, found edge by edge on the plane that touches the Earth at the
other geometry's position. That is within 0.5 % of the ellipsoid and needs nothing but arithmetic, so that
every database computes the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from shapely import GEOSException, Point, from_geojson, get_dimensions, get_parts, make_valid, prepare
from shapely.geometry.base import BaseGeometry

RADIUS = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG)."""
DEGREE = math.radians(1) * RADIUS
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Edges:
    """A geometry as its edges (x1, y1, x2, y2); a point is an edge of no length. `dimension` is 0, 1 or 2."""

    dimension: int
    edges: tuple[tuple[float, float, float, float], ...]


def holds(relation: str, geometry: str, reference: str, distance: float | None) -> bool:
    """Whether a stored geometry stands in the relation to the reference (both GeoJSON texts).

    near: at most `distance` metres away; far: farther. What is no geometry, or a collection (clause 4.6.3 has
    none), stands in no relation.
    """
    target, other = shape(geometry), prepared(reference)
    if target is None or other is None:
        return False
    if relation in ("near", "far"):
        return (metres_between(target, other) <= (distance or 0.0)) == (relation == "near")
    return _related(relation, target, other)


def spot(relation: str, x: float, y: float, reference: str) -> bool:
    """The same for a point."""
    other = prepared(reference)
    return other is not None and _related(relation, Point(x, y), other)


def _related(relation: str, target: BaseGeometry, other: BaseGeometry) -> bool:
    try:
        return bool(getattr(other, CONVERSE[relation])(target))
    except GEOSException:
        return False  # a stored geometry that crosses itself


def edges(geojson: str) -> Edges:
    """The edges of a reference geometry."""
    found = prepared(geojson)
    if found is None:
        raise ValueError("no geometry")
    return Edges(get_dimensions(found), tuple((*one, *other) for one, other in _segments(found)))


CONVERSE = {
    "within": "contains",
    "contains": "within",
    "intersects": "intersects",
    "disjoint": "disjoint",
    "equals": "equals",
    "overlaps": "overlaps",
}
"""The reference, which is prepared, is asked instead of the target."""


@lru_cache(maxsize=256)
def prepared(geojson: str) -> BaseGeometry | None:
    """The shape of a reference, made ready for many comparisons."""
    found = shape(geojson)
    if found is not None:
        prepare(found)
    return found


def shape(geojson: str) -> BaseGeometry | None:
    """The shape of a GeoJSON text, None if it is none that a query can speak of."""
    try:
        found: BaseGeometry = from_geojson(geojson)
    except (GEOSException, TypeError):
        return None
    if found.is_empty or found.geom_type == "GeometryCollection":
        return None
    return found if found.is_valid else make_valid(found, method="structure")


def distance(geometry: str, reference: str) -> float | None:
    """Metres between two GeoJSON texts, None if one is no geometry."""
    target, other = shape(geometry), shape(reference)
    return None if target is None or other is None else metres_between(target, other)


def metres_between(one: BaseGeometry, other: BaseGeometry) -> float:
    """Metres between the nearest points of two shapes, 0 if they touch."""
    if one.geom_type == other.geom_type == "Point":
        return metres(one.x, one.y, other.x, other.y)
    if one.intersects(other):
        return 0.0
    return min(_nearest(one, other), _nearest(other, one))


def metres(x1: float, y1: float, x2: float, y2: float) -> float:
    """Great-circle metres between two positions in degrees (haversine)."""
    across = (
        math.sin(math.radians(x2 - x1) / 2) ** 2 * math.cos(math.radians(y1)) * math.cos(math.radians(y2))
    )
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(math.sin(math.radians(y2 - y1) / 2) ** 2 + across)))


def reach(bounds: tuple[float, float, float, float], distance: float) -> tuple[float, float, float, float]:
    """The box of everything at most `distance` metres from a box, in degrees; whole turns near the poles."""
    west, south, east, north = bounds
    up = distance / DEGREE * 1.000001 + 1e-9
    widest = max(abs(south - up), abs(north + up))
    if widest >= 89.9:
        return -180.0, south - up, 180.0, north + up
    ratio = math.sin(min(distance / RADIUS, math.pi / 2)) / math.cos(math.radians(widest))
    side = math.degrees(math.asin(min(1.0, ratio))) * 1.000001 + 1e-9
    if ratio >= 1 or west - side < -180 or east + side > 180:
        return -180.0, south - up, 180.0, north + up
    return west - side, south - up, east + side, north + up


def _nearest(vertices: BaseGeometry, edges: BaseGeometry) -> float:
    """Least metres from a vertex of one shape to an edge of the other."""
    segments = tuple(_segments(edges))
    return min(_to_segment(x, y, segment) for x, y in _positions(vertices) for segment in segments)


def _to_segment(x: float, y: float, segment: tuple[Position, Position]) -> float:
    (ax, ay), (bx, by) = segment
    squeeze = math.cos(math.radians(y))
    ux, uy = _turn(ax - x) * squeeze, ay - y
    vx, vy = (bx - ax) * squeeze, by - ay
    length = vx * vx + vy * vy
    share = 0.0 if length == 0 else min(1.0, max(0.0, -(ux * vx + uy * vy) / length))
    return metres(x, y, ax + share * (bx - ax), ay + share * (by - ay))


def _turn(degrees: float) -> float:
    """A difference of longitudes the short way round."""
    return degrees - 360.0 * math.floor((degrees + 180.0) / 360.0)


def _positions(geometry: BaseGeometry) -> Iterator[Position]:
    for part in get_parts(geometry):
        for ring in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,):
            yield from ((x, y) for x, y, *_ in ring.coords)


def _segments(geometry: BaseGeometry) -> Iterator[tuple[Position, Position]]:
    for part in get_parts(geometry):
        for ring in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,):
            corners = [(x, y) for x, y, *_ in ring.coords]
            yield from zip(corners, corners[1:] or corners, strict=False)
