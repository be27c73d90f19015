"""All entities of one type as they stand, a few hundred at a time, behind the reader's wall."""

# Columns and aliases are our own; all that a caller says is bound.
# ruff: noqa: S608
from __future__ import annotations

from dataclasses import dataclass

from tedori.engines.ngsild.storing import load
from tedori.engines.ngsild.values import Entity
from tedori.services.live.queries.entities import behind
from tedori.services.live.queries.store import STORE
from tedori.services.live.rules.access import Wall

OF_TYPE = (
    "FROM live_entitytype t JOIN live_entity e ON e.id = t.entity_id WHERE t.tenant_id = ? AND t.name = ?"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some entities, and the number after which the next part begins; None: these are the last."""

    entities: tuple[Entity, ...]
    following: int | None


def part(tenant: int, name: str, wall: Wall | None, *, after: int, limit: int) -> Part:
    """The entities after that number."""
    session, held = STORE.session(), behind(wall)
    rows = session.all(
        f"SELECT t.entity_id, {session.doc} {OF_TYPE} AND t.entity_id > ?{held.text} "
        "ORDER BY t.entity_id LIMIT ?",
        (tenant, name, after, *held.params, limit),
    )
    entities = tuple(load(doc) for _, doc in rows)
    return Part(entities, rows[-1][0] if len(rows) == limit else None)


def attributes(tenant: int, name: str, wall: Wall | None) -> tuple[tuple[str, bool], ...]:
    """The attributes (IRIs) that these entities have, and which of them are places."""
    session, held = STORE.session(), behind(wall)
    rows = session.all(
        "SELECT DISTINCT v.name, "
        "EXISTS (SELECT 1 FROM live_place p WHERE p.entity_id = e.id AND p.name = v.name) "
        f"{OF_TYPE.replace('WHERE', 'JOIN live_value v ON v.entity_id = e.id WHERE')}{held.text}",
        (tenant, name, *held.params),
    )
    places = {attribute for attribute, is_place in rows if is_place}
    return tuple((attribute, attribute in places) for attribute in sorted({row[0] for row in rows}))
