"""Aggregated values of an evolution (clause 4.5.19): the plain definition, which all SQL matches.

Numbers count as they are, booleans as 1 and 0, arrays by their size (without squares), texts by code point
for `min` and `max`, everything else by how often and how differently it occurs. `stddev` is that of the
values in the period, not an estimate from them. Numbers beyond 1e100 are no measure: their squares would not
be numbers any more.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.histories import Aggregate, time_of
from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.values import Attribute

METHODS = ("totalCount", "distinctCount", "sum", "avg", "min", "max", "stddev", "sumsq")
MEASURED = ("Property", "ListProperty", "JsonProperty")
"""Kinds whose values have a size or an order; of the others only occurrences are counted."""
GREATEST = 1e100
MOST_PERIODS = 20_000
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W|(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<days>\d{1,7})D)?"
    r"(?P<time>T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:[.,]\d{1,6})?)S)?)?)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Period:
    """How long the periods are: so many months of the calendar and microseconds; neither: one spans all."""

    months: int = 0
    microseconds: int = 0

    @property
    def whole(self) -> bool:
        """Whether one period spans everything."""
        return not (self.months or self.microseconds)

    def start(self, origin: datetime, number: int) -> datetime:
        """When the period of this number begins (the first has the number 0), at most the end of time."""
        try:
            moment = _months_later(origin, self.months * number) if self.months else origin
            return moment + timedelta(microseconds=self.microseconds * number)
        except (ValueError, OverflowError):
            return END_OF_TIME

    def starts(self, origin: str, last: str) -> list[str]:
        """When periods begin, from the origin until the last moment is covered; raises TooComplexQuery."""
        begin, until, found = datetime.fromisoformat(origin), datetime.fromisoformat(last), []
        while not found or (following := self.start(begin, len(found))) <= until:
            found.append(origin if not found else sortable(following.isoformat()))
            if len(found) > MOST_PERIODS:
                raise NgsiLdError("TooComplexQuery", f"There are more than {MOST_PERIODS} periods.")
            if self.whole:
                break
        return found


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What is to be computed: methods, in the order asked for, over periods."""

    methods: tuple[str, ...]
    period: Period


@dataclass(frozen=True, slots=True)
class Figures:
    """What a period amounts to; None where there is nothing to measure.

    `spread` is the sum of the squared distances from the mean of the `squared` values, those with squares.
    """

    total: int = 0
    distinct: int = 0
    measured: int = 0
    sum: float | None = None
    least: Any = None
    greatest: Any = None
    squared: int = 0
    squares: float | None = None
    spread: float | None = None

    def of(self, method: str) -> Any:
        """The value of one method."""
        match method:
            case "totalCount":
                return self.total
            case "distinctCount":
                return self.distinct
            case "avg":
                return None if self.sum is None else self.sum / self.measured
            case "stddev":
                return None if self.spread is None else math.sqrt(self.spread / self.squared)
        return {"sum": self.sum, "min": self.least, "max": self.greatest, "sumsq": self.squares}[method]


def read_aggregation(methods: str | None, duration: str | None) -> Aggregation:
    """The parameters `aggrMethods` and `aggrPeriodDuration`; raises BadRequestData."""
    names = tuple(dict.fromkeys(one.strip() for one in (methods or "").split(",")))
    if not all(name in METHODS for name in names):
        raise bad_request(
            f"aggrMethods holds of {', '.join(METHODS)}.", detail=methods or "", where="aggrMethods"
        )
    return Aggregation(names, read_period(duration or "PT0S"))


def read_period(text: str) -> Period:
    """An ISO 8601 duration, such as PT1H, P1D, P1M or P2W; raises BadRequestData."""
    found = DURATION.fullmatch(text)
    if not found or text[-1] in "PT":
        raise bad_request(
            "aggrPeriodDuration is a duration of ISO 8601, such as PT1H.",
            detail=text,
            where="aggrPeriodDuration",
        )
    part = {
        name: float((given or "0").replace(",", "."))
        for name, given in found.groupdict().items()
        if name != "time"
    }
    seconds = (
        ((part["weeks"] * 7 + part["days"]) * 24 + part["hours"]) * 3600
        + part["minutes"] * 60
        + part["seconds"]
    )
    return Period(int(part["years"] * 12 + part["months"]), round(seconds * 1_000_000))


