"""Links and how they fare."""

from __future__ import annotations

from dataclasses import replace

import orjson

from tedori.services.live.queries.store import Session
from tedori.services.live.queries.subscriptions import last_seq
from tedori.services.live.rules.links import Health, Link, health

COLUMNS = (
    "id, tenant_id, owner, name, address, protocol, direction, types, service, path, every, mapping, header, "
    "secret, hook, active, version, position, caught_up, mark, subscription, last_ok, last_failure, reason, "
    "failures, received, sent, refused"
)
SELECT = f"SELECT {COLUMNS} FROM live_link"  # noqa: S608 - our own words


def _link(row: tuple) -> Link:
    link = Link(*row)
    return replace(link, types=tuple(orjson.loads(row[7])), active=bool(link.active))


def links(session: Session, *, owner: str | None = None) -> tuple[Link, ...]:
    """All links, or those of one organisation, by name."""
    mine, given = ("", ()) if owner is None else (" WHERE owner = ?", (owner,))
    return tuple(_link(row) for row in session.all(f"{SELECT}{mine} ORDER BY name, id", given))


LARGEST = 2**63 - 1  # no database counts further


def link(session: Session, number: int, *, owner: str | None = None) -> Link | None:
    """One link; None when there is none, or none of that organisation."""
    row = session.one(f"{SELECT} WHERE id = ?", (number,)) if number <= LARGEST else None
    found = _link(row) if row else None
    return found if found and owner in (None, found.owner) else None


MOST_COUNTED = 10_000


def waiting(session: Session, one: Link) -> int:
    """How many changes wait to be handed on; counted as far as it is worth knowing."""
    if not one.gives or one.position < 0:
        return 0
    row = session.one(
        "SELECT count(*) FROM (SELECT 1 FROM live_change WHERE seq > ? AND tenant_id = ? AND owner = ? "
        'AND "by" <> ? LIMIT ?) w',
        (one.position, one.tenant, one.owner, one.reference, MOST_COUNTED),
    )
    return row[0]


def health_of(session: Session, one: Link, *, now: str) -> Health:
    """How a link fares."""
    return health(one, waiting=waiting(session, one), now=now)


def behind(session: Session, one: Link) -> int:
    """How far the log has gone on since the link's position."""
    return last_seq(session) - one.position
