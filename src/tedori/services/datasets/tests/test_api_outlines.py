"""Outlines for maps, made from administrative areas in the form of 国土数値情報 N03."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import shapefile
from django.core.management import CommandError, call_command
from shapely.geometry import box, mapping, shape

DOOR = "/api/v1/outlines.geojson"


def areas(*pairs):
    """A FeatureCollection of boxes: five-digit code, west, south, east, north."""
    features = [
        {
            "type": "Feature",
            "properties": {"N03_001": "東京都", "N03_007": code},
            "geometry": mapping(box(*corners)),
        }
        for code, *corners in pairs
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


TOKYO = areas(
    ("13101", 139.73, 35.67, 139.78, 35.70),
    ("13101", 139.78, 35.67, 139.79, 35.70),
    ("13102", 139.79, 35.67, 139.82, 35.70),
    ("13102", 139.9, 35.5, 139.90001, 35.50001),
    ("14100", 139.5, 35.4, 139.6, 35.5),
    (None, 139.5, 35.4, 139.6, 35.5),
)


@pytest.fixture
def imported(db, tmp_path):
    def _imported(data, name="N03.geojson"):
        path = tmp_path / name
        path.write_bytes(data)
        call_command("datasets", "outlines", str(path))

    return _imported


def test_without_outlines_the_map_just_lacks_them(db, client):
    assert client.get(DOOR).json() == {"type": "FeatureCollection", "features": []}


def test_areas_of_ours_become_one_outline_each(imported, client):
    imported(TOKYO)
    answer = client.get(DOOR)
    assert answer.headers["Content-Type"] == "application/geo+json"
    first, second = answer.json()["features"]
    assert first["properties"] == {"code": "131016", "name": "千代田区", "name_en": "Chiyoda"}
    assert shape(first["geometry"]).bounds == pytest.approx((139.73, 35.67, 139.79, 35.70), abs=1e-3)
    assert second["id"] == "131024"
    assert shape(second["geometry"]).bounds[2] < 139.85, "a rock in the sea is left out"
    assert shape(first["geometry"]).touches(shape(second["geometry"])), "neighbours still share their border"


def test_a_zip_with_geojson_inside_will_do(imported, client):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("N03-20250101_13.geojson", TOKYO)
        archive.writestr("readme.txt", "x")
    imported(packed.getvalue(), name="N03.zip")
    assert len(client.get(DOOR).json()["features"]) == 2


def shapes(*pairs, without=()):
    """A ZIP with a shapefile of boxes, as N03 comes in its older editions."""
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, encoding="cp932") as writer:
        writer.field("N03_001", "C", 20)
        writer.field("N03_007", "C", 5)
        for code, *corners in pairs:
            writer.shape(mapping(box(*corners)))
            writer.record("東京都", code)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending, content in parts.items():
            if ending not in without:
                archive.writestr(f"N03-19_13/N03-19_13_190101.{ending}", content.getvalue())
    return packed.getvalue()


def test_a_zip_with_a_shapefile_inside_will_do(imported, client):
    imported(shapes(("13101", 139.73, 35.67, 139.79, 35.70), ("13102", 139.79, 35.67, 139.82, 35.70)))
    first, second = client.get(DOOR).json()["features"]
    assert (first["id"], second["id"]) == ("131016", "131024")
    assert shape(first["geometry"]).bounds == pytest.approx((139.73, 35.67, 139.79, 35.70), abs=1e-3)


def test_a_shapefile_without_its_columns_is_refused(imported):
    with pytest.raises(CommandError, match="N03"):
        imported(shapes(("13101", 139.73, 35.67, 139.79, 35.70), without=("dbf",)))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"PK\x05\x06" + b"\0" * 18, b"[1]", areas(("14100", 1, 2, 3, 4))]
)
def test_other_files_are_refused_and_change_nothing(data, imported, client):
    imported(TOKYO)
    with pytest.raises(CommandError):
        imported(data, name="other")
    assert len(client.get(DOOR).json()["features"]) == 2
