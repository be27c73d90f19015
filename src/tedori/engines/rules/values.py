"""What a rule computes with: truths, ranges and choices, each an array that may be partly unknown.

A truth is two bit masks (certainly so, possibly so), a range two arrays (lowest, highest), a choice
one array of bits (which options are still possible). Where everything is known the two arrays are one and the
same object, so that the work is done once. As Kleene has it, no operation knows more than its operands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

Bits = np.ndarray
Numbers = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """`yes`: certainly true; `may`: not certainly false. `yes` implies `may`."""

    yes: Bits
    may: Bits

    @property
    def definite(self) -> bool:
        """Whether nothing is unknown anywhere."""
        return self.yes is self.may


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """Numbers of which only the bounds are known; both bounds belong to the range."""

    low: Numbers
    high: Numbers

    @property
    def definite(self) -> bool:
        """Whether nothing is unknown anywhere."""
        return self.low is self.high


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of at most 63 options; a set bit is an option that is still possible."""

    bits: Numbers


Value = Truth | Range | Choice


def known(values: Bits) -> Truth:
    """A truth without doubt."""
    return Truth(values, values)


def exactly(values: Numbers) -> Range:
    """A range of one number."""
    return Range(values, values)


def negation(one: Truth) -> Truth:
    """Not."""
    return known(~one.yes) if one.definite else Truth(~one.may, ~one.yes)


def both(one: Truth, other: Truth) -> Truth:
    """And."""
    if one.definite and other.definite:
        return known(one.yes & other.yes)
    return Truth(one.yes & other.yes, one.may & other.may)


def either(one: Truth, other: Truth) -> Truth:
    """Or."""
    if one.definite and other.definite:
        return known(one.yes | other.yes)
    return Truth(one.yes | other.yes, one.may | other.may)


def at_least(one: Range, other: Range) -> Truth:
    """one >= other."""
    if one.definite and other.definite:
        return known(one.low >= other.low)
    return Truth(one.low >= other.high, one.high >= other.low)


def more_than(one: Range, other: Range) -> Truth:
    """one > other."""
    if one.definite and other.definite:
        return known(one.low > other.low)
    return Truth(one.low > other.high, one.high > other.low)


def equal(one: Range, other: Range) -> Truth:
    """one == other."""
    if one.definite and other.definite:
        return known(one.low == other.low)
    overlap = (one.low <= other.high) & (other.low <= one.high)
    return Truth((one.low == other.high) & (one.high == other.low), overlap)


def plus(one: Range, other: Range) -> Range:
    """one + other."""
    if one.definite and other.definite:
        return exactly(one.low + other.low)
    return Range(one.low + other.low, one.high + other.high)


def minus(one: Range, other: Range) -> Range:
    """one - other."""
    if one.definite and other.definite:
        return exactly(one.low - other.low)
    return Range(one.low - other.high, one.high - other.low)


def times(one: Range, other: Range) -> Range:
    """one * other, whatever the signs."""
    if one.definite and other.definite:
        return exactly(one.low * other.low)
    corners = (one.low * other.low, one.low * other.high, one.high * other.low, one.high * other.high)
    return Range(reduce(np.minimum, corners), reduce(np.maximum, corners))


def larger(one: Range, other: Range) -> Range:
    """The larger of two."""
    return rising(np.maximum, one, other)


def smaller(one: Range, other: Range) -> Range:
    """The smaller of two."""
    return rising(np.minimum, one, other)


def rising(function, *ranges: Range) -> Range:  # type: ignore[no-untyped-def]
    """A function that never falls when an operand rises, such as rounding or a table with rising steps."""
    low = function(*(one.low for one in ranges))
    if all(one.definite for one in ranges):
        return exactly(low)
    return Range(low, function(*(one.high for one in ranges)))


def chosen(when: Truth, then: Value, other: Value) -> Value:
    """`then` where the truth holds, `other` where it does not, whatever covers both where it is unknown."""
    if isinstance(then, Truth):
        return either(both(when, then), both(negation(when), other))  # type: ignore[arg-type]
    if isinstance(then, Choice):
        return Choice(np.where(when.may, then.bits, 0) | np.where(when.yes, 0, other.bits))  # type: ignore[union-attr]
    return _chosen_range(when, then, other)  # type: ignore[arg-type]


def _chosen_range(when: Truth, then: Range, other: Range) -> Range:
    if when.definite and then.definite and other.definite:
        return exactly(np.where(when.yes, then.low, other.low))
    low = np.where(when.yes, then.low, np.where(when.may, np.minimum(then.low, other.low), other.low))
    high = np.where(when.yes, then.high, np.where(when.may, np.maximum(then.high, other.high), other.high))
    return Range(low, high)


def one_of(choice: Choice, wanted: int) -> Truth:
    """Whether the choice is among the wanted options (bits)."""
    may = (choice.bits & wanted) != 0
    yes = (choice.bits & ~wanted) == 0
    return known(yes) if bool(np.array_equal(yes, may)) else Truth(yes & may, may)


def overlaid(where: Bits | None, given: Value, derived: Value) -> Value:
    """The given value where it is known, the derived one elsewhere; `where` None means everywhere."""
    if where is None:
        return given
    return chosen(known(where), given, derived)


def mapped(value: Value, function) -> Value:  # type: ignore[no-untyped-def]
    """The same function over each of the value's arrays; one array stays one array."""
    if isinstance(value, Choice):
        return Choice(function(value.bits))
    first, second = (value.yes, value.may) if isinstance(value, Truth) else (value.low, value.high)
    mine = function(first)
    return type(value)(mine, mine if value.definite else function(second))
