"""`/csourceSubscriptions`: hearing of registrations that come, change and go (GS CIM 009, clause 5.11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.registrations.finding import read_temporal, wanted_of
from tedori.engines.ngsild.subscriptions.documents import (
    changed_subscription,
    read_subscription,
    write_subscription,
)
from tedori.services.live.actions.announcing import (
    ResubscribeToSources,
    SubscribeToSources,
    UnsubscribeFromSources,
)
from tedori.services.live.actions.subscriptions import not_found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import accepted, content, page_links
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.forms import (
    DISTRIBUTING,
    PAGING,
    asked_context,
    body_of,
    context_of,
    known_tenant,
    options_of,
    own_tenant,
    page_of,
)
from tedori.services.live.api.hosting import url_of
from tedori.services.live.api.subscriptions import READING, demand_subscriber, ground, owner_of
from tedori.services.live.queries import subscriptions as queries
from tedori.services.live.queries.store import STORE, ask
from tedori.services.live.queries.subscriptions import SOURCES
from tedori.services.live.rules.letters import Kept

PREFIX = "/ngsi-ld/v1/csourceSubscriptions"
LD = "application/ld+json"
ASKING = frozenset({"q", "geoQ", "scopeQ", "csf", "temporalQ"})


async def subscribe(call: Call) -> Answer:
    """POST: a new subscription."""
    demand_subscriber(call.actor)
    payload, context = await body_of(call)
    document = read_subscription(payload, context, at=WRITER.now()) | _temporal(payload)
    document.setdefault("id", f"urn:ngsi-ld:Subscription:{uuid4()}")
    wanted_of(document, context)  # raises for a condition that cannot be read
    contexts = {"q": context.source, "notify": await _notify(document, context, call)}
    await WRITER.write(SubscribeToSources(await own_tenant(call), document, contexts, call.actor, ground()))
    return Answer(201, headers=(("Location", f"{PREFIX}/{document['id']}"),))


def _temporal(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The temporal query, which only these subscriptions have; raises BadRequestData."""
    if payload.get("temporalQ") is None:
        return {}
    read_temporal(payload["temporalQ"])
    return {"temporalQ": payload["temporalQ"]}


async def _notify(document: Mapping[str, Any], context: Context, call: Call) -> str | None:
    """The address of the context of notifications."""
    url = document.get("jsonldContext")
    if url is not None:
        await context_of(url)
        return url
    return await url_of(call, context)


async def read(call: Call) -> Answer:
    """GET of one subscription."""
    demand_subscriber(call.actor)
    media = accepted(call)
    urn = read_uri(call.path["id"], "id")
    context = await asked_context(call)
    tenant, owner = await known_tenant(call), owner_of(call.actor)
    kept = await ask(lambda: queries.owned(STORE.session(), tenant, urn, owner=owner, about=SOURCES))
    if kept is None:
        raise not_found(urn)
    return content(call, shown(call, kept, context), context, media=media)


async def find(call: Call) -> Answer:
    """GET: the caller's subscriptions."""
    demand_subscriber(call.actor)
    media = accepted(call)
    context = await asked_context(call)
    page = page_of(call)
    tenant, owner = await known_tenant(call), owner_of(call.actor)
    found, total = await ask(
        lambda: queries.page(
            STORE.session(), tenant, owner=owner, limit=page.limit, offset=page.offset, about=SOURCES
        )
    )
    headers = [("NGSILD-Results-Count", str(total))] if page.count else []
    if page.limit:
        more = page.offset + len(found) < total
        headers += page_links(call, limit=page.limit, offset=page.offset, more=more, media=LD)
    value = [shown(call, kept, context) for kept in found]
    return content(call, value, context, media=media, headers=tuple(headers))


def shown(call: Call, kept: Kept, context: Context) -> dict[str, Any]:
    """A subscription as this caller sees it."""
    wanted = "sysAttrs" in options_of(call, READING)
    stamps = {"createdAt": kept.created_at, "modifiedAt": kept.modified_at} if wanted else None
    value = write_subscription(kept.document, context, record=kept.record, at=WRITER.now(), stamps=stamps)
    if "notificationTrigger" not in kept.document:
        del value["notificationTrigger"]  # it speaks of entities
    return value


async def change(call: Call) -> Answer:
    """PATCH: a fragment of a subscription."""
    demand_subscriber(call.actor)
    urn = read_uri(call.path["id"], "id")
    fragment, context = await body_of(call)
    if not isinstance(fragment, dict):
        raise bad_request("A fragment is an object.")
    url = fragment.get("jsonldContext")
    if url is not None:
        await context_of(url)

    def changed(document: Mapping[str, Any], at: str) -> Mapping[str, Any]:
        new = changed_subscription(dict(document), fragment, context, at=at) | _temporal(fragment)
        if not ASKING.isdisjoint(fragment):
            wanted_of(new, context)
        return new

    await WRITER.write(
        ResubscribeToSources(
            await known_tenant(call),
            urn,
            changed,
            context,
            not ASKING.isdisjoint(fragment),
            url,
            call.actor,
            ground(),
        )
    )
    return Answer(204)


async def unsubscribe(call: Call) -> Answer:
    """DELETE of one subscription."""
    demand_subscriber(call.actor)
    urn = read_uri(call.path["id"], "id")
    await WRITER.write(UnsubscribeFromSources(await known_tenant(call), urn, call.actor))
    return Answer(204)


ROUTES = (
    Route("POST", PREFIX, subscribe, DISTRIBUTING),
    Route("GET", PREFIX, find, PAGING | DISTRIBUTING | {"options"}),
    Route("GET", PREFIX + "/{id}", read, DISTRIBUTING | {"options"}),
    Route("PATCH", PREFIX + "/{id}", change, DISTRIBUTING),
    Route("DELETE", PREFIX + "/{id}", unsubscribe, DISTRIBUTING),
)
