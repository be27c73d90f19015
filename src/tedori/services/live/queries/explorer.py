"""What the pages show: types with their numbers, entities with their newest reading, one entity's past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from tedori.engines.ngsild.queries.rows import Sql
from tedori.engines.ngsild.storing import load
from tedori.engines.ngsild.values import Entity
from tedori.services.live.queries.entities import behind
from tedori.services.live.queries.store import STORE
from tedori.services.live.queries.subscriptions import last_seq
from tedori.services.live.rules.access import Wall
from tedori.services.live.rules.freshness import Limits

# The newest observation of an entity, or when it was written where nothing in it was observed.
LATEST = "coalesce((SELECT max(lv.observed_at) FROM live_value lv WHERE lv.entity_id = e.id), e.modified_at)"
OF_TYPE = "FROM live_entitytype t JOIN live_entity e ON e.id = t.entity_id WHERE t.tenant_id = ?"
LATELY = 10  # minutes
WORDS = (
    "(lower(e.urn) LIKE ? ESCAPE '!' OR EXISTS (SELECT 1 FROM live_value tv WHERE tv.entity_id = e.id "
    "AND tv.kind IN ('s', 'l') AND lower(tv.text) LIKE ? ESCAPE '!'))"
)


@dataclass(frozen=True, slots=True)
class TypeSummary:
    """One type: how many entities of how many owners, and when the newest of them was read."""

    name: str
    count: int
    owners: int
    latest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An entity with its owner's code and the time of its newest reading."""

    entity: Entity
    owner: str
    latest: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entities of a type: whose id or owner names a place, with these words, only the old ones."""

    name: str
    place: str = ""
    words: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One instance of an attribute in the past; `value` as JSON has it, None with `deleted` when it ended."""

    value: object
    number: float | None
    at: str
    deleted: bool


def types(tenant: int, wall: Wall | None) -> tuple[TypeSummary, ...]:
    """Every type that the reader may see; its newest reading is looked for among what was written lately."""
    session, held = STORE.session(), behind(wall)
    rows = session.all(
        f"SELECT t.name, count(*), count(DISTINCT e.owner), max(e.modified_at) {OF_TYPE}{held.text} "  # noqa: S608
        "GROUP BY t.name ORDER BY t.name",
        (tenant, *held.params),
    )
    newest = f"SELECT max({LATEST}) {OF_TYPE} AND t.name = ? AND e.modified_at >= ?{held.text}"
    return tuple(
        TypeSummary(name, count, owners, session.one(newest, (tenant, name, _lately(last), *held.params))[0])
        for name, count, owners, last in rows
    )


def _lately(last: str) -> str:
    """A while before the last write."""
    return _before(datetime.fromisoformat(last), LATELY)


def owners(tenant: int, name: str, wall: Wall | None) -> tuple[str, ...]:
    """Who has entities of a type, by code."""
    held = behind(wall)
    rows = STORE.session().all(
        f"SELECT DISTINCT e.owner {OF_TYPE} AND t.name = ?{held.text} ORDER BY e.owner",  # noqa: S608
        (tenant, name, *held.params),
    )
    return tuple(owner for (owner,) in rows)


def owned_types(tenant: int, owner: str) -> tuple[str, ...]:
    """The types of which somebody has entities; with owner "" those of everybody."""
    mine, given = (" AND e.owner = ?", (owner,)) if owner else ("", ())
    rows = STORE.session().all(f"SELECT DISTINCT t.name {OF_TYPE}{mine} ORDER BY t.name", (tenant, *given))  # noqa: S608
    return tuple(name for (name,) in rows)


def entities(
    tenant: int, asked: Asked, wall: Wall | None, *, limits: Limits, now: datetime, limit: int, offset: int
) -> tuple[tuple[Shown, ...], int]:
    """One page of entities in the order of their coming, and how many there are in all."""
    session, condition = STORE.session(), _condition(asked, limits, now)
    held = behind(wall)
    chosen = f"{OF_TYPE} AND t.name = ?{condition.text}{held.text}"
    given = (tenant, asked.name, *condition.params, *held.params)
    (total,) = session.one(f"SELECT count(*) {chosen}", given)  # noqa: S608
    rows = session.all(
        f"SELECT {session.doc}, e.owner, {LATEST} {chosen} ORDER BY e.id LIMIT ? OFFSET ?",  # noqa: S608
        (*given, limit, offset),
    )
    return tuple(Shown(load(doc), owner, latest) for doc, owner, latest in rows), total


def _condition(asked: Asked, limits: Limits, now: datetime) -> Sql:
    parts: list[str] = []
    given: list[object] = []
    if asked.place:
        parts.append("(e.owner = ? OR e.urn LIKE ? ESCAPE '!')")
        given += (asked.place, _like(f":{asked.place}:"))
    for word in asked.words.lower().split()[:5]:
        parts.append(WORDS)
        given += (_like(word), _like(word))
    if asked.stale:
        cases = "".join(" WHEN ? THEN ?" for _ in limits.own)
        parts.append(f"{LATEST} < CASE e.owner{cases} ELSE ? END" if cases else f"{LATEST} < ?")
        for owner, minutes in limits.own.items():
            given += (owner, _before(now, minutes))
        given.append(_before(now, limits.general))
    return Sql("".join(f" AND {part}" for part in parts), tuple(given))


def _like(text: str) -> str:
    for special in "!%_":
        text = text.replace(special, f"!{special}")
    return f"%{text}%"


def _before(now: datetime, minutes: int) -> str:
    return (now - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entity(tenant: int, urn: str, wall: Wall | None) -> Shown | None:
    """One entity, or None."""
    session, held = STORE.session(), behind(wall)
    row = session.one(
        f"SELECT {session.doc}, e.owner, {LATEST} FROM live_entity e "  # noqa: S608
        f"WHERE e.tenant_id = ? AND e.urn = ?{held.text}",
        (tenant, urn, *held.params),
    )
    return Shown(load(row[0]), row[1], row[2]) if row else None


def past(tenant: int, shown: Shown, name: str, *, limit: int) -> tuple[Reading, ...]:
    """The last readings of one attribute (its default instance) under this owner, oldest first."""
    rows = STORE.session().all(
        "SELECT value, number, coalesce(observed_at, modified_at), deleted FROM live_history "
        "WHERE tenant_id = ? AND urn = ? AND name = ? AND owner = ? AND dataset IS NULL "
        "ORDER BY coalesce(observed_at, modified_at) DESC, id DESC LIMIT ?",
        (tenant, shown.entity.id, name, shown.owner, limit),
    )
    return tuple(
        Reading(orjson.loads(value) if value is not None else None, number, at, bool(deleted))
        for value, number, at, deleted in reversed(rows)
    )


def position() -> int:
    """The place of the newest change, from which a page that shows the present goes on."""
    return last_seq(STORE.session())
