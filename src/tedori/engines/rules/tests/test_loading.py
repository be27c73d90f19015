"""Rules are data, and a faulty rule does not load."""

from __future__ import annotations

from datetime import date

import pytest

from tedori.engines.rules.errors import RuleFault
from tedori.engines.rules.loading import load, standard
from tedori.engines.rules.tests.fixtures import SMALL


def code_of(text: str) -> str:
    with pytest.raises(RuleFault) as caught:
        load([("rule.yaml", text)])
    assert caught.value.fault.ja
    assert caught.value.fault.en
    return caught.value.fault.code


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("when: 都内}", "when: 都外}", "unknown-fact"),
        ("from: 2020-04-01", "begins: 2020-04-01", "no-effective-date"),
        ("values: {2020-04-01: 1000000, 2024-04-01: 2000000}", "values: 1000000", "no-effective-date"),
        ("amount: 5000}}", "amount: 6000}}", "contradicts-example"),
        ("result: 対象,", "result: 対象外,", "contradicts-example"),
        ("article: 試験法第2条, ", "", "no-article"),
        ("when: 都内}", "when: {surely: 都内}}", "unknown-kind"),
        ("when: 都内}", "when: 働いている}", "person-in-household"),
        ("when: 都内}", "when: {at_least: [都内, 1]}}", "wrong-sort"),
        ("when: 都内}", "when: {some: {that: {is: [手帳, 九級]}}}}", "unknown-option"),
        ("when: 都内}", "when: {some: {who: 隣人}}}", "unknown-role"),
        ("{param: 限度}", "{param: 上限}", "unknown-parameter"),
        (
            "{at_most: [{highest: {value: 収入}}, {param: 限度}]}",
            "{at_most: [{highest: {value: 収入}}]}",
            "wrong-arguments",
        ),
        ("is: {age: 誕生年月日}", "is: {plus: [年齢, 1]}", "cycle"),
    ],
)
def test_a_faulty_rule_does_not_load_and_says_why(before: str, after: str, code: str) -> None:
    assert before in SMALL
    assert code_of(SMALL.replace(before, after)) == code


def test_a_rule_without_examples_does_not_load() -> None:
    assert code_of(SMALL[: SMALL.index("    examples:")]) == "no-examples"


def test_a_file_that_is_not_yaml_does_not_load() -> None:
    assert code_of("a: [") == "not-yaml"
    assert code_of("just words") == "not-yaml"


def test_two_files_cannot_define_the_same_name() -> None:
    with pytest.raises(RuleFault) as caught:
        load([("a.yaml", SMALL), ("b.yaml", SMALL)])
    assert caught.value.fault.code == "twice"


def test_two_examples_that_contradict_each_other_do_not_load() -> None:
    other = SMALL.rstrip().replace("{name: 一人,", "{name: 二,")
    line = other[other.index("      - {name: 二,") :].replace("amount: 5000", "amount: 0")
    assert code_of(SMALL + line + "\n") == "contradicts-example"


@pytest.mark.req("W02")
def test_the_rules_that_come_with_the_engine_load_with_all_their_examples() -> None:
    programmes = standard().programmes
    assert {"児童手当", "児童扶養手当", "特別児童扶養手当", "障害児福祉手当"} <= set(programmes)
    assert {"児童育成手当", "障害児童育成手当", "重度心身障害者手当", "受験生チャレンジ支援貸付"} <= set(
        programmes
    )


@pytest.mark.req("W02")
def test_every_condition_amount_and_value_names_its_article() -> None:
    rulebook = standard()
    for programme in rulebook.programmes.values():
        assert programme.amount_article
        assert all(one.article for one in (*programme.conditions, *programme.exceptions))
    assert all(one.article for one in (*rulebook.definitions.values(), *rulebook.parameters.values()))


def test_every_rule_has_an_example_that_gets_it_and_one_that_does_not() -> None:
    results = {
        name: {one.expect["result"] for one in rule.examples} for name, rule in standard().programmes.items()
    }
    assert {name for name, found in results.items() if "対象外" not in found} <= {"特別児童扶養手当"}
    assert all(found & {"対象", "不明"} for found in results.values())


def test_a_parameter_has_the_value_of_the_day() -> None:
    limit = load([("rule.yaml", SMALL)]).parameters["限度"]
    assert [limit.on(date(year, 4, 1)) for year in (2019, 2020, 2023, 2024)] == [
        None,
        1000000,
        1000000,
        2000000,
    ]
