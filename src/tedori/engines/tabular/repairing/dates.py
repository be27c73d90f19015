"""Dates to YYYY-MM-DD: eras, separators and spreadsheet serials, only where the calendar proves them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from tedori.engines.tabular.repairing.cells import Outcome, Rule
from tedori.engines.tabular.repairing.texts import SPARSE, SYMBOL, tidy

CANONICAL = (
    r"^(?:1[0-9]{3}|20[0-9]{2}|9999)(-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|-(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|-02-(0[1-9]|1[0-9]|2[0-8])|-(0[1-9]|1[0-2]))?$|^([02468][048]|[13579][26])00-02-29$"
    r"|^[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29$"
)
SERIAL_EPOCH = date(1899, 12, 30)
# Five digits reach from 1927 to 2099; below that a number could be a year or month and day.
SERIALS = range(10000, 73051)
SMALL_SERIALS = range(2200, 9999)

# The first and last day of each era. Before 1873 Japan used another calendar, so such days are not converted.
ERAS = {
    "明治": (1868, date(1873, 1, 1), date(1912, 7, 29)),
    "大正": (1912, date(1912, 7, 30), date(1926, 12, 24)),
    "昭和": (1926, date(1926, 12, 25), date(1989, 1, 7)),
    "平成": (1989, date(1989, 1, 8), date(2019, 4, 30)),
    "令和": (2019, date(2019, 5, 1), date(9999, 12, 31)),
}
LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"} | {
    "明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和",
    "㍾": "明治", "㍽": "大正", "㍼": "昭和", "㍻": "平成", "㋿": "令和",
}  # fmt: skip
WEEKDAY = r"(?:\([月火水木金土日](?:曜日?)?(?:・?祝)?\))?"
NIGHT = r"(?:[T ]00?:00(?::00)?(?:\.0+)?Z?)?"
ERA_DATE = re.compile(
    r"^(明治|大正|昭和|平成|令和|[MTSHRmtshr明大昭平令㍾㍽㍼㍻㋿])[.・]?(元|\d{1,2})"
    r"(?:年|[./-]|(?=$))(?:(\d{1,2})(?:月|[./-]|(?=$))(?:(\d{1,2})日?)?)?" + WEEKDAY + "$"
)
COMMON_DATE = re.compile(
    r"^(\d{4})(?:年|[./-])(?:(\d{1,2})(?:月|[./-]|(?=$))(?:(\d{1,2})日?)?)?" + WEEKDAY + NIGHT + "$"
)
DOUBLE_DATE = re.compile(
    r"^(\d{4})\(?(明治|大正|昭和|平成|令和)(元|\d{1,2})\)?年(?:(\d{1,2})月(?:(\d{1,2})日)?)?$"
)
PACKED_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
AMERICAN = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
SERIAL = re.compile(r"^(\d{4,5})(?:\.0+)?$")


def rule(column: pl.Series) -> Rule:
    """Give the rule of a date column.

    The column proves two things that one value cannot: that small numbers are spreadsheet serials (beside
    five-digit ones), and that month comes before day (where some second part is no month).
    """
    serials = bool(column.str.contains(r"^[1-6][0-9]{4}(?:\.0+)?$").any())
    american = bool(column.str.contains(r"^[0-9]{1,2}/(?:1[3-9]|2[0-9]|3[01])/[0-9]{4}$").any())
    clash = american and bool(column.str.contains(r"^(?:1[3-9]|2[0-9]|3[01])/[0-9]{1,2}/[0-9]{4}$").any())
    judge = mender(serials=serials, american=american and not clash)
    return Rule(canonical=CANONICAL, tidy=tidy(SYMBOL, SPARSE), mend=judge)


def mender(*, serials: bool = False, american: bool = False) -> Callable[[str], Outcome]:
    """Give the judge of one date, with what the column has proven."""

    def mend(value: str) -> Outcome:
        for reader in (_era, _double, _common, _packed):
            outcome = reader(value)
            if outcome:
                return outcome
        outcome = _american(value, proven=american)
        if outcome:
            return outcome
        return _serial(value, serials=serials) or Outcome(value, doubt="date-unreadable")

    return mend


def _written(year: int, month: str | None, day: str | None, rule_name: str, value: str) -> Outcome:
    if month is None:
        return Outcome(f"{year:04d}", rule_name)
    if not 1 <= int(month) <= 12:
        return Outcome(value, doubt="date-impossible")
    if day is None:
        return Outcome(f"{year:04d}-{int(month):02d}", rule_name)
    try:
        return Outcome(date(year, int(month), int(day)).isoformat(), rule_name)
    except ValueError:
        return Outcome(value, doubt="date-impossible")


def era_year(era: str, year: str) -> int:
    """Turn the year of an era into the common year."""
    return ERAS[era][0] + (1 if year == "元" else int(year)) - 1


def _era(value: str) -> Outcome | None:
    found = ERA_DATE.match(value)
    if not found:
        return None
    era, year, month, day = found.groups()
    era = LETTERS.get(era.upper(), era)
    if year == "0" or year == "00":
        return Outcome(value, doubt="era-impossible")
    common = era_year(era, year)
    return _within(era, _written(common, month, day, "era-date", value), value)


def _within(era: str, outcome: Outcome, value: str) -> Outcome:
    """Believe an era date only when that era had such a day."""
    if outcome.doubt or outcome.after is None:
        return outcome
    _, first, last = ERAS[era]
    length = len(outcome.after)
    inside = first.isoformat()[:length] <= outcome.after <= last.isoformat()[:length]
    return outcome if inside else Outcome(value, doubt="era-impossible")


def _double(value: str) -> Outcome | None:
    found = DOUBLE_DATE.match(value)
    if not found:
        return None
    common, era, year, month, day = found.groups()
    if era_year(era, year) != int(common):
        return Outcome(value, doubt="era-impossible")
    return _within(era, _written(int(common), month, day, "era-date", value), value)


def _common(value: str) -> Outcome | None:
    found = COMMON_DATE.match(value)
    if not found:
        return None
    year, month, day = found.groups()
    return _written(int(year), month, day, "date-layout", value)


def _packed(value: str) -> Outcome | None:
    found = PACKED_DATE.match(value)
    if not found or not 1868 <= int(found.group(1)) <= 2100:
        return None
    return _written(int(found.group(1)), found.group(2), found.group(3), "date-layout", value)


def _american(value: str, *, proven: bool) -> Outcome | None:
    """Read month/day/year only when the day cannot be a month, or the column has proven the order."""
    found = AMERICAN.match(value)
    if not found:
        return None
    month, day, year = found.groups()
    if int(day) <= 12 and month != day and not proven:
        return Outcome(value, doubt="date-ambiguous")
    return _written(int(year), month, day, "date-layout", value)


def _serial(value: str, *, serials: bool) -> Outcome | None:
    found = SERIAL.match(value)
    if not found:
        return None
    days = int(found.group(1))
    if days in SERIALS or (serials and days in SMALL_SERIALS):
        return Outcome((SERIAL_EPOCH + timedelta(days=days)).isoformat(), "excel-serial")
    return None
