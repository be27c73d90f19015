"""Over random rules: is the answer certain exactly when all completions agree? How many questions?"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from itertools import product

import yaml

from bench.figure import Figure, Measured
from tedori.engines.rules.asking import Question, questions
from tedori.engines.rules.households import Household, described
from tedori.engines.rules.judging import OPEN, judge
from tedori.engines.rules.loading import load
from tedori.engines.rules.model import Rulebook

SEED, DAY = 20241101, date(2024, 11, 1)
NAMES = tuple("甲乙丙丁戊己庚")
RULES, RULES_TO_ASK, FACTS_TO_ASK = 300, 60, 6

Told = tuple[bool | None, ...]


def _rule(rng: random.Random, names: Sequence[str], depth: int) -> object:
    """A random condition; facts may come up more than once, where plain Kleene logic is not exact."""
    if depth == 0 or rng.random() < 0.2:
        name = rng.choice(names)
        return name if rng.random() < 0.7 else {"not": name}
    kind = rng.choice(["all", "any", "any", "all", "if", "at_least_of"])
    parts = [_rule(rng, names, depth - 1) for _ in range(3 if kind in ("if", "at_least_of") else 2)]
    return {kind: [2, *parts] if kind == "at_least_of" else parts}


def _book(rules: Sequence[object], names: Sequence[str]) -> Rulebook:
    facts = {name: {"of": "household", "ja": name, "en": name} for name in names}
    programmes = {
        f"試し{place}": {
            "ja": "試し", "en": "Trial", "law": "試験法", "from": date(2020, 4, 1),
            "conditions": [{"id": "一", "ja": "一", "en": "one", "article": "試験法第1条", "when": rule}],
            "amount": {"article": "試験法第2条", "is": 10000 * (place + 1)},
            "examples": [{"name": "例", "day": DAY, "household": {}, "expect": {}}],
        }
        for place, rule in enumerate(rules)
    }  # fmt: skip
    return load([("random.yaml", yaml.safe_dump({"facts": facts, "programmes": programmes}))], proven=False)


def _home(names: Sequence[str], told: Told) -> Household:
    return described(
        {"親": [{}], **{name: one for name, one in zip(names, told, strict=True) if one is not None}}
    )


def _holds(rule: object, told: Mapping[str, bool]) -> bool:
    """The rule over complete answers, computed apart from the engine."""
    if isinstance(rule, str):
        return told[rule]
    assert isinstance(rule, dict)
    kind, parts = next(iter(rule.items()))
    if kind == "not":
        return not _holds(parts, told)
    if kind == "at_least_of":
        return sum(_holds(one, told) for one in parts[1:]) >= parts[0]
    values = [_holds(one, told) for one in parts]
    return {"all": all(values), "any": any(values), "if": values[1] if values[0] else values[-1]}[kind]


def _truth(rule: object, names: Sequence[str], told: Told) -> str:
    each = [(one,) if one is not None else (True, False) for one in told]
    results = {_holds(rule, dict(zip(names, found, strict=True))) for found in product(*each)}
    return OPEN if len(results) > 1 else "対象" if results.pop() else "対象外"


def _unknown() -> Measured:
    rng = random.Random(SEED)
    wrong = open_by_kleene = 0
    for _ in range(RULES):
        rule = _rule(rng, NAMES, 4)
        told = tuple(rng.choice([True, False, None, None]) for _ in NAMES)
        answer = judge(_book([rule], NAMES), _home(NAMES, told), DAY)[0]
        truth = _truth(rule, NAMES, told)
        wrong += answer.result != truth
        open_by_kleene += answer.result != OPEN and any(one.holds is None for one in answer.conditions)
    what = f"differ from all completions of {RULES} random rules; {open_by_kleene} settled beyond Kleene"
    return Measured(wrong, wrong == 0, what)


def _ours(names: Sequence[str], asked: Sequence[Question]) -> int:
    return names.index(asked[0].fact.name)


def _score(names: Sequence[str], rules: Sequence[object], told: Told) -> int:
    """The peer's way: the unknown fact that is met most often in the rules that are open."""
    text = "".join(str(rule) for rule in rules if _truth(rule, names, told) == OPEN)
    unknown = [place for place, one in enumerate(told) if one is None]
    return max(unknown, key=lambda place: (text.count(names[place]), -place))


def _settled(rules: Sequence[object], names: Sequence[str], told: Told) -> bool:
    return all(_truth(rule, names, told) != OPEN for rule in rules)


def _with(told: Told, place: int, answer: bool) -> Told:
    return (*told[:place], answer, *told[place + 1 :])


def _mean(settled: Callable[[Told], bool], choose: Callable[[Told], int], told: Told) -> float:
    """The mean number of questions over all ways to answer."""
    if settled(told):
        return 0.0
    place = choose(told)
    return 1 + sum(_mean(settled, choose, _with(told, place, one)) for one in (True, False)) / 2


def _optimum(settled: Callable[[Told], bool]) -> Callable[[Told], float]:
    @cache
    def best(told: Told) -> float:
        if settled(told):
            return 0.0
        unknown = [place for place, one in enumerate(told) if one is None]
        return 1 + min(sum(best(_with(told, place, one)) for one in (True, False)) / 2 for place in unknown)

    return best


def _questions() -> Measured:
    rng = random.Random(SEED)
    names, start = NAMES[:FACTS_TO_ASK], (None,) * FACTS_TO_ASK
    ours = peers = best = 0.0
    for _ in range(RULES_TO_ASK):
        rules = [_rule(rng, names, 2) for _ in range(3)]
        book = _book(rules, names)
        settled = cache(partial(_settled, rules, names))
        ours += _mean(
            settled, lambda told, book=book: _ours(names, questions(book, _home(names, told), DAY)), start
        )
        peers += _mean(settled, partial(_score, names, rules), start)
        best += _optimum(settled)(start)
    mean, optimum, peer = (each / RULES_TO_ASK for each in (ours, best, peers))
    what = f"{mean:.2f} questions on average, optimum {optimum:.2f}, {FACTS_TO_ASK} facts, 3 rules"
    over = 100 * (mean / optimum - 1)
    return Measured(
        round(over, 1), over <= 10, what, f"publicodes-style score {peer:.2f}", round(peer / mean, 2)
    )


FIGURES = (
    Figure("rules-unknown", "certain exactly when all completions agree", "wrong answers", "0", _unknown),
    Figure("questions", "questions until settled above the optimum", "%", "≤ 10 %", _questions),
)
