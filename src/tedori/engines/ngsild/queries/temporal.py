"""Temporal queries (clause 4.11): before, after and between; a start is included, an end excluded."""

from __future__ import annotations

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.queries.scalars import instant
from tedori.engines.ngsild.queries.tree import Temporal

MEMBERS = ("observedAt", "createdAt", "modifiedAt", "deletedAt")


def parse_temporal(
    timerel: str | None, time_at: str | None, end_time_at: str | None = None, timeproperty: str | None = None
) -> Temporal | None:
    """The span, None when nothing is asked; BadRequestData names the parameter that is missing or wrong."""
    member = timeproperty or "observedAt"
    if member not in MEMBERS:
        raise bad_request(f"timeproperty is one of {', '.join(MEMBERS)}", detail=member, where="timeproperty")
    if timerel is None:
        if time_at is not None or end_time_at is not None:
            raise bad_request("timeAt needs timerel", where="timerel")
        return None
    if timerel not in ("before", "after", "between"):
        raise bad_request("timerel is before, after or between", detail=timerel, where="timerel")
    start = _moment(time_at, "timeAt")
    if timerel == "between":
        return Temporal(member, start, _moment(end_time_at, "endTimeAt"))
    return Temporal(member, start, None) if timerel == "after" else Temporal(member, None, start)


def _moment(text: str | None, where: str) -> str:
    if text is None:
        raise bad_request(f"{where} is missing", where=where)
    found = instant(text)
    if found is None or not found[0].isdigit():
        raise _no_moment(text, where)
    return found


def _no_moment(text: str, where: str) -> NgsiLdError:
    return bad_request(
        f"{where} is no date-time in UTC", detail=f"{text}; for example 2026-04-01T09:00:00Z", where=where
    )
