"""A rule's own examples: a rule that contradicts one of them does not load."""

from __future__ import annotations

from typing import Any

from tedori.engines.rules.errors import RuleFault
from tedori.engines.rules.evaluating import Scope
from tedori.engines.rules.households import described, population
from tedori.engines.rules.model import Example, Programme, Rulebook

STATES = {(True, True): "対象", (False, True): "不明", (False, False): "対象外"}


def prove(rulebook: Rulebook, programme: Programme) -> None:
    """RuleFault when an example of the programme gets another answer than it says."""
    for example in programme.examples:
        found = outcome(rulebook, programme, example)
        expected = {key: _plain(value) for key, value in example.expect.items()}
        wrong = {key: (value, found[key]) for key, value in expected.items() if found[key] != value}
        if wrong:
            text = ", ".join(f"{key}: {value} ≠ {got}" for key, (value, got) in wrong.items())
            raise RuleFault(
                "contradicts-example",
                f"{programme.id}・{example.name}",
                f"例と違う結果になります: {text}",
                f"the rule gives another answer than its example: {text}",
            )


def outcome(rulebook: Rulebook, programme: Programme, example: Example) -> dict[str, Any]:
    """The answer to an example: `result`, and `amount` as a number or [lowest, highest]."""
    scope = Scope(rulebook, population(rulebook, [described(example.household)], example.on), example.on)
    truth, amount = scope.value(programme.eligible), scope.value(programme.amount)
    yes, may = (_any(each) for each in (truth.yes, truth.may))  # type: ignore[union-attr]
    low, high = (float(_sum(each)) for each in (amount.low, amount.high))  # type: ignore[union-attr]
    return {"result": STATES[yes, may], "amount": _plain([low, high])}


def _any(values: Any) -> bool:
    return bool(values.any())


def _sum(values: Any) -> float:
    return float(values.sum())


def _plain(value: Any) -> Any:
    """[5, 5] is 5."""
    if isinstance(value, list):
        low, high = map(float, value)
        return low if low == high else [low, high]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
