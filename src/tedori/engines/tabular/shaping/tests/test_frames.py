"""The standard frame holds the items in order and loses nothing."""

from __future__ import annotations

import pytest

from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.mapping import map_columns
from tedori.engines.tabular.mapping.tests.tables import table
from tedori.engines.tabular.shaping import standard_frame


def shaped(slug, header, *rows):
    found = table(header, *rows)
    return standard_frame(found, map_columns(found, definition(slug)), definition(slug))


def test_items_come_in_order_then_extras_then_the_row():
    frame = shaped("fire_hydrant", ["備考", "謎", "謎", ""], ["a", "b", "c", "d"])
    names = [item.name for item in definition("fire_hydrant").items]
    assert frame.columns == [*names, "extra:謎", "extra:謎_2", "extra:列4", "_row"]
    assert frame["備考"].to_list() == ["a"]


@pytest.mark.parametrize(
    ("address", "prefecture", "city", "town", "house"),
    [
        row.split(" | ")
        for row in """
東京都千代田区霞が関二丁目1-2 | 東京都 | 千代田区 | 霞が関二丁目 | 1-2
東京都八王子市元本郷町三丁目24番1号 | 東京都 | 八王子市 | 元本郷町三丁目 | 24番1号
千葉県市川市大町284番地 | 千葉県 | 市川市 | 大町 | 284番地
千葉県市川市南大野１丁目４４－５ | 千葉県 | 市川市 | 南大野１丁目 | ４４－５
東京都武蔵村山市本町1-2-3 | 東京都 | 武蔵村山市 | - | -
神奈川県横浜市中区日本大通1 | 神奈川県 | 横浜市中区 | 日本大通 | 1
三重県四日市市諏訪町1番5号 | 三重県 | 四日市市 | 諏訪町 | 1番5号
東京都町田市森野二丁目2-22 市庁舎 | 東京都 | 町田市 | 森野二丁目 | -
どこかの町1-2 | - | - | - | -
""".strip().splitlines()
    ],
)
def test_addresses_are_split_only_where_it_is_certain(address, prefecture, city, town, house):
    # Other rows of other places, so that nothing is known from the majority.
    others = [[f"住所不明{n}"] for n in range(9)]
    frame = shaped("hospital", ["住所"], [address], *others)
    found = frame.select("所在地_都道府県", "所在地_市区町村", "所在地_町字", "所在地_番地以下").row(0)
    assert found == tuple(None if part == "-" else part for part in (prefecture, city, town, house))
    assert frame["所在地_連結表記"][0] == address


def test_a_cell_with_both_coordinates_is_split_whichever_comes_first():
    frame = shaped(
        "aed", ["location"], ["35.1234,139.5678"], ["139.5678 35.1234"], ["不明"], *[["35.12,139.12"]] * 5
    )
    assert frame["緯度"].to_list()[:3] == ["35.1234", "35.1234", None]
    assert frame["経度"].to_list()[:3] == ["139.5678", "139.5678", None]
    assert frame["extra:location"].to_list()[2] == "不明", "what could not be split is kept"


def test_hours_in_one_cell_become_start_and_end():
    frame = shaped(
        "public_facility",
        ["名称", "開館時間"],
        ["中央図書館", "9:00～17:00"],
        ["東図書館", "10時から20時まで"],
    )
    assert frame["開始時間"].to_list() == ["9:00", "10時"]
    assert frame["終了時間"].to_list() == ["17:00", "20時"]


def test_parts_of_an_address_are_joined_where_the_whole_is_missing():
    frame = shaped(
        "aed",
        ["名称", "都道府県", "市区町村", "町名", "番地"],
        ["a館", "東京都", "千代田区", "霞が関", "1-2"],
    )
    assert frame["所在地_連結表記"].to_list() == ["東京都千代田区霞が関1-2"]
    assert frame["所在地_町字"].to_list() == ["霞が関"]


def test_a_phone_number_spread_over_cells_is_one_again():
    rows = [["中央図書館", "03", "-", "1234", "-", f"567{n}"] for n in range(4)]
    frame = shaped("public_facility", ["名称", "電話番号", "", "", "", ""], *rows)
    assert frame["電話番号"].to_list()[0] == "03-1234-5670"
