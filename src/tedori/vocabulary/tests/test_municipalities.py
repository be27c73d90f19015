"""Codes, names and the tile map of the 62."""

from __future__ import annotations

import re

import pytest

from tedori.vocabulary.addresses import CITY, PREFECTURE
from tedori.vocabulary.municipalities import (
    PREFECTURES,
    TOKYO,
    check_digit,
    complete_code,
    find,
    is_valid_code,
    tiles,
)


def test_there_are_62_municipalities_and_47_prefectures():
    kinds = [place.kind for place in TOKYO]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "ward": 23,
        "city": 26,
        "town": 5,
        "village": 8,
    }
    assert len(PREFECTURES) == 47
    assert len({place.code for place in (*TOKYO, *PREFECTURES)}) == 109


@pytest.mark.parametrize(
    ("five", "digit"),
    [("13101", "6"), ("13201", "2"), ("13229", "2"), ("37201", "3"), ("12203", "3"), ("01100", "2")],
)
def test_check_digits_are_those_of_the_official_codes(five, digit):
    assert check_digit(five) == digit


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("131016", "131016"),
        ("131015", None),
        ("13101", "131016"),
        ("92011", "092011"),
        ("1100", "011002"),
        ("13", "130001"),
        ("11002", None),
        ("999999", None),
        ("abc", None),
    ],
)
def test_a_damaged_code_is_completed_only_when_there_is_one_way(text, code):
    assert complete_code(text) == code


def test_every_municipality_has_its_own_tile_and_the_islands_stand_apart():
    places = [(column, row) for column, row, _ in tiles()]
    assert len(places) == len(set(places)) == 62
    assert {place.name for _, row, place in tiles() if row == 9} >= {"大島町", "小笠原村"}


def test_names_are_found_with_and_without_their_prefecture():
    assert find("千代田区") is find("東京都千代田区") is find("131016")
    assert find("東京都").code == "130001"
    assert find("どこか市") is None
    assert not is_valid_code("130017")


@pytest.mark.parametrize(
    "city", ["四日市市", "武蔵村山市", "横浜市中区", "西多摩郡奥多摩町", "町田市", "市川市", "青ヶ島村"]
)
def test_municipalities_are_cut_from_addresses_at_the_right_place(city):
    assert re.match(f"{PREFECTURE}?({CITY})", f"{city}本町1-2").group(1) == city
