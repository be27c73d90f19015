"""A synthetic population of households: sizes, ages, incomes and certificates drawn with a fixed seed."""

from __future__ import annotations

import numpy as np

from tedori.engines.rules.model import HOUSEHOLD, PERSON, RANGE, TRUTH, Fact, Rulebook
from tedori.engines.rules.population import Column, Population
from tedori.engines.rules.values import Choice, Range, Truth, exactly, known

SEED = 20241101
# Households: one person, a couple, a couple with 1 to 3 children, a single parent with 1 or 2.
KINDS = ((1, 0), (2, 0), (2, 1), (2, 2), (2, 3), (1, 1), (1, 2))
SHARES = (0.34, 0.235, 0.14, 0.155, 0.05, 0.045, 0.035)


def synthetic(rulebook: Rulebook, households: int, unknown: float = 0.0) -> Population:
    """The population; of its answers the share `unknown` is not known."""
    rng = np.random.default_rng(SEED)
    kinds = np.array(KINDS)[rng.choice(len(KINDS), households, p=SHARES)]
    sizes = kinds.sum(axis=1)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    place = np.arange(sizes.sum()) - np.repeat(starts, sizes)
    child = place >= np.repeat(kinds[:, 0], sizes)
    columns = {
        fact.name: _column(rng, fact, child if fact.entity == PERSON else np.zeros(households, bool), unknown)
        for fact in rulebook.facts.values()
    }
    return Population(starts.astype(np.int64), child.astype(np.int8), columns)


def _column(rng: np.random.Generator, fact: Fact, child: np.ndarray, unknown: float) -> Column:
    hidden = rng.random(len(child)) < unknown if unknown else None
    entity = PERSON if fact.entity == PERSON else HOUSEHOLD
    if fact.kind == TRUTH:
        told = rng.random(len(child)) < 0.03
        return Column(entity, known(told) if hidden is None else Truth(told & ~hidden, told | hidden))
    if fact.kind == RANGE:
        return Column(entity, _numbers(fact, _drawn(rng, fact, child), hidden))
    rare = rng.random(len(child)) < (0.05 if fact.options[0] == "無" else 0.9)
    smallest = np.int16 if len(fact.options) < 15 else np.int64
    bits = np.where(rare, 1 << rng.integers(0, len(fact.options), len(child)), 1).astype(smallest)
    return Column(
        entity, Choice(bits if hidden is None else np.where(hidden, _every(fact), bits).astype(smallest))
    )


def _every(fact: Fact) -> int:
    return (1 << len(fact.options)) - 1


def _drawn(rng: np.random.Generator, fact: Fact, child: np.ndarray) -> np.ndarray:
    if fact.sort == "date":
        year = np.where(child, rng.integers(2003, 2024, len(child)), rng.integers(1935, 2000, len(child)))
        return (
            year * 10000 + rng.integers(1, 13, len(child)) * 100 + rng.integers(1, 29, len(child))
        ).astype(float)
    if fact.name == "収入":
        return np.where(child, 0, np.round(rng.lognormal(15.0, 0.7, len(child)), -3)).astype(float)
    typical = [float(one) for one in fact.typical] or [fact.low]
    return rng.choice(typical, len(child))


def _numbers(fact: Fact, told: np.ndarray, hidden: np.ndarray | None) -> Range:
    if hidden is None:
        return exactly(told.astype(np.int32))
    return Range(np.where(hidden, fact.low, told), np.where(hidden, fact.high, told))
