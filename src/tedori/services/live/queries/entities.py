"""Entities by id or by what they are, behind the reader's wall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from tedori.engines.ngsild.queries.postgresql import POSTGRESQL
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.sql import AUTOMATIC, conditions, probe, where
from tedori.engines.ngsild.queries.sqlite import SQLITE
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.storing import load
from tedori.engines.ngsild.values import Entity
from tedori.services.live.queries.ordering import ordered
from tedori.services.live.queries.store import STORE, Session
from tedori.services.live.rules.access import Wall

DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
FEW = 2_000  # candidates of one condition, up to which its index leads


@dataclass(frozen=True, slots=True)
class Found:
    """An entity as it stands, with the version that its answer's ETag tells."""

    entity: Entity
    version: str


def fetch(tenant: int, urn: str, wall: Wall | None) -> Found | None:
    """One entity, or None."""
    session = STORE.session()
    held = _behind(wall, session)
    row = session.native(
        f"SELECT {session.doc}, e.id, e.version FROM live_entity e "  # noqa: S608 - our own words
        f"WHERE e.tenant_id = {session.mark} AND e.urn = {session.mark}{held.text}",
        (tenant, urn, *held.params),
    )
    return Found(load(row[0][0]), f"{row[0][1]}.{row[0][2]}") if row else None


def fetch_many(tenant: int, urns: Iterable[str], wall: Wall | None) -> dict[str, Entity]:
    """Several entities by their ids, those that are there and may be read."""
    session, wanted = STORE.session(), list(urns)
    if not wanted:
        return {}
    held = _behind(wall, session)
    asked = wanted if session.vendor == "postgresql" else orjson.dumps(wanted).decode()
    among = session.listed("e.urn").replace("?", session.mark)
    rows = session.native(
        f"SELECT e.urn, {session.doc} FROM live_entity e "  # noqa: S608
        f"WHERE e.tenant_id = {session.mark} AND {among}{held.text}",
        (tenant, asked, *held.params),
    )
    return {urn: load(doc) for urn, doc in rows}


def select(tenant: int, selection: Selection, wall: Wall | None, *, limit: int, offset: int) -> list[Entity]:
    """The entities of one page, in the order that is asked for or that of their coming."""
    session = STORE.session()
    dialect = DIALECTS[session.vendor]
    drive = _drive(session, tenant, selection, wall)
    condition = where(selection, dialect=dialect, tenant=tenant, wall=wall, drive=drive)
    held = _behind(wall, session)
    order = ordered(selection.order_by, dialect)
    rows = session.native(
        f"SELECT {session.doc} FROM live_entity e WHERE {condition.text}{held.text} "  # noqa: S608
        f"ORDER BY {order.text} LIMIT {session.mark} OFFSET {session.mark}",
        (*condition.params, *held.params, *order.params, limit, offset),
    )
    return [load(doc) for (doc,) in rows]


def count(tenant: int, selection: Selection, wall: Wall | None) -> int:
    """How many entities there are in all."""
    session = STORE.session()
    condition = where(selection, dialect=DIALECTS[session.vendor], tenant=tenant, wall=wall)
    held = _behind(wall, session)
    text = f"SELECT count(*) FROM live_entity e WHERE {condition.text}{held.text}"  # noqa: S608
    return session.native(text, (*condition.params, *held.params))[0][0]


def urns_of(session: Session, tenant: int, selection: Selection, wall: Wall | None) -> list[str]:
    """The ids of all entities of a selection, asked within the session's transaction."""
    condition = where(selection, dialect=DIALECTS[session.vendor], tenant=tenant, wall=wall)
    held = _behind(wall, session)
    text = f"SELECT e.urn FROM live_entity e WHERE {condition.text}{held.text}"  # noqa: S608
    return [urn for (urn,) in session.native(text, (*condition.params, *held.params))]


def behind(wall: Wall | None) -> Sql:
    """The wall as a further condition on the entity `e`, with `?` for parameters."""
    if wall is None:
        return Sql("")
    built = wall("e")
    return Sql(f" AND {built.text}", built.params)


def _behind(wall: Wall | None, session: Session) -> Sql:
    """The same in the database's own marks."""
    built = behind(wall)
    return Sql(built.text.replace("?", session.mark), built.params)


def _drive(session: Session, tenant: int, selection: Selection, wall: Wall | None) -> int | None:
    """Which condition's index leads on SQLite, whose planner does not know the data.

    The one with the fewest candidates, when they are few; where a single condition has many, walking in order
    finds a page sooner than collecting all of them.
    """
    dialect = DIALECTS[session.vendor]
    if dialect.drives:
        return AUTOMATIC
    parts = conditions(selection, dialect=dialect, tenant=tenant, wall=wall)
    probes = [probe(part, dialect=dialect, ceiling=FEW) for part in parts]
    if len(parts) == 1 and parts[0].rank < 1:
        return 0
    counts = [session.native(one.text, one.params)[0][0] if one else FEW for one in probes]
    best = min(range(len(parts)), key=lambda at: (counts[at], parts[at].rank), default=None)
    if best is not None and counts[best] < FEW:
        return best
    return None if len(parts) <= 1 else AUTOMATIC
