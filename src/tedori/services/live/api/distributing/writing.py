"""Writing one entity, or its attributes, here and at the sources that have a part of it (clause 5.6)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import orjson

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.reading import read_attribute, read_entity, read_fragment
from tedori.engines.ngsild.registrations.dividing import Division, Share, cut, divide, divide_whole, renamed
from tedori.engines.ngsild.values import Entity
from tedori.services.live.api.answers import JSON, LD
from tedori.services.live.api.calls import Answer, Call
from tedori.services.live.api.distributing.outcomes import combined, loop_detected, refusal, tried
from tedori.services.live.api.distributing.planning import (
    Leg,
    Local,
    context_for,
    link_headers,
    looped,
    partners_of,
    passed_on,
)
from tedori.services.live.api.entities import PREFIX, escaped, simplified
from tedori.services.live.api.forms import asked_context, body_of, expanded, known_tenant, parsed
from tedori.services.live.queries.entities import fetch
from tedori.services.live.queries.registrations import Partner
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import demand_writer, wall

Reads = Callable[[Call, Any, Context], Entity]
PASSED = frozenset(("options", "format", "type", "observedAt", "lang", "datasetId", "deleteAll"))


def _created(call: Call, payload: Any, context: Context) -> Entity:
    return read_entity(payload, context, simplified=simplified(call))


def _whole(call: Call, payload: Any, context: Context) -> Entity:
    return read_fragment(payload, context, nulls=False, simplified=simplified(call))


def _updated(call: Call, payload: Any, context: Context) -> Entity:
    return read_fragment(payload, context, simplified=simplified(call))


def _merged(call: Call, payload: Any, context: Context) -> Entity:
    return read_fragment(payload, context, partial=True, simplified=simplified(call))


def writes(operation: str, reading: Reads) -> Callable[[Call, Local], Awaitable[Answer]]:
    """The counterpart of a door whose body holds an entity or a part of one."""

    async def door(call: Call, local: Local) -> Answer:
        partners = await partners_of(call, reading=False)
        if not partners:
            return await local(call)
        if looped(call):
            return loop_detected()
        demand_writer(call.actor)
        payload, context = await body_of(call)
        entity = reading(call, payload, context)
        urn = read_uri(call.path["id"], "id") if "id" in call.path else entity.id
        types = entity.types or await known_types(call, urn, context)
        names = frozenset(entity.attributes)
        division = divide((one.source for one in partners), operation, urn, types, names)
        if not division.shares:
            return await local(call)
        document = parsed(call.body)
        here = _here(call, document, division, context)
        carry = Carrying(call, division, partners, context, local)
        legs, answer = await carry.out(lambda share: _body(document, share, names, context), here)
        return combined(urn, answer, legs, _done(operation, urn))

    return door


def _done(operation: str, urn: str) -> Answer:
    if operation != "createEntity":
        return Answer(204)
    return Answer(201, headers=(("Location", f"{PREFIX}/{escaped(urn)}"),))


def _here(call: Call, document: Any, division: Division, context: Context) -> Call | None:
    """The request with what stays here."""
    if not division.here:
        return None
    kept = cut(document, division.rest, context)
    return call if kept.keys() == document.keys() else replace(call, body=orjson.dumps(kept))


def _body(document: Any, share: Share, names: frozenset[str], context: Context) -> Any:
    return document if share.names == names else cut(document, share.names, context)


async def known_types(call: Call, urn: str, context: Context) -> tuple[str, ...] | None:
    """Of which types an entity is, as far as it is known here or the caller says so."""
    if call.query.get("type"):
        return expanded(call, context, "type")
    found = await ask(fetch, await known_tenant(call), urn, wall(call.actor))
    return found.entity.types if found else None


@dataclass(frozen=True, slots=True)
class Carrying:
    """An operation that is carried to sources and to the local door, all at once."""

    call: Call
    division: Division
    partners: tuple[Partner, ...]
    context: Context
    local: Local

    async def out(self, body: Callable[[Share], Any], here: Call | None) -> tuple[list[Leg], Answer | None]:
        """How it went at each source, and here (None: nothing was to be done here)."""
        by_key = {one.source.key: one for one in self.partners}
        legs = [self._leg(by_key[share.source.key], share, body) for share in self.division.shares]
        done = await asyncio.gather(*legs, *([tried(self.local, here)] if here is not None else []))
        return list(done[: len(legs)]), done[-1] if here is not None else None

    async def _leg(self, partner: Partner, share: Share, body: Callable[[Share], Any]) -> Leg:
        if share.refused:
            return refusal(partner)
        call = self.call
        query = {name: value for name, value in call.query.items() if name in PASSED}
        path = call.address.removeprefix("/ngsi-ld/v1").rstrip("/")
        document = body(share)
        own = await context_for(share.source, self.context)
        if "name" in call.path and own is not self.context:
            last = quote(own.compact(self.context.expand(call.path["name"])), safe="")
            path = f"{path.rpartition('/')[0]}/{last}"
        if document is None:
            return await passed_on(call, partner, call.method, path, query=query, headers=link_headers(own))
        sent, headers = body_for(call, document, self.context, own)
        return await passed_on(call, partner, call.method, path, query=query, body=sent, headers=headers)


def body_for(call: Call, document: Any, context: Context, own: Context) -> tuple[bytes, Mapping[str, str]]:
    """A body as it is passed on, and its headers: as it came, or in the names of the source's own context."""
    if own is context:
        linked = {"Link": call.headers["link"]} if "link" in call.headers else {}
        media = call.headers.get("content-type", "").partition(";")[0].strip() or JSON
        return orjson.dumps(document), {"Content-Type": media, **linked}
    plain = renamed(document, context, own)
    linked = link_headers(own)
    if linked:
        return orjson.dumps(plain), {"Content-Type": JSON, **linked}
    return orjson.dumps({**plain, "@context": own.source}), {"Content-Type": LD}


