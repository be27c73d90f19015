"""A population is judged as each of its households is, in parts or at once."""

from __future__ import annotations

from datetime import date

import numpy as np

from tedori.engines.rules.evaluating import Scope, over
from tedori.engines.rules.households import described, population
from tedori.engines.rules.judging import judge
from tedori.engines.rules.loading import standard

DAY = date(2024, 11, 1)
HOMES = [
    {"親": [{"年齢": 30, "収入": 2500000}], "子": [{"年齢": 8}]},
    {
        "親": [{"年齢": 30}, {"年齢": 31}],
        "子": [{"誕生年月日": "2022-05-01"}, {"誕生年月日": "2007-05-01"}, {"年齢": 12}],
    },
    {"親": [{"年齢": 70}]},
    {"親": [{"年齢": 45}], "子": [{}, {"年齢": 1}], "祖父母": [{"年齢": 80, "身体障害者手帳等級": "一級"}]},
    {"居住都道府県": "東京都", "親": [{"収入": 9000000}], "子": [{"身体障害者手帳等級": "二級", "年齢": 3}]},
] * 4


def test_a_population_gives_the_bounds_of_each_of_its_households() -> None:
    book = standard()
    homes = [described(one) for one in HOMES]
    nodes = {name: one.amount for name, one in book.programmes.items() if one.entity == "household"}
    found = over(book, population(book, homes, DAY), DAY, nodes, part=3)
    for place, home in enumerate(homes[:5]):
        alone = Scope(book, population(book, [home], DAY), DAY)
        for name, node in nodes.items():
            value = alone.value(node)
            assert found[name].low[place] == np.atleast_1d(value.low)[0]  # type: ignore[union-attr]
            assert found[name].high[place] == np.atleast_1d(value.high)[0]  # type: ignore[union-attr]


def test_a_population_and_the_judge_agree_where_the_population_is_certain() -> None:
    book = standard()
    homes = [described(one) for one in HOMES[:5]]
    answers = [{one.programme.id: one for one in judge(book, home, DAY)} for home in homes]
    found = over(book, population(book, homes, DAY), DAY, {"児童手当": book.programmes["児童手当"].eligible})[
        "児童手当"
    ]
    certain = [place for place in range(5) if found.yes[place] == found.may[place]]  # type: ignore[union-attr]
    assert certain
    for place in certain:
        assert (answers[place]["児童手当"].result == "対象") is bool(found.yes[place])  # type: ignore[union-attr]


def test_equal_conditions_of_different_rules_are_one_node() -> None:
    book = standard()
    first, second = (
        book.programmes[name].conditions[0].node for name in ("児童育成手当", "障害児童育成手当")
    )
    assert first is second
