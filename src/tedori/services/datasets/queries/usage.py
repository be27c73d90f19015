"""Reads use per day: counts of pages, downloads and calls, and page views imported with their method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from tedori.services.datasets.models import UsageDay


@dataclass(frozen=True, slots=True)
class DaySum:
    """One day's use by kind (page, download, api, views)."""

    day: date
    counts: Mapping[str, int]


def days(slug: str | None = None, *, since: date) -> tuple[DaySum, ...]:
    """Use per day since a day, oldest first, of one dataset or of all together."""
    found = UsageDay.objects.filter(day__gte=since)
    if slug is not None:
        found = found.filter(dataset=slug)
    sums: dict[date, dict[str, int]] = {}
    for day, kind, count in found.order_by("day").values_list("day", "kind").annotate(Sum("count")):
        sums.setdefault(day, {})[kind] = count
    return tuple(DaySum(day, counts) for day, counts in sums.items())


def methods() -> tuple[str, ...]:
    """The ways in which imported views were counted."""
    found = UsageDay.objects.exclude(method="").order_by("method").values_list("method", flat=True)
    return tuple(found.distinct())
