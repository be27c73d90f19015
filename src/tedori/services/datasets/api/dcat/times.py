"""The first and the last day of a period such as 2025-04."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def span(period: str) -> tuple[date, date] | None:
    """Both days, or None when the text is no period.

    >>> [str(day) for day in span("2024-02")]
    ['2024-02-01', '2024-02-29']
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    last_month = month or 12
    return first, date(year, last_month, day or monthrange(year, last_month)[1])
