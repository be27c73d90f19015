"""Evaluates nodes over a population on a day: each node once, each a whole column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np

from tedori.engines.rules.kinds import KINDS
from tedori.engines.rules.model import CHOICE, PERSON, TRUTH, Fact, Node, Rulebook
from tedori.engines.rules.population import Population
from tedori.engines.rules.values import Choice, Range, Truth, Value, exactly, known, mapped, overlaid


class Scope:
    """One evaluation: a population, a day and what has been computed so far."""

    def __init__(self, rulebook: Rulebook, population: Population, day: date) -> None:
        """`population` is small enough for one go; see `over` for large ones."""
        self.rulebook, self.population, self.day = rulebook, population, day
        self.people, self.households = population.people, population.households
        self.starts, self.homes, self.roles = population.starts, population.homes, population.roles
        self._done: dict[int, Value] = {}
        self._open: dict[int, frozenset[int]] = {}

    def value(self, node: Node) -> Value:
        """The value of a node for every person or household."""
        found = self._done.get(id(node))
        if found is None:
            found = self._done[id(node)] = self._computed(node)
        return found

    def _computed(self, node: Node) -> Value:
        match node.kind:
            case "const":
                return known(node.data) if node.sort == TRUTH else exactly(node.data)  # type: ignore[arg-type]
            case "fact":
                return self._fact(self.rulebook.facts[str(node.data)])
            case "named":
                return self._named(node)
        return KINDS[node.kind].run(self, node, *map(self.value, node.args))  # type: ignore[no-any-return]

    def _fact(self, fact: Fact) -> Value:
        column = self.population.columns.get(fact.name)
        if column is None:
            return whole(fact, self.people if fact.entity == PERSON else self.households)
        return _as_floats(column.value)

    def _named(self, node: Node) -> Value:
        column = self.population.columns.get(str(node.data))
        if column is None:
            return self.value(node.args[0])
        if column.where is None:
            return column.value
        return overlaid(column.where, column.value, self.value(node.args[0]))

    def open_places(self, node: Node) -> frozenset[int]:
        """The people or households for whom the value of a node is not decided."""
        found = self._open.get(id(node))
        if found is None:
            found = self._open[id(node)] = _undecided(self.value(node))
        return found

    def parameter(self, name: str) -> object | None:
        """A parameter on the day; None before its first value."""
        return self.rulebook.parameters[name].on(self.day)

    @cached_property
    def partners(self) -> np.ndarray:
        """For each of two 親 of a household the other one's place, -1 for everybody else."""
        return self.population.partners()

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """All ordered pairs of people of the same household."""
        return self.population.pairs()


def _as_floats(value: Value) -> Value:
    """Columns may be kept as small whole numbers; what is computed with is of floats."""
    if isinstance(value, Range) and value.low.dtype != np.float64:
        return mapped(value, lambda each: each.astype(np.float64))
    return value


def _undecided(value: Value) -> frozenset[int]:
    if isinstance(value, Choice):
        open_ones = value.bits & (value.bits - 1)
    elif value.definite:
        return frozenset()
    else:
        one, other = (value.yes, value.may) if isinstance(value, Truth) else (value.low, value.high)
        open_ones = one != other
    return frozenset(np.flatnonzero(open_ones).tolist())


def whole(fact: Fact, size: int) -> Value:
    """The value of a fact of which nothing is known."""
    if fact.kind == TRUTH:
        return Truth(np.zeros(size, bool), np.ones(size, bool))
    if fact.kind == CHOICE:
        return Choice(np.full(size, (1 << len(fact.options)) - 1, np.int64))
    return Range(np.full(size, float(fact.low)), np.full(size, float(fact.high)))


def over(
    rulebook: Rulebook, population: Population, day: date, nodes: Mapping[str, Node], part: int = 16384
) -> dict[str, Value]:
    """The values of nodes over a large population, part by part, so that memory stays small."""
    found: dict[str, list[Value]] = {name: [] for name in nodes}
    for first in range(0, population.households, part):
        piece = population.part(first, first + part)
        scope = Scope(rulebook, piece, day)
        for name, node in nodes.items():
            size = scope.people if node.entity == PERSON else scope.households
            found[name].append(_sized(scope.value(node), size))
    # Taken out one by one, so that parts and wholes are not kept side by side.
    return {name: _joined(found.pop(name)) for name in list(found)}


def _sized(value: Value, size: int) -> Value:
    """The value as arrays of this size."""
    if isinstance(value, Truth):
        yes = np.broadcast_to(value.yes, size)
        return known(yes) if value.definite else Truth(yes, np.broadcast_to(value.may, size))
    if isinstance(value, Choice):
        return Choice(np.broadcast_to(value.bits, size))
    low = np.broadcast_to(value.low, size)
    return exactly(low) if value.definite else Range(low, np.broadcast_to(value.high, size))


def _joined(values: list[Value]) -> Value:
    first = values[0]
    if isinstance(first, Choice):
        return Choice(np.concatenate([value.bits for value in values]))  # type: ignore[union-attr]
    one, other = ("yes", "may") if isinstance(first, Truth) else ("low", "high")
    low = np.concatenate([getattr(value, one) for value in values])
    if all(value.definite for value in values):  # type: ignore[union-attr]
        return type(first)(low, low)
    return type(first)(low, np.concatenate([getattr(value, other) for value in values]))
