"""What would change an answer: each known fact alone, and from which value on the answer would be another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tedori.engines.rules.households import Household
from tedori.engines.rules.model import PERSON, RANGE, TRUTH, Node, Programme, Rulebook
from tedori.engines.rules.values import Truth
from tedori.engines.rules.variants import Asked, Case, Domain, members

STEPS = 64
ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Change:
    """With this fact (of this person) at this value the answer is another; a number is the nearest such."""

    fact: str
    person: str | None
    value: object


def changes(rulebook: Rulebook, household: Household, on: date, programme: str) -> tuple[Change, ...]:
    """The single facts that would turn a certain no into a certain yes, or the reverse; no birth days."""
    case = Case.of(rulebook, household, on)
    target = rulebook.programmes[programme]
    found = [_change(case, target, asked) for asked in _told(case, target)]
    return tuple(one for one in found if one is not None)


def _told(case: Case, programme: Programme) -> list[Asked]:
    """The known facts and values on which the programme rests."""
    names = _names(programme.eligible)
    told = [name for name in names if name in case.alone.columns and case.seen(name).sort != "date"]
    places = [Asked(name, place) for name in told for place in range(_width(case, name))]
    return [asked for asked in places if case.known(asked)]


def _width(case: Case, name: str) -> int:
    return case.alone.people if case.seen(name).entity == PERSON else 1


def _names(node: Node) -> list[str]:
    """The facts and derived values below a node, without those below others that are found twice."""
    found: dict[str, None] = {}
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if one.kind in ("fact", "named"):
            found[str(one.data)] = None
        waiting.extend(one.args)
    return list(found)


def _change(case: Case, programme: Programme, asked: Asked) -> Change | None:
    fact = case.seen(asked.fact)
    person = case.household.people[asked.place].name if fact.entity == PERSON else None
    if fact.kind == RANGE:
        value: object = _nearest(case, programme, asked)
    else:
        value = _other(case, programme, asked)
    return None if value is None else Change(asked.fact, person, value)


def _outcomes(case: Case, programme: Programme, asked: Asked, domains: Sequence[Domain]) -> np.ndarray:
    """Per value: 1 for a certain yes, -1 for a certain no, 0 for open."""
    truth = case.scope([{asked: domain} for domain in domains]).value(programme.eligible)
    assert isinstance(truth, Truth)
    wide = [np.broadcast_to(each, max(np.size(each), len(domains))) for each in (truth.yes, truth.may)]
    yes, may = (each.reshape(len(domains), -1).any(axis=1) for each in wide)
    return np.where(yes, 1, np.where(may, 0, -1))


def _other(case: Case, programme: Programme, asked: Asked) -> object:
    fact = case.seen(asked.fact)
    every = members(fact, (3.0, 3.0) if fact.kind == TRUTH else (float((1 << len(fact.options)) - 1),) * 2)
    now = _outcomes(case, programme, asked, [case.domain(asked)])[0]
    found = np.flatnonzero(_outcomes(case, programme, asked, every) == -now) if now else []
    if not len(found):
        return None
    bits = int(every[int(found[0])][0])
    return bits == 2 if fact.kind == TRUTH else fact.options[bits.bit_length() - 1]


def _nearest(case: Case, programme: Programme, asked: Asked) -> float | None:
    """The nearest number with the other answer, found on ever finer grids; whole numbers."""
    fact, now = case.seen(asked.fact), case.domain(asked)[0]
    state = _outcomes(case, programme, asked, [(now, now)])[0]
    sides = [_first(case, programme, asked, (now, end, -state)) for end in (fact.low, fact.high) if state]
    found = [one for one in sides if one is not None]
    return min(found, key=lambda one: abs(one - now)) if found else None


def _first(case: Case, programme: Programme, asked: Asked, search: tuple[float, float, int]) -> float | None:
    begin, end, wanted = search
    found = None
    for _ in range(ROUNDS):
        grid = np.unique(np.round(_grid(begin, end)))
        grid = grid if begin <= end else grid[::-1]
        hits = np.flatnonzero(
            _outcomes(case, programme, asked, [(one, one) for one in grid.tolist()]) == wanted
        )
        if not len(hits):
            return found
        first = int(hits[0])
        found = float(grid[first])
        begin, end = float(grid[max(first - 1, 0)]), found
        if abs(end - begin) <= 1:
            return found
    return found


def _grid(begin: float, end: float) -> np.ndarray:
    """Steps that grow with the distance, so that a far bound does not hide a near threshold."""
    span = end - begin
    return begin + np.sign(span) * (np.geomspace(1, abs(span) + 1, STEPS) - 1)
