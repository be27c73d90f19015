"""Settles what Kleene logic leaves open although every completion agrees, by splitting it into cases.

Kleene is exact where each unknown fact is met once; one that is met twice ("below 3, or 3 or more") leaves it
undecided. The domains of the unknown facts are split until every case is decided, or one case says yes and
another no, so that it really is open. When the number of cases passes the limit it stays open, unproven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from tedori.engines.rules.evaluating import Scope
from tedori.engines.rules.model import RANGE, Node
from tedori.engines.rules.variants import Asked, Case, Domain, halves, members, single, undecided

LIMIT = 4096
WITNESSES = 32


@dataclass(frozen=True, slots=True)
class Settled:
    """`yes` and `may` of a truth, the lowest and highest amount; `proven` False: the limit was met."""

    yes: bool
    may: bool
    low: float
    high: float
    proven: bool = True


def settle(case: Case, scope: Scope, eligible: Node, amount: Node, seen: Scope | None = None) -> Settled:
    """The exact answer for one household, if the limit of cases allows; else what Kleene says.

    `scope`: the household as it is. `seen`: complete sets of answers to compare first (see `witnesses`),
    shared between programmes.
    """
    first = _read(scope, eligible, amount)
    if first.yes == first.may:
        return first
    if seen is not None and _contradicted(seen, eligible):
        return first
    open_facts = sorted(undecided(case, scope, (eligible,)))
    return _split(case, (eligible, amount), open_facts, first)


def witnesses(case: Case, asked: Sequence[Asked]) -> Scope:
    """Some complete sets of answers to the open facts, in one evaluation."""
    domains = [_answers(case, one) for one in asked]
    rows = [
        {
            one: _spread(domain, place, number)
            for place, (one, domain) in enumerate(zip(asked, domains, strict=True))
        }
        for number in range(WITNESSES)
    ]
    return case.scope(rows)


def _read(scope, eligible: Node, amount: Node) -> Settled:  # type: ignore[no-untyped-def]
    truth, money = scope.value(eligible), scope.value(amount)
    return Settled(
        bool(np.any(truth.yes)), bool(np.any(truth.may)), float(np.sum(money.low)), float(np.sum(money.high))
    )


def _answers(case: Case, asked: Asked) -> list[Domain]:
    """The answers to try: the typical ones, and the ends of a range, where limits are surely passed."""
    fact, domain = case.seen(asked.fact), case.domain(asked)
    ends: list[Domain] = [(domain[0], domain[0]), (domain[1], domain[1])] if fact.kind == RANGE else []
    return [*members(fact, domain), *ends]


def _contradicted(seen: Scope, eligible: Node) -> bool:
    """Whether two complete sets of answers give different results, or one leaves it to an office."""
    yes, may = _per_row(seen, eligible, WITNESSES)
    return bool((yes != may).any() or (yes.any() and (~may).any()))


def _spread(domain: Sequence[Domain], place: int, number: int) -> Domain:
    """A member that varies with the number and differently for each place, without chance."""
    return domain[(number * (2 * place + 1) + number // len(domain) + (number >> place)) % len(domain)]


def _per_row(scope: Scope, eligible: Node, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Per row: whether the household gets it for certain, whether possibly."""
    truth = scope.value(eligible)
    wide = [np.broadcast_to(each, max(np.size(each), rows)) for each in (truth.yes, truth.may)]  # type: ignore[union-attr]
    yes, may = (each.reshape(rows, -1).any(axis=1) for each in wide)
    return yes, may


def _split(case: Case, nodes: tuple[Node, Node], asked: Sequence[Asked], first: Settled) -> Settled:
    rows: list[dict[Asked, Domain]] = [{one: case.domain(one) for one in asked}]
    told: set[bool] = set()
    count = 0
    while rows and count < LIMIT:
        count += len(rows)
        undone = _undone(case, nodes[0], rows, told)
        parts = [_narrower(case, row) for row in undone]
        if len(told) > 1 or not all(parts):
            # Two cases differ, or everything is told and it is still open: then an office decides it.
            return first
        rows = list(chain.from_iterable(parts))
    if rows or len(told) != 1:
        return replace(first, proven=False)
    return _decided(told.pop(), first)


def _undone(
    case: Case, eligible: Node, rows: list[dict[Asked, Domain]], told: set[bool]
) -> list[dict[Asked, Domain]]:
    """The rows that are not decided; the results of the others are added to `told`."""
    yes, may = _per_row(case.scope(rows), eligible, len(rows))
    told |= set(yes[yes == may].tolist())
    return [rows[place] for place in np.flatnonzero(yes != may)]


def _decided(result: bool, first: Settled) -> Settled:
    return Settled(result, result, first.low if result else 0.0, first.high if result else 0.0)


def _narrower(case: Case, row: Mapping[Asked, Domain]) -> list[dict[Asked, Domain]]:
    """The row in parts, split at its widest unknown."""
    open_facts = [one for one in row if not single(case.seen(one.fact), row[one])]
    if not open_facts:
        return []
    widest = max(open_facts, key=lambda one: row[one][1] - row[one][0])
    return [{**row, widest: part} for part in halves(case.seen(widest.fact), row[widest])]
