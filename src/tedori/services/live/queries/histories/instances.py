"""The instances of evolutions, as far as one answer holds them."""

# Columns and aliases are our own; all that a caller says is bound.
# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

import orjson

from tedori.engines.ngsild.aggregating import plain
from tedori.engines.ngsild.evolving import SCOPE_IRI
from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.storing import attribute_from_json
from tedori.engines.ngsild.values import Attribute
from tedori.services.live.queries.histories.windows import Window, of_entities
from tedori.services.live.queries.store import STORE, Session

MOST_AT_ONCE = 50_000  # instances of the very same moment, which no page can part
COLUMNS = (
    "h.urn, h.instance, h.name, h.dataset, h.kind, h.value, h.observed_at, h.created_at, h.modified_at, "
    "h.deleted, h.subs"
)
MOMENT, DELETION = 11, 9  # places in a row
Evolution = Mapping[str, tuple[Attribute, ...]]
Owned = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """Evolutions by id, and what was cut: None, or the first and the last moment (sortable) that are told.

    Of attributes that are told only before or after the cut there is an empty evolution, with their kind in
    `kinds` (by id and IRI).
    """

    evolutions: Mapping[str, Evolution]
    cut: tuple[str, str] | None = None
    kinds: Mapping[str, Mapping[str, str]] | None = None


def told(tenant: int, owned: Owned, window: Window, *, most: int) -> Told:
    """The instances in a window of entities (by owner), at most so many.

    They are the earliest, or with `last` the latest ones. Instances of one moment are never parted.
    """
    if not owned or window.names == ():
        return Told({})
    session = STORE.session()
    rows = _rows(session, tenant, owned, window, limit=most + 1)
    if len(rows) <= most:
        return Told(_evolutions(rows))
    edge = rows[most][MOMENT]
    kept = [row for row in rows if row[MOMENT] != edge]
    if not kept:
        same = replace(window, start=edge, end=edge[:-1] + "~")
        kept = _rows(session, tenant, owned, same, limit=MOST_AT_ONCE)
    moments = [row[MOMENT] for row in kept]
    return Told(_evolutions(kept), (min(moments), max(moments)), _kinds(session, tenant, owned, window))


def instances_of(session: Session, tenant: int, urn: str, name: str, *, owner: str) -> tuple[Attribute, ...]:
    """All instances of one attribute that are known, in the order of time, asked within a transaction."""
    rows = _rows(session, tenant, {owner: (urn,)}, Window((name,)), limit=MOST_AT_ONCE)
    return _evolutions(row for row in rows if not row[DELETION]).get(urn, {}).get(name, ())


def _rows(
    session: Session, tenant: int, owned: Owned, window: Window, *, limit: int
) -> list[tuple[Any, ...]]:
    of, wanted = of_entities(tenant, owned), window.condition()
    text = (
        f"SELECT {COLUMNS}, {window.moment} AS t, h.id FROM live_history h WHERE {of.text} AND {wanted.text}"
    )
    order, ranked, params = "t, id", "", (*of.params, *wanted.params)
    if window.last is not None:
        order = "t DESC, id DESC"
        ranked = ", row_number() OVER (PARTITION BY urn, name, dataset ORDER BY t DESC, id DESC) AS rank"
        text = f"SELECT * FROM (SELECT s.*{ranked} FROM ({text}) s) r WHERE rank <= ?"
        params = (*params, window.last)
    text = f"SELECT * FROM ({text}) w ORDER BY {order} LIMIT ?"
    return session.all(text, (*params, limit))


def _kinds(session: Session, tenant: int, owned: Owned, window: Window) -> dict[str, dict[str, str]]:
    """Of which kinds the attributes are that have instances in the whole window."""
    both = of_entities(tenant, owned), window.condition()
    text = (
        f"SELECT DISTINCT h.urn, h.name, h.kind FROM live_history h WHERE {both[0].text} AND {both[1].text}"
    )
    found: dict[str, dict[str, str]] = {}
    for urn, name, kind in session.all(text, (*both[0].params, *both[1].params)):
        found.setdefault(urn, {})[name] = kind
    return found


def _evolutions(rows: Iterable[tuple[Any, ...]]) -> dict[str, Evolution]:
    found: dict[str, dict[str, list[Attribute]]] = {}
    for row in sorted(rows, key=itemgetter(MOMENT, MOMENT + 1)):
        found.setdefault(row[0], {}).setdefault(row[2], []).append(_attribute(row))
    return {
        urn: {name: tuple(held) for name, held in attributes.items()} for urn, attributes in found.items()
    }


def _attribute(row: tuple[Any, ...]) -> Attribute:
    """One instance; of one that tells of an end the value is the standard's null (4.5.7)."""
    _, instance, name, dataset, kind, value, observed, created, modified, deleted, rest, *_ = row
    if deleted:
        gone: Any = [] if name == SCOPE_IRI else DELETED
        return Attribute(kind, gone, dataset, deleted_at=modified, instance_id=instance)
    stored = {
        **(orjson.loads(rest) if rest else {}),
        "kind": kind,
        "value": orjson.loads(value),
        "datasetId": dataset,
        "observedAt": plain(observed) if observed else None,
        "createdAt": created,
        "modifiedAt": modified,
        "instanceId": instance,
    }
    return attribute_from_json(stored)
