"""`/v2/subscriptions`: subscribe, read, change, end."""

from __future__ import annotations

import re
from secrets import token_hex
from typing import Any

import orjson

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.ngsiv2.subscriptions import (
    PREFIX as URN,
)
from tedori.engines.ngsild.ngsiv2.subscriptions import (
    Translated,
    changed_subscription,
    write_subscription,
)
from tedori.engines.ngsild.ngsiv2.subscriptions import read_subscription as translated
from tedori.engines.ngsild.subscriptions.documents import read_subscription, status
from tedori.engines.ngsild.subscriptions.watching import watch_of
from tedori.services.live.actions.subscriptions import Rewrite, Subscribe, Unsubscribe
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import JSON, accepted
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.forms import known_tenant, own_tenant
from tedori.services.live.api.ngsiv2.asking import (
    Asked,
    context_of,
    object_of,
    page_of,
    paths,
    tenant_or_none,
)
from tedori.services.live.api.subscriptions import demand_subscriber, ground, owner_of
from tedori.services.live.queries import subscriptions as queries
from tedori.services.live.queries.store import STORE, ask
from tedori.services.live.rules.letters import OWN, Kept

PREFIX = "/v2/subscriptions"
ID = re.compile(r"[\w:.-]{1,200}", re.ASCII)


def _missing() -> NgsiLdError:
    return NgsiLdError("ResourceNotFound", "The requested subscription has not been found. Check id")


def _urn(call: Call) -> str:
    given = call.path["id"]
    if not ID.fullmatch(given):
        raise _missing()
    return URN + given


def _document(call: Call, found: Translated) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document to keep and its contexts; raises BadRequestData for what cannot be asked."""
    scoped = _scope(paths(call))
    document = read_subscription(
        found.document | ({"scopeQ": scoped} if scoped else {}), CORE, at=WRITER.now()
    )
    watch_of(0, document, context_of(Asked(context=found.context)))
    service = {
        name: call.headers[name] for name in ("fiware-service", "fiware-servicepath") if name in call.headers
    }
    return document, {"q": found.context or None, "notify": None, OWN: found.own, "headers": service}


def _scope(asked: tuple[str, ...]) -> str:
    """The scope query of service paths; the root alone cannot be asked for and means everything."""
    found = [one.rstrip("/") for one in asked if one != "/"]
    return ",".join(found) if len(found) == len(asked) else ""


async def subscribe(call: Call) -> Answer:
    """POST: a new subscription."""
    demand_subscriber(call.actor)
    name = token_hex(12)
    document, contexts = _document(call, translated(object_of(call), urn=URN + name))
    await WRITER.write(Subscribe(await own_tenant(call), document, contexts, call.actor, ground()))
    return Answer(201, headers=(("Location", f"{PREFIX}/{name}"),))


async def _kept(call: Call) -> tuple[int, Kept]:
    tenant, urn = await known_tenant(call), _urn(call)
    kept = await ask(lambda: queries.owned(STORE.session(), tenant, urn, owner=owner_of(call.actor)))
    if kept is None or OWN not in kept.contexts:
        raise _missing()
    return tenant, kept


def shown(kept: Kept) -> dict[str, Any]:
    """A subscription as callers see it."""
    now = WRITER.now()
    return write_subscription(
        kept.urn, kept.contexts[OWN], status=status(kept.document, at=now), record=kept.record
    )


async def read(call: Call) -> Answer:
    """GET of one subscription."""
    demand_subscriber(call.actor)
    accepted(call, (JSON,))
    _, kept = await _kept(call)
    return Answer(200, orjson.dumps(shown(kept)))


async def find(call: Call) -> Answer:
    """GET: the caller's subscriptions that were made through this door."""
    demand_subscriber(call.actor)
    accepted(call, (JSON,))
    page, owner = page_of(call), owner_of(call.actor)
    tenant = await tenant_or_none(call)
    if tenant is None:
        return Answer(200, b"[]", (("Fiware-Total-Count", "0"),) if page.count else ())
    everything = await ask(
        lambda: queries.page(STORE.session(), tenant, owner=owner, limit=10_000, offset=0)[0]
    )
    mine = [kept for kept in everything if OWN in kept.contexts]
    headers = (("Fiware-Total-Count", str(len(mine))),) if page.count else ()
    chosen = mine[page.offset : page.offset + page.limit]
    return Answer(200, orjson.dumps([shown(kept) for kept in chosen]), headers)


async def change(call: Call) -> Answer:
    """PATCH: members that are given replace the old ones."""
    demand_subscriber(call.actor)
    fragment = object_of(call)
    tenant, kept = await _kept(call)
    found = translated(changed_subscription(kept.contexts[OWN], fragment), urn=kept.urn)
    document, contexts = _document(call, found)
    for name in ("scopeQ",):
        if name in kept.document and name not in document:
            document[name] = kept.document[name]
    contexts["headers"] = kept.contexts.get("headers", {})
    await WRITER.write(Rewrite(tenant, kept.urn, document, contexts, call.actor, ground()))
    return Answer(204)


async def unsubscribe(call: Call) -> Answer:
    """DELETE of one subscription."""
    demand_subscriber(call.actor)
    tenant, kept = await _kept(call)
    await WRITER.write(Unsubscribe(tenant, kept.urn, call.actor))
    return Answer(204)


ROUTES = (
    Route("POST", PREFIX, subscribe),
    Route("GET", PREFIX, find),
    Route("GET", PREFIX + "/{id}", read),
    Route("PATCH", PREFIX + "/{id}", change),
    Route("DELETE", PREFIX + "/{id}", unsubscribe),
)
