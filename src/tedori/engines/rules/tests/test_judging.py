"""Answers for one household: certain, possible, not; why, why not, what is missing, what would change it."""

from __future__ import annotations

from datetime import date

import pytest

from tedori.engines.rules.asking import questions
from tedori.engines.rules.changing import changes
from tedori.engines.rules.errors import HouseholdFault
from tedori.engines.rules.households import described, separate
from tedori.engines.rules.judging import Answer, judge
from tedori.engines.rules.loading import load, standard
from tedori.engines.rules.tests.fixtures import SMALL
from tedori.engines.rules.wording import english, japanese

DAY = date(2024, 5, 1)
BOOK = load([("rule.yaml", SMALL)])


def sample(**household: object) -> Answer:
    """The answer of 見本手当 for a household."""
    return judge(BOOK, described(household), DAY)[0]


@pytest.mark.req("P12")
@pytest.mark.parametrize(
    ("parent", "child", "tokyo", "result", "low", "high"),
    [
        ({"収入": 0}, {"収入": 0, "働いている": False}, True, "対象", 5000, 5000),
        ({"収入": 2000000}, {"収入": 0, "働いている": False}, True, "対象", 5000, 5000),
        ({"収入": 2000001}, {"収入": 0, "働いている": False}, True, "対象外", 0, 0),
        ({"収入": 0}, {"収入": 0, "働いている": True}, True, "対象外", 0, 0),
        ({"収入": 0}, {"収入": 0, "働いている": None}, True, "不明", 0, 5000),
        ({}, {"収入": 0, "働いている": False}, True, "不明", 0, 5000),
        ({}, {}, False, "対象外", 0, 0),
    ],
)
def test_what_is_not_known_is_never_taken_for_zero_or_no(  # noqa: PLR0913
    parent: dict[str, object], child: dict[str, object], tokyo: bool, result: str, low: float, high: float
) -> None:
    answer = sample(都内=tokyo, 親=[parent], 子=[child])
    assert (answer.result, answer.low, answer.high) == (result, low, high)


def test_before_the_first_day_and_after_the_last_nobody_gets_it() -> None:
    home = described({"都内": True, "親": [{"収入": 0}], "子": [{"収入": 0, "働いている": False}]})
    results = [judge(BOOK, home, date(year, 5, 1))[0] for year in (2019, 2024, 2030)]
    assert [(one.result, one.in_force) for one in results] == [
        ("対象外", False),
        ("対象", True),
        ("対象外", False),
    ]
    assert "まだ始まっていないか" in japanese(results[0])
    assert "has not begun" in english(results[0])


@pytest.mark.req("P12")
def test_the_answer_says_why_with_the_article() -> None:
    answer = sample(都内=True, 親=[{"収入": 0}], 子=[{"収入": 0, "働いている": False}])
    assert japanese(answer) == (
        "見本手当：対象です（5,000円/月）。「都内に住んでいる」ことを満たしています（試験法第2条）。"
        "「収入が限度以下である」ことを満たしています（試験法第3条）。「働いている子がいる」にあたりません。"
    )
    assert english(answer).startswith(
        "Sample Allowance: you qualify (5,000 yen a month). Met: You live in Tokyo"
    )


def test_the_answer_says_why_not() -> None:
    no = sample(都内=False, 親=[{}], 子=[{"働いている": True}])
    assert japanese(no) == (
        "見本手当：対象ではありません。「都内に住んでいる」ことを満たさないためです（試験法第2条）。"
        "「働いている子がいる」にあたるためです（試験法第4条）。"
    )
    assert "Barred because: A child works" in english(no)


def test_the_answer_says_what_is_missing_and_whose() -> None:
    answer = sample(都内=True, 親=[{"収入": 0}], 子=[{"収入": 0, "名前": "はな"}])
    assert [(one.fact.name, one.person) for one in answer.missing] == [("働いている", "はな")]
    assert japanese(answer).endswith("次のことがわかれば決まります：はな: 働いていますか。")
    assert english(answer).endswith("It depends on: はな: Working?")


def test_what_would_change_the_answer() -> None:
    home = described({"都内": True, "親": [{"収入": 3000000}], "子": [{"収入": 0, "働いている": False}]})
    assert [(one.fact, one.person, one.value) for one in changes(BOOK, home, DAY, "見本手当")] == [
        ("収入", "親1", 2000000)
    ]
    fine = home.told("収入", 1500000, "親1")
    found = {(one.fact, one.person): one.value for one in changes(BOOK, fine, DAY, "見本手当")}
    assert found == {
        ("収入", "親1"): 2000001,
        ("収入", "子1"): 2000001,
        ("働いている", "子1"): True,
        ("都内", None): False,
    }


