"""`/csourceRegistrations`: register, read, find, change and end (GS CIM 009, clauses 5.9 and 5.10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.temporal import parse_temporal
from tedori.engines.ngsild.registrations.documents import (
    changed_registration,
    read_registration,
    write_registration,
)
from tedori.engines.ngsild.registrations.finding import Wanted, suits
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.registrations import Register, Reregister, Unregister, not_found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import accepted, content, page_links
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.forms import (
    DISTRIBUTING,
    PAGING,
    SELECTING,
    asked_context,
    body_of,
    known_tenant,
    options_of,
    own_tenant,
    page_of,
)
from tedori.services.live.api.selections import selection_of
from tedori.services.live.api.subscriptions import ground, owner_of
from tedori.services.live.queries import registrations as queries
from tedori.services.live.queries.registrations import SOURCES, Registered
from tedori.services.live.queries.store import STORE, ask

PREFIX = "/ngsi-ld/v1/csourceRegistrations"
LD = "application/ld+json"
READING = frozenset({"sysAttrs", "count"})
MOMENTS = ("timerel", "timeAt", "endTimeAt", "timeproperty")
FINDING = SELECTING | PAGING | {*MOMENTS, "options", "lang", "geometryProperty"}


def demand_registrar(actor: Actor) -> None:
    """Raise SignInNeeded or Forbidden unless the actor may register sources."""
    if not actor.everywhere:
        demand(actor, "live.registrations", organisation=None)


async def register(call: Call) -> Answer:
    """POST: a new registration."""
    demand_registrar(call.actor)
    payload, context = await body_of(call)
    document = read_registration(payload, context, at=WRITER.now())
    document.setdefault("id", f"urn:ngsi-ld:ContextSourceRegistration:{uuid4()}")
    await WRITER.write(Register(await own_tenant(call), document, call.actor, ground()))
    SOURCES.forget()
    return Answer(201, headers=(("Location", f"{PREFIX}/{document['id']}"),))


async def read(call: Call) -> Answer:
    """GET of one registration."""
    demand_registrar(call.actor)
    media = accepted(call)
    urn = read_uri(call.path["id"], "id")
    context = await asked_context(call)
    tenant = await known_tenant(call)
    kept = await ask(lambda: queries.one(STORE.session(), tenant, urn, owner=owner_of(call.actor)))
    if kept is None or kept.document.get("expiresAt", "9") <= WRITER.now():
        raise not_found(urn)
    return content(call, shown(call, kept, context), context, media=media)


def shown(call: Call, kept: Registered, context: Context) -> dict[str, Any]:
    """A registration as this caller sees it."""
    stamps = {"createdAt": kept.created_at, "modifiedAt": kept.modified_at}
    wanted = "sysAttrs" in options_of(call, READING)
    return {**write_registration(kept.document, context), **kept.record, **(stamps if wanted else {})}


async def find(call: Call) -> Answer:
    """GET: the registrations of sources that may have what is asked for."""
    demand_registrar(call.actor)
    media = accepted(call)
    context = await asked_context(call)
    page, wanted = page_of(call), wanted_of(call, context)
    tenant, at = await known_tenant(call), WRITER.now()
    every = await ask(lambda: queries.every(STORE.session(), tenant, owner=owner_of(call.actor), at=at))
    found = [one for one in every if suits(one.document, wanted)]
    part = found[page.offset : page.offset + page.limit]
    headers = [("NGSILD-Results-Count", str(len(found)))] if page.count else []
    if page.limit:
        more = page.offset + len(part) < len(found)
        headers += page_links(call, limit=page.limit, offset=page.offset, more=more, media=LD)
    value = [shown(call, one, context) for one in part]
    return content(call, value, context, media=media, headers=tuple(headers))


def wanted_of(call: Call, context: Context) -> Wanted:
    """What a query looks for; raises BadRequestData, also when it is too wide."""
    query = {name: value for name, value in call.query.items() if value or name not in ("attrs", *MOMENTS)}
    selection = selection_of(replace(call, query=query), context)
    temporal = parse_temporal(*(query.get(name) for name in MOMENTS))
    sources = parse_q(query["csf"], context) if query.get("csf") else None
    return Wanted(selection, temporal, sources)


async def change(call: Call) -> Answer:
    """PATCH: a fragment of a registration."""
    demand_registrar(call.actor)
    urn = read_uri(call.path["id"], "id")
    fragment, context = await body_of(call)
    if not isinstance(fragment, dict):
        raise bad_request("A fragment is an object.")

    def changed(document: dict[str, Any], at: str) -> dict[str, Any]:
        return changed_registration(document, fragment, context, at=at)

    await WRITER.write(Reregister(await known_tenant(call), urn, changed, call.actor, ground()))
    SOURCES.forget()
    return Answer(204)


async def unregister(call: Call) -> Answer:
    """DELETE of one registration."""
    demand_registrar(call.actor)
    urn = read_uri(call.path["id"], "id")
    await WRITER.write(Unregister(await known_tenant(call), urn, call.actor))
    SOURCES.forget()
    return Answer(204)


ROUTES = (
    Route("POST", PREFIX, register, DISTRIBUTING),
    Route("GET", PREFIX, find, FINDING),
    Route("GET", PREFIX + "/{id}", read, DISTRIBUTING | {"options"}),
    Route("PATCH", PREFIX + "/{id}", change, DISTRIBUTING),
    Route("DELETE", PREFIX + "/{id}", unregister, DISTRIBUTING),
)
