"""The simple places of NGSIv2 (`geo:point` is "latitude, longitude") and GeoJSON, both ways."""

from __future__ import annotations

from typing import Any

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.geometries import check_geometry

JSON = "geo:json"
LEAST = {"geo:point": 1, "geo:line": 2, "geo:box": 2, "geo:polygon": 4}
SHAPES = {"point": "geo:point", "line": "geo:line", "box": "geo:box", "polygon": "geo:polygon"}


def geometry_of(kind: str, value: Any, where: str) -> dict[str, Any]:
    """The geometry of a value of one of the geo types; raises BadRequestData."""
    if kind == JSON:
        return check_geometry(_inner(value), where=where)
    if kind not in LEAST:
        raise bad_request("geo:point, geo:line, geo:box, geo:polygon or geo:json is wanted", where=where)
    texts = [value] if kind == "geo:point" else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise bad_request(f"geo coordinates format error for {kind}", where=where)
    return shape(kind, [_position(text, where) for text in texts], where)


def _inner(value: Any) -> Any:
    """A Feature stands for its geometry."""
    if isinstance(value, dict) and value.get("type") == "Feature":
        return value.get("geometry")
    return value


def shape(kind: str, positions: list[list[float]], where: str) -> dict[str, Any]:
    """A geometry of positions [longitude, latitude]; raises BadRequestData."""
    if len(positions) < LEAST[kind] or (kind in ("geo:point", "geo:box") and len(positions) > LEAST[kind]):
        raise bad_request(f"wrong number of points for {kind}", where=where)
    if kind == "geo:point":
        found = {"type": "Point", "coordinates": positions[0]}
    elif kind == "geo:line":
        found = {"type": "LineString", "coordinates": positions}
    elif kind == "geo:polygon":
        found = {"type": "Polygon", "coordinates": [positions]}
    else:
        (west, east), (south, north) = (sorted(pair) for pair in zip(*positions, strict=True))
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        found = {"type": "Polygon", "coordinates": [ring]}
    return check_geometry(found, where=where)


def _position(text: str, where: str) -> list[float]:
    parts = text.split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        raise bad_request("geo coordinates format error", detail=text[:60], where=where) from None
    return [longitude, latitude]


def positions_of(coords: str, where: str) -> list[list[float]]:
    """The positions of `lat,lon;lat,lon`."""
    return [_position(text, where) for text in coords.split(";")]


def written(kind: str, geometry: dict[str, Any]) -> Any:
    """A geometry as a value of the type it came in, as far as it still has that shape."""
    found = geometry["coordinates"]
    if kind == "geo:point" and geometry["type"] == "Point":
        return _text(found)
    if kind == "geo:line" and geometry["type"] == "LineString":
        return [_text(one) for one in found]
    if kind in ("geo:polygon", "geo:box") and geometry["type"] == "Polygon":
        ring = [_text(one) for one in found[0]]
        return [ring[0], ring[2]] if kind == "geo:box" else ring
    return geometry


def _text(position: list[float]) -> str:
    return f"{position[1]:.10g}, {position[0]:.10g}"
