"""Days: age, school year, the fiscal year, the month; a day is the number year*10000 + month*100 + day."""

from __future__ import annotations

from typing import Any

import numpy as np

from tedori.engines.rules.kinds.kind import Compiler, Kind, Read, plain, require
from tedori.engines.rules.model import ANY, RANGE, TRUTH, Node
from tedori.engines.rules.values import Range, Truth, exactly, known, larger, smaller

FIRST_GRADE_AGE = 6


def as_number(day: Any) -> int:
    """A day as a number that sorts as days do."""
    return int(day.year * 10000 + day.month * 100 + day.day)


def fiscal_year(day: Any) -> int:
    """The year in whose April the fiscal year of a day began."""
    return int(day.year if day.month >= 4 else day.year - 1)


def _read_of(kind: str) -> Read:
    def read(compiler: Compiler, given: Any, entity: str) -> Node:
        birth = compiler.read(given, entity)
        require(compiler, kind, (birth,), RANGE)
        return compiler.node(kind, birth.entity, RANGE, (birth,))

    return read


def _falling(function: Any, birth: Range) -> Range:
    low = function(birth.high)
    return exactly(low) if birth.definite else Range(low, function(birth.low))


def _age(scope: Any, node: Node, birth: Range) -> Range:
    today = as_number(scope.day)
    return _falling(lambda each: np.floor((today - each) / 10000), birth)


def _grade(scope: Any, node: Node, birth: Range) -> Range:
    """1 in the first year of elementary school, 12 in the last of high school.

    Who is born on 1 April belongs to the year before (学校教育法第17条, 年齢計算ニ関スル法律).
    """
    year = fiscal_year(scope.day)
    return _falling(lambda each: year - np.floor((each - 402) / 10000) - FIRST_GRADE_AGE, birth)


def _turning(scope: Any, node: Node, birth: Range) -> Range:
    """The age reached by the end of the fiscal year, as of 1 April that follows."""
    end = (fiscal_year(scope.day) + 1) * 10000 + 331
    return _falling(lambda each: np.floor((end - each) / 10000), birth)


def _narrowed(scope: Any, node: Node, one: Range, other: Range) -> Range:
    """What two descriptions of the same number leave; the first where they contradict each other."""
    if one.definite:
        return one
    low, high = (
        larger(exactly(one.low), exactly(other.low)).low,
        smaller(exactly(one.high), exactly(other.high)).low,
    )
    fits = low <= high
    return Range(np.where(fits, low, one.low), np.where(fits, high, one.high))


def _read_month(compiler: Compiler, given: Any, entity: str) -> Node:
    return compiler.node("month", ANY, TRUTH, (), tuple(given))


def _month(scope: Any, node: Node) -> Truth:
    return known(np.bool_(scope.day.month in node.data))  # type: ignore[operator]


def _in_force(scope: Any, node: Node, value: Any) -> Any:
    first, last = node.data  # type: ignore[misc]
    if first <= scope.day and (last is None or scope.day <= last):
        return value
    return known(np.bool_(False)) if isinstance(value, Truth) else exactly(np.float64(0))


KINDS = (
    Kind("age", _read_of("age"), _age),
    Kind("grade", _read_of("grade"), _grade),
    Kind("turning", _read_of("turning"), _turning),
    plain("narrowed", RANGE, RANGE, _narrowed, 2),
    Kind("month", _read_month, _month),
    Kind("in_force", None, _in_force),
)
