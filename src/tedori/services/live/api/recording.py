"""`/temporal/entities…`: evolutions recorded, corrected and forgotten (5.6.11 to 5.6.16)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request, invalid_request
from tedori.engines.ngsild.evolving import SCOPE_IRI, read_scope_history
from tedori.engines.ngsild.reading import read_attribute, read_fragment, read_history
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.services.live.actions.histories import Correct, Forget, ForgetAttribute, ForgetInstance, Record
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.attributes import attribute_name
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.entities import escaped, storable
from tedori.services.live.api.forms import (
    DISTRIBUTING,
    WRITING,
    asked_context,
    body_of,
    flag,
    known_tenant,
    own_tenant,
)
from tedori.services.live.api.temporal import PREFIX, urn_of
from tedori.services.live.rules.access import demand_writer


async def record(call: Call) -> Answer:
    """POST: an evolution begins (201) or goes on (204)."""
    demand_writer(call.actor)
    payload, context = await body_of(call)
    _filled(payload)
    evolution = storable(_with_scopes(read_history(payload, context), payload))
    if await WRITER.write(Record(await own_tenant(call), evolution, call.actor)):
        return Answer(201, headers=(("Location", f"{PREFIX}/{escaped(evolution.id)}"),))
    return Answer(204)


def _filled(payload: Any) -> None:
    """Raise InvalidRequest for an empty document."""
    if payload == {}:
        raise invalid_request("The document is empty.")


def _with_scopes(evolution: Entity, payload: Any) -> Entity:
    """The evolution with that of its scopes among the attributes."""
    if "scope" not in payload:
        return evolution
    scopes = read_scope_history(payload["scope"])
    return replace(evolution, attributes={**evolution.attributes, SCOPE_IRI: scopes})


async def append(call: Call) -> Answer:
    """POST of attributes: their instances are added to those that there are."""
    demand_writer(call.actor)
    urn = urn_of(call)
    payload, context = await body_of(call)
    _filled(payload)
    fragment = _with_scopes(read_fragment(payload, context, nulls=False, history=True), payload)
    if fragment.id and fragment.id != urn:
        raise bad_request("The id in the body is not the one in the path.", detail=fragment.id, where="$.id")
    evolution = replace(fragment, id=urn)
    await WRITER.write(Record(await known_tenant(call), evolution, call.actor, founding=False))
    return Answer(204)


async def forget(call: Call) -> Answer:
    """DELETE of one evolution."""
    demand_writer(call.actor)
    await WRITER.write(Forget(await known_tenant(call), urn_of(call), call.actor))
    return Answer(204)


async def forget_attribute(call: Call) -> Answer:
    """DELETE of one attribute's evolution: of its default instance, of the one of `datasetId`, or of all."""
    demand_writer(call.actor)
    urn, context = urn_of(call), await asked_context(call)
    given = call.query.get("datasetId")
    dataset = read_uri(given, "datasetId") if given and given != "@none" else None
    name, everything = _name(call, context), flag(call, "deleteAll")
    tenant = await known_tenant(call)
    await WRITER.write(ForgetAttribute(tenant, urn, name, dataset, everything, call.actor))
    return Answer(204)


async def forget_instance(call: Call) -> Answer:
    """DELETE of one instance."""
    demand_writer(call.actor)
    urn, instance = urn_of(call), read_uri(call.path["instanceId"], "instanceId")
    name = _name(call, await asked_context(call))
    await WRITER.write(ForgetInstance(await known_tenant(call), urn, name, instance, call.actor))
    return Answer(204)


async def correct(call: Call) -> Answer:
    """PATCH of one instance: it becomes what is given."""
    demand_writer(call.actor)
    urn, instance = urn_of(call), read_uri(call.path["instanceId"], "instanceId")
    payload, context = await body_of(call, arrays=True)
    name = _name(call, context)
    value = _value(call, payload, context)
    await WRITER.write(Correct(await known_tenant(call), urn, name, instance, value, call.actor))
    return Answer(204)


def _value(call: Call, payload: Any, context: Context) -> Attribute:
    """The one instance that is given, alone or under the attribute's name; raises BadRequestData."""
    if call.path["name"] == "scope":
        return read_scope_history(payload)[0]
    if isinstance(payload, dict) and payload.keys() - {"@context"} == {call.path["name"]}:
        payload = payload[call.path["name"]]
    given = read_attribute(payload, context, nulls=False, history=True)
    if len(given) != 1:
        raise bad_request("One instance is wanted.", where="$")
    return given[0]


def _name(call: Call, context: Context) -> str:
    return SCOPE_IRI if call.path["name"] == "scope" else attribute_name(call, context)


ROUTES = (
    Route("POST", PREFIX, record, WRITING),
    Route("DELETE", PREFIX + "/{entityId}", forget, DISTRIBUTING),
    Route("POST", PREFIX + "/{entityId}/attrs", append, WRITING),
    Route(
        "DELETE",
        PREFIX + "/{entityId}/attrs/{name}",
        forget_attribute,
        DISTRIBUTING | {"datasetId", "deleteAll"},
    ),
    Route("PATCH", PREFIX + "/{entityId}/attrs/{name}/{instanceId}", correct, WRITING),
    Route("DELETE", PREFIX + "/{entityId}/attrs/{name}/{instanceId}", forget_instance, DISTRIBUTING),
)
