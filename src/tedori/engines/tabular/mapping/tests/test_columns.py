"""Columns find their items by heading, by content and by each other; doubt goes to a person."""

from __future__ import annotations

import pytest

from tedori.engines.tabular.definitions import definition, standard
from tedori.engines.tabular.mapping import map_columns
from tedori.engines.tabular.mapping.tests.tables import table
from tedori.engines.tabular.values import Decisions

NAMES = ("中央図書館", "南公民館", "北体育館", "東会館", "西支所")
KANA = ("チュウオウトショカン", "ミナミコウミンカン", "キタタイイクカン", "ヒガシカイカン", "ニシシショ")
ADDRESSES = tuple(f"東京都千代田区霞が関{n}丁目{n}-{n}" for n in range(1, 6))
LATITUDES, LONGITUDES = (tuple(f"{base}.{n}12345" for n in range(5)) for base in (35, 139))
PHONES = tuple(f"03-1234-567{n}" for n in range(5))


def mapped(slug, header, *columns, edition=None, decisions=None, header_row=1):
    found = table(header, *zip(*columns, strict=True), header_row=header_row)
    return map_columns(found, definition(slug), edition=edition, decisions=decisions or Decisions())


def items(matches, status="accepted"):
    return {m.source: m.items for m in matches if m.status == status}


@pytest.mark.req("O02")
@pytest.mark.parametrize(
    ("heading", "slug", "item"),
    [
        row.split(" | ")
        for row in """
TEL | aed | 電話番号
〒 | public_facility | 郵便番号
ふりがな | public_facility | 名称_カナ
施設名称（フリガナ） | public_facility | 名称_カナ
【必須】 名 称 | aed | 名称
3. 施設名 | aed | 名称
所在地 | hospital | 所在地_連結表記
緯度（世界測地系） | aed | 緯度
X座標 | aed | 経度
ＨＰ | tourism | URL
収容人数（人） | evacuation_space | 想定収容人数
がけ崩れ | evacuation_space | 災害種別_崖崩れ、土石流及び地滑り
0～4歳（男） | population | 0-4歳の男性
85歳以上女 | population | 85歳以上の女性
ごみの品目 | garbage_separation | ゴミの品目
ごみの分別方法_品目 | garbage_separation | ゴミの品目
投票区 | polling_place | 投票所_投票区名
公営駐輪場_開始時刻 | bicycle_parking | 開始時刻
""".strip().splitlines()
    ],
)
def test_headings_of_all_kinds_are_accepted(heading, slug, item):
    (match,) = mapped(slug, [heading], [None] * 3)
    assert (match.status, match.items[0]) == ("accepted", item)


@pytest.mark.req("O02")
@pytest.mark.parametrize(
    "pair",
    [
        "開館 閉館",
        "開館時間 閉館時間",
        "開館時刻 閉館時刻",
        "開店 閉店",
        "開園時間 閉園時間",
        "開所 閉所",
        "開始 終了",
    ],
)
def test_opening_and_closing_are_start_and_end(pair):
    found = mapped("public_facility", ["名称", *pair.split()], NAMES, ["9:00"] * 5, ["17:00"] * 5)
    assert items(found) == {"名称": ("名称",)} | dict(
        zip(pair.split(), (("開始時間",), ("終了時間",)), strict=True)
    )


def test_a_column_opening_that_holds_no_times_is_not_believed():
    found = mapped("public_facility", ["名称", "開館"], NAMES, ["昭和55年"] * 5)
    assert items(found) == {"名称": ("名称",)}


@pytest.mark.parametrize("slug", sorted(standard()))
def test_every_heading_of_every_edition_finds_its_own_item(slug):
    for edition in definition(slug).editions:
        matches = map_columns(
            table(edition.header, [None] * len(edition.header)), definition(slug), edition=edition.name
        )
        for match, item in zip(matches, edition.items, strict=True):
            assert match.status == "accepted", (edition.name, match)
            assert item in match.items, (edition.name, match)


def test_what_is_unknown_is_kept_and_what_is_near_is_asked():
    matches = mapped("aed", ["駐輪台数の推移", "設置場所の補足"], ["1"] * 5, list(NAMES))
    assert matches[0].status == "unmapped"
    assert matches[1].status == "review"
    assert 1 <= len(matches[1].choices) <= 3


