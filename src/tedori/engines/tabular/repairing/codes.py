"""Codes with check digits, and the numbers that a spreadsheet damaged for ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from tedori.engines.tabular.repairing.cells import Outcome, Rule
from tedori.engines.tabular.repairing.texts import BARE, DASHED, SYMBOL, tidy
from tedori.vocabulary.municipalities import is_valid_code, with_check_digit

MUNICIPALITY = r"^[0-9]{6}$"
TOWN = r"^[0-9]{7}$"
CORPORATE = r"^[1-9][0-9]{12}$"
EXPONENT = re.compile(r"^[+-]?\d(?:\.\d+)?[Ee]\+?\d+$")
NOTHING = {"-", "--", "---", "なし", "無し", "無", "ー", "―", "該当なし"}


def corporate_check(twelve: str) -> str:
    """Compute the leading check digit of a corporate number from its twelve base digits."""
    total = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(twelve), 1))
    return str(9 - total % 9)


def is_corporate(number: str) -> bool:
    """Tell whether thirteen digits are a corporate number with the right check digit."""
    return bool(re.fullmatch(CORPORATE, number)) and corporate_check(number[1:]) == number[0]


def municipality_rule(*, known: Collection[str]) -> Rule:
    """Give the rule of a column of municipality codes; `known` decides between two possible readings."""
    return Rule(canonical=MUNICIPALITY, tidy=tidy(SYMBOL, BARE), mend=municipality_mender(known=known))


def municipality_mender(*, known: Collection[str]) -> Callable[[str], Outcome]:
    """Give the judge of one municipality code."""

    def mend(value: str) -> Outcome:
        digits = re.sub(r"\.0+$|-(?=\d$)", "", value)
        if EXPONENT.match(digits):
            return Outcome(value, doubt="exponent-damaged")
        readings = _readings(digits)
        if len(readings) > 1:
            readings = [reading for reading in readings if reading[0] in known]
        return Outcome(*readings[0]) if len(readings) == 1 else Outcome(value, doubt="code-unreadable")

    return mend


def _readings(digits: str) -> list[tuple[str, str]]:
    """List the codes that these digits may have been, each with its rule."""
    if not re.fullmatch("[0-9]{4,6}", digits):
        return []
    zero = f"0{digits}"
    match len(digits):
        case 6:
            possible = [(digits, "code-layout")]
        case 5:
            possible = [(zero, "code-leading-zero"), (with_check_digit(digits), "code-check-digit")]
        case _:
            possible = [(with_check_digit(zero), "code-check-digit")]
    return [reading for reading in possible if is_valid_code(reading[0])]


def corporate_rule() -> Rule:
    """Give the rule of a column of corporate numbers."""
    return Rule(canonical=CORPORATE, tidy=tidy(SYMBOL, BARE, DASHED), mend=mend_corporate)


def mend_corporate(value: str) -> Outcome:
    """Judge one corporate number; a rounded one (5.22001E+12) has lost its digits and is only reported."""
    if value in NOTHING:
        return Outcome(None, "dash-means-empty")
    if EXPONENT.match(value):
        return Outcome(value, doubt="exponent-damaged")
    digits = re.sub(r"\.0+$", "", value)
    digits = re.sub(r"^T(?=\d)|[-,]", "", digits)
    if is_corporate(digits):
        return Outcome(digits, "corporate-number-layout")
    return Outcome(value, doubt="corporate-number-wrong")


def town_rule() -> Rule:
    """Give the rule of a column of 町字ID."""
    return Rule(canonical=TOWN, tidy=tidy(SYMBOL, BARE, DASHED), mend=mend_town)


def mend_town(value: str) -> Outcome:
    """Judge one 町字ID: 0008-001 is 0008001."""
    if value in NOTHING:
        return Outcome(None, "dash-means-empty")
    found = re.fullmatch(r"(\d{4})-(\d{3})", value)
    if found:
        return Outcome(found.group(1) + found.group(2), "town-id-layout")
    return Outcome(value, doubt="exponent-damaged" if EXPONENT.match(value) else "town-id-wrong")
