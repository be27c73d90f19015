"""Times to HH:MM and weekdays to 月火水木金, where only one reading exists."""

from __future__ import annotations

import re
from collections.abc import Callable

from tedori.engines.tabular.repairing.cells import Outcome, Rule
from tedori.engines.tabular.repairing.texts import SPARSE, SYMBOL, tidy

TIME = r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?|24:00)$"
WEEKDAYS = r"^(?:月?火?水?木?金?土?日?祝?|1?2?3?4?5?6?7?|(?:[0-7]+(?:Mo|Tu|We|Th|Fr|Sa|Su))+)$"
DAYS = "月火水木金土日"

HALVES = r"(午前|午後|AM|PM|am|pm|A\.M\.|P\.M\.)?"
CLOCK = re.compile(rf"^{HALVES}(\d{{1,2}})(?::|時)(?:(\d{{1,2}})(?:分?|(?::00(?:\.0+)?)))?(半)?{HALVES}$")
SECONDS = re.compile(r"^(\d):([0-5]\d):([0-5]\d)$")
PACKED = re.compile(r"^(\d{1,2})([0-5]\d)$")
FRACTION = re.compile(r"^[01]?\.\d+$|^[01](?:\.0+)?$")
DATED = re.compile(r"^(?:1899|1900)[-/](?:12|0?1)[-/](?:30|31|0?[01])[T ](\d{1,2}:\d{2})(?::00)?(?:\.0+)?$")
# These words are converted only where start and end both hold one (see hours).
ALL_DAY = {
    "終日",
    "24時間",
    "二十四時間",
    "24H",
    "24h",
    "24時間営業",
    "24時間利用可",
    "24時間利用可能",
    "24時間可",
}
EVERY_DAY = {"毎日", "全日", "年中無休", "無休", "全曜日", "月~日", "通年"}
WORKDAYS = {"平日", "平日のみ"}


def time_rule(*, closing: bool) -> Rule:
    """Give the rule of a column of times; `closing` for times at which something ends."""
    return Rule(canonical=TIME, tidy=tidy(SYMBOL, SPARSE), mend=time_mender(closing=closing))


def time_mender(*, closing: bool) -> Callable[[str], Outcome]:
    """Give the judge of one time."""

    def mend(value: str) -> Outcome:
        for reader in (_clock, _seconds, _packed, _dated):
            outcome = reader(value)
            if outcome:
                return outcome
        return _fraction(value, closing=closing) or Outcome(value, doubt="time-unreadable")

    return mend


def _stamp(hour: int, minute: int, rule_name: str, value: str) -> Outcome:
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        return Outcome(value, doubt="time-impossible")
    return Outcome(f"{hour:02d}:{minute:02d}", rule_name)


def _clock(value: str) -> Outcome | None:
    found = CLOCK.match(value)
    if not found:
        return None
    before, hour, minute, half, after = found.groups()
    if half and minute:
        return Outcome(value, doubt="time-unreadable")
    half_of_day = (before or after or "").replace(".", "").upper()
    return _halved(int(hour), _minutes(minute, half), half_of_day, value)


def _minutes(minute: str | None, half: str | None) -> int:
    return 30 if half else int(minute or 0)


def _halved(hour: int, minute: int, half: str, value: str) -> Outcome:
    """Count afternoon hours on; 午後13時 and 午前12時 are left to a person."""
    if half in {"午後", "PM"}:
        if hour > 11:
            return Outcome(value, doubt="time-ambiguous")
        hour += 12
    elif half and hour > 11:
        return Outcome(value, doubt="time-ambiguous")
    return _stamp(hour, minute, "time-layout", value)


def _seconds(value: str) -> Outcome | None:
    found = SECONDS.match(value)
    return Outcome(f"0{value}", "time-layout") if found else None


def _packed(value: str) -> Outcome | None:
    found = PACKED.match(value)
    if not found:
        return None
    return _stamp(int(found.group(1)), int(found.group(2)), "time-layout", value)


def _dated(value: str) -> Outcome | None:
    found = DATED.match(value)
    return _clock(found.group(1)) if found else None


def _fraction(value: str, *, closing: bool) -> Outcome | None:
    """Read the fraction of a day that a spreadsheet stores, when it is a whole minute."""
    if not FRACTION.match(value):
        return None
    minutes = float(value) * 1440
    whole = round(minutes)
    if abs(minutes - whole) > 0.02 or whole > 1440 or ("." not in value):
        return None
    if whole == 1440 and not closing:
        return None
    return Outcome(f"{whole // 60:02d}:{whole % 60:02d}", "excel-time")


def weekday_rule() -> Rule:
    """Give the rule of a column of weekdays."""
    return Rule(canonical=WEEKDAYS, tidy=tidy(SYMBOL, SPARSE), mend=mend_weekdays)


def mend_weekdays(value: str) -> Outcome:
    """Judge one list of weekdays: ranges, separators, 曜日, Monday first."""
    if value in EVERY_DAY:
        return Outcome(DAYS, "weekdays")
    if value in WORKDAYS:
        return Outcome(DAYS[:5], "weekdays")
    bare = re.sub(r"曜日?", "", value.replace(" ", ""))
    bare = re.sub(r"祝日|休日", "祝", bare)
    bare = re.sub(r"から(?=[月火水木金土日])|[~〜～-]|[–—―ー−]", "~", bare)
    days = _days(re.sub(r"まで|[,、，・･/;及びと]", "", bare))
    return Outcome(days, "weekdays") if days else Outcome(value, doubt="weekdays-unreadable")


def _days(text: str) -> str | None:
    """Spell out 月~金土 as 月火水木金土; None when anything else is in it."""
    if not re.fullmatch(r"(?:[月火水木金土日](?:~[月火水木金土日])?)+祝?", text):
        return None
    named: set[str] = set()
    for first, last in re.findall(r"([月火水木金土日])(?:~([月火水木金土日]))?", text):
        named |= set(_run(first, last or first))
    return "".join(day for day in DAYS if day in named) + ("祝" if text.endswith("祝") else "")


def _run(first: str, last: str) -> str:
    start, end = DAYS.index(first), DAYS.index(last)
    return DAYS[start : end + 1] if start <= end else DAYS[start:] + DAYS[: end + 1]
