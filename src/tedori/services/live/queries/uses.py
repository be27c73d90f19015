"""How much was read and written, by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tedori.services.live.queries.store import STORE


@dataclass(frozen=True, slots=True)
class UseDay:
    """What one organisation ("" for strangers) read or wrote of one type on one day, in entities."""

    day: str
    organisation: str
    verb: str
    name: str
    count: int


def uses(tenant: int, *, since: date, names: tuple[str, ...]) -> tuple[UseDay, ...]:
    """The uses of these types since a day, newest first."""
    if not names:
        return ()
    marks = ", ".join("?" * len(names))
    rows = STORE.session().all(
        "SELECT day, organisation, verb, name, sum(count) FROM live_use WHERE tenant_id = ? "  # noqa: S608
        f"AND day >= ? AND name IN ({marks}) GROUP BY day, organisation, verb, name "
        "ORDER BY day DESC, name, organisation, verb",
        (tenant, since.isoformat(), *names),
    )
    return tuple(UseDay(str(day), *rest, int(count)) for day, *rest, count in rows)