def attribute(
    operation: str, *, body: bool, partial: bool = False
) -> Callable[[Call, Local], Awaitable[Answer]]:
    """The counterpart of a door of one attribute."""

    async def door(call: Call, local: Local) -> Answer:
        partners = await partners_of(call, reading=False)
        if not partners:
            return await local(call)
        if looped(call):
            return loop_detected()
        demand_writer(call.actor)
        payload, context = await body_of(call, arrays=True) if body else (None, await asked_context(call))
        if body:
            read_attribute(payload, context, partial=partial, nulls=partial)
        urn = read_uri(call.path["id"], "id")
        name = frozenset((context.expand(call.path["name"]),))
        types = await known_types(call, urn, context)
        division = divide((one.source for one in partners), operation, urn, types, name)
        if not division.shares:
            return await local(call)
        document = parsed(call.body) if body else None
        carry = Carrying(call, division, partners, context, local)
        legs, answer = await carry.out(lambda share: document, call if division.here else None)
        return combined(urn, answer, legs, Answer(204))

    return door


async def delete(call: Call, local: Local) -> Answer:
    """The counterpart of the door that deletes an entity."""
    partners = await partners_of(call, reading=False)
    if not partners:
        return await local(call)
    if looped(call):
        return loop_detected()
    demand_writer(call.actor)
    urn, context = read_uri(call.path["id"], "id"), await asked_context(call)
    found = await ask(fetch, await known_tenant(call), urn, wall(call.actor))
    types = found.entity.types if found else await known_types(call, urn, context)
    sources = (one.source for one in partners)
    division = divide_whole(sources, "deleteEntity", urn, types, known=found is not None)
    if not division.shares:
        return await local(call)
    carry = Carrying(call, division, partners, context, local)
    legs, answer = await carry.out(lambda share: None, call if division.here else None)
    return combined(urn, answer, legs, Answer(204))


DOORS = {
    ("POST", PREFIX): writes("createEntity", _created),
    ("PUT", PREFIX + "/{id}"): writes("replaceEntity", _whole),
    ("PATCH", PREFIX + "/{id}"): writes("mergeEntity", _merged),
    ("DELETE", PREFIX + "/{id}"): delete,
    ("POST", PREFIX + "/{id}/attrs"): writes("appendAttrs", _whole),
    ("PATCH", PREFIX + "/{id}/attrs"): writes("updateEntity", _updated),
    ("PATCH", PREFIX + "/{id}/attrs/{name}"): attribute("updateAttrs", body=True, partial=True),
    ("PUT", PREFIX + "/{id}/attrs/{name}"): attribute("replaceAttrs", body=True),
    ("DELETE", PREFIX + "/{id}/attrs/{name}"): attribute("deleteAttrs", body=False),
}