def test_content_names_a_column_without_a_telling_heading_but_a_person_confirms():
    (match,) = mapped("aed", ["列1"], LATITUDES)
    assert (match.status, match.items) == ("review", ("緯度",))


@pytest.mark.req("O03")
@pytest.mark.parametrize(
    ("slug", "header", "columns"),
    [
        ("aed", ("緯度", "経度"), (LONGITUDES, LATITUDES)),
        ("aed", ("名称", "名称_カナ"), (KANA, NAMES)),
        (
            "garbage_separation",
            ("ゴミの品目", "分別区分"),
            (("可燃ごみ", "不燃ごみ", "可燃ごみ", "資源", "可燃ごみ"), ("本", "電池", "紙", "缶", "靴")),
        ),
    ],
)
def test_exchanged_columns_are_found_from_their_content(slug, header, columns):
    one, other = mapped(slug, header, *columns)
    assert (one.items, other.items) == ((header[1],), (header[0],))
    assert one.how == other.how == "exchanged"


def test_old_values_under_new_headings_follow_the_old_layout():
    header = [
        "全国地方公共団体コード",
        "ID",
        "地方公共団体名",
        "名称",
        "名称_カナ",
        "名称_英字",
        "緯度",
        "経度",
        "設置位置",
        "電話番号",
    ]
    columns = [
        ["131016"] * 5,
        list("12345"),
        ["東京都"] * 5,
        ["千代田区"] * 5,
        NAMES,
        KANA,
        ADDRESSES,
        [None] * 5,
    ]
    matches = mapped("aed", header, *columns, LATITUDES, LONGITUDES)
    by_source = {m.source: m.items[0] for m in matches if m.items}
    assert by_source["名称_カナ"] == "名称"
    assert by_source["名称_英字"] == "名称_カナ"
    assert by_source["設置位置"] == "緯度"


def test_a_table_without_header_is_mapped_by_its_content():
    columns = [
        ["131016"] * 5,
        list("12345"),
        ["東京都"] * 5,
        ["千代田区"] * 5,
        NAMES,
        KANA,
        ADDRESSES,
        [None] * 5,
    ]
    matches = mapped("aed", [""] * 10, *columns, LATITUDES, LONGITUDES, header_row=None)
    assert [m.items[0] for m in matches if m.items][4:6] == ["名称", "名称_カナ"]
    assert matches[8].items == ("緯度",)


def test_prefecture_and_city_name_the_publisher_only_beside_the_code():
    beside = mapped(
        "aed",
        ["団体コード", "都道府県名", "市区町村名", "名称"],
        ["131016"] * 5,
        ["東京都"] * 5,
        ["千代田区"] * 5,
        NAMES,
    )
    assert items(beside)["都道府県名"] == items(beside)["市区町村名"] == ("地方公共団体名",)
    address = mapped(
        "aed",
        ["名称", "都道府県名", "市区町村名", "町名"],
        NAMES,
        ["東京都"] * 5,
        ["千代田区"] * 5,
        ["霞が関"] * 5,
    )
    assert items(address)["市区町村名"][0] == "所在地_市区町村"


def test_a_phone_number_in_five_cells_is_joined():
    cells = (["03"] * 5, ["-"] * 5, ["1234"] * 5, ["-"] * 5, [p[-4:] for p in PHONES])
    matches = mapped("aed", ["電話番号", "", "", "", ""], *cells)
    assert {m.items for m in matches} == {("電話番号",)}
    assert matches[0].along == (1, 2, 3, 4)


@pytest.mark.req("O04")
def test_what_people_decided_wins_over_everything_and_is_not_asked_again():
    decisions = Decisions(columns={"名称": None, "メモ 欄": "名称"})
    one, other = mapped("aed", ["名称", "メモ欄"], NAMES, ADDRESSES, decisions=decisions)
    assert (one.status, one.items) == ("unmapped", ())
    assert (other.status, other.items, other.confidence) == ("accepted", ("名称",), 1.0)


def test_two_columns_never_fill_one_item():
    matches = mapped("aed", ["電話番号", "TEL", "電話"], PHONES, PHONES, PHONES)
    assert [m.status for m in matches] == ["accepted", "unmapped", "unmapped"]
