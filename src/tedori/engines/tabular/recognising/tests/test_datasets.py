"""Datasets and editions are recognised by header and content; everything else is none of them."""

from __future__ import annotations

import pytest

from tedori.engines.tabular.definitions import definition, standard
from tedori.engines.tabular.mapping.tests.tables import table
from tedori.engines.tabular.recognising import recognise

BLOCK = [
    "全国地方公共団体コード",
    "ID",
    "地方公共団体名",
    "名称",
    "名称_カナ",
    "名称_英字",
    "所在地_全国地方公共団体コード",
    "町字ID",
    "所在地_連結表記",
    "所在地_都道府県",
    "所在地_市区町村",
    "所在地_町字",
    "所在地_番地以下",
    "緯度",
    "経度",
    "電話番号",
    "URL",
    "備考",
]


def seen(header, *rows, path="a.csv", hint=None):
    return recognise(
        table(header, *(rows or ([None] * len(header),)), path=path), definitions=standard(), hint=hint
    )


@pytest.mark.req("O01")
@pytest.mark.parametrize("slug", sorted(standard()))
def test_the_header_of_every_edition_is_enough(slug):
    for edition in definition(slug).editions:
        found = seen(edition.header)
        assert (found.slug, found.edition) == (slug, edition.name)
        assert found.confidence > 0.5
        assert found.because


@pytest.mark.parametrize(
    ("header", "values", "slug"),
    [
        (("名称", "住所", "電話番号"), ("さくら保育園", "本町1-2", "03-1234-5678"), "preschool"),
        (("施設名", "所在地", "TEL"), ("山田内科クリニック", "本町1-2", "03-1234-5678"), "hospital"),
        (("name", "address", "latitude"), ("市営駅前自転車等駐車場", "本町1-2", "35.7"), "bicycle_parking"),
        (("名称", "住所"), ("市営中央駐車場", "本町1-2"), "parking"),
        (("品名", "出し方"), ("アイロン", "不燃ごみ"), "garbage_separation"),
        (("名称", "住所", "電話番号"), ("中央図書館", "本町1-2", "03-1234-5678"), "public_facility"),
    ],
)
def test_free_names_are_recognised_from_what_the_values_are(header, values, slug):
    assert seen(header, *[values] * 5).slug == slug


@pytest.mark.req("O02")
@pytest.mark.parametrize(
    ("header", "values"),
    [
        (
            ("prefecture", "city", "number", "address", "name", "lat", "long"),
            ("東京都", "三鷹市", "1-1", "中原二丁目", "小学校西側フェンス", "35.6", "139.5"),
        ),
        (("公園名", "所在地", "面積"), ("中央公園", "本町1-2", "1000")),
        (("月", "出生", "死亡"), ("1月", "100", "90")),
        (("カメラ番号", "設置場所", "管理者"), ("1", "駅前交差点", "危機管理課")),
        (tuple(BLOCK), ("131016", "1", "千代田区", "街頭防犯カメラ1", *[None] * 14)),
    ],
)
def test_lists_of_other_things_are_none_of_the_datasets(header, values):
    found = seen(header, *[values] * 6)
    assert (found.slug, found.edition) == (None, None)
    assert found.because


def test_the_file_name_alone_makes_no_dataset():
    assert seen(("月", "件数"), ("1月", "3"), path="131016_aed.csv").slug is None


def test_the_file_name_decides_where_the_content_leaves_it_open_and_says_so():
    rows = [["131016", "1", "千代田区", "第一会館", *[None] * 14]] * 3
    found = seen(BLOCK, *rows, path="131016_polling_place.csv")
    assert found.slug == "polling_place"
    assert any("file name" in reason for reason in found.because)
    assert found.confidence < 0.9


@pytest.mark.req("O01")
@pytest.mark.parametrize("slug", sorted(standard()))
def test_an_official_header_is_recognised_with_high_confidence(slug):
    found = seen(definition(slug).editions[0].header)
    assert (found.slug, found.confidence > 0.95) == (slug, True)


def test_equipment_named_by_the_common_block_is_not_what_a_list_is_of():
    header = [name for name in definition("public_facility").editions[0].header if name != "バリアフリー情報"]
    found = seen(header, *[["131016", *["さくら小学校"] * (len(header) - 1)]] * 5)
    assert (found.slug, found.confidence > 0.95) == ("public_facility", True)
    assert "public_toilet" not in [other.slug for other in found.alternatives]


RIVALS = """
garbage_separation
    全国地方公共団体コード,ID,地方公共団体名,ゴミの品目,注意点,料金種別,料金,料金備考
    131016,1,千代田区,アイスの棒,,無料,,
garbage_separation
    localGovernmentCode,identifier,garbageItem,caution,feeType,fee
    131016,1,アイスの棒,,無料,
food_business_all
    ID,店名,屋号（フリガナ）,営業の形態,住所,許可日,許可開始日,許可期限
    1,つばさ弁当,ツバサベントウ,弁当店,本町1-2,2024/2/1,2024/2/1,2030/2/28
baby_station
    ID,名称,フリガナ,説明,緯度,経度,授乳,おむつ交換
    1,本町プラザ,ホンチョウプラザ,授乳とおむつ替えができます,35.6,139.7,1,1
school_district
    学校名称,学校名（カナ）,学区の町名,備考
    南小学校,ミナミショウガッコウ,本町;東町,
educational_institution
    学校名称,学校名（カナ）,住所,電話番号
    南小学校,ミナミショウガッコウ,本町1-2,03-1234-5678
"""
LINES = RIVALS.split()


@pytest.mark.req("O01")
@pytest.mark.parametrize(
    ("slug", "header", "row"), list(zip(LINES[::3], LINES[1::3], LINES[2::3], strict=True))
)
def test_neighbouring_datasets_are_told_apart_by_the_columns_that_only_one_has(slug, header, row):
    assert seen(header.split(","), *[row.split(",")] * 5).slug == slug


@pytest.mark.parametrize(
    ("path", "slug"),
    [("131016_school_district.csv", "school_district"), ("data(16).csv", "educational_institution")],
)
def test_a_list_of_schools_named_a_list_of_districts_is_one(path, slug):
    rows = [("南小学校", "ミナミショウガッコウ", "隣接校を選択できる")] * 5
    found = seen(("学校名", "学校名（カナ）", "備考"), *rows, path=path)
    assert found.slug == slug
    assert any("file name" in reason for reason in found.because) == (slug == "school_district")


@pytest.mark.parametrize("path", ["3aed7c41.csv", "0f3b-aed7-4411.csv", "c3aed.csv"])
def test_letters_in_a_random_file_name_are_no_name_of_a_dataset(path):
    rows = [["131016", "1", "千代田区", "第一倉庫", *[None] * 14]] * 3
    assert seen(BLOCK, *rows, path=path).slug is None
    assert seen(BLOCK, *rows, path="131016_aed.csv").slug == "aed"


def test_the_common_block_with_nurseries_in_nearly_every_row_is_the_list_of_nurseries():
    rows = [["131016", "1", "千代田区", "さくら保育園", *[None] * 14]] * 9
    assert seen(BLOCK, *rows, ["131016", "1", "千代田区", "第一倉庫", *[None] * 14]).slug == "preschool"
