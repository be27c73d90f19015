"""Conditions: all, any, not, is, comparisons, certain against possible."""

from __future__ import annotations

from functools import reduce
from typing import Any

from tedori.engines.rules.kinds.kind import Compiler, Kind, choices, plain, require, widest
from tedori.engines.rules.model import RANGE, TRUTH, Node
from tedori.engines.rules.values import (
    Choice,
    Range,
    Truth,
    at_least,
    both,
    either,
    equal,
    more_than,
    negation,
    one_of,
)


def _all(scope: Any, node: Node, *truths: Truth) -> Truth:
    return reduce(both, truths)


def _any(scope: Any, node: Node, *truths: Truth) -> Truth:
    return reduce(either, truths)


def _not(scope: Any, node: Node, *truths: Truth) -> Truth:
    return negation(reduce(either, truths))


def _between(scope: Any, node: Node, value: Range, low: Range, high: Range) -> Truth:
    return both(at_least(value, low), at_least(high, value))


def _read_is(compiler: Compiler, given: list[Any], entity: str) -> Node:
    subject = compiler.read(given[0], entity)
    return compiler.node("is", subject.entity, TRUTH, (subject,), choices(compiler, subject, given[1:]))


def _is(scope: Any, node: Node, choice: Choice) -> Truth:
    return one_of(choice, node.data)  # type: ignore[arg-type]


def _possibly(scope: Any, node: Node, certain: Truth, possible: Truth) -> Truth:
    """True for certain by the first condition, possible by the second, which the first implies."""
    return Truth(certain.yes, certain.may | possible.may)


def _read_exclusive(compiler: Compiler, given: list[Any], entity: str) -> Node:
    args = tuple(compiler.read(one, entity) for one in given)
    require(compiler, "at_least_of", args[1:], TRUTH)
    return compiler.node("at_least_of", widest(args), TRUTH, args)


def _at_least_of(scope: Any, node: Node, needed: Range, *truths: Truth) -> Truth:
    certain = sum(one.yes.astype(int) for one in truths)
    possible = sum(one.may.astype(int) for one in truths)
    return at_least(Range(certain, possible), needed)


KINDS = (
    plain("all", TRUTH, TRUTH, _all),
    plain("any", TRUTH, TRUTH, _any),
    plain("not", TRUTH, TRUTH, _not),
    plain("at_least", TRUTH, RANGE, lambda scope, node, one, other: at_least(one, other), 2),
    plain("at_most", TRUTH, RANGE, lambda scope, node, one, other: at_least(other, one), 2),
    plain("more_than", TRUTH, RANGE, lambda scope, node, one, other: more_than(one, other), 2),
    plain("less_than", TRUTH, RANGE, lambda scope, node, one, other: more_than(other, one), 2),
    plain("equal", TRUTH, RANGE, lambda scope, node, one, other: equal(one, other), 2),
    plain("between", TRUTH, RANGE, _between, 3),
    plain("possibly", TRUTH, TRUTH, _possibly, 2),
    Kind("is", _read_is, _is),
    Kind("at_least_of", _read_exclusive, _at_least_of),
)
