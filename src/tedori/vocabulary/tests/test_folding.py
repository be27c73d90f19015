"""Two spellings of one heading fold to the same; two headings never do."""

from __future__ import annotations

import pytest

from tedori.vocabulary.folding import bare, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("名称（カナ）", "名称_カナ"),
        ("ふりがな", "フリガナ"),
        ("ＴＥＬ", "tel"),
        ("電話\n番号", "電話番号"),
        ("【必須】名称", "名称"),
        ("3. 住所", "住所"),
        ("9.0-4歳の男性", "0-4歳の男性"),
        ("№", "NO"),
        ("ごみの品目", "ゴミの品目"),
    ],
)
def test_spellings_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("0-4歳の男性", "5-9歳の男性"), ("画像1", "画像2"), ("緯度", "経度")]
)
def test_different_headings_stay_different(one, other):
    assert fold(one) != fold(other)


def test_a_unit_in_brackets_does_not_count_but_a_telling_note_does():
    assert bare("定員（人）") == fold("定員")
    assert bare("名称（カナ）") == fold("名称カナ")
    assert bare("電話番号（内線）") != fold("電話番号")
