"""Which types and attributes there are, here and at the sources (GS CIM 009, clauses 5.7.5 to 5.7.10)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import orjson

from tedori.engines.ngsild.contexts import Context
from tedori.services.live.api.calls import Answer, Call
from tedori.services.live.api.distributing.outcomes import tried, warnings
from tedori.services.live.api.distributing.planning import (
    Leg,
    Local,
    context_for,
    link_headers,
    looped,
    partners_of,
    passed_on,
)
from tedori.services.live.api.forms import asked_context
from tedori.services.live.queries.registrations import Partner

LISTS = ("typeList", "attributeList")
UNITED = ("attributeNames", "typeNames", "attributeTypes", "attributeDetails")
SUMMED = ("entityCount", "attributeCount")
Merging = Callable[[Any, Any], Any]


def discovers(plain: str, detailed: str = "") -> Callable[[Call, Local], Awaitable[Answer]]:
    """The counterpart of a list (with another operation for its details) or of one type or attribute."""

    async def door(call: Call, local: Local) -> Answer:
        partners = await partners_of(call, reading=True)
        operation = detailed if call.query.get("details") == "true" else plain
        able = [one for one in partners if operation in one.source.operations and _counts(call, one)]
        if not able or looped(call):
            return await local(call)
        context = await asked_context(call)
        done = await asyncio.gather(tried(local, call), *(_asked(call, one, context) for one in able))
        return _united(call, done[0], list(done[1:]), context)

    return door


def _counts(call: Call, partner: Partner) -> bool:
    """Whether its types may be told: what another organisation has registered is not everybody's."""
    return call.actor.everywhere or partner.source.owner in ("", call.actor.organisation)


async def _asked(call: Call, partner: Partner, context: Context) -> tuple[Leg, Context]:
    own = await context_for(partner.source, context)
    path = call.address.removeprefix("/ngsi-ld/v1").rstrip("/")
    if "name" in call.path and own is not context:
        last = own.compact(context.expand(call.path["name"]))
        path = f"{path.rpartition('/')[0]}/{quote(last, safe='')}"
    query = {"details": "true"} if call.query.get("details") == "true" else {}
    return await passed_on(call, partner, "GET", path, query=query, headers=link_headers(own)), own


def _united(call: Call, here: Answer, replies: list[tuple[Leg, Context]], context: Context) -> Answer:
    """The local answer with what the sources know besides."""
    legs = [leg for leg, _ in replies]
    told = warnings(legs)
    values = [value for leg, own in replies if (value := _value(leg, own, context)) is not None]
    if here.status == 200:
        values.insert(0, orjson.loads(here.body))
    if not values:
        return replace(here, headers=(*here.headers, *told))
    whole = values[0]
    for value in values[1:]:
        whole = merge(whole, value)
    status = Answer(200, orjson.dumps(whole), here.headers, here.media) if here.status == 200 else None
    answer = status or Answer(200, orjson.dumps(whole), tuple(link_headers(context).items()))
    return replace(answer, headers=(*answer.headers, *told))


def _value(leg: Leg, own: Context, context: Context) -> Any:
    """What a source told, in the caller's names; None when that cannot be read."""
    if leg.reply.status != 200:
        return None
    try:
        value = orjson.loads(leg.reply.body)
    except orjson.JSONDecodeError:
        return None
    return _renamed(value, own, context) if isinstance(value, dict | list) else None


def _renamed(value: Any, own: Context, context: Context) -> Any:
    if isinstance(value, list):
        return [_renamed(one, own, context) for one in value]
    if not isinstance(value, dict):
        return value
    names = ("typeName", "attributeName", "typeNames", "attributeNames", *LISTS)
    return {
        name: _compact(part, own, context) if name in names else _renamed(part, own, context)
        for name, part in value.items()
        if name != "@context"
    }


def _compact(part: Any, own: Context, context: Context) -> Any:
    if isinstance(part, list):
        return [_compact(one, own, context) for one in part]
    return context.compact(own.expand(part)) if isinstance(part, str) else part


def merge(one: Any, other: Any) -> Any:
    """Two answers as one: lists united, counts added."""
    if isinstance(one, list) and isinstance(other, list):
        return _by_id(one + other)
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one
    both = one.keys() & other.keys()
    united = {name: merge(one[name], other[name]) for name in both.intersection((*LISTS, *UNITED))}
    summed = {
        name: one[name] + other[name] for name in both.intersection(SUMMED) if _counted(one, other, name)
    }
    return {**other, **one, **united, **summed}


def _counted(one: dict[str, Any], other: dict[str, Any], name: str) -> bool:
    return isinstance(one[name], int) and isinstance(other[name], int)


def _by_id(items: Iterable[Any]) -> list[Any]:
    """Each item once; documents with the same id merged; texts in their order."""
    documents: dict[str, Any] = {}
    texts: set[str] = set()
    for item in items:
        if isinstance(item, dict):
            key = str(item.get("id", ""))
            documents[key] = merge(documents[key], item) if key in documents else item
        elif isinstance(item, str):
            texts.add(item)
    return [*documents.values(), *sorted(texts)]


BASE = "/ngsi-ld/v1"
DOORS = {
    ("GET", f"{BASE}/types"): discovers("retrieveEntityTypes", "retrieveEntityTypeDetails"),
    ("GET", f"{BASE}/types/{{name}}"): discovers("retrieveEntityTypeInfo"),
    ("GET", f"{BASE}/attributes"): discovers("retrieveAttrTypes", "retrieveAttrTypeDetails"),
    ("GET", f"{BASE}/attributes/{{name}}"): discovers("retrieveAttrTypeInfo"),
}
