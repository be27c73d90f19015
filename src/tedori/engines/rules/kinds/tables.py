"""Values set by law on a day: parameters, tables by number, steps, and a value per option of a choice."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from tedori.engines.rules.kinds.kind import Compiler, Kind, choices, fault, require, widest
from tedori.engines.rules.model import ANY, MOST, RANGE, Node
from tedori.engines.rules.values import Choice, Range, exactly

UNKNOWN = Range(np.float64(0), np.float64(MOST))


def _known(compiler: Compiler, name: str) -> str:
    if name not in compiler.parameters:
        raise fault(
            compiler, "unknown-parameter", f"基準額がありません: {name}", f"no such parameter: {name}"
        )
    return name


def _read_param(compiler: Compiler, given: str, entity: str) -> Node:
    return compiler.node("param", ANY, RANGE, (), _known(compiler, given))


def _param(scope: Any, node: Node) -> Range:
    found = scope.parameter(node.data)
    return UNKNOWN if found is None else exactly(np.float64(found))


def _read_table(compiler: Compiler, given: list[Any], entity: str) -> Node:
    """[parameter, number, …]: the entry for each number, from 0; numbers beyond the end take the last."""
    name, *indexes = given
    args = tuple(compiler.read(one, entity) for one in indexes)
    require(compiler, "table", args, RANGE)
    return compiler.node("table", widest(args), RANGE, args, _known(compiler, name))


def _table(scope: Any, node: Node, *indexes: Range) -> Range:
    found = scope.parameter(node.data)
    if found is None:
        return UNKNOWN
    table = np.asarray(found, dtype=np.float64)
    lows = [_clipped(one.low, size) for one, size in zip(indexes, table.shape, strict=True)]
    low = table[tuple(lows)]
    if all(one.definite for one in indexes):
        return exactly(low)
    highs = [_clipped(one.high, size) for one, size in zip(indexes, table.shape, strict=True)]
    return _spanned(table, lows, highs)


def _clipped(index: Any, size: int) -> Any:
    return np.clip(np.floor(index), 0, size - 1).astype(np.int64)


def _spanned(table: Any, lows: list[Any], highs: list[Any]) -> Range:
    """The least and most of all entries between the lowest and the highest numbers."""
    shape = np.broadcast_shapes(*(np.shape(one) for one in (*lows, *highs)))
    least, most = np.full(shape, np.inf), np.full(shape, -np.inf)
    for place, entry in np.ndenumerate(table):
        inside = reduce(
            np.logical_and, [(a <= i) & (i <= b) for a, i, b in zip(lows, place, highs, strict=True)]
        )
        least = np.where(inside, np.minimum(least, entry), least)
        most = np.where(inside, np.maximum(most, entry), most)
    return Range(least, most)


def _read_steps(compiler: Compiler, given: list[Any], entity: str) -> Node:
    """[value, parameter] of steps [from, rate, plus]: the value times the rate of its step, plus."""
    value = compiler.read(given[0], entity)
    require(compiler, "steps", (value,), RANGE)
    return compiler.node("steps", value.entity, RANGE, (value,), _known(compiler, given[1]))


def _steps(scope: Any, node: Node, value: Range) -> Range:
    found = scope.parameter(node.data)
    if found is None:
        return UNKNOWN
    starts, rates, offsets = (np.asarray(column, dtype=np.float64) for column in zip(*found, strict=True))
    low = _stepped(value.low, starts, rates, offsets)
    if value.definite:
        return exactly(low)
    return _stepped_span(value, low, starts, rates, offsets)


def _stepped(value: Any, starts: Any, rates: Any, offsets: Any) -> Any:
    step = np.clip(np.searchsorted(starts, value, side="right") - 1, 0, len(starts) - 1)
    return value * rates[step] + offsets[step]


def _stepped_span(value: Range, at_low: Any, starts: Any, rates: Any, offsets: Any) -> Range:
    """Each step is a straight line, so that its extremes lie at its two ends or at the ends of the range."""
    at_high = _stepped(value.high, starts, rates, offsets)
    least, most = np.minimum(at_low, at_high), np.maximum(at_low, at_high)
    for index, start in enumerate(starts):
        ends = [start * rates[index] + offsets[index]]
        if index:
            ends.append(start * rates[index - 1] + offsets[index - 1])
        inside = (value.low <= start) & (start <= value.high)
        least = np.where(inside, np.minimum(least, min(ends)), least)
        most = np.where(inside, np.maximum(most, max(ends)), most)
    return Range(least, most)


def _read_pick(compiler: Compiler, given: list[Any], entity: str) -> Node:
    """[choice, {option: number, …}, otherwise]: a number per option."""
    subject = compiler.read(given[0], entity)
    choices(compiler, subject, list(given[1]))
    numbers = tuple(float(given[1].get(option, given[2])) for option in subject.options)
    return compiler.node("pick", subject.entity, RANGE, (subject,), numbers)


def _pick(scope: Any, node: Node, choice: Choice) -> Range:
    shape = np.shape(choice.bits)
    least, most = np.full(shape, np.inf), np.full(shape, -np.inf)
    for index, number in enumerate(node.data):  # type: ignore[arg-type]
        possible = (choice.bits >> index) & 1 != 0
        least = np.where(possible, np.minimum(least, number), least)
        most = np.where(possible, np.maximum(most, number), most)
    return exactly(least) if np.array_equal(least, most) else Range(least, most)


KINDS = (
    Kind("param", _read_param, _param),
    Kind("table", _read_table, _table),
    Kind("steps", _read_steps, _steps),
    Kind("pick", _read_pick, _pick),
)
