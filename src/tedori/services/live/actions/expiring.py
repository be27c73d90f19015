"""Takes away what was stored for a time only, once that is over (GS CIM 009, clause 4.22).

Before anything is read or written, so that nobody meets what has expired; and by the notifier, so that
subscribers hear of it though nobody asks.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from tedori.engines.ngsild.expiring import expired, faded
from tedori.kernel.organisations.values import system_actor
from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.queries.expiring import EXPIRY, expired_keys
from tedori.services.live.queries.store import DOWN, ask

log = logging.getLogger(__name__)
STEP = 1_000  # entities at a time
CLOCK = system_actor("expiry")


@dataclass(frozen=True, slots=True)
class Expire:
    """The end of entities and attributes that have expired: written down as every other deletion."""

    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> int:
        """How many entities were touched; as many as STEP when there may be more."""
        found = expired_keys(unit.session, at=unit.at, limit=STEP)
        unit.read(found)
        return sum(self._one(unit, tenant, urn) for tenant, urn in found)

    @staticmethod
    def _one(unit: Unit, tenant: int, urn: str) -> bool:
        stored = unit.get(tenant, urn)
        if stored is None:  # another process was quicker
            return False
        if expired(stored.entity, at=unit.at):
            unit.remove(tenant, urn, by=CLOCK.reference)
            return True
        outcome = faded(stored.entity, at=unit.at)
        if outcome.entity is not stored.entity:
            unit.put(tenant, outcome, owner=stored.owner, by=CLOCK.reference)
        return outcome.entity is not stored.entity


async def expire() -> None:
    """Take away what has expired by now; when the database cannot be written, reading goes on."""
    now = WRITER.now()
    due = EXPIRY.believed(now)
    if due is None:
        due = await ask(EXPIRY.asked, now, quick=True)
    if not due:
        return
    try:
        while await WRITER.write(Expire()) == STEP:
            pass
    except DOWN:
        log.exception("what has expired stays for now")
    EXPIRY.forget()
