"""Points in time as the standard writes them (GS CIM 009, clause 4.6.3): ISO 8601, UTC, a trailing Z."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tedori.engines.ngsild.errors import bad_request

SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,6})?Z")


def read_instant(text: object, *, where: str = "") -> str:
    """The text as it came, a comma before the fraction made a point.

    Raises BadRequestData for everything else: another type, a date without a time, a time that is not in UTC,
    the 31st of February.
    """
    if isinstance(text, str) and SHAPE.fullmatch(text):
        try:
            datetime.fromisoformat(text)
            return text.replace(",", ".")
        except ValueError:
            pass  # shaped like a time, but no such time exists
    raise bad_request(
        "A time must be a date and time in UTC.", detail="For example 2026-07-01T09:30:00Z.", where=where
    )


def sortable(text: str) -> str:
    """The same instant in the one form that sorts as text: `YYYY-MM-DDTHH:MM:SS.ffffffZ`."""
    return f"{datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
