"""`/v2/entities/{id}/attrs…`: append, update, replace and delete attributes, and their bare values."""

from __future__ import annotations

from typing import Any

import orjson

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.ngsiv2.attributes import read_attribute, value_of, write_attribute
from tedori.engines.ngsild.ngsiv2.entities import keeping_metadata, read_entity, read_value, shown
from tedori.engines.ngsild.ngsiv2.errors import Unprocessable
from tedori.engines.ngsild.ngsiv2.names import checked, iri_of, name_of, urn_of
from tedori.engines.ngsild.patching import Outcome, append, delete_attribute, replace_entity
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.services.live.actions.entities import Change
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import JSON, Refused, accepted
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.forms import known_tenant, parsed
from tedori.services.live.api.ngsiv2.asking import json_of, object_of, option, shape_of
from tedori.services.live.api.ngsiv2.entities import PREFIX, appending, found, held
from tedori.services.live.rules.access import demand_writer

TEXT = "text/plain"
PLAIN_MEDIA = (JSON, TEXT)


def fragment_of(call: Call) -> Entity:
    """The attributes in the body."""
    payload = object_of(call)
    given = (call.path["id"], call.query.get("type", ""))
    return read_entity(payload, key_values=option(call, "keyValues"), given=given, whole=False)


async def _changed(call: Call, work: Any) -> Answer:
    await WRITER.write(Change(await known_tenant(call), urn_of(call.path["id"]), work, call.actor))
    return Answer(204)


def named(entity: Entity, fragment: Entity) -> tuple[list[str], list[str]]:
    """The names of a fragment's attributes that the entity has, and of those that it has not."""
    there = [name_of(iri) for iri in fragment.attributes if iri in entity.attributes]
    return there, [name_of(iri) for iri in fragment.attributes if iri not in entity.attributes]


def strictly(entity: Entity, fragment: Entity) -> None:
    """Raise Unprocessable when one of the attributes is there already."""
    there, _ = named(entity, fragment)
    if there:
        raise Unprocessable(
            f"one or more of the attributes in the request already exist: [{', '.join(there)}]"
        )


def present(entity: Entity, fragment: Entity) -> None:
    """Raise Unprocessable when one of the attributes is not there."""
    _, missing = named(entity, fragment)
    if missing:
        listed = ", ".join(missing)
        raise Unprocessable(f"one or more of the attributes in the request do not exist: [{listed}]")


async def appended(call: Call) -> Answer:
    """POST: attributes are added, present ones updated; with `append` a present one is an error."""
    demand_writer(call.actor)
    fragment = fragment_of(call)
    put, strict = appending(call, fragment), option(call, "append")

    def work(entity: Entity, at: str) -> Outcome:
        if strict:
            strictly(entity, fragment)
        return put(entity, at)

    return await _changed(call, work)


async def updated(call: Call) -> Answer:
    """PATCH: attributes that are there are updated; one that is not is an error."""
    demand_writer(call.actor)
    fragment = fragment_of(call)
    put = appending(call, fragment)

    def work(entity: Entity, at: str) -> Outcome:
        held(entity, call)
        present(entity, fragment)
        return put(entity, at)

    return await _changed(call, work)


async def replaced(call: Call) -> Answer:
    """PUT: the entity has these attributes and no others."""
    demand_writer(call.actor)
    fragment = fragment_of(call)

    def work(entity: Entity, at: str) -> Outcome:
        held(entity, call)
        return replacing(entity, fragment, at)

    return await _changed(call, work)


def replacing(entity: Entity, fragment: Entity, at: str) -> Outcome:
    """The entity with the attributes of the fragment and no others."""
    whole = Entity(
        entity.id, entity.types, fragment.attributes, entity.scopes, expires_at=fragment.expires_at
    )
    return replace_entity(entity, whole, at=at)


def _missing() -> NgsiLdError:
    return NgsiLdError("ResourceNotFound", "The entity does not have such an attribute")


async def _one(call: Call) -> Attribute:
    entity = await found(call)
    instances = entity.attributes.get(iri_of(call.path["name"]))
    if instances is None:
        raise _missing()
    return shown(instances)


async def read_one(call: Call) -> Answer:
    """GET of one attribute."""
    accepted(call, (JSON,))
    one = await _one(call)
    return Answer(200, orjson.dumps(write_attribute(one, metadata=shape_of(call).metadata)))


async def put_one(call: Call) -> Answer:
    """PUT of one attribute, which must be there."""
    demand_writer(call.actor)
    iri = iri_of(checked(call.path["name"], "attribute name"))
    new = read_attribute(json_of(call), call.path["name"])
    override = option(call, "overrideMetadata")

    def work(entity: Entity, at: str) -> Outcome:
        held(entity, call)
        if iri not in entity.attributes:
            raise _missing()
        fragment = Entity(entity.id, (), {iri: (new,)})
        return append(entity, fragment if override else keeping_metadata(entity, fragment), at=at)

    return await _changed(call, work)


async def delete_one(call: Call) -> Answer:
    """DELETE of one attribute with all its instances."""
    demand_writer(call.actor)
    iri = iri_of(call.path["name"])

    def work(entity: Entity, at: str) -> Outcome:
        held(entity, call)
        if iri not in entity.attributes:
            raise _missing()
        return delete_attribute(entity, iri, all=True, at=at)

    return await _changed(call, work)


async def read_bare(call: Call) -> Answer:
    """GET of a value alone: objects and arrays as JSON, all else as text."""
    value = value_of(await _one(call))
    media = accepted(call, PLAIN_MEDIA if isinstance(value, dict | list) else (TEXT, JSON))
    return Answer(200, orjson.dumps(value), media=media)


async def put_bare(call: Call) -> Answer:
    """PUT of a value alone: JSON, or a text in quotes, a number, true, false, null."""
    demand_writer(call.actor)
    value, iri = _bare(call), iri_of(call.path["name"])

    def work(entity: Entity, at: str) -> Outcome:
        held(entity, call)
        if iri not in entity.attributes:
            raise _missing()
        new = read_value(value, shown(entity.attributes[iri]))
        return append(entity, Entity(entity.id, (), {iri: (new,)}), at=at)

    return await _changed(call, work)


def _bare(call: Call) -> Any:
    media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in PLAIN_MEDIA:
        raise Refused(415)
    if media == TEXT:
        try:
            value = orjson.loads(call.body)
        except orjson.JSONDecodeError:
            raise bad_request(
                "attribute value: text in double quotes, a number, true, false or null"
            ) from None
        if isinstance(value, dict | list):
            raise bad_request("an object or array is sent as application/json")
        return value
    return parsed(call.body)


ATTRS = PREFIX + "/{id}/attrs"
ROUTES = (
    Route("POST", ATTRS, appended),
    Route("PATCH", ATTRS, updated),
    Route("PUT", ATTRS, replaced),
    Route("GET", ATTRS + "/{name}", read_one),
    Route("PUT", ATTRS + "/{name}", put_one),
    Route("DELETE", ATTRS + "/{name}", delete_one),
    Route("GET", ATTRS + "/{name}/value", read_bare),
    Route("PUT", ATTRS + "/{name}/value", put_bare),
)
