"""Japanese eras: from an era's name and year to the Western calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Era:
    """An era with its names and its first day; it ends on the day before the next one begins."""

    name: str
    letter: str
    sign: str
    english: str
    first: date


# The Gregorian calendar begins in Japan on 1873-01-01; earlier dates of 明治 are of the lunar calendar.
ERAS: tuple[Era, ...] = (
    Era("明治", "M", "㍾", "Meiji", date(1868, 1, 25)),
    Era("大正", "T", "㍽", "Taisho", date(1912, 7, 30)),
    Era("昭和", "S", "㍼", "Showa", date(1926, 12, 25)),
    Era("平成", "H", "㍻", "Heisei", date(1989, 1, 8)),
    Era("令和", "R", "㋿", "Reiwa", date(2019, 5, 1)),
)


def era_of(name: str) -> Era | None:
    """The era with this name, letter (either case) or sign."""
    return next((era for era in ERAS if name in (era.name, era.letter, era.letter.lower(), era.sign)), None)


def western_year(era: Era, year: int) -> int:
    """The Western year of a year of an era; 元年 is year 1. ValueError below that."""
    if year < 1:
        raise ValueError(f"{era.name} has no year {year}")
    return era.first.year + year - 1


def western_date(era: Era, year: int, month: int, day: int) -> date | None:
    """The day in the Western calendar, or None when the era has no such day.

    Days after an era's end are taken as meant (平成31年5月1日 occurs in files printed beforehand)
    as long as they fall in the year in which the era ended.
    """
    try:
        found = date(western_year(era, year), month, day)
    except ValueError:
        return None
    following = next((other for other in ERAS if other.first > era.first), None)
    if found < era.first or (following and found.year > following.first.year):
        return None
    return found


def written(day: date) -> str:
    """The day as written with its era, such as 令和7年4月1日; ValueError before 明治."""
    era = next((era for era in reversed(ERAS) if era.first <= day), None)
    if era is None:
        raise ValueError(f"{day} is before {ERAS[0].name}")
    year = day.year - era.first.year + 1
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
