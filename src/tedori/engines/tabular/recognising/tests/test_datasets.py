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
