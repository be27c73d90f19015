"""`/v2` and `/v2/entities`: the entry point; create, query, read and delete entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.ngsiv2.entities import (
    Shape,
    keeping_metadata,
    read_entity,
    write_attributes,
    write_entity,
)
from tedori.engines.ngsild.ngsiv2.errors import NOT_FOUND
from tedori.engines.ngsild.ngsiv2.names import id_of, iri_of, name_of, urn_of
from tedori.engines.ngsild.ngsiv2.subscriptions import path_part
from tedori.engines.ngsild.patching import Outcome, append
from tedori.engines.ngsild.values import Entity
from tedori.services.live.actions.entities import Change, Create, Delete, Upsert
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import JSON, accepted
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.entities import storable
from tedori.services.live.api.forms import Page, known_tenant, own_tenant, words
from tedori.services.live.api.ngsiv2.asking import (
    behind,
    object_of,
    option,
    page_of,
    paths,
    selection_of,
    shape_of,
    tenant_or_none,
    wanted_of,
)
from tedori.services.live.queries.entities import count, fetch, select
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import demand_writer
from tedori.services.live.rules.paths import inside, written_path

PREFIX = "/v2/entities"
ENTRY = {f"{name}_url": f"/v2/{name}" for name in ("entities", "types", "subscriptions", "registrations")}


async def entry(call: Call) -> Answer:
    """GET /v2: where the resources are."""
    return Answer(200, orjson.dumps(ENTRY))


def not_there() -> NgsiLdError:
    """The error for an entity that is not there."""
    return NgsiLdError("ResourceNotFound", NOT_FOUND)


async def create(call: Call) -> Answer:
    """POST: a new entity, or with `upsert` one that takes in what is given."""
    demand_writer(call.actor)
    entity = read_entity(object_of(call), key_values=option(call, "keyValues"))
    entity = storable(replace(entity, scopes=written_path(paths(call))))
    tenant = await own_tenant(call)
    place = (("Location", located(entity)),)
    if not option(call, "upsert"):
        await WRITER.write(Create(tenant, entity, call.actor))
        return Answer(201, headers=place)
    made = await WRITER.write(Upsert(tenant, entity, appending(call, entity), call.actor))
    return Answer(201 if made is not None else 204, headers=place)


def located(entity: Entity) -> str:
    """The address of an entity."""
    return f"{PREFIX}/{path_part(id_of(entity.id))}?type={path_part(name_of(entity.types[0]))}"


def appending(call: Call, new: Entity) -> Any:
    """The work of an append: what is given goes in, metadata that are not named stay."""
    override = option(call, "overrideMetadata")

    def work(entity: Entity, at: str) -> Outcome:
        held(entity, call, new.types)
        fragment = new if override else keeping_metadata(entity, new)
        return append(entity, replace(fragment, types=(), scopes=()), at=at)

    return work


def held(entity: Entity, call: Call, types: tuple[str, ...] = ()) -> None:
    """Raise ResourceNotFound unless the entity is of the type and under the path that the caller names."""
    given = call.query.get("type")
    wanted = (iri_of(given),) if given else types
    if (wanted and set(wanted).isdisjoint(entity.types)) or not inside(entity.scopes, paths(call)):
        raise not_there()


async def query(call: Call) -> Answer:
    """GET: the entities that match."""
    accepted(call, (JSON,))
    names = ("id", "type", "idPattern", "typePattern")
    given = {name: call.query[name] for name in names if name in call.query}
    wanted = wanted_of(call.query, call.query.get("orderBy"))
    return await answer_query(call, [given] if given else [], wanted, shape_of(call), page_of(call))


async def answer_query(
    call: Call, selectors: list[Mapping[str, Any]], wanted: Any, shape: Shape, page: Page
) -> Answer:
    """One page of the entities that are selected."""
    seen = behind(call)

    def asked(tenant: int) -> tuple[list[Entity], int]:
        selection = selection_of(selectors, wanted, tenant=tenant, wall=seen)
        if selection is None:
            return [], 0
        found = select(tenant, selection, seen, limit=page.limit, offset=page.offset)
        return found, count(tenant, selection, seen) if page.count else 0

    tenant = await tenant_or_none(call)
    found, total = await ask(asked, tenant) if tenant is not None else ([], 0)
    headers = (("Fiware-Total-Count", str(total)),) if page.count else ()
    return Answer(200, orjson.dumps([write_entity(one, shape) for one in found]), headers)


async def found(call: Call) -> Entity:
    """The entity of the path, as far as the caller may see it; raises ResourceNotFound."""
    there = await ask(fetch, await known_tenant(call), urn_of(call.path["id"]), behind(call), quick=True)
    if there is None:
        raise not_there()
    held(there.entity, call)
    return there.entity


async def read(call: Call) -> Answer:
    """GET of one entity."""
    accepted(call, (JSON,))
    return Answer(200, orjson.dumps(write_entity(await found(call), shape_of(call))))


async def read_members(call: Call) -> Answer:
    """GET of the attributes of one entity."""
    accepted(call, (JSON,))
    return Answer(200, orjson.dumps(write_attributes(await found(call), shape_of(call))))


async def delete(call: Call) -> Answer:
    """DELETE of one entity."""
    demand_writer(call.actor)
    tenant, urn = await known_tenant(call), urn_of(call.path["id"])

    def check(entity: Entity, at: str) -> Outcome:
        held(entity, call)
        return Outcome(entity)

    if call.query.get("type") or paths(call):
        await WRITER.write(Change(tenant, urn, check, call.actor))
    await WRITER.write(Delete(tenant, urn, call.actor))
    return Answer(204)


def known_words(call: Call, known: frozenset[str]) -> None:
    """Raise BadRequestData for an option that means nothing."""
    strange = frozenset(words(call, "options")) - known
    if strange:
        raise bad_request("invalid value for options", detail=", ".join(sorted(strange))[:80])


ROUTES = (
    Route("GET", "/v2", entry),
    Route("POST", PREFIX, create),
    Route("GET", PREFIX, query),
    Route("GET", PREFIX + "/{id}", read),
    Route("DELETE", PREFIX + "/{id}", delete),
    Route("GET", PREFIX + "/{id}/attrs", read_members),
)
