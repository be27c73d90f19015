"""Search finds Japanese however it is written, and puts the better answer first."""

import pytest

from tedori.services.datasets.rules.search import fold, score, terms


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("トイレ", "といれ"),
        ("ﾄｲﾚ", "トイレ"),
        ("ＡＥＤ", "aed"),
        ("１２３", "123"),
        ("ヴァ", "ゔぁ"),
    ],
)
def test_ways_of_writing_fold_to_one(written, same):
    assert fold(written) == fold(same)


def test_full_width_spaces_part_words_too():
    assert terms("トイレ　千代田区 ") == ("といれ", "千代田区")


FIELDS = ((8.0, fold("公衆トイレ一覧")), (5.0, fold("千代田区 ちよだく")), (1.0, fold("車いす対応")))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("トイレ", True),
        ("といれ ちよだ", True),
        ("トイレ 八王子", False),
        ("公衆お手洗い", False),
        ("公衆便所トイレ一覧", True),
        ("", False),
    ],
)
def test_every_word_must_be_somewhere(query, found):
    assert (score(terms(query), FIELDS) > 0) is found


def test_a_title_beats_an_item_and_a_beginning_beats_a_middle():
    in_title = score(("といれ",), ((8.0, "といれ一覧"), (1.0, "")))
    in_middle = score(("といれ",), ((8.0, "公衆といれ一覧"), (1.0, "")))
    in_items = score(("といれ",), ((8.0, "公共施設"), (1.0, "といれの数")))
    assert in_title > in_middle > in_items > 0
