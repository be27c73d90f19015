"""GeoJSON geometries (RFC 7946) as values of GeoProperties: shape, numbers, ranges, closed rings."""

from __future__ import annotations

from math import isfinite
from typing import Any

from tedori.engines.ngsild.errors import bad_request

# By type how deeply its coordinates are nested, and the least number of positions of the innermost array.
NESTING = {
    "Point": (0, 1),
    "MultiPoint": (1, 0),
    "LineString": (1, 2),
    "MultiLineString": (2, 2),
    "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}
MOST_POSITIONS = 100_000


def is_geometry(value: Any) -> bool:
    """Whether a JSON value looks like a geometry: a type of GeoJSON with coordinates.

    A GeometryCollection is none: the standard leaves it out (clause 4.7.1).
    """
    return (
        isinstance(value, dict)
        and "coordinates" in value
        and isinstance(value.get("type"), str)
        and value["type"] in NESTING
    )


def check_geometry(value: Any, *, where: str = "") -> dict[str, Any]:
    """The geometry itself. Raises BadRequestData naming the member that is wrong.

    Longitude is -180 to 180 and latitude -90 to 90 (WGS 84, in this order); a third number is a height.
    """
    if not is_geometry(value):
        raise bad_request("A GeoProperty needs a GeoJSON geometry.", detail=repr(value)[:120], where=where)
    nesting, least = NESTING[value["type"]]
    where = f"{where}.coordinates"
    if nesting == 0:
        _position(value["coordinates"], where)
    elif _count(value["coordinates"], nesting, least, where) > MOST_POSITIONS:
        raise bad_request(
            "A geometry has too many positions.", detail=f"at most {MOST_POSITIONS}", where=where
        )
    return value


def _count(array: Any, nesting: int, least: int, where: str) -> int:
    if not isinstance(array, list):
        raise bad_request("Coordinates are not nested as their type demands.", where=where)
    if nesting > 1:
        if not array:
            raise bad_request("Coordinates are empty.", where=where)
        return sum(
            _count(part, nesting - 1, least, f"{where}[{number}]") for number, part in enumerate(array)
        )
    for number, position in enumerate(array):
        _position(position, f"{where}[{number}]")
    if len(array) < least:
        raise bad_request("A geometry has too few positions.", detail=f"at least {least}", where=where)
    if least == 4 and array[0] != array[-1]:
        raise bad_request("A ring must end where it begins.", where=where)
    return len(array)


def _position(position: Any, where: str) -> None:
    if not isinstance(position, list) or not 2 <= len(position) <= 4:
        raise bad_request("A position is an array of longitude, latitude and perhaps a height.", where=where)
    for number in position:
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
            raise bad_request(
                "A position holds something that is no number.", detail=repr(number)[:80], where=where
            )
    if not -180 <= position[0] <= 180 or not -90 <= position[1] <= 90:
        raise bad_request(
            "A position lies outside the world.",
            detail=f"longitude {position[0]}, latitude {position[1]}",
            where=where,
        )
