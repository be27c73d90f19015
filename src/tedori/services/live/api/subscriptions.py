"""`/subscriptions`: subscribe, read, change, end (GS CIM 009, clauses 5.8.1 to 5.8.5)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.subscriptions.documents import read_subscription, write_subscription
from tedori.engines.ngsild.subscriptions.watching import watch_of
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.subscriptions import (
    Ground,
    Resubscribe,
    Subscribe,
    Unsubscribe,
    not_found,
)
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
from tedori.services.live.queries import subscriptions as queries
from tedori.services.live.queries.options import options
from tedori.services.live.queries.store import STORE, ask
from tedori.services.live.rules.letters import Kept

PREFIX = "/ngsi-ld/v1/subscriptions"
READING = frozenset({"sysAttrs", "count"})


def demand_subscriber(actor: Actor) -> None:
    """Raise SignInNeeded or Forbidden unless the actor may subscribe."""
    if not actor.everywhere:
        demand(actor, "live.subscribe", organisation=None)


def ground() -> Ground:
    """What holds for endpoints here."""
    chosen = options()
    return Ground(chosen.private_endpoints or chosen.trial, settings.TEDORI_PUBLIC_URL)


async def subscribe(call: Call) -> Answer:
    """POST: a new subscription."""
    demand_subscriber(call.actor)
    payload, context = await body_of(call)
    document = read_subscription(payload, context, at=WRITER.now())
    document.setdefault("id", f"urn:ngsi-ld:Subscription:{uuid4()}")
    watch_of(0, document, context)  # raises for a condition that cannot be read
    notify = await _notify_context(document) or await url_of(call, context)
    if isinstance(context.source, list | dict):  # it was given an address here, which the subscriber is told
        document["jsonldContext"] = notify
    contexts = {"q": context.source, "notify": notify}
    command = Subscribe(await own_tenant(call), document, contexts, call.actor, ground())
    urn = await WRITER.write(command)
    return Answer(201, headers=(("Location", f"{PREFIX}/{urn}"),))


async def _notify_context(document: dict[str, Any]) -> str | None:
    """The address of the context of notifications, once it has been seen to work; None when none is named."""
    url = document.get("jsonldContext")
    if url is not None:
        await context_of(url)
    return url


async def read(call: Call) -> Answer:
    """GET of one subscription."""
    demand_subscriber(call.actor)
    media = accepted(call)
    urn = read_uri(call.path["id"], "id")
    context = await asked_context(call)
    tenant = await known_tenant(call)
    kept = await ask(lambda: queries.owned(STORE.session(), tenant, urn, owner=owner_of(call.actor)))
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
        lambda: queries.page(STORE.session(), tenant, owner=owner, limit=page.limit, offset=page.offset)
    )
    headers = [("NGSILD-Results-Count", str(total))] if page.count else []
    if page.limit:
        more = page.offset + len(found) < total
        headers += page_links(
            call, limit=page.limit, offset=page.offset, more=more, media="application/ld+json"
        )
    value = [shown(call, kept, context) for kept in found]
    return content(call, value, context, media=media, headers=tuple(headers))


def owner_of(actor: Actor) -> str | None:
    """Whose subscriptions an actor sees: its organisation's; None: everybody's."""
    return None if actor.everywhere else actor.organisation


def shown(call: Call, kept: Kept, context: Context) -> dict[str, Any]:
    """A subscription as this caller sees it."""
    wanted = "sysAttrs" in options_of(call, READING)
    stamps = {"createdAt": kept.created_at, "modifiedAt": kept.modified_at} if wanted else None
    return write_subscription(kept.document, context, record=kept.record, at=WRITER.now(), stamps=stamps)


async def change(call: Call) -> Answer:
    """PATCH: a fragment of a subscription."""
    demand_subscriber(call.actor)
    urn = read_uri(call.path["id"], "id")
    fragment, context = await body_of(call)
    if not isinstance(fragment, dict):
        raise bad_request("A fragment is an object.")
    notify = await _notify_context(fragment)
    tenant = await known_tenant(call)
    await WRITER.write(Resubscribe(tenant, urn, fragment, context, notify, call.actor, ground()))
    return Answer(204)


async def unsubscribe(call: Call) -> Answer:
    """DELETE of one subscription."""
    demand_subscriber(call.actor)
    urn = read_uri(call.path["id"], "id")
    await WRITER.write(Unsubscribe(await known_tenant(call), urn, call.actor))
    return Answer(204)


ROUTES = (
    Route("POST", PREFIX, subscribe, DISTRIBUTING),
    Route("GET", PREFIX, find, DISTRIBUTING | PAGING | {"options"}),
    Route("GET", PREFIX + "/{id}", read, DISTRIBUTING | {"options"}),
    Route("PATCH", PREFIX + "/{id}", change, DISTRIBUTING),
    Route("DELETE", PREFIX + "/{id}", unsubscribe, DISTRIBUTING),
)
