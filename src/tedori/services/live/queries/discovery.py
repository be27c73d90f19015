"""Which types and attributes there are, behind the reader's wall (clauses 5.7.5 to 5.7.10)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from tedori.services.live.queries.entities import behind
from tedori.services.live.queries.store import STORE, Session
from tedori.services.live.rules.access import Wall

# One step of the index per name, however many rows have it.
NAMES = """WITH RECURSIVE n(name) AS (
SELECT min(name) FROM {table} WHERE tenant_id = ?
UNION ALL
SELECT (SELECT min(x.name) FROM {table} x WHERE x.tenant_id = ? AND x.name > n.name) FROM n
WHERE n.name IS NOT NULL)
SELECT n.name FROM n WHERE n.name IS NOT NULL"""
SEEN = """ AND EXISTS (SELECT 1 FROM {table} y JOIN live_entity e ON e.id = y.entity_id
WHERE y.tenant_id = ? AND y.name = n.name{wall})"""


@dataclass(frozen=True, slots=True)
class AttributeUse:
    """One attribute: of which kinds its instances are, in entities of which types, and how many there are."""

    name: str
    kinds: tuple[str, ...]
    types: tuple[str, ...] = ()
    count: int = 0


def type_names(tenant: int, wall: Wall | None) -> list[str]:
    """The types of all entities."""
    return _names("live_entitytype", tenant, wall)


def attribute_names(tenant: int, wall: Wall | None) -> list[str]:
    """The names of all attributes."""
    return _names("live_value", tenant, wall)


FRESH = 10.0  # seconds for which the names of places are believed
_PLACES: dict[tuple[str, int], tuple[float, list[str]]] = {}


def place_names(tenant: int) -> list[str]:
    """The names of all attributes that hold a place."""
    key = (str(STORE.where["NAME"]), tenant)
    known = _PLACES.get(key)
    if known is not None and time.monotonic() - known[0] < FRESH:
        return known[1]
    rows = STORE.session().all("SELECT DISTINCT name FROM live_place WHERE tenant_id = ?", (tenant,))
    names = sorted(name for (name,) in rows)
    if names:
        _PLACES[key] = (time.monotonic(), names)
    return names


def _names(table: str, tenant: int, wall: Wall | None) -> list[str]:
    session = STORE.session()
    text, parameters = NAMES.format(table=table), (tenant, tenant)
    if wall is not None:
        held = behind(wall)
        text += SEEN.format(table=table, wall=held.text)
        parameters = (*parameters, tenant, *held.params)
    return [name for (name,) in session.all(text, parameters)]


def attributes_of_types(tenant: int, wall: Wall | None) -> dict[str, list[str]]:
    """By type the names of the attributes that its entities have."""
    held = behind(wall)
    found: dict[str, list[str]] = {name: [] for name in type_names(tenant, wall)}
    rows = STORE.session().all(
        "SELECT DISTINCT t.name, v.name FROM live_entitytype t JOIN live_entity e ON e.id = t.entity_id "  # noqa: S608
        f"JOIN live_value v ON v.entity_id = t.entity_id WHERE t.tenant_id = ?{held.text}",
        (tenant, *held.params),
    )
    for name, attribute in sorted(rows):
        found.setdefault(name, []).append(attribute)
    return found


def type_use(tenant: int, name: str, wall: Wall | None) -> tuple[int, list[AttributeUse]]:
    """How many entities have a type, and their attributes."""
    session, held = STORE.session(), behind(wall)
    of_type = (
        "live_entitytype t JOIN live_entity e ON e.id = t.entity_id "
        f"AND t.tenant_id = ? AND t.name = ?{held.text}"
    )
    parameters = (tenant, name, *held.params)
    amount = session.one(f"SELECT count(*) FROM {of_type}", parameters)[0]  # noqa: S608
    rows = session.all(
        "SELECT v.name, v.kind, min(v.entity_id), max(v.entity_id) "  # noqa: S608
        f"FROM {of_type} JOIN live_value v ON v.entity_id = t.entity_id GROUP BY v.name, v.kind",
        parameters,
    )
    return amount, [AttributeUse(one, kinds) for one, kinds in sorted(_kinds(session, rows).items())]


def attribute_uses(tenant: int, wall: Wall | None, name: str | None = None) -> list[AttributeUse]:
    """All attributes, or the one of this name: their kinds, the types of their entities, their number."""
    session, held = STORE.session(), behind(wall)
    named, parameters = ("", ()) if name is None else (" AND v.name = ?", (name,))
    of_name = f"live_value v JOIN live_entity e ON e.id = v.entity_id AND v.tenant_id = ?{named}{held.text}"
    given = (tenant, *parameters, *held.params)
    rows = session.all(
        f"SELECT v.name, v.kind, min(v.entity_id), max(v.entity_id) FROM {of_name} GROUP BY v.name, v.kind",  # noqa: S608
        given,
    )
    types: dict[str, list[str]] = {}
    for one, kind in session.all(
        f"SELECT DISTINCT v.name, t.name FROM {of_name} "  # noqa: S608
        "JOIN live_entitytype t ON t.entity_id = e.id",
        given,  # noqa: S608
    ):
        types.setdefault(one, []).append(kind)
    counts = dict(
        session.all(
            "SELECT d.name, count(*) FROM "  # noqa: S608 - our own words
            "(SELECT DISTINCT v.name AS name, v.entity_id AS entity, v.dataset AS dataset "
            f"FROM {of_name}) d GROUP BY d.name",
            given,
        )
    )
    return [
        AttributeUse(one, kinds, tuple(sorted(types[one])), counts[one])
        for one, kinds in sorted(_kinds(session, rows).items())
    ]


def _kinds(session: Session, rows: list[tuple[str, str, int, int]]) -> Mapping[str, tuple[str, ...]]:
    """By attribute the kinds of its instances, read from the first and last entity of each sort of value."""
    wanted = {number for _, _, first, last in rows for number in (first, last)}
    documents = {number: _document(session, number) for number in wanted}
    kinds: dict[str, set[str]] = {}
    for name, _, first, last in rows:
        for number in (first, last):
            instances = documents[number].get("attributes", {}).get(name, ())
            kinds.setdefault(name, set()).update(one["kind"] for one in instances)
    return {name: tuple(sorted(found)) for name, found in kinds.items()}


def _document(session: Session, number: int) -> dict:
    row = session.one(f"SELECT {session.doc} FROM live_entity e WHERE e.id = ?", (number,))  # noqa: S608
    return orjson.loads(row[0]) if row else {}
