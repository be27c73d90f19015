"""Over random rules: certain exactly when all completions agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import product

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tedori.engines.rules.evaluating import Scope
from tedori.engines.rules.households import described, population
from tedori.engines.rules.judging import judge
from tedori.engines.rules.loading import load
from tedori.engines.rules.model import Rulebook

DAY = date(2024, 5, 1)
TRUTHS = ("甲", "乙")
NUMBERS = ("一", "二")
SPAN = 4
FACTS: dict[str, object] = {
    **{name: {"of": "household", "ja": name, "en": name} for name in TRUTHS},
    **{
        name: {"of": "household", "sort": "range", "range": [0, SPAN], "ja": name, "en": name}
        for name in NUMBERS
    },
    "色": {"of": "household", "sort": "choice", "options": ["赤", "青", "黄"], "ja": "色", "en": "colour"},
    "働く": {"of": "person", "ja": "働く", "en": "works"},
}
ANSWERS: Mapping[str, tuple[object, ...]] = {
    **dict.fromkeys(TRUTHS, (True, False)),
    **dict.fromkeys(NUMBERS, tuple(range(SPAN + 1))),
    "色": ("赤", "青", "黄"),
}

numbers = st.recursive(
    st.one_of(st.sampled_from(NUMBERS), st.integers(0, SPAN)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["plus", "minus", "times", "largest", "smallest"]), inner, inner).map(
            lambda parts: {parts[0]: [parts[1], parts[2]]}
        ),
    ),
    max_leaves=3,
)
leaves = st.one_of(
    st.sampled_from(TRUTHS),
    st.tuples(
        st.sampled_from(["at_least", "at_most", "more_than", "less_than", "equal"]), numbers, numbers
    ).map(lambda parts: {parts[0]: [parts[1], parts[2]]}),
    st.lists(st.sampled_from(["赤", "青", "黄"]), min_size=1, max_size=2, unique=True).map(
        lambda some: {"is": ["色", *some]}
    ),
    st.just({"some": "働く"}),
    st.just({"every": {"that": "働く"}}),
)
rules = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
        st.tuples(inner, inner, inner).map(lambda parts: {"if": list(parts)}),
    ),
    max_leaves=8,
)
told = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(answers) for name, answers in ANSWERS.items()}
)
working = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=2)


def book(rule: object) -> Rulebook:
    """A rulebook of one rule, whose example is not looked at."""
    programme = {
        "ja": "試し", "en": "Trial", "law": "試験法", "from": date(2020, 4, 1),
        "conditions": [{"id": "一", "ja": "一", "en": "one", "article": "試験法第1条", "when": rule}],
        "amount": {"article": "試験法第2条", "is": {"plus": ["一", 1]}},
        "examples": [{"name": "例", "day": DAY, "household": {}, "expect": {}}],
    }  # fmt: skip
    return load(
        [("rule.yaml", yaml.safe_dump({"facts": FACTS, "programmes": {"試し": programme}}))], proven=False
    )


def completions(facts: Mapping[str, object], people: list[bool | None]) -> list[dict[str, object]]:
    """Every household that what is told leaves possible."""
    names = list(ANSWERS)
    each = [(facts[name],) if name in facts else ANSWERS[name] for name in names]
    workers = [(one,) if one is not None else (True, False) for one in people]
    return [
        {**dict(zip(names, found, strict=True)), "親": [{"働く": one} for one in work]}
        for found in product(*each)
        for work in product(*workers)
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=rules, facts=told, people=working)
def test_the_answer_is_certain_exactly_when_all_completions_agree(
    rule: object, facts: dict[str, object], people: list[bool | None]
) -> None:
    rulebook = book(rule)
    answer = judge(rulebook, described({**facts, "親": [{"働く": one} for one in people]}), DAY)[0]
    homes = [described(one) for one in completions(facts, people)]
    scope = Scope(rulebook, population(rulebook, homes, DAY), DAY)
    truth = scope.value(rulebook.programmes["試し"].eligible)
    assert (truth.yes == truth.may).all()  # type: ignore[union-attr]
    results = set(truth.yes.ravel().tolist())  # type: ignore[union-attr]
    expected = {frozenset({True}): "対象", frozenset({False}): "対象外"}.get(frozenset(results), "不明")
    assert answer.result == expected
    amounts = scope.value(rulebook.programmes["試し"].amount).low  # type: ignore[union-attr]
    assert answer.low <= amounts.min()
    assert amounts.max() <= answer.high
