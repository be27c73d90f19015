"""GeoJSON and plain JSON records as tables: properties into columns, positions into 緯度 and 経度."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain

import orjson
import polars as pl
from shapely.errors import ShapelyError
from shapely.geometry import shape

from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.limits import Limits
from tedori.engines.tabular.reading.refusals import Declined
from tedori.engines.tabular.values import Finding, Source, Table

_RECORD_KEYS = ("records", "data", "items", "results")
_NOWHERE = (None, None)
_LATITUDE, _LONGITUDE = "緯度", "経度"


def parse(text: str) -> object:
    """The JSON value of a text, standard or (line-delimited) one value per line; raises Declined."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        lines = _json_lines(text)
        if lines is not None:
            return lines
        raise Declined("broken-json", what=str(error)[:120]) from None


def _json_lines(text: str) -> list[object] | None:
    lines = [line.strip("\x1e \t\r") for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) < 2:
        return None
    try:
        return [orjson.loads(line) for line in lines]
    except orjson.JSONDecodeError:
        return None


def kind_of(value: object) -> str:
    """ "geojson" or "json"; raises Declined when the value is neither features nor records."""
    if _features(value) is not None:
        return "geojson"
    if _records(value) is not None:
        return "json"
    notice = _notice(value)
    raise Declined(
        "json-not-a-table",
        what=f"(「{notice}」)" if notice else "",
        what_en=f" (“{notice}”)" if notice else "",
    )


def _notice(value: object) -> str:
    """What a server wanted to say instead of giving data."""
    for key in ("message", "error", "detail", "title"):
        if isinstance(text := _get(value, key), str):
            return text[:120]
    return ""


def to_table(value: object, *, source: Source, limits: Limits) -> Table:
    """One row per feature or record, `_row` counting them from 1; nested values stay as JSON text."""
    records, findings = _rows(value)
    header = list(dict.fromkeys(name for record in records for name in record))
    if len(header) > limits.columns:
        raise Declined("too-many-columns", count=len(header), limit=limits.columns)
    if not records:
        findings += (find("no-rows"),)
    columns = {
        f"c{i}": pl.Series([_text(r.get(name)) for r in records], dtype=pl.String)
        for i, name in enumerate(header)
    }
    columns["_row"] = pl.Series(range(1, len(records) + 1), dtype=pl.Int64)
    return Table(source, tuple(header), pl.DataFrame(columns), findings=findings)


def _rows(value: object) -> tuple[list[dict], tuple[Finding, ...]]:
    features = _features(value)
    return (_records(value) or [], ()) if features is None else _feature_rows(features)


def _features(value: object) -> list[dict] | None:
    kind = _get(value, "type")
    if kind == "Feature":
        return [value]
    if kind == "FeatureCollection":
        return _members(_get(value, "features"))
    return value if _are_features(value) else None


def _members(found: object) -> list[dict] | None:
    """The features of a collection without what is no object."""
    return [feature for feature in found if isinstance(feature, dict)] if isinstance(found, list) else None


def _are_features(value: object) -> bool:
    return _are_objects(value) and all(map(_is_feature, value))


def _is_feature(item: object) -> bool:
    return isinstance(item, dict) and item.get("type") == "Feature" and "geometry" in item


def _records(value: object) -> list[dict] | None:
    """An array of objects, or the longest such array inside an object (as catalogue APIs answer)."""
    if isinstance(value, dict):
        inner = value.get("result", value)
        arrays = [found for found in _values(inner) if _are_objects(found)]
        named = [found for key in _RECORD_KEYS if _are_objects(found := _get(inner, key))]
        return named[0] if named else max(arrays, key=len, default=None)
    return value if _are_objects(value) else None


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _values(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else ()


def _get(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _feature_rows(features: list[dict]) -> tuple[list[dict], tuple[Finding, ...]]:
    properties = [_properties(feature) for feature in features]
    taken = set(chain.from_iterable(properties))
    latitude, longitude = _unused(_LATITUDE, taken), _unused(_LONGITUDE, taken)
    places = [_position(feature.get("geometry")) for feature in features]
    rows = [
        _identity(feature, taken) | record | {latitude: y, longitude: x}
        for feature, record, (x, y) in zip(features, properties, places, strict=True)
    ]
    missing = places.count(_NOWHERE)
    shapes = len(features) - missing - sum(map(_is_point, features))
    told = (find("centroid", count=shapes),) if shapes > 0 else ()
    return rows, told + ((find("no-geometry", count=missing),) if missing else ())


def _identity(feature: dict, taken: set[str]) -> dict:
    return {"id": feature["id"]} if "id" in feature and "id" not in taken else {}


def _properties(feature: dict) -> dict:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _is_point(feature: dict) -> bool:
    geometry = feature.get("geometry")
    return _get(geometry, "type") == "Point" and _position(geometry) != _NOWHERE


def _unused(name: str, taken: set[str]) -> str:
    return f"{name}_図形" if name in taken else name


def _position(geometry: object) -> tuple[float | None, float | None]:
    """Longitude and latitude of a point, or of the centroid of any other shape."""
    if not isinstance(geometry, dict):
        return _NOWHERE
    if geometry.get("type") == "Point":
        pair = geometry.get("coordinates")
        return (pair[0], pair[1]) if _is_pair(pair) else _NOWHERE
    try:
        centre = shape(geometry).centroid
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return _NOWHERE
    return _NOWHERE if centre.is_empty else (round(centre.x, 7), round(centre.y, 7))


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) >= 2 and all(isinstance(x, int | float) for x in pair[:2])


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value or None
    if value is None:
        return None
    return _decimal(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def _decimal(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
