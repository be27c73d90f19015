"""`/types` and `/attributes`: what there is, in lists and in detail."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.services.live.api.answers import BOTH, accepted, content
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.forms import asked_context, flag, known_tenant
from tedori.services.live.queries.discovery import (
    AttributeUse,
    attribute_names,
    attribute_uses,
    attributes_of_types,
    type_names,
    type_use,
)
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import wall


async def types(call: Call) -> Answer:
    """The types: a list of names, or with `details` each with its attributes."""
    media, context, tenant = accepted(call, BOTH), await asked_context(call), await known_tenant(call)
    if not flag(call, "details"):
        names = await ask(type_names, tenant, wall(call.actor))
        listed = sorted(map(context.compact, names))
        return content(call, _list("EntityTypeList", "typeList", listed), context, media=media)
    found = await ask(attributes_of_types, tenant, wall(call.actor))
    value = [
        {
            "id": iri,
            "type": "EntityType",
            "typeName": context.compact(iri),
            "attributeNames": _compact(names, context),
        }
        for iri, names in found.items()
    ]
    return content(call, value, context, media=media)


async def one_type(call: Call) -> Answer:
    """One type: how many entities have it, and their attributes."""
    media, context, tenant = accepted(call, BOTH), await asked_context(call), await known_tenant(call)
    iri = context.expand(call.path["name"])
    amount, uses = await ask(type_use, tenant, iri, wall(call.actor))
    if not amount:
        raise NgsiLdError("ResourceNotFound", "No entity has this type.", detail=iri, where="type")
    details = [_attribute(use, context) for use in uses]
    value = {"id": iri, "type": "EntityTypeInfo", "typeName": context.compact(iri), "entityCount": amount}
    return content(call, {**value, "attributeDetails": details}, context, media=media)


async def attributes(call: Call) -> Answer:
    """The attributes: a list of names, or with `details` each with the types of its entities."""
    media, context, tenant = accepted(call, BOTH), await asked_context(call), await known_tenant(call)
    if not flag(call, "details"):
        names = await ask(attribute_names, tenant, wall(call.actor))
        return content(
            call, _list("AttributeList", "attributeList", _compact(names, context)), context, media=media
        )
    uses = await ask(attribute_uses, tenant, wall(call.actor))
    value = [{**_plain(use, context), "typeNames": _compact(use.types, context)} for use in uses]
    return content(call, value, context, media=media)


async def one_attribute(call: Call) -> Answer:
    """One attribute: its kinds, the types of its entities, how many instances there are."""
    media, context, tenant = accepted(call, BOTH), await asked_context(call), await known_tenant(call)
    iri = context.expand(call.path["name"])
    uses = await ask(attribute_uses, tenant, wall(call.actor), iri)
    if not uses:
        raise NgsiLdError("ResourceNotFound", "No entity has this attribute.", detail=iri, where="attribute")
    value = {**_attribute(uses[0], context), "attributeCount": uses[0].count}
    return content(call, {**value, "typeNames": _compact(uses[0].types, context)}, context, media=media)


def _list(kind: str, member: str, names: list[str]) -> dict[str, Any]:
    return {"id": f"urn:ngsi-ld:{kind}:{uuid4()}", "type": kind, member: names}


def _compact(names: Any, context: Context) -> list[str]:
    return sorted(map(context.compact, names))


def _plain(use: AttributeUse, context: Context) -> dict[str, Any]:
    return {"id": use.name, "type": "Attribute", "attributeName": context.compact(use.name)}


def _attribute(use: AttributeUse, context: Context) -> dict[str, Any]:
    return {**_plain(use, context), "attributeTypes": list(use.kinds)}


BASE = "/ngsi-ld/v1"
ROUTES = (
    Route("GET", f"{BASE}/types", types, frozenset({"details", "local"})),
    Route("GET", f"{BASE}/types/{{name}}", one_type, frozenset({"local"})),
    Route("GET", f"{BASE}/attributes", attributes, frozenset({"details", "local"})),
    Route("GET", f"{BASE}/attributes/{{name}}", one_attribute, frozenset({"local"})),
)
