"""`/jsonldContexts`: hosting @contexts, and managing the copies of others' (clause 5.13)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson

from tedori.engines.ngsild.contexts import is_core
from tedori.engines.ngsild.errors import NgsiLdError, bad_request, invalid_request
from tedori.kernel.organisations.rules import demand
from tedori.services.live.actions.contexts import KEPT, DropContext, KeepContext
from tedori.services.live.actions.fetching import refreshed
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER, column_time
from tedori.services.live.api.answers import accepted
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.forms import context_of, flag, media_of, parsed
from tedori.services.live.queries.contexts import (
    DOCUMENTS,
    ContextValue,
    kept_context,
    kept_contexts,
)
from tedori.services.live.queries.store import ask
from tedori.services.live.queries.tenants import DEFAULT
from tedori.services.live.rules.access import demand_owner

BASE = "/ngsi-ld/v1/jsonldContexts"
KINDS = ("Hosted", "Cached", "ImplicitlyCreated")
PERMISSION = "live.contexts"


async def add(call: Call) -> Answer:
    """POST: a context to be hosted here."""
    _demand(call)
    media_of(call)
    payload = parsed(call.body)
    if not isinstance(payload, dict) or "@context" not in payload:
        raise invalid_request("An object with @context is wanted.", where="@context")
    if not isinstance(payload["@context"], str | dict | list):
        raise bad_request("A context is a URL, an object or an array.", where="@context")
    await context_of(payload["@context"])
    body = orjson.dumps({"@context": payload["@context"]}).decode()
    name = str(uuid4())
    tenant = await WRITER.write(Found(DEFAULT))
    await WRITER.write(KeepContext(tenant, name, "Hosted", body, owner=call.actor.organisation))
    return Answer(201, headers=(("Location", f"{BASE}/{name}"),))


def _demand(call: Call) -> None:
    if not call.actor.everywhere:
        demand(call.actor, PERMISSION, organisation=None)


async def listed(call: Call) -> Answer:
    """GET: the URLs of all contexts, or with `details` what is known of each."""
    kind, details = call.query.get("kind"), flag(call, "details")
    if kind is not None and kind not in KINDS:
        raise bad_request(f"kind is one of {', '.join(KINDS)}.", detail=kind, where="kind")
    found = await ask(kept_contexts, kind)
    value: list[Any] = [_details(one, call) if details else _url(one, call) for one in found]
    return Answer(200, orjson.dumps(value))


def _url(context: ContextValue, call: Call) -> str:
    return context.url if context.kind == "Cached" else f"{call.origin}{BASE}/{context.name}"


def _details(context: ContextValue, call: Call) -> dict[str, Any]:
    url = _url(context, call)
    value = {"URL": url, "localId": context.name, "kind": context.kind, "createdAt": context.created_at}
    hits = DOCUMENTS.hits(url)
    last = column_time(datetime.fromtimestamp(hits.last, UTC)) if hits.count else context.used_at
    value["numberOfHits"] = context.uses + hits.count
    return value | ({"lastUsage": last} if last else {})


async def served(call: Call) -> Answer:
    """GET of one: the context itself, or with `details` what is known of it."""
    details, found = flag(call, "details"), await _found(call)
    KEPT.now_and_then()
    if found.kind == "Hosted":  # its count is of those who asked before
        answer = _served(call, found, details=details)
        DOCUMENTS.hit(_url(found, call))
        return answer
    DOCUMENTS.hit(_url(found, call))
    return _served(call, found, details=details)


def _served(call: Call, found: ContextValue, *, details: bool) -> Answer:
    if details:
        return Answer(200, orjson.dumps(_details(found, call)))
    if found.kind == "Cached":
        raise NgsiLdError(
            "OperationNotSupported", "This is a copy; ask where it comes from.", detail=found.url, where="id"
        )
    return Answer(200, found.body.encode(), media=accepted(call))


async def _found(call: Call) -> ContextValue:
    name = call.path["id"]
    if is_core(name):
        return ContextValue(name, name, "Cached", "", "", "")
    found = await ask(kept_context, name.removeprefix(f"{call.origin}{BASE}/"))
    if found is None:
        raise NgsiLdError("ResourceNotFound", "There is no such context here.", detail=name, where="id")
    return found


async def deleted(call: Call) -> Answer:
    """DELETE: a context goes; with `reload` a copy is fetched anew instead."""
    _demand(call)
    again = flag(call, "reload")
    try:
        found = await _found(call)
    except NgsiLdError as error:
        raise _no_copy(call) if again else error from None
    demand_owner(call.actor, found.owner)
    if again and found.kind != "Cached":
        raise _no_copy(call)
    if is_core(found.name):
        if not again:
            raise bad_request("The core context stays.", detail=found.name, where="id")
        return Answer(204)  # it is part of this program
    if again:
        await ask(refreshed, found.url)
    else:
        await WRITER.write(DropContext(found.name))
        DOCUMENTS.forget(_url(found, call))
    return Answer(204)


def _no_copy(call: Call) -> NgsiLdError:
    return bad_request("Only a copy can be loaded again.", detail=call.path["id"], where="reload")


ROUTES = (
    Route("POST", BASE, add, frozenset()),
    Route("GET", BASE, listed, frozenset({"kind", "details"})),
    Route("GET", BASE + "/{id}", served, frozenset({"details"})),
    Route("DELETE", BASE + "/{id}", deleted, frozenset({"reload"})),
)
