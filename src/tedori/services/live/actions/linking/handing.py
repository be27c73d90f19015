"""Handing on what changed here: read from the log by position, compared with what the partner has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import orjson

from tedori.engines.ngsild.patching import SCOPE, TYPE
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.values import Entity
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.linking.partners import Partner
from tedori.services.live.queries import entities as stored
from tedori.services.live.queries.store import Session
from tedori.services.live.queries.subscriptions import first_seq, last_seq
from tedori.services.live.rules.access import wall
from tedori.services.live.rules.conflicts import may_go, newer
from tedori.services.live.rules.links import Link

BATCH = 500
NO_ATTRIBUTES = frozenset((SCOPE, TYPE))


@dataclass(slots=True)
class Parcel:
    """What is to be handed on: entities as they stand now, names of attributes that went, entities that went.

    `position` is where the log has been read to; `more` whether it goes on; `first` whether the parcel
    belongs to everything that there is, of which `offset` says how far it has come.
    """

    position: int
    present: dict[str, Entity] = field(default_factory=dict)
    dropped: dict[str, set[str]] = field(default_factory=dict)
    gone: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    more: bool = False


def packed(session: Session, link: Link) -> Parcel:
    """The next parcel of a link."""
    rows = session.all(
        'SELECT seq, urn, owner, types, operation, changed, at, "by" FROM live_change '
        "WHERE seq > ? AND tenant_id = ? ORDER BY seq LIMIT ?",
        (link.position, link.tenant, BATCH),
    )
    parcel = Parcel(rows[-1][0] if rows else link.position, more=len(rows) == BATCH)
    wanted: dict[str, None] = {}
    for _seq, urn, owner, types, operation, changed, at, by in rows:
        # What came over this very link goes no way back.
        if owner != link.owner or by == link.reference or not _of(link, orjson.loads(types)):
            continue
        wanted[urn] = None
        if operation == "deleted":
            parcel.gone[urn] = (tuple(orjson.loads(types)), at)
        names = (name for name, what in orjson.loads(changed).items() if what == "deleted")
        parcel.dropped.setdefault(urn, set()).update(set(names) - NO_ATTRIBUTES)
    _fill(parcel, link, wanted)
    return parcel


def _of(link: Link, types: Iterable[str]) -> bool:
    return not set(link.types).isdisjoint(types)


def _fill(parcel: Parcel, link: Link, wanted: Iterable[str]) -> None:
    """Take the entities as they stand by now, whatever the log said on the way."""
    behind = wall(Actor(organisation=link.owner))
    parcel.present = stored.fetch_many(link.tenant, wanted, behind)
    parcel.gone = {urn: one for urn, one in parcel.gone.items() if urn not in parcel.present}
    parcel.dropped = {
        urn: left
        for urn, names in parcel.dropped.items()
        if urn in parcel.present and (left := names - parcel.present[urn].attributes.keys())
    }


def must_begin(session: Session, link: Link) -> bool:
    """Whether a link has to hand on everything there is: at its start, or when the log was cut behind it."""
    return link.position < 0 or link.position + 1 < first_seq(session)


def everything(session: Session, link: Link, offset: int) -> Parcel:
    """A part of all that there is."""
    behind = wall(Actor(organisation=link.owner))
    selection = Selection(types=tuple((one,) for one in link.types))
    found = stored.select(link.tenant, selection, behind, limit=BATCH, offset=offset)
    mine = owned(session, link, (one.id for one in found))
    parcel = Parcel(last_seq(session), {one.id: one for one in found if one.id in mine})
    parcel.more = len(found) == BATCH
    return parcel


def owned(session: Session, link: Link, urns: Iterable[str]) -> frozenset[str]:
    """Those of these entities that belong to the link's organisation."""
    wanted = list(urns)
    asked = wanted if session.vendor == "postgresql" else orjson.dumps(wanted).decode()
    text = (
        f"SELECT e.urn FROM live_entity e WHERE e.tenant_id = ? AND e.owner = ? AND {session.listed('e.urn')}"  # noqa: S608
    )
    rows = session.all(text, (link.tenant, link.owner, asked))
    return frozenset(urn for (urn,) in rows)


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of a parcel: entities that were sent, and those that the partner refused."""

    sent: int = 0
    refused: int = 0


async def hand_over(parcel: Parcel, link: Link, partner: Partner) -> Handed:
    """Hand a parcel on, as far as the partner does not know better; raises Unreachable and Refused.

    It may be handed on again after a failure: what the partner has already is not sent a second time.
    """
    names = link.names
    foreign = {urn: names.foreign(one) for urn, one in parcel.present.items()}
    leaving = {urn: names.foreign_id(urn, types) for urn, (types, _) in parcel.gone.items()}
    ids = [*(one.id for one in foreign.values()), *leaving.values()]
    there = await partner.fetch(ids) if ids else {}
    sending = [better for one in foreign.values() if (better := _better(one, there.get(one.id)))]
    refused = await partner.send(sending) if sending else 0
    for urn, dropped in parcel.dropped.items():
        await _drop(
            foreign[urn], (names.foreign_name(iri, parcel.present[urn].types) for iri in dropped), partner
        )
    for urn, key in leaving.items():
        if key in there and may_go(there[key], parcel.gone[urn][1]):
            await partner.delete(there[key])
    return Handed(len(sending) - refused, refused)


def _better(one: Entity, there: Entity | None) -> Entity | None:
    """What of an entity is newer than what the partner has; None when nothing is."""
    chosen: Mapping = newer(one.attributes, there)
    if not chosen and there is not None:
        return None
    return replace(one, attributes=chosen, scopes=one.scopes if there is None else ())


async def _drop(entity: Entity, iris: Iterable[str], partner: Partner) -> None:
    for iri in iris:
        await partner.delete_attribute(entity, iri)
