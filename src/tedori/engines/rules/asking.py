"""Which question next: the one after whose answer the least money is expected to stay undecided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tedori.engines.rules.households import Household
from tedori.engines.rules.model import HOUSEHOLD, Fact, Programme, Rulebook
from tedori.engines.rules.variants import Asked, Case, Domain, members, undecided

# An undecided programme weighs this many yen even where no amount is known.
LEAST_WEIGHT = 1000.0
LARGEST_WEIGHT = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, whose (None: the household's), and the yen expected to stay undecided."""

    fact: Fact
    person: str | None
    left: float


def questions(
    rulebook: Rulebook, household: Household, on: date, programmes: Iterable[str] | None = None
) -> tuple[Question, ...]:
    """The questions that can still change an outcome, the most useful first; none when all is settled.

    `programmes`: those that the judge leaves open; others need no question.
    """
    case = Case.of(rulebook, household, on)
    chosen = [
        rulebook.programmes[name] for name in (rulebook.programmes if programmes is None else programmes)
    ]
    met = _met(case, chosen)
    rows = [(one, domain) for one in met for domain in members(case.seen(one.fact), case.domain(one))]
    if not rows:
        return ()
    left = _left(case, chosen, rows)
    # Of questions that leave as much, the one that is met in more conditions comes first.
    ranked = sorted(met, key=lambda one: (left[one], -met[one], one))
    return tuple(_question(case, one, left[one]) for one in ranked)


def _met(case: Case, programmes: Sequence[Programme]) -> dict[Asked, int]:
    """The unknown facts on which these programmes still rest, with how often each is met."""
    nodes = [node for one in programmes for node in (one.eligible, one.amount)]
    return undecided(case, case.scope(), nodes)


def _question(case: Case, asked: Asked, left: float) -> Question:
    fact = case.seen(asked.fact)
    return Question(fact, None if fact.entity == HOUSEHOLD else case.household.people[asked.place].name, left)


def _left(
    case: Case, programmes: Sequence[Programme], rows: Sequence[tuple[Asked, Domain]]
) -> dict[Asked, float]:
    """For each question the mean, over its answers, of the yen that stay undecided."""
    scope = case.scope([{asked: domain} for asked, domain in rows])
    undecided_yen = sum(_undecided_yen(scope, one, len(rows)) for one in programmes)
    sums: dict[Asked, list[float]] = {}
    for (asked, _), yen in zip(rows, np.broadcast_to(undecided_yen, len(rows)).tolist(), strict=True):
        sums.setdefault(asked, []).append(yen)
    return {asked: sum(each) / len(each) for asked, each in sums.items()}


def _undecided_yen(scope, programme: Programme, count: int) -> np.ndarray:  # type: ignore[no-untyped-def]
    truth, amount = scope.value(programme.eligible), scope.value(programme.amount)
    yen = _per_row(amount.high - amount.low, count).sum(axis=1)
    is_open = _per_row(truth.yes != truth.may, count).any(axis=1)
    return np.minimum(yen, LARGEST_WEIGHT) + is_open * LEAST_WEIGHT


def _per_row(values: np.ndarray, count: int) -> np.ndarray:
    return np.broadcast_to(values, max(np.size(values), count)).reshape(count, -1)
