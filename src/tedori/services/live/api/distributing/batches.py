"""Batches, divided: each source gets one request with its parts, the rest is done here (clause 5.6.7)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import CORE, Context
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.reading import read_fragment
from tedori.engines.ngsild.registrations.asking import questions
from tedori.engines.ngsild.registrations.dividing import Division, cut, divide, divide_whole
from tedori.engines.ngsild.registrations.sources import Source
from tedori.services.live.api.answers import JSON
from tedori.services.live.api.batch import OPERATIONS
from tedori.services.live.api.calls import Answer, Call
from tedori.services.live.api.distributing.gathering import FILTERS, parameters_of
from tedori.services.live.api.distributing.outcomes import loop_detected, problem, refused, tried
from tedori.services.live.api.distributing.planning import (
    Leg,
    Local,
    link_headers,
    looped,
    partners_of,
    passed_on,
)
from tedori.services.live.api.entities import PREFIX
from tedori.services.live.api.forms import asked_context, context_of, known_tenant, linked_context, parsed
from tedori.services.live.api.selections import selection_of
from tedori.services.live.queries.entities import fetch_many
from tedori.services.live.queries.registrations import Partner
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import demand_writer, wall

PURGING = frozenset((*FILTERS, "keep", "drop"))


@dataclass(slots=True)
class Parts:
    """What goes to each source (by its key), what stays here, and what nobody takes: ids with why."""

    away: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    here: list[Any] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    all: list[str] = field(default_factory=list)


def batch(name: str, operation: str) -> Callable[[Call, Local], Awaitable[Answer]]:
    """The counterpart of a batch of entities."""

    async def door(call: Call, local: Local) -> Answer:
        partners = await partners_of(call, reading=False)
        documents = _array(call) if partners else None
        if not partners or documents is None:
            return await local(call)
        if looped(call):
            return loop_detected()
        demand_writer(call.actor)
        parts = await _parted(call, operation, documents, tuple(one.source for one in partners))
        return await _carried(call, local, partners, parts, name)

    return door


def _array(call: Call) -> list[Any] | None:
    """The items of a body; None for one that the local door will refuse."""
    try:
        payload = parsed(call.body)
    except NgsiLdError:
        return None
    return payload if isinstance(payload, list) and payload else None


async def _parted(call: Call, operation: str, documents: list[Any], sources: tuple[Source, ...]) -> Parts:
    """Each entity divided; one that cannot be read stays here, where it is refused."""
    parts, ids = Parts(), [_id_of(one) for one in documents]
    tenant = await known_tenant(call) if operation != "createBatch" else None
    names = [urn for urn in ids if urn]
    known = {} if tenant is None else await ask(fetch_many, tenant, names, wall(call.actor))
    given = linked_context(call)
    for document, urn in zip(documents, ids, strict=True):
        present = known.get(urn)
        types = present.types if present is not None else None
        try:
            context = await _context(document, given)
            division = _divided(operation, document, urn, types, context, sources)
        except NgsiLdError:
            parts.here.append(document)
            continue
        parts.all.append(urn)
        _sort_in(parts, document, urn, division, context)
    return parts


def _id_of(document: Any) -> str:
    urn = document.get("id") if isinstance(document, dict) else document
    return urn if isinstance(urn, str) else ""


async def _context(document: Any, given: str | None) -> Context:
    if not isinstance(document, dict):
        return CORE
    return await context_of(document.get("@context", given))


def _divided(
    operation: str,
    document: Any,
    urn: str,
    types: tuple[str, ...] | None,
    context: Context,
    sources: tuple[Source, ...],
) -> Division:
    read_uri(urn, "$.id")
    if operation == "deleteBatch":
        return divide_whole(sources, operation, urn, types, known=types is not None)
    plain = {name: value for name, value in document.items() if name != "@context"}
    entity = read_fragment(plain, context, partial=True)
    return divide(sources, operation, urn, entity.types or types, frozenset(entity.attributes))


def _sort_in(parts: Parts, document: Any, urn: str, division: Division, context: Context) -> None:
    for share in division.shares:
        if share.refused:
            told = problem(409, "The source that keeps this does not offer the operation.")
            parts.refused.append({"entityId": urn, "registrationId": share.source.urn, "error": told})
            continue
        whole = (
            not isinstance(document, dict) or not division.rest ^ share.names and len(division.shares) == 1
        )
        part = document if whole or not isinstance(document, dict) else cut(document, share.names, context)
        parts.away[share.source.key].append(part)
    if division.here:
        kept = isinstance(document, dict) and bool(division.shares)
        parts.here.append(cut(document, division.rest, context) if kept else document)


async def _carried(call: Call, local: Local, partners: Iterable[Partner], parts: Parts, name: str) -> Answer:
    asked = [one for one in partners if one.source.key in parts.away]
    if not asked and not parts.refused:
        return await local(call)
    headers = {"Content-Type": call.headers.get("content-type", JSON).partition(";")[0].strip() or JSON}
    if "link" in call.headers:
        headers["Link"] = call.headers["link"]
    query = {key: value for key, value in call.query.items() if key != "local"}
    legs = [
        passed_on(
            call,
            one,
            "POST",
            f"/entityOperations/{name}",
            query=query,
            body=orjson.dumps(parts.away[one.source.key]),
            headers=headers,
        )
        for one in asked
    ]
    here = [tried(local, replace(call, body=orjson.dumps(parts.here)))] if parts.here else []
    done = await asyncio.gather(*legs, *here)
    return _combined(parts, list(done[: len(legs)]), done[-1] if here else None, name)


def _combined(parts: Parts, legs: list[Leg], here: Answer | None, name: str) -> Answer:
    """One answer: what was created, or 204; 207 with all that failed."""
    errors = list(parts.refused)
    created: list[str] = []
    for leg in legs:
        ids = [_id_of(one) for one in parts.away[leg.source.key]]
        errors += _errors(leg, ids)
        created += _listed(leg.reply.body) if leg.reply.status == 201 else []
    if here is not None:
        errors += _errors_here(here, [_id_of(one) for one in parts.here])
        created += _listed(here.body) if here.status == 201 else []
    if errors:
        wrong = {one["entityId"] for one in errors}
        success = [urn for urn in parts.all if urn not in wrong]
        return Answer(207, orjson.dumps({"success": success, "errors": errors}))
    if name == "create":
        return Answer(201, orjson.dumps(parts.all))
    ids = list(dict.fromkeys(created))
    return Answer(201, orjson.dumps(ids)) if ids and name == "upsert" else Answer(204)


def _errors(leg: Leg, ids: list[str]) -> list[dict[str, Any]]:
    """What went wrong at a source: entity by entity where it says so, or for all that it was sent."""
    if leg.reply.fine:
        return []
    told = _multi(leg.reply.body) if leg.reply.status == 207 else None
    if told is not None:
        return [{**one, "registrationId": leg.source.urn} for one in told]
    return [{"entityId": urn, "registrationId": leg.source.urn, "error": refused(leg)} for urn in ids]


def _errors_here(here: Answer, ids: list[str]) -> list[dict[str, Any]]:
    if here.status == 207:
        return _multi(here.body) or []
    if here.status < 300:
        return []
    told = orjson.loads(here.body) if here.body else problem(here.status)
    return [{"entityId": urn, "error": told} for urn in ids]


def _multi(body: bytes) -> list[dict[str, Any]] | None:
    """The errors of a BatchOperationResult; None for anything else."""
    try:
        told = orjson.loads(body).get("errors")
    except (orjson.JSONDecodeError, AttributeError):
        return None
    if not isinstance(told, list) or not all(isinstance(one, dict) and "entityId" in one for one in told):
        return None
    return told


def _listed(body: bytes) -> list[str]:
    try:
        told = orjson.loads(body) if body else []
    except orjson.JSONDecodeError:
        return []
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


async def purge(call: Call, local: Local) -> Answer:
    """The counterpart of deleting all entities of a query: each source deletes its own."""
    partners = await partners_of(call, reading=False)
    if not partners:
        return await local(call)
    if looped(call):
        return loop_detected()
    demand_writer(call.actor)
    context = await asked_context(call)
    selection = selection_of(call, context, enough=True)
    able = [
        one
        for one in partners
        if "purgeEntity" in one.source.operations
        and one.source.mode != "auxiliary"
        and questions(one.source, selection)
    ]
    if not able:
        return await local(call)
    given = {key: value for key, value in call.query.items() if key in PURGING}
    legs = [
        passed_on(call, one, "DELETE", "/entities", query={**given, **query}, headers=link_headers(context))
        for one in able
        for query in _narrowed(one.source, selection, call, context)
    ]
    done = await asyncio.gather(*legs, tried(local, call))
    here, failures = done[-1], [leg for leg in done[:-1] if not leg.reply.fine]
    if not failures:
        return here
    errors = [{"registrationId": leg.source.urn, "error": refused(leg)} for leg in failures]
    return Answer(207, orjson.dumps({"success": [], "errors": errors}))


def _narrowed(source: Source, selection: Selection, call: Call, context: Context) -> Iterator[dict[str, str]]:
    """What a source is to delete: no more than it has registered."""
    for question in questions(source, selection):
        only = question.attrs if not question.whole and not {"keep", "drop"} & call.query.keys() else None
        drop = {"drop": ",".join(map(context.compact, sorted(only)))} if only else {}
        yield {**parameters_of(replace(question, attrs=None), context), **drop}


DOORS = {
    ("POST", f"{OPERATIONS}/create"): batch("create", "createBatch"),
    ("POST", f"{OPERATIONS}/upsert"): batch("upsert", "upsertBatch"),
    ("POST", f"{OPERATIONS}/update"): batch("update", "updateBatch"),
    ("POST", f"{OPERATIONS}/merge"): batch("merge", "mergeBatch"),
    ("POST", f"{OPERATIONS}/delete"): batch("delete", "deleteBatch"),
    ("DELETE", PREFIX): purge,
}
