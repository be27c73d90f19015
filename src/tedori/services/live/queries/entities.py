"""Entities by id or by what they are, behind the reader's wall."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from tedori.engines.ngsild.queries.ordering import order
from tedori.engines.ngsild.queries.postgresql import POSTGRESQL
from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.queries.sql import (
    AUTOMATIC,
    CEILING,
    Condition,
    assembled,
    conditions,
    leading,
    probe,
    where,
)
from tedori.engines.ngsild.queries.sqlite import SQLITE
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.storing import glance
from tedori.engines.ngsild.values import Entity
from tedori.services.live.queries.store import STORE, Session
from tedori.services.live.rules.access import Wall

FEW = 64  # candidates that are read sooner than others are counted
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
    return Found(glance(row[0][0]), f"{row[0][1]}.{row[0][2]}") if row else None


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
    return {urn: glance(doc) for urn, doc in rows}


def select(tenant: int, selection: Selection, wall: Wall | None, *, limit: int, offset: int) -> list[Entity]:
    """The entities of one page, in the order that is asked for or that of their coming."""
    session = STORE.session()
    dialect = DIALECTS[session.vendor]
    parts = conditions(selection, dialect=dialect, tenant=tenant, wall=wall)
    drive = PLANS.drive(session, (tenant, selection), parts, limit=limit + offset)
    condition = assembled(parts, dialect=dialect, tenant=tenant, drive=drive)
    held = _behind(wall, session)
    sorting = order(selection.order_by, dialect=dialect)
    return [
        glance(doc)
        for doc in session.documents(
            f"SELECT {session.doc} AS doc FROM live_entity e WHERE {condition.text}{held.text} "  # noqa: S608
            f"ORDER BY {sorting.text} LIMIT {session.mark} OFFSET {session.mark}",
            (*condition.params, *held.params, *sorting.params, limit, offset),
        )
    ]


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

    def __init__(self, *, fresh: float = 5.0, most: int = 2_000) -> None:
        self._fresh = fresh
        self._most = most
        self._kept: dict[Any, tuple[float, int | None]] = {}

    def drive(
        self, session: Session, key: tuple[int, Selection], parts: Sequence[Condition], *, limit: int
    ) -> int | None:
        """The place of the condition, None to walk through the entities; `limit`: how far a page reaches."""
        if any(part.rank < 1 for part in parts):
            return AUTOMATIC
        return self._believed((key, limit.bit_length()), lambda: self._find(session, key[1], parts, limit))

    def _find(
        self, session: Session, selection: Selection, parts: Sequence[Condition], limit: int
    ) -> int | None:
        total = session.one("SELECT max(id) FROM live_entity")[0] or 0
        reach = total if selection.order_by else limit  # an order needs all before its first page
        return leading(self._counts(session, parts, total * reach), total=total, limit=reach)

    def _counts(self, session: Session, parts: Sequence[Condition], square: int) -> list[int | None]:
        """The candidates of each condition, the most promising first.

        One with no more than the root of `square` is better than any walk: then the others are counted only
        so far as they could be better still, and not at all when it has few.
        """
        counts: list[int | None] = [None] * len(parts)
        best = CEILING
        for at in sorted(range(len(parts)), key=lambda at: parts[at].rank):
            if best <= FEW:
                break
            counts[at] = found = self._count(session, parts[at], best + 1 if best**2 <= square else CEILING)
            best = best if found is None else min(best, found)
        return counts

    def _count(self, session: Session, part: Condition, ceiling: int) -> int | None:
        one = probe(part, dialect=DIALECTS[session.vendor], ceiling=ceiling)
        if one is None:
            return None
        return self._believed((one.text, one.params), lambda: session.native(one.text, one.params)[0][0])

    def _believed(self, asked: Any, find: Callable[[], int | None]) -> int | None:
        """What was found not long ago in this database, or is found now."""
        key, now = (str(STORE.where["NAME"]), asked), time.monotonic()
        known = self._kept.get(key)
        if known is not None and now - known[0] < self._fresh:
            return known[1]
        found = find()
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[key] = (now, found)
        return found


PLANS = Plans()