def test_only_questions_that_can_still_change_the_outcome_are_asked() -> None:
    home = described({"親": [{"収入": 0}], "子": [{"収入": 0}]})
    asked = [(one.fact.name, one.person) for one in questions(BOOK, home, DAY)]
    assert sorted(asked, key=str) == [("働いている", "子1"), ("都内", None)]
    assert questions(BOOK, home.told("都内", False), DAY) == ()


def test_an_intermediate_value_may_be_given_instead_of_derived() -> None:
    book = standard()
    told = described(
        {"児童扶養手当の控除後世帯高所得": 0, "親": [{"所得": 0}], "子": [{"年齢": 8, "所得": 0}]}
    )
    answer = judge(book, told, date(2024, 11, 1), ["児童扶養手当"])[0]
    assert (answer.result, answer.low, answer.high) == ("対象", 46690, 46690)


def test_a_single_parent_whose_income_is_not_told_is_open_and_not_full() -> None:
    answer = judge(
        standard(),
        described({"親": [{"年齢": 30}], "子": [{"年齢": 8}]}),
        date(2024, 11, 1),
        ["児童扶養手当"],
    )[0]
    assert (answer.result, answer.low, answer.high) == ("不明", 0, 46690)


def test_a_child_without_a_birth_day_is_not_an_adult() -> None:
    answer = judge(
        standard(), described({"親": [{"年齢": 30}], "子": [{}]}), date(2024, 11, 1), ["児童手当"]
    )[0]
    assert (answer.result, answer.low, answer.high) == ("不明", 0, 15000)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"誕生年月日": "2031-01-01"}, "in-the-future"),
        ({"誕生年月日": "明治元年2月1日"}, "too-old"),
        ({"誕生年月日": "平成99年1月1日"}, "not-a-day"),
        ({"誕生年月日": "2023-02-30"}, "not-a-day"),
        ({"収入": -1}, "too-small"),
        ({"収入": "たくさん"}, "not-a-number"),
        ({"収入": 10**12}, "too-large"),
        ({"手帳": "九級"}, "not-an-option"),
        ({"働いている": "たぶん"}, "not-yes-or-no"),
        ({"身長": 170}, "unknown-fact"),
        ({"都内": True}, "unknown-fact"),
    ],
)
def test_an_answer_that_cannot_be_is_named_and_not_computed_with(facts: dict[str, object], code: str) -> None:
    with pytest.raises(HouseholdFault) as caught:
        sample(親=[facts])
    assert caught.value.fault.code == code
    assert caught.value.fault.ja
    assert caught.value.fault.en


@pytest.mark.parametrize(
    ("household", "code"),
    [
        ({}, "nobody"),
        ({"親": [{}, {}, {}]}, "too-many-parents"),
        ({"親": [{"名前": "佐藤"}], "子": [{"名前": "佐藤"}]}, "twice"),
        ({"子": [{}] * 41}, "too-large"),
    ],
)
def test_a_household_that_cannot_be_is_refused(household: dict[str, object], code: str) -> None:
    with pytest.raises(HouseholdFault) as caught:
        sample(**household)
    assert caught.value.fault.code == code


def test_a_person_cannot_be_in_two_households() -> None:
    home = described({"親": [{"名前": "山本"}]})
    with pytest.raises(HouseholdFault) as caught:
        separate({"一": home, "二": home})
    assert caught.value.fault.code == "two-households"


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("２００万円", "対象"),
        ("2,000,000円", "対象"),
        ("２００００００", "対象"),
        ("201万", "対象外"),
        ("不明", "不明"),
        ("", "不明"),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, result: str) -> None:
    assert (
        sample(都内="はい", 親=[{"収入": written}], 子=[{"収入": 0, "働いている": "いいえ"}]).result == result
    )


@pytest.mark.parametrize(
    "written", ["2012-05-02", "平成24年5月2日", "H24.5.2", "２０１２年５月２日", "2012/5/2"]
)
def test_birth_days_are_read_as_people_write_them(written: str) -> None:
    home = described({"親": [{}], "子": [{"誕生年月日": written}]})
    answer = judge(standard(), home, date(2024, 11, 1), ["児童手当"])[0]
    assert (answer.result, answer.low) == ("対象", 10000)
