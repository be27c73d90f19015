"""GeoJSON and JSON records as tables."""

from __future__ import annotations

import json

from tedori.engines.tabular.reading.tests.files import cells_of, codes_of, reading_of


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


POINT = {"type": "Point", "coordinates": [139.75, 35.69]}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}


def test_properties_and_positions_become_columns():
    reading = reading_of(
        collection(feature(POINT, 名称="本庁", 定員=85, 可=True), feature(SQUARE, 名称="公園", 面積=1.5))
    )
    table = reading.tables[0]
    assert table.header == ("名称", "定員", "可", "緯度", "経度", "面積")
    assert cells_of(table) == [
        ["本庁", "85", "true", "35.69", "139.75", ""],
        ["公園", "", "", "1", "1", "1.5"],
    ]
    assert table.source.header_row is None
    assert codes_of(table.findings) == ["centroid"]


def test_existing_position_columns_are_not_overwritten():
    table = reading_of(collection(feature(POINT, 緯度="35.1", 経度="139.1"))).tables[0]
    assert table.header == ("緯度", "経度", "緯度_図形", "経度_図形")


def test_missing_and_broken_geometry_is_told():
    broken = {"type": "Polygon", "coordinates": [[[0]]]}
    table = reading_of(
        collection(feature(None, a="1"), feature(broken, a="2"), feature(POINT, a="3"))
    ).tables[0]
    assert table.frame.height == 3
    assert codes_of(table.findings) == ["no-geometry"]


def test_records_are_a_table_too():
    data = json.dumps([{"名称": "a", "人口": 1}, {"名称": "b", "詳細": {"x": [1]}}]).encode()
    table = reading_of(data).tables[0]
    assert table.source.format == "json"
    assert cells_of(table) == [["a", "1", ""], ["b", "", '{"x": [1]}']]


def test_an_answer_of_a_catalogue_api_is_a_table():
    data = json.dumps(
        {"success": True, "result": {"fields": [{"id": "a"}], "records": [{"a": "1"}, {"a": "2"}]}}
    )
    assert reading_of(data).tables[0].frame.height == 2


def test_geojson_in_cp932_is_read():
    data = json.dumps(
        {"type": "FeatureCollection", "features": [feature(POINT, 名称="髙橋①")]}, ensure_ascii=False
    )
    assert cells_of(reading_of(data.encode("cp932")).tables[0])[0][0] == "髙橋①"


def test_an_empty_collection_says_so():
    assert codes_of(reading_of(collection()).tables[0].findings) == ["no-rows"]
