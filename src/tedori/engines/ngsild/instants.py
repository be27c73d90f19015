"""Points in time as the standard writes them (GS CIM 009, clause 4.6.3): ISO 8601, UTC, a trailing Z."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tedori.engines.ngsild.errors import bad_request

SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)")


def read_instant(text: object, *, where: str = "") -> str:
    """The text as it came when it is in UTC, turned into UTC when it has another offset.

    Raises BadRequestData for everything else: another type, a date without a time, a time without an offset,
    the 31st of February.
    """
    if isinstance(text, str) and SHAPE.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
            return text if text[-1] == "Z" else f"{moment.astimezone(UTC).isoformat()[:-6]}Z"
        except (ValueError, OverflowError):
            pass  # shaped like a time, but no such time exists
    raise bad_request(
        "A time must be a date and time in UTC.", detail="For example 2026-07-01T09:30:00Z.", where=where
    )


def sortable(text: str) -> str:
    """The same instant in the one form that sorts as text: `YYYY-MM-DDTHH:MM:SS.ffffffZ`."""
    return f"{datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
