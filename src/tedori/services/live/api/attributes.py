"""`/entities/{id}/attrs` and `/entities/{id}/attrs/{name}`: append, update, replace and delete attributes."""

from __future__ import annotations

from typing import Any

import orjson

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.patching import (
    Outcome,
    append,
    delete_attribute,
    delete_scopes,
    partial_update,
    replace_attribute,
    update,
)
from tedori.engines.ngsild.projections import HEAD
from tedori.engines.ngsild.reading import read_attribute, read_fragment
from tedori.engines.ngsild.values import Entity
from tedori.services.live.actions.entities import Change
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.entities import PREFIX, same_id, simplified, urn_of, whole_fragment
from tedori.services.live.api.forms import (
    DISTRIBUTING,
    WRITING,
    asked_context,
    body_of,
    flag,
    known_tenant,
    options_of,
)
from tedori.services.live.rules.access import demand_writer

APPENDING = frozenset({"noOverwrite", "overwrite", "keyValues", "simplified", "concise", "normalized"})


async def appended(call: Call) -> Answer:
    """POST: attributes are added, present ones replaced unless `noOverwrite`."""
    demand_writer(call.actor)
    urn, overwrite = urn_of(call), "noOverwrite" not in options_of(call, APPENDING)
    payload, context = await body_of(call)
    fragment = whole_fragment(call, payload, context)
    return await _changed(call, urn, lambda entity, at: append(entity, fragment, overwrite=overwrite, at=at))


async def updated(call: Call) -> Answer:
    """PATCH: attributes that are there are replaced."""
    demand_writer(call.actor)
    urn = urn_of(call)
    payload, context = await body_of(call)
    fragment = read_fragment(payload, context, simplified=simplified(call))
    same_id(call, fragment)
    return await _changed(call, urn, lambda entity, at: update(entity, fragment, at=at))


async def _changed(call: Call, urn: str, work: Any) -> Answer:
    """204 when everything was done, else 207 with what was not and why."""
    outcome: Outcome = await WRITER.write(Change(await known_tenant(call), urn, work, call.actor))
    if not outcome.not_updated:
        return Answer(204)
    refused = [{"attributeName": name, "reason": why} for name, why in outcome.not_updated]
    return Answer(207, orjson.dumps({"updated": list(outcome.updated), "notUpdated": refused}))


def attribute_name(call: Call, context: Context) -> str:
    """The attribute in the path; raises BadRequestData for a member that every entity has."""
    if call.path["name"] in HEAD:
        raise bad_request("This is no attribute.", detail=call.path["name"], where="attrId")
    return context.expand(call.path["name"])


async def partly_updated(call: Call) -> Answer:
    """PATCH of one attribute: the members that are given replace the old ones."""
    demand_writer(call.actor)
    urn = urn_of(call)
    payload, context = await body_of(call, arrays=True)
    name = attribute_name(call, context)
    instances = read_attribute(payload, context, partial=True)
    await _one(call, urn, lambda entity, at: partial_update(entity, name, instances, at=at))
    return Answer(204)


async def replaced(call: Call) -> Answer:
    """PUT of one attribute: it becomes what is given."""
    demand_writer(call.actor)
    urn = urn_of(call)
    payload, context = await body_of(call, arrays=True)
    name = attribute_name(call, context)
    instances = read_attribute(payload, context, nulls=False)
    await _one(call, urn, lambda entity, at: replace_attribute(entity, name, instances, at=at))
    return Answer(204)


async def deleted(call: Call) -> Answer:
    """DELETE of one attribute: its default instance, the one of `datasetId`, or all of them."""
    demand_writer(call.actor)
    urn = urn_of(call)
    context = await asked_context(call)
    given, everything = call.query.get("datasetId"), flag(call, "deleteAll")
    dataset = read_uri(given, "datasetId") if given and given != "@none" else None
    if call.path["name"] == "scope":
        await _one(call, urn, lambda entity, at: delete_scopes(entity, at=at))
        return Answer(204)
    name = attribute_name(call, context)

    def work(entity: Entity, at: str) -> Outcome:
        return delete_attribute(entity, name, dataset_id=dataset, all=everything, at=at)

    await _one(call, urn, work)
    return Answer(204)


async def _one(call: Call, urn: str, work: Any) -> None:
    await WRITER.write(Change(await known_tenant(call), urn, work, call.actor))


ROUTES = (
    Route("POST", PREFIX + "/{id}/attrs", appended, WRITING | {"type"}),
    Route("PATCH", PREFIX + "/{id}/attrs", updated, WRITING | {"type"}),
    Route("PATCH", PREFIX + "/{id}/attrs/{name}", partly_updated, WRITING | {"type", "datasetId"}),
    Route("PUT", PREFIX + "/{id}/attrs/{name}", replaced, WRITING | {"type", "datasetId"}),
    Route(
        "DELETE", PREFIX + "/{id}/attrs/{name}", deleted, DISTRIBUTING | {"type", "datasetId", "deleteAll"}
    ),
)
