"""Makes the outlines of municipalities from the administrative areas of 国土数値情報 (N03)."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import shapefile
import shapely
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from tedori.kernel.errors import UserError, Words
from tedori.vocabulary.municipalities import TOKYO, complete_code

CODE = "N03_007"
LARGEST = 1 << 30  # bytes of an unpacked file
TOLERANCE = 0.0004  # degrees by which an outline may stray, about 40 m
GRID = 0.00001
SMALLEST = 2e-6  # square degrees; smaller rocks in the sea are left out, unless they are all there is


class OutlinesUnreadable(UserError):
    """A file that holds no administrative areas."""

    code = "outlines-unreadable"
    words = Words(
        _("行政区域のデータとして読めません: {because}"),
        _("国土数値情報「行政区域」（N03）の GeoJSON、または N03 の ZIP を指定してください。"),
    )


def outlines(data: bytes) -> bytes:
    """One simplified feature per municipality of ours, as GeoJSON; raises OutlinesUnreadable.

    `data` is GeoJSON, or a ZIP with GeoJSON or with a shapefile (.shp and .dbf) inside.
    """
    groups: dict[str, list[BaseGeometry]] = {}
    for code, geometry in _areas(_collection(data)):
        groups.setdefault(code, []).append(geometry)
    if not groups:
        raise OutlinesUnreadable(because=CODE)
    whole = {code: shapely.union_all(shapely.make_valid(parts)) for code, parts in groups.items()}
    drawn = shapely.coverage_simplify([_without_rocks(one) for one in whole.values()], TOLERANCE)
    features = [_feature(code, one) for code, one in sorted(zip(whole, drawn, strict=True))]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _collection(data: bytes) -> list[Mapping[str, Any]]:
    try:
        if not zipfile.is_zipfile(io.BytesIO(data)):
            return _features(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _packed(archive)
    except (orjson.JSONDecodeError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise OutlinesUnreadable(because=type(error).__name__) from error
    except (shapefile.ShapefileException, struct.error, ValueError) as error:
        raise OutlinesUnreadable(because=str(error)) from error


def _features(data: bytes) -> list[Mapping[str, Any]]:
    features = orjson.loads(data)["features"]
    return features if isinstance(features, list) else []


def _packed(archive: zipfile.ZipFile) -> list[Mapping[str, Any]]:
    """The areas of the largest GeoJSON inside, else of the largest shapefile."""
    collection = _largest(archive, ".geojson", ".json")
    if collection:
        return _features(archive.read(collection))
    shapes = _largest(archive, ".shp")
    if shapes is None:
        raise OutlinesUnreadable(because=", ".join(archive.namelist())[:200])
    stem = shapes.filename[: -len(".shp")]
    beside = {one.filename.lower(): one for one in archive.infolist() if one.file_size <= LARGEST}
    columns = archive.read(beside[f"{stem}.dbf".lower()])
    with shapefile.Reader(
        shp=io.BytesIO(archive.read(shapes)),
        dbf=io.BytesIO(columns),
        encoding="cp932",
        encodingErrors="replace",
    ) as reader:  # only codes are read, which are ASCII in every edition
        return list(reader.__geo_interface__["features"])


def _largest(archive: zipfile.ZipFile, *endings: str) -> zipfile.ZipInfo | None:
    named = [one for one in archive.infolist() if one.filename.lower().endswith(endings)]
    found = max(named, key=lambda one: one.file_size, default=None)
    if found and found.file_size > LARGEST:
        raise OutlinesUnreadable(because=f"> {LARGEST >> 20} MiB")
    return found


def _code(feature: Mapping[str, Any]) -> str | None:
    return complete_code(str((feature.get("properties") or {}).get(CODE) or ""))


def _areas(features: list[Mapping[str, Any]]) -> Iterator[tuple[str, BaseGeometry]]:
    """Code and area of the features that are of ours; what belongs to nobody (disputed land) has no code."""
    ours = {place.code for place in TOKYO}
    for feature in features:
        code = _code(feature)
        if code in ours and feature.get("geometry"):
            try:
                yield code, shape(feature["geometry"])
            except (ShapelyError, KeyError, TypeError, ValueError) as error:
                raise OutlinesUnreadable(because=f"{code}: {type(error).__name__}") from error


def _without_rocks(area: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(area)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    large = parts[shapely.area(parts) >= SMALLEST]
    return shapely.multipolygons(large if len(large) else parts)


def _feature(code: str, area: BaseGeometry) -> dict[str, Any]:
    place = next(one for one in TOKYO if one.code == code)
    return {
        "type": "Feature",
        "id": code,
        "properties": {"code": code, "name": place.name, "name_en": place.english},
        "geometry": mapping(shapely.set_precision(area, GRID)),
    }
