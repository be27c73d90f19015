"""What is stored for a time only and has outlived it."""

from __future__ import annotations

import time

from tedori.services.live.queries.store import STORE, Session

FRESH = 0.2  # seconds for which the next moment is believed, since other processes write too


class Expiry:
    """When the next thing expires, by database; so that nearly every request need not ask."""

    def __init__(self) -> None:
        self._next: dict[str, tuple[float, str]] = {}

    def expect(self, moment: str) -> None:
        """Something is being stored that expires then."""
        known = self._next.get(_database())
        if known is not None:
            self._next[_database()] = (known[0], min(known[1], moment))

    def believed(self, now: str) -> bool | None:
        """Whether something has expired by now; None when the database must be asked."""
        known = self._next.get(_database())
        if known is None or time.monotonic() - known[0] > FRESH:
            return None
        return known[1] <= now

    def asked(self, now: str) -> bool:
        """The same, asked of the database."""
        asked_at = time.monotonic()
        (first,) = STORE.session().one("SELECT min(due_at) FROM live_entity WHERE due_at IS NOT NULL")
        self._next[_database()] = (asked_at, first or NEVER)
        return first is not None and first <= now

    def forget(self) -> None:
        """Ask anew the next time."""
        self._next.pop(_database(), None)


NEVER = "9"


def _database() -> str:
    return str(STORE.where["NAME"])


def expired_keys(session: Session, *, at: str, limit: int) -> list[tuple[int, str]]:
    """The entities of which something has expired by then, the longest expired first."""
    return session.all(
        "SELECT tenant_id, urn FROM live_entity WHERE due_at <= ? ORDER BY due_at LIMIT ?", (at, limit)
    )


EXPIRY = Expiry()
