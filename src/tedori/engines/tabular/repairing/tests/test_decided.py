"""Words of closed vocabularies: the code list decides, and before it the person who was asked."""

from __future__ import annotations

import polars as pl
import pytest

from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.repairing import repair
from tedori.engines.tabular.repairing.choices import listed_rule
from tedori.engines.tabular.values import CodeList, Decisions, Item, PlaceGuess

NOWHERE = PlaceGuess(None, None, 0.0)
ITEM = "車椅子可"


def after(value, decided=None, item=ITEM, slug="public_facility"):
    frame = pl.DataFrame({item: [value, value], "_row": [2, 3]})
    decisions = Decisions(vocabulary={item: decided} if decided else {})
    return repair(frame, definition(slug), place=NOWHERE, decisions=decisions).frame[item][0]


@pytest.mark.req("O04")
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("あり", "有"),
        ("可", "有"),
        ("○", "有"),
        ("なし", "無"),
        ("不可", "無"),
        ("有", "有"),
        ("1", "1"),
        ("0", "0"),
        ("玄関にスロープあり", "玄関にスロープあり"),
        ("要問合せ", "要問合せ"),
    ],
)
def test_marks_of_equipment_become_words_codes_stay_codes_and_remarks_stay_remarks(written, read):
    assert after(written) == read


@pytest.mark.parametrize(
    ("written", "decided", "read"),
    [
        ("あり", {"あり": "1"}, "1"),
        ("あり", {"あり": "あり"}, "あり"),
        ("要問合せ", {"要問合せ": "無"}, "無"),
        (" あり ", {"あり": "可"}, "可"),
    ],
)
def test_what_a_person_decided_about_a_word_is_the_last_word(written, decided, read):
    assert after(written, decided) == read


def test_a_decision_about_one_word_leaves_the_others_to_the_rules():
    frame = pl.DataFrame({ITEM: ["あり", "なし", "あり"], "_row": [2, 3, 4]})
    decisions = Decisions(vocabulary={ITEM: {"あり": "あり"}})
    found = repair(frame, definition("public_facility"), place=NOWHERE, decisions=decisions)
    assert found.frame[ITEM].to_list() == ["あり", "無", "あり"]


@pytest.mark.parametrize(("word", "asked"), [("破砕ごみ", True), ("燃やすごみ", True), ("プラごみ", False)])
def test_words_that_only_probably_mean_a_class_are_left_and_asked_about(word, asked):
    found = after(word, item="分別区分", slug="garbage_separation")
    assert found == word
    item = next(one for one in definition("garbage_separation").items if one.name == "分別区分")
    assert bool(listed_rule(item).mend(word).doubt) == asked


def test_a_doubtful_word_is_not_believed_in_a_closed_list_either():
    codes = CodeList("sizes", ("大", "小"), {"ラージ": "大"}, doubtful={"中": "大"})
    mend = listed_rule(Item("大きさ", "code", codes=codes)).mend
    assert (mend("ラージ").after, mend("中").after, mend("中").doubt) == ("大", "中", "not-in-list")