def aggregate(
    instances: Iterable[Attribute],
    asked: Aggregation,
    *,
    origin: str,
    until: str,
    time_property: str = "observedAt",
) -> tuple[Aggregate, ...]:
    """The aggregated values of one attribute, of each of its datasets, over periods from `origin` on.

    `until` ends the one period that spans all. Periods without instances are left out.
    """
    held: dict[str | None, list[Attribute]] = {}
    for one in instances:
        held.setdefault(one.dataset_id, []).append(one)
    written = (
        from_figures(
            group[0].kind,
            dataset,
            _by_period(group, asked.period, origin, time_property),
            asked,
            origin,
            until,
        )
        for dataset, group in held.items()
    )
    return tuple(one for one in written if one.methods)


def from_figures(
    kind: str,
    dataset: str | None,
    figures: Mapping[int, Figures],
    asked: Aggregation,
    origin: str,
    until: str,
) -> Aggregate:
    """The values from the figures of each period, by its number; methods that do not apply are left out."""
    begin = datetime.fromisoformat(origin)
    spans = {number: _span(asked.period, begin, number, until) for number in figures}
    methods = {
        method: [
            (value, *spans[number])
            for number, one in sorted(figures.items())
            if (value := one.of(method)) is not None
        ]
        for method in asked.methods
    }
    return Aggregate(kind, {method: values for method, values in methods.items() if values}, dataset)


def plain(moment: str) -> str:
    """A sortable time as people write it: without a fraction that is zero."""
    head, _, fraction = moment.rstrip("Z").partition(".")
    fraction = fraction.rstrip("0")
    return f"{head}.{fraction}Z" if fraction else f"{head}Z"


def _span(period: Period, origin: datetime, number: int, until: str) -> tuple[str, str]:
    start = plain(sortable(period.start(origin, number).isoformat()))
    return start, plain(until if period.whole else sortable(period.start(origin, number + 1).isoformat()))


def _by_period(
    instances: Iterable[Attribute], period: Period, origin: str, time_property: str
) -> dict[int, Figures]:
    moments = [(sortable(time_of(one, time_property) or origin), one) for one in instances]
    starts = period.starts(origin, max(moment for moment, _ in moments)) if period.months else []
    begin, held = datetime.fromisoformat(origin), {}
    for moment, one in moments:
        if period.months:
            number = bisect_right(starts, moment) - 1
        else:
            since = (datetime.fromisoformat(moment) - begin) // timedelta(microseconds=1)
            number = since // period.microseconds if period.microseconds else 0
        held.setdefault(number, []).append(one)
    return {number: _figures(group) for number, group in held.items()}


def _figures(instances: Sequence[Attribute]) -> Figures:
    sizes = [size for one in instances if (size := _size(one)) is not None]
    plain_numbers = [
        size
        for one in instances
        if not isinstance(one.value, list | tuple) and (size := _size(one)) is not None
    ]
    texts = [text for one in instances if (text := _text(one)) is not None]
    mean = math.fsum(plain_numbers) / len(plain_numbers) if plain_numbers else 0.0
    ordered = sizes or texts
    return Figures(
        total=len(instances),
        distinct=len({_identity(one) for one in instances}),
        measured=len(sizes),
        sum=math.fsum(sizes) if sizes else None,
        least=min(ordered, default=None),
        greatest=max(ordered, default=None),
        squared=len(plain_numbers),
        squares=math.fsum(number * number for number in plain_numbers) if plain_numbers else None,
        spread=math.fsum((number - mean) ** 2 for number in plain_numbers) if plain_numbers else None,
    )


def _size(one: Attribute) -> float | None:
    """What is measured of a value."""
    if one.kind not in MEASURED:
        return None
    if isinstance(one.value, list | tuple):
        return float(len(one.value))
    if not isinstance(one.value, bool | int | float):
        return None
    return float(one.value) if abs(one.value) < GREATEST else None


def _text(one: Attribute) -> str | None:
    """What is ordered of a value: a text, also one with a data type."""
    value = one.value.get("@value") if isinstance(one.value, dict) else one.value
    return value if one.kind in MEASURED and isinstance(value, str) else None


def _identity(one: Attribute) -> Any:
    """What makes two values the same: numbers as numbers, everything else as it is written."""
    if isinstance(one.value, int | float) and not isinstance(one.value, bool):
        return float(one.value)
    return orjson.dumps(one.value)


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
