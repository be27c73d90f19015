"""Asking sources for entities, and putting together what they answer (GS CIM 009, clause 4.3.6)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.registrations.asking import Question
from tedori.engines.ngsild.registrations.merging import merged
from tedori.engines.ngsild.registrations.sources import Source
from tedori.engines.ngsild.values import Entity
from tedori.services.live.api.answers import JSON, LD
from tedori.services.live.api.calls import Call
from tedori.services.live.api.distributing.outcomes import warnings
from tedori.services.live.api.distributing.planning import (
    Leg,
    link_headers,
    passed_on,
)
from tedori.services.live.api.forms import (
    context_of,
)
from tedori.services.live.queries.registrations import Partner, owners
from tedori.services.live.queries.store import STORE, ask
from tedori.services.live.queries.subscriptions import publications
from tedori.services.live.rules.publications import Publications

OPERATIONS = "/entityOperations"
MOST = 1_000  # entities that are asked of a source at once
Asking = tuple[Leg, Context, bool]  # how it went, in whose names, and whether one entity was asked for
GEO = ("georel", "geometry", "coordinates", "geoproperty")
FILTERS = ("q", *GEO, "scopeQ", "expandValues", "jsonKeys")


@dataclass(slots=True)
class Gathered:
    """What the sources answered: parts of entities by id, each with its source; who failed, and how."""

    parts: dict[str, list[tuple[Source, Entity]]] = field(default_factory=lambda: defaultdict(list))
    legs: list[Leg] = field(default_factory=list)
    broken: list[Leg] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)

    @property
    def warnings(self) -> tuple[tuple[str, str], ...]:
        """The headers that tell of failures."""
        return warnings(self.legs, self.broken)


async def asked_of(
    call: Call, partner: Partner, question: Question, own: Context, extra: Mapping[str, str]
) -> Asking:
    """Ask one source one question, by GET or by POST as it offers."""
    offered, get = partner.source.operations, call.method == "GET"
    if "queryEntity" in offered and (get or "queryBatch" not in offered):
        query = {**parameters_of(question, own), **extra, "options": "sysAttrs"}
        leg = await passed_on(call, partner, "GET", "/entities", query=query, headers=link_headers(own))
        return leg, own, False
    body, headers = _document(question, own, extra)
    query = {"options": "sysAttrs", **{name: extra[name] for name in ("limit", "count") if name in extra}}
    leg = await passed_on(
        call, partner, "POST", f"{OPERATIONS}/query", query=query, body=body, headers=headers
    )
    return leg, own, False


def parameters_of(question: Question, own: Context) -> dict[str, str]:
    """A question as parameters, in the names of the source's context."""
    query = {}
    if question.types:
        query["type"] = _types(question, own)
    if question.ids:
        query["id"] = ",".join(question.ids)
    if question.id_pattern:
        query["idPattern"] = question.id_pattern
    if question.attrs:
        query["attrs"] = ",".join(map(own.compact, sorted(question.attrs)))
    return query


def _types(question: Question, own: Context) -> str:
    groups = [";".join(map(own.compact, group)) for group in question.types]
    return ",".join(f"({text})" if ";" in text else text for text in groups)


def _document(question: Question, own: Context, extra: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """A question as the document of a POST query."""
    selectors = [{"id": urn} for urn in question.ids] or [
        {"idPattern": question.id_pattern} if question.id_pattern else {}
    ]
    kind = {"type": _types(question, own)} if question.types else {"type": "*"}
    document: dict[str, Any] = {"type": "Query", "entities": [{**one, **kind} for one in selectors]}
    if question.attrs:
        document["attrs"] = list(map(own.compact, sorted(question.attrs)))
    geo = {
        name: extra[name] for name in ("georel", "geometry", "coordinates", "geoproperty") if name in extra
    }
    if geo:
        document["geoQ"] = {**geo, "coordinates": orjson.loads(geo["coordinates"])}
    document |= {name: extra[name] for name in ("q", "scopeQ") if name in extra}
    headers = link_headers(own)
    if headers or own.source is None:
        return orjson.dumps(document), {"Content-Type": JSON, **headers}
    return orjson.dumps({**document, "@context": own.source}), {"Content-Type": LD}


async def gathered_from(asked: Iterable[Any], context: Context) -> Gathered:
    """All answers, read."""
    gathered = Gathered()
    for leg, own, alone in await asyncio.gather(*asked):
        gathered.legs.append(leg)
        if leg.reply.status != 200:
            continue
        try:
            entities = await _read(leg.reply.body, own, alone=alone)
        except (NgsiLdError, orjson.JSONDecodeError):
            gathered.broken.append(leg)
            continue
        for entity in entities:
            gathered.parts[entity.id].append((leg.source, entity))
        total = leg.reply.headers.get("ngsild-results-count", "")
        gathered.totals.append(int(total) if total.isdigit() else len(entities))
    return gathered


async def _read(body: bytes, own: Context, *, alone: bool) -> list[Entity]:
    value = orjson.loads(body)
    documents = [value] if isinstance(value, dict) else value
    if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
        raise NgsiLdError("InvalidRequest", "An entity or an array of them is wanted.")
    return [
        read_entity(one, await context_of(one["@context"]) if "@context" in one else own, system=True)
        for one in documents[: 1 if alone else MOST]
    ]


async def assembled(
    call: Call, tenant: int, gathered: Gathered, here: Mapping[str, Entity]
) -> dict[str, Entity]:
    """Entities made of their parts, as far as the caller may see them.

    Parts of a source that another organisation has registered override nothing.
    """
    rules = Publications({})
    if gathered.parts and not call.actor.everywhere:
        rules = await ask(lambda: publications(STORE.session()))
    known = await ask(owners, tenant, list(gathered.parts))
    whole = dict(here)
    for urn, parts in gathered.parts.items():
        seen = [
            (source, entity)
            for source, entity in parts
            if _readable(call, rules, tenant, source.owner, entity.types)
        ]
        trusted, rest = _ranked(seen, known.get(urn))
        own = [here[urn]] if urn in here else []
        if own or trusted or (rest and urn not in known):
            whole[urn] = merged([*own, *trusted], rest)
    return whole


def _readable(call: Call, rules: Publications, tenant: int, owner: str, types: tuple[str, ...]) -> bool:
    return call.actor.everywhere or rules.readable(call.actor, tenant, owner, types)


def _ranked(parts: list[tuple[Source, Entity]], owner: str | None) -> tuple[list[Entity], list[Entity]]:
    """The parts that count like what is here, those of exclusive sources first, and the supplements."""
    equal, supplements = [], []
    for source, entity in sorted(parts, key=lambda part: part[0].mode != "exclusive"):
        trusted = owner is None or source.owner in ("", owner)
        (equal if trusted and source.mode != "auxiliary" else supplements).append(entity)
    return equal, supplements
