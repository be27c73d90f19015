"""The publisher is told by codes, then names, then addresses; what nobody knows stays open."""

from __future__ import annotations

import pytest

from tedori.engines.tabular.mapping.tests.tables import table
from tedori.engines.tabular.recognising import place_of


@pytest.mark.req("O05")
@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("全国地方公共団体コード", "131016", "131016"),
        ("市区町村コード", "13101", "131016"),
        ("団体コード", "131016.0", "131016"),
        ("団体コード", "１３１０１６", "131016"),
        ("団体コード", "11002", None),
        ("団体コード", "131017", None),
        ("団体コード", "372013", "372013"),
        ("地方公共団体名", "東京都八王子市", "132012"),
        ("市区町村名", "青ヶ島村", "134023"),
        ("住所", "町田市森野2-2-22", "132098"),
        ("所在地", "東京都府中市宮西町2-24", "132063"),
    ],
)
def test_the_publisher_is_found(heading, value, code):
    assert place_of(table([heading], *[[value]] * 5)).code == code


def test_the_publishers_code_beats_the_place_where_things_stand():
    found = place_of(
        table(["全国地方公共団体コード", "所在地_連結表記"], *[["131016", "東京都中央区銀座1-1"]] * 5)
    )
    assert found.code == "131016"


def test_a_municipality_that_nobody_knows_keeps_its_name_and_says_why_it_has_no_code():
    found = place_of(table(["住所"], *[["香川県高松市番町1-8"]] * 5))
    assert (found.code, found.name) == (None, "高松市")
    assert any("code list" in reason for reason in found.because)
    assert any("香川県高松市" in reason for reason in found.because)


@pytest.mark.req("O05")
@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("香川県高松市番町1-8", "高松市"),
        ("広島県安芸郡府中町大通3-5-1", "府中町"),
        ("安芸郡府中町大通3-5-1", "府中町"),
        ("愛知県蒲郡市旭町17-1", "蒲郡市"),
        ("福島県郡山市朝日1-23-7", "郡山市"),
        ("奈良県大和郡山市北郡山町248-4", "大和郡山市"),
    ],
)
def test_the_name_is_the_municipalitys_own_without_prefecture_and_county(written, name):
    assert place_of(table(["住所"], *[[written]] * 5)).name == name


def test_the_name_from_an_imported_list_is_the_municipalitys_own_too():
    found = place_of(table(["団体コード"], *[["372013"]] * 3), codes={"372013": "香川県高松市"})
    assert (found.code, found.name) == ("372013", "高松市")


def test_an_imported_code_list_knows_more():
    codes = {"372013": "香川県高松市"}
    assert place_of(table(["住所"], *[["高松市番町1-8"]] * 5), codes=codes).code == "372013"


def test_a_name_that_two_municipalities_share_is_not_guessed():
    codes = {"342084": "広島県府中市", "999998": "架空県府中市"}
    assert (
        place_of(
            table(["市区町村名"], *[["伊達市"]] * 3),
            codes={"012335": "北海道伊達市", "072133": "福島県伊達市"},
        ).code
        is None
    )
    assert place_of(table(["市区町村名"], *[["府中市"]] * 3), codes=codes).code == "132063"


def test_nothing_found_is_said():
    found = place_of(table(["a"], ["b"]))
    assert (found.code, found.name, found.confidence) == (None, None, 0.0)
    assert found.because
