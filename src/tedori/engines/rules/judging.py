"""Judges one household: for each programme the answer, why, why not, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from tedori.engines.rules.evaluating import Scope
from tedori.engines.rules.households import Household
from tedori.engines.rules.model import HOUSEHOLD, PERSON, Condition, Fact, Programme, Rulebook
from tedori.engines.rules.settling import settle, witnesses
from tedori.engines.rules.variants import Asked, Case, undecided

ELIGIBLE, NOT_ELIGIBLE, OPEN = "対象", "対象外", "不明"


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition with its state: holds, does not, or None, unknown; an exception bars when it holds."""

    condition: Condition
    holds: bool | None
    bars: bool = False

    @property
    def against(self) -> bool:
        """Whether it stands in the way for certain."""
        return self.holds is (self.bars or False)

    @property
    def open(self) -> bool:
        """Whether it is not known."""
        return self.holds is None


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known and matters: whose (None: the household's)."""

    fact: Fact
    person: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a household may expect of a programme. The amount is a range; `person` is whom it is for."""

    programme: Programme
    result: str
    low: float
    high: float
    conditions: tuple[Judged, ...]
    missing: tuple[Missing, ...]
    person: str | None = None
    in_force: bool = True
    proven: bool = True


def judge(
    rulebook: Rulebook, household: Household, on: date, programmes: Iterable[str] | None = None
) -> tuple[Answer, ...]:
    """The answers of all programmes, or of the named ones. HouseholdFault for a household that cannot be."""
    case = Case.of(rulebook, household, on)
    scope = case.scope()
    chosen = [
        rulebook.programmes[name] for name in (rulebook.programmes if programmes is None else programmes)
    ]
    open_facts = sorted(undecided(case, scope, [one.eligible for one in chosen]))
    seen = witnesses(case, open_facts)
    return tuple(_answer(case, scope, one, seen) for one in chosen)


def _answer(case: Case, scope: Scope, programme: Programme, seen: Scope) -> Answer:
    if not programme.in_force(case.on):
        return Answer(programme, NOT_ELIGIBLE, 0, 0, (), (), in_force=False)
    settled = settle(case, scope, programme.eligible, programme.amount, seen)
    result = ELIGIBLE if settled.yes else OPEN if settled.may else NOT_ELIGIBLE
    place = _place(scope, programme)
    person = case.household.people[place].name if programme.entity == PERSON else None
    conditions = tuple(_judged(scope, one, place) for one in programme.conditions)
    bars = tuple(_judged(scope, one, place, bars=True) for one in programme.exceptions)
    missing = _missing(case, scope, programme) if settled.may else ()
    return Answer(
        programme,
        result,
        settled.low,
        settled.high,
        (*conditions, *bars),
        missing,
        person,
        proven=settled.proven,
    )


def _place(scope: Scope, programme: Programme) -> int:
    """The person whom a person's programme fits best."""
    truth = scope.value(programme.eligible)
    return int(np.argmax(np.atleast_1d(truth.yes * 2 + truth.may * 1)))  # type: ignore[union-attr]


def _judged(scope: Scope, condition: Condition, place: int, bars: bool = False) -> Judged:
    truth = scope.value(condition.node)
    wide = condition.node.entity == PERSON
    yes, may = (bool(np.atleast_1d(each)[place if wide else 0]) for each in (truth.yes, truth.may))  # type: ignore[union-attr]
    return Judged(condition, yes if yes == may else None, bars)


def _missing(case: Case, scope: Scope, programme: Programme) -> tuple[Missing, ...]:
    asked = undecided(case, scope, (programme.eligible, programme.amount))
    return tuple(_named(case, one) for one in asked)


def _named(case: Case, asked: Asked) -> Missing:
    fact = case.seen(asked.fact)
    return Missing(fact, None if fact.entity == HOUSEHOLD else case.household.people[asked.place].name)
