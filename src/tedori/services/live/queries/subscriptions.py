"""Reading subscriptions, the notifications that wait, and the log of changes from a position on."""

from __future__ import annotations

from typing import Any

import orjson

from tedori.engines.ngsild.subscriptions.documents import Record
from tedori.services.live.queries.store import Session
from tedori.services.live.rules.letters import Kept, Letter, Logged
from tedori.services.live.rules.publications import Publications

NOTIFIER, VERSION = "notifier", "subscriptions"
SOURCES = "sources"  # what a subscription is about that asks for registrations

COLUMNS = (
    's.id, s.tenant_id, t.name, s.urn, s.owner, s."by", s.document, s.contexts, s.since, s.version, '
    "s.created_at, s.modified_at, s.next_at, s.failures, s.times_sent, s.times_failed, s.last_notification, "
    "s.last_success, s.last_failure"
)
SELECT = f"SELECT {COLUMNS} FROM live_subscription s JOIN live_tenant t ON t.id = s.tenant_id"  # noqa: S608


def _kept(row: tuple[Any, ...]) -> Kept:
    return Kept(*row[:6], orjson.loads(row[6]), orjson.loads(row[7]), *row[8:14], Record(*row[14:]))


def owned(
    session: Session, tenant: int, urn: str, *, owner: str | None, about: str | None = None
) -> Kept | None:
    """One subscription of a tenant; None when there is none, or none of that owner (None: of anybody)."""
    mine, values = _behind(owner, about)
    row = session.one(f"{SELECT} WHERE s.tenant_id = ? AND s.urn = ?{mine}", (tenant, urn, *values))
    return _kept(row) if row else None


def page(
    session: Session, tenant: int, *, owner: str | None, limit: int, offset: int, about: str | None = None
) -> tuple[tuple[Kept, ...], int]:
    """Some of a tenant's subscriptions, oldest first, of one owner or (None) of all; and how many in all."""
    mine, values = _behind(owner, about)
    rows = session.all(
        f"{SELECT} WHERE s.tenant_id = ?{mine} ORDER BY s.id LIMIT ? OFFSET ?",
        (tenant, *values, limit, offset),
    )
    counted = session.one(
        f"SELECT count(*) FROM live_subscription s WHERE s.tenant_id = ?{mine}",  # noqa: S608 - our own words
        (tenant, *values),
    )
    return tuple(_kept(row) for row in rows), counted[0]


def _behind(owner: str | None, about: str | None) -> tuple[str, tuple[str, ...]]:
    kind, values = (" AND s.about IS NULL", ()) if about is None else (" AND s.about = ?", (about,))
    return (kind, values) if owner is None else (f"{kind} AND s.owner = ?", (*values, owner))


def about_sources(session: Session, tenant: int) -> tuple[Kept, ...]:
    """A tenant's subscriptions to registrations of context sources."""
    return tuple(
        _kept(row)
        for row in session.all(f"{SELECT} WHERE s.tenant_id = ? AND s.about = ?", (tenant, SOURCES))
    )


def version(session: Session) -> int:
    """A number that grows whenever a subscription is written or deleted."""
    row = session.one("SELECT position FROM live_position WHERE name = ?", (VERSION,))
    return row[0] if row else 0


def versions(session: Session) -> dict[int, int]:
    """Which subscriptions there are, each with the version at which it was written last."""
    return dict(session.all("SELECT id, version FROM live_subscription"))


def written_since(session: Session, known: int) -> tuple[Kept, ...]:
    """The subscriptions that were written after that version."""
    return tuple(_kept(row) for row in session.all(f"{SELECT} WHERE s.version > ?", (known,)))


def position(session: Session, name: str) -> int:
    """How far a reader of changes is."""
    row = session.one("SELECT position FROM live_position WHERE name = ?", (name,))
    return row[0] if row else 0


def last_seq(session: Session) -> int:
    """The place of the newest change."""
    return session.one("SELECT coalesce(max(seq), 0) FROM live_change")[0]


def first_seq(session: Session) -> int:
    """The place of the oldest change that the log still holds; 0 when it holds none."""
    return session.one("SELECT coalesce(min(seq), 0) FROM live_change")[0]


def changes_after(session: Session, seq: int, *, limit: int) -> tuple[Logged, ...]:
    """The changes that follow a position, in their order."""
    rows = session.all(
        "SELECT seq, tenant_id, owner, urn, types, operation, before, doc, at, via FROM live_change "
        "WHERE seq > ? ORDER BY seq LIMIT ?",
        (seq, limit),
    )
    return tuple(Logged(*row[:4], tuple(orjson.loads(row[4])), *row[5:]) for row in rows)


def endpoints_waiting(session: Session) -> tuple[str, ...]:
    """The endpoints for which notifications wait."""
    rows = session.all("SELECT DISTINCT endpoint FROM live_notification WHERE state = 'waiting'")
    return tuple(endpoint for (endpoint,) in rows)


def letters_waiting(session: Session, endpoint: str, *, limit: int) -> tuple[Letter, ...]:
    """The oldest notifications that wait for one endpoint."""
    rows = session.all(
        "SELECT key, subscription_id, body, attempts, at, via FROM live_notification "
        "WHERE state = 'waiting' AND endpoint = ? ORDER BY id LIMIT ?",
        (endpoint, limit),
    )
    return tuple(Letter(key, sub, endpoint, body.encode(), *rest) for key, sub, body, *rest in rows)


def letters_held(session: Session) -> tuple[tuple[str, int, dict[str, Any], str], ...]:
    """The held notifications: key, subscription, entities by URN, and until when."""
    rows = session.all(
        "SELECT key, subscription_id, body, due_at FROM live_notification WHERE state = 'held'"
    )
    return tuple((key, sub, orjson.loads(body), due) for key, sub, body, due in rows)


def publications(session: Session) -> Publications:
    """Every rule of publication."""
    rows = session.all("SELECT tenant_id, name, owner, level FROM live_publication")
    return Publications({(tenant, name, owner): level for tenant, name, owner, level in rows})
