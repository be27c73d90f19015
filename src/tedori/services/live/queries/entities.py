"""Entities by id or by what they are, behind the reader's wall."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from tedori.engines.ngsild.queries.ordering import order
from tedori.engines.ngsild.queries.postgresql import POSTGRESQL
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.sql import (
    AUTOMATIC,
    Condition,
    assembled,
    conditions,
    leading,
    probe,
    where,
)
from tedori.engines.ngsild.queries.sqlite import SQLITE
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.storing import load
from tedori.engines.ngsild.values import Entity
from tedori.services.live.queries.store import STORE, Session
from tedori.services.live.rules.access import Wall

DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


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
    parts = conditions(selection, dialect=dialect, tenant=tenant, wall=wall)
    drive = PLANS.drive(session, (tenant, selection), parts, limit=limit + offset)
    condition = assembled(parts, dialect=dialect, tenant=tenant, drive=drive)
    held = _behind(wall, session)
    sorting = order(selection.order_by, dialect=dialect)
    rows = session.native(
        f"SELECT {session.doc} FROM live_entity e WHERE {condition.text}{held.text} "  # noqa: S608
        f"ORDER BY {sorting.text} LIMIT {session.mark} OFFSET {session.mark}",
        (*condition.params, *held.params, *sorting.params, limit, offset),
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


class Plans:
    """Which condition's index leads, found out by counting its candidates and believed for a while."""

    def __init__(self, *, fresh: float = 5.0, most: int = 1_000) -> None:
        self._fresh = fresh
        self._most = most
        self._kept: dict[Any, tuple[float, int | None]] = {}

    def drive(
        self, session: Session, key: tuple[int, Selection], parts: Sequence[Condition], *, limit: int
    ) -> int | None:
        """The condition's place, None: walk through the entities; `limit` is how far the page reaches."""
        if any(part.rank < 1 for part in parts):
            return AUTOMATIC
        asked = (str(STORE.where["NAME"]), key, limit.bit_length())
        known = self._kept.get(asked)
        if known is not None and time.monotonic() - known[0] < self._fresh:
            return known[1]
        found = self._find(session, key[1], parts, limit)
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[asked] = (time.monotonic(), found)
        return found

    @staticmethod
    def _find(session: Session, selection: Selection, parts: Sequence[Condition], limit: int) -> int | None:
        dialect = DIALECTS[session.vendor]
        probes = [probe(part, dialect=dialect) for part in parts]
        counts = [session.native(one.text, one.params)[0][0] if one else None for one in probes]
        (total,) = session.one("SELECT max(id) FROM live_entity")
        reach = total or 0 if selection.order_by else limit  # an order needs all before its first page
        return leading(counts, total=total or 0, limit=reach)


PLANS = Plans()
