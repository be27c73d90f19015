"""Many what-ifs of one household at once: a population whose rows are the household with other answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from tedori.engines.rules.evaluating import Scope, whole
from tedori.engines.rules.households import Household, population
from tedori.engines.rules.kinds.days import as_number
from tedori.engines.rules.model import PERSON, RANGE, TRUTH, Fact, Node, Rulebook, Words
from tedori.engines.rules.population import Column, Population
from tedori.engines.rules.values import Choice, Range, Truth, mapped


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """A fact of one person (by place in the household) or of the household (place 0)."""

    fact: str
    place: int = 0


# What is possible of a fact: the lowest and the highest number, or bits of truth (2: yes, 1: no) or choice.
Domain = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One household on one day, judged by one rulebook."""

    rulebook: Rulebook
    household: Household
    on: date
    alone: Population

    @classmethod
    def of(cls, rulebook: Rulebook, household: Household, on: date) -> Case:
        """HouseholdFault for a household that cannot be."""
        return cls(rulebook, household, on, population(rulebook, [household], on))

    def scope(self, rows: Sequence[Mapping[Asked, Domain]] = ({},)) -> Scope:
        """An evaluation of the household once per row, each with the answers of its row."""
        told = _tiled(self.alone, len(rows))
        columns = dict(told.columns)
        for name, answers in _by_fact(rows).items():
            columns[name] = self._column(columns.get(name), name, answers, len(rows))
        return Scope(self.rulebook, replace(told, columns=columns), self.on)

    def seen(self, name: str) -> Fact:
        """The fact, or the derived value seen as one."""
        found = self.rulebook.facts.get(name)
        if found is not None:
            return found
        node = self.rulebook.definitions[name].node
        return Fact(name, node.entity, node.sort, Words(name, name), node.options)

    def _column(
        self, column: Column | None, name: str, answers: list[tuple[int, int, Domain]], rows: int
    ) -> Column:
        fact = self.seen(name)
        width = self.alone.people if fact.entity == PERSON else 1
        value = column.value if column else whole(fact, width * rows)
        low, high = (np.array(each, copy=True) for each in bounds(value))
        places = [row * width + place for row, place, _ in answers]
        low[places], high[places] = zip(*(domain for _, _, domain in answers), strict=True)
        return Column(fact.entity, _value(fact, low, high), column.where if column else None)

    def domain(self, asked: Asked) -> Domain:
        """What is possible of a fact before the question."""
        fact = self.seen(asked.fact)
        column = self.alone.columns.get(asked.fact)
        low, high = bounds(column.value if column else whole(fact, asked.place + 1))
        place = asked.place if len(low) > asked.place else 0
        return float(low[place]), float(high[place])

    def known(self, asked: Asked) -> bool:
        """Whether there is nothing left to ask."""
        return single(self.seen(asked.fact), self.domain(asked))


def _by_fact(rows: Sequence[Mapping[Asked, Domain]]) -> dict[str, list[tuple[int, int, Domain]]]:
    """For each fact the answers as (row, place, domain)."""
    found: dict[str, list[tuple[int, int, Domain]]] = {}
    for row, answers in enumerate(rows):
        for asked, domain in answers.items():
            found.setdefault(asked.fact, []).append((row, asked.place, domain))
    return found


def bounds(value: Any) -> tuple[np.ndarray, np.ndarray]:
    """A value as two arrays: the bounds of a range, the bits (twice) of a truth or choice."""
    if isinstance(value, Range):
        return value.low, value.high
    if isinstance(value, Choice):
        return value.bits, value.bits
    bits = np.where(value.yes, 2, np.where(value.may, 3, 1))
    return bits, bits


def _value(fact: Fact, low: np.ndarray, high: np.ndarray) -> Any:
    if fact.kind == RANGE:
        return Range(low.astype(np.float64), high.astype(np.float64))
    bits = low.astype(np.int64)
    return Truth(bits == 2, bits != 1) if fact.kind == TRUTH else Choice(bits)


def _tiled(alone: Population, times: int) -> Population:
    starts = np.arange(times, dtype=np.int64) * alone.people
    columns = {
        name: replace(
            column,
            value=mapped(column.value, lambda each: np.tile(each, times)),
            where=None if column.where is None else np.tile(column.where, times),
        )
        for name, column in alone.columns.items()
    }
    return Population(starts, np.tile(alone.roles, times), columns)


def single(fact: Fact, domain: Domain) -> bool:
    """Whether a domain has one member."""
    if fact.kind == RANGE:
        return domain[0] >= domain[1]
    return int(domain[0]).bit_count() == 1


def members(fact: Fact, domain: Domain) -> list[Domain]:
    """The members of a truth's or a choice's domain, or of a range its typical ones within it."""
    if fact.kind == RANGE:
        return _typical(fact, domain)
    bits = int(domain[0])
    return [(float(1 << place),) * 2 for place in range(bits.bit_length()) if bits >> place & 1]  # type: ignore[misc]


def _typical(fact: Fact, domain: Domain) -> list[Domain]:
    numbers = [float(as_number(one)) if isinstance(one, date) else float(one) for one in fact.typical]  # type: ignore[arg-type]
    inside = [one for one in numbers if domain[0] <= one <= domain[1]]
    return [(one, one) for one in inside or domain]


def halves(fact: Fact, domain: Domain) -> list[Domain]:
    """A domain as two parts that share nothing; whole numbers only for a range."""
    if fact.kind != RANGE:
        return members(fact, domain)
    middle = float(np.floor((domain[0] + domain[1]) / 2))
    return [(domain[0], middle), (middle + 1, domain[1])]


def undecided(case: Case, scope: Scope, nodes: Sequence[Node]) -> dict[Asked, int]:
    """The unknown facts on which undecided nodes rest, with how often each is met; the scope has one row."""
    found: dict[Asked, int] = {}
    walked: dict[int, set[int]] = {}
    waiting: list[tuple[Node, set[int] | None]] = [(node, None) for node in nodes]
    while waiting:
        node, within = waiting.pop()
        places = _fresh(scope, node, within, walked.setdefault(id(node), set()))
        if node.kind == "fact":
            for place in places:
                asked = Asked(str(node.data), place)
                found[asked] = found.get(asked, 0) + 1
        elif places:
            waiting.extend((arg, places if _beside(node, arg) else None) for arg in reversed(node.args))
    return found


def _fresh(scope: Scope, node: Node, within: set[int] | None, walked: set[int]) -> set[int]:
    """Where the node is open, within these places, and has not been walked yet; they count as walked."""
    open_places = scope.open_places(node)
    places = set(open_places if within is None else open_places & within) - walked
    walked |= places
    return places


def _beside(node: Node, arg: Node) -> bool:
    """Whether a person's value rests on the same person's value below it only."""
    return node.entity == arg.entity == PERSON and node.kind not in ("partner", "rank", "others")
