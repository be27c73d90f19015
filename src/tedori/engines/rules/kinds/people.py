"""The people of a household: some, every, none, count, total, highest, rank, partner, others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tedori.engines.rules.kinds.kind import Compiler, Kind, Read, fault, require
from tedori.engines.rules.model import HOUSEHOLD, PERSON, RANGE, ROLES, TRUTH, Node
from tedori.engines.rules.values import Choice, Range, Truth, Value, exactly, known, mapped, negation

PARTS = frozenset({"who", "that", "value"})


def _members(compiler: Compiler, given: Any) -> Mapping[str, Any]:
    """The parts of {who, that, value}; a bare condition stands for {that}."""
    parts = given if isinstance(given, dict) and set(given) <= PARTS else {"that": given}
    who = parts.get("who", list(ROLES))
    return {"that": True} | parts | {"who": [who] if isinstance(who, str) else who}


def _chosen_people(compiler: Compiler, parts: Mapping[str, Any]) -> Node:
    condition = compiler.read(parts["that"], PERSON)
    require(compiler, "that", (condition,), TRUTH)
    if set(parts["who"]) == set(ROLES):
        return condition
    return compiler.read_all((_role(compiler, parts["who"]), condition))  # type: ignore[attr-defined,no-any-return]


def _role(compiler: Compiler, names: list[str]) -> Node:
    unknown = [name for name in names if name not in ROLES]
    if unknown:
        raise fault(
            compiler, "unknown-role", f"続柄ではありません: {unknown[0]}", f"not a role: {unknown[0]}"
        )
    return compiler.node("role", PERSON, TRUTH, (), tuple(sorted(ROLES.index(name) for name in names)))


def _reading(kind: str, sort: str, with_value: bool) -> Read:
    def read(compiler: Compiler, given: Any, entity: str) -> Node:
        parts = _members(compiler, given)
        args = [_chosen_people(compiler, parts)]
        if with_value:
            args.append(compiler.read(parts["value"], PERSON))
            require(compiler, kind, (args[1],), RANGE)
        return compiler.node(kind, HOUSEHOLD, sort, tuple(args))

    return read


def _sums(scope: Any, values: Any) -> Any:
    """The sum per household of a value per person."""
    spread = np.broadcast_to(values, scope.people)
    return np.add.reduceat(spread, scope.starts, dtype=np.float64)


def _some(scope: Any, node: Node, chosen: Truth) -> Truth:
    return mapped(
        chosen, lambda each: np.logical_or.reduceat(np.broadcast_to(each, scope.people), scope.starts)
    )  # type: ignore[return-value]


def _none(scope: Any, node: Node, chosen: Truth) -> Truth:
    return negation(_some(scope, node, chosen))


def _count(scope: Any, node: Node, chosen: Truth) -> Range:
    low = _sums(scope, chosen.yes)
    return exactly(low) if chosen.definite else Range(low, _sums(scope, chosen.may))


def _total(scope: Any, node: Node, chosen: Truth, value: Range) -> Range:
    if chosen.definite and value.definite:
        return exactly(_sums(scope, np.where(chosen.yes, value.low, 0)))
    low = np.where(chosen.yes, value.low, np.where(chosen.may, np.minimum(value.low, 0), 0))
    high = np.where(chosen.yes, value.high, np.where(chosen.may, np.maximum(value.high, 0), 0))
    return Range(_sums(scope, low), _sums(scope, high))


def _peaks(scope: Any, values: Any) -> Any:
    return np.maximum.reduceat(np.broadcast_to(values, scope.people), scope.starts)


def _highest(scope: Any, node: Node, chosen: Truth, value: Range) -> Range:
    """The largest value among the chosen, 0 when there is nobody; values are not below 0."""
    low = _peaks(scope, np.where(chosen.yes, value.low, 0.0))
    if chosen.definite and value.definite:
        return exactly(low)
    return Range(low, _peaks(scope, np.where(chosen.may, value.high, 0.0)))


def _read_every(compiler: Compiler, given: Any, entity: str) -> Node:
    """Every one of `who` is `that`: nobody of them is not."""
    parts = _members(compiler, given)
    return compiler.read({"none": {"who": parts["who"], "that": {"not": parts["that"]}}}, entity)


def _read_role(compiler: Compiler, given: Any, entity: str) -> Node:
    return _role(compiler, given if isinstance(given, list) else [given])


def _is_role(scope: Any, node: Node) -> Truth:
    return known(np.isin(scope.roles, node.data))


def _read_of_person(kind: str) -> Read:
    def read(compiler: Compiler, given: Any, entity: str) -> Node:
        inner = compiler.read(given, PERSON)
        return compiler.node(kind, PERSON, RANGE if kind == "others" else inner.sort, (inner,))

    return read


def _partner(scope: Any, node: Node, value: Value) -> Value:
    """The value of the other 親; without one: false, 0 or the first option."""
    index = scope.partners
    alone = index < 0

    def taken(each: Any) -> Any:
        found = np.broadcast_to(each, scope.people)[index]
        return np.where(alone, 1 if isinstance(value, Choice) else np.zeros((), found.dtype), found)

    return mapped(value, taken)


def _has_partner(scope: Any, node: Node) -> Truth:
    return known(scope.partners >= 0)


def _others(scope: Any, node: Node, chosen: Truth) -> Range:
    """How many other people of the household are so."""
    counted = _count(scope, node, chosen)
    low = counted.low[scope.homes] - chosen.yes
    return exactly(low) if chosen.definite else Range(low, counted.high[scope.homes] - chosen.may)


def _read_rank(compiler: Compiler, given: Any, entity: str) -> Node:
    """{that, value}: 1 for who comes first by the value among those of the household who are `that`."""
    parts = _members(compiler, given)
    args = (_chosen_people(compiler, parts), compiler.read(parts["value"], PERSON))
    require(compiler, "rank", args[1:], RANGE)
    return compiler.node("rank", PERSON, RANGE, args)


def _rank(scope: Any, node: Node, chosen: Truth, value: Range) -> Range:
    one, other = scope.pairs
    low, high = (np.broadcast_to(each, scope.people) for each in (value.low, value.high))
    yes, may = (np.broadcast_to(each, scope.people) for each in (chosen.yes, chosen.may))
    earlier = other < one
    # Who is named first comes first among equals, such as twins.
    surely = yes[other] & np.where(earlier, high[other] <= low[one], high[other] < low[one])
    perhaps = may[other] & np.where(earlier, low[other] <= high[one], low[other] < high[one])
    counted = [1 + np.bincount(one, weights=each, minlength=scope.people) for each in (surely, perhaps)]
    return exactly(counted[0]) if chosen.definite and value.definite else Range(*counted)


def _lift(scope: Any, node: Node, value: Value) -> Value:
    homes = scope.homes
    return mapped(value, lambda each: np.broadcast_to(each, scope.households)[homes])


KINDS = (
    Kind("some", _reading("some", TRUTH, False), _some),
    Kind("none", _reading("none", TRUTH, False), _none),
    Kind("every", _read_every, _none),
    Kind("count", _reading("count", RANGE, False), _count),
    Kind("total", _reading("total", RANGE, True), _total),
    Kind("highest", _reading("highest", RANGE, True), _highest),
    Kind("role", _read_role, _is_role),
    Kind("partner", _read_of_person("partner"), _partner),
    Kind(
        "has_partner",
        lambda compiler, given, entity: compiler.node("has_partner", PERSON, TRUTH),
        _has_partner,
    ),
    Kind("others", _read_of_person("others"), _others),
    Kind("rank", _read_rank, _rank),
    Kind("lift", None, _lift),
)
