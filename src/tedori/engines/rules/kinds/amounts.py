"""Amounts: sums, products, rounding, limits, one value or another, and bounds of an amount."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from tedori.engines.rules.kinds.kind import Compiler, Kind, fault, plain, require, widest
from tedori.engines.rules.model import RANGE, TRUTH, Node
from tedori.engines.rules.values import (
    Range,
    Truth,
    Value,
    chosen,
    exactly,
    larger,
    minus,
    plus,
    rising,
    smaller,
    times,
)


def _floor(scope: Any, node: Node, value: Range, unit: Range) -> Range:
    # A billionth is added so that 0.1 * 30 counts as 3: products of rates are meant as decimals.
    return rising(lambda each: np.floor(each / unit.low + 1e-9) * unit.low, value)


def _ceil(scope: Any, node: Node, value: Range, unit: Range) -> Range:
    return rising(lambda each: np.ceil(each / unit.low - 1e-9) * unit.low, value)


def _divide(scope: Any, node: Node, value: Range, by: Range) -> Range:
    return times(value, exactly(1 / by.low))


def _bounds(scope: Any, node: Node, low: Range, high: Range) -> Range:
    return Range(np.minimum(low.low, high.low), np.maximum(low.high, high.high))


def _read_if(compiler: Compiler, given: list[Any], entity: str) -> Node:
    when, *values = (compiler.read(one, entity) for one in given)
    require(compiler, "if", (when,), TRUTH)
    return compiler.node("if", widest((when, *values)), values[0].sort, (when, *values))


def _if(scope: Any, node: Node, when: Truth, then: Value, other: Value) -> Value:
    return chosen(when, then, other)


def _read_cases(compiler: Compiler, given: list[Any], entity: str) -> Node:
    """[[condition, value], …, otherwise]: the first condition that holds decides."""
    *pairs, otherwise = given
    if not pairs or isinstance(otherwise, list):
        raise fault(
            compiler, "no-otherwise", "「cases」の最後に、それ以外の値が要ります", "cases ends with a value"
        )
    found: Any = otherwise
    for condition, value in reversed(pairs):
        found = {"if": [condition, value, found]}
    return compiler.read(found, entity)


def _sum(scope: Any, node: Node, *ranges: Range) -> Range:
    return reduce(plus, ranges)


def _when(scope: Any, node: Node, when: Truth, value: Range) -> Range:
    """The value where the truth holds, nothing elsewhere."""
    zero = exactly(np.float64(0))
    return chosen(when, value, zero)  # type: ignore[return-value]


def _read_when(compiler: Compiler, given: list[Any], entity: str) -> Node:
    when, value = compiler.read(given[0], entity), compiler.read(given[1], entity)
    require(compiler, "pay", (when,), TRUTH)
    require(compiler, "pay", (value,), RANGE)
    return compiler.node("pay", widest((when, value)), RANGE, (when, value))


KINDS = (
    plain("plus", RANGE, RANGE, _sum),
    plain("minus", RANGE, RANGE, lambda scope, node, one, other: minus(one, other), 2),
    plain("times", RANGE, RANGE, lambda scope, node, one, other: times(one, other), 2),
    plain("divide", RANGE, RANGE, _divide, 2),
    plain("largest", RANGE, RANGE, lambda scope, node, *ranges: reduce(larger, ranges)),
    plain("smallest", RANGE, RANGE, lambda scope, node, *ranges: reduce(smaller, ranges)),
    plain("floor_to", RANGE, RANGE, _floor, 2),
    plain("ceil_to", RANGE, RANGE, _ceil, 2),
    plain("bounds", RANGE, RANGE, _bounds, 2),
    Kind("if", _read_if, _if),
    Kind("cases", _read_cases, _if),
    Kind("pay", _read_when, _when),
)
