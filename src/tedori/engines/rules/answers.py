"""Reads one answer as people write it: 全角 numbers, 和暦, yes and no; None means unknown."""

from __future__ import annotations

import re
from datetime import date

from tedori.engines.rules.errors import HouseholdFault
from tedori.engines.rules.model import CHOICE, TRUTH, Fact
from tedori.vocabulary.eras import era_of, western_date
from tedori.vocabulary.folding import narrow

YES, NO = (
    frozenset({"はい", "有", "有り", "yes", "true", "1"}),
    frozenset({"いいえ", "無", "無し", "no", "false", "0"}),
)
UNKNOWN = frozenset({"", "不明", "unknown", "わからない"})
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(万)?円?")
WESTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
ERA = re.compile(r"([^\d\s.\-/元]+)\.?(\d{1,2}|元)[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?")


def read(fact: Fact, given: object, where: str, on: date) -> object | None:
    """The answer as bool, option, number or date; None when unknown. HouseholdFault when it cannot be."""
    if given is None or (isinstance(given, str) and narrow(given).strip() in UNKNOWN):
        return None
    if fact.sort == TRUTH:
        return _truth(given, where)
    if fact.sort == CHOICE:
        return _option(fact, given, where)
    return day(given, where, on) if fact.sort == "date" else number(given, where, fact.low, fact.high)


def _truth(given: object, where: str) -> bool:
    text = narrow(str(given)).strip().lower()
    if text not in YES | NO:
        raise HouseholdFault(
            "not-yes-or-no", where, f"はい・いいえで答えてください: {given}", f"say yes or no: {given}"
        )
    return text in YES


def _option(fact: Fact, given: object, where: str) -> str:
    text = str(given).strip()
    if text not in fact.options:
        options = "、".join(fact.options)
        raise HouseholdFault(
            "not-an-option", where, f"次から選んでください: {options}", f"choose one of: {options}"
        )
    return text


def number(given: object, where: str, low: float, high: float) -> float:
    """A number within bounds: 全角 digits, commas, 万 and 円 are understood."""
    found = _figures(given, where)
    if found < low:
        raise HouseholdFault(
            "too-small", where, f"{low:g}以上の数にしてください", f"must be at least {low:g}"
        )
    if found > high:
        raise HouseholdFault(
            "too-large", where, f"{high:g}以下の数にしてください", f"must be at most {high:g}"
        )
    return found


def _figures(given: object, where: str) -> float:
    text = narrow(str(given)).replace(",", "").replace("、", "").replace("−", "-").strip()
    match = NUMBER.fullmatch(text)
    if not match:
        raise HouseholdFault("not-a-number", where, f"数で答えてください: {given}", f"not a number: {given}")
    return float(match[1]) * (10_000 if match[2] else 1)


def day(given: object, where: str, on: date) -> date:
    """A day, Western or 和暦, not after `on`."""
    found = given if isinstance(given, date) else _written_day(str(given))
    if found is None:
        raise HouseholdFault("not-a-day", where, f"日付ではありません: {given}", f"not a day: {given}")
    if found > on:
        raise HouseholdFault(
            "in-the-future", where, f"未来の日付です: {found}", f"this day is in the future: {found}"
        )
    return found


def _written_day(given: str) -> date | None:
    text = narrow(given).replace(" ", "")
    western = WESTERN.fullmatch(text)
    if western:
        try:
            return date(*map(int, western.groups()))
        except ValueError:
            return None
    return _era_day(text)


def _era_day(text: str) -> date | None:
    match = ERA.fullmatch(text)
    era = era_of(match[1]) if match else None
    if match is None or era is None:
        return None
    year = 1 if match[2] == "元" else int(match[2])
    return western_date(era, year, int(match[3]), int(match[4])) if year else None
