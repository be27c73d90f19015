"""`/v2/op/…`: many entities at once, queries by POST, notifications of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.ngsiv2.entities import read_entity
from tedori.engines.ngsild.patching import Outcome, delete_attribute
from tedori.engines.ngsild.values import Entity
from tedori.kernel.errors import UserError
from tedori.services.live.actions.entities import Batch, Change, Create, Delete, Upsert
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import Refused
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.distributing.planning import looped
from tedori.services.live.api.entities import storable
from tedori.services.live.api.forms import known_tenant, own_tenant
from tedori.services.live.api.ngsiv2.asking import (
    object_of,
    option,
    page_of,
    paths,
    shape_of,
    wanted_of,
)
from tedori.services.live.api.ngsiv2.attributes import present, replacing, strictly
from tedori.services.live.api.ngsiv2.entities import answer_query, appending, held
from tedori.services.live.queries.options import options
from tedori.services.live.rules.access import demand_writer
from tedori.services.live.rules.paths import written_path

Command = Create | Change | Delete | Upsert
# Names of the first version of the API that clients still send.
OLDER = {"APPEND": "append", "APPEND_STRICT": "appendStrict", "UPDATE": "update", "DELETE": "delete"} | {
    "REPLACE": "replace"
}


async def update(call: Call) -> Answer:
    """POST: append, appendStrict, update, replace or delete many entities."""
    demand_writer(call.actor)
    payload = object_of(call)
    kind = payload.get("actionType")
    kind = OLDER.get(str(kind), kind)
    if kind not in WORKS:
        raise bad_request("actionType is append, appendStrict, update, replace or delete", where="actionType")
    entities = _entities(call, payload.get("entities"), whole=kind in CREATING)
    scopes = written_path(paths(call)) if kind in CREATING else ()
    tenant = await own_tenant(call) if kind in CREATING else await known_tenant(call)
    await _carry_out([WORKS[kind](call, tenant, replace(one, scopes=scopes)) for one in entities])
    return Answer(204)


async def notify(call: Call) -> Answer:
    """POST of a notification of another system: its entities are appended, unless they come back to us."""
    demand_writer(call.actor)
    if looped(call):
        return Answer(200)  # anything else would only make the sender try again
    payload = object_of(call)
    if not isinstance(payload.get("subscriptionId"), str):
        raise bad_request("subscriptionId is missing", where="subscriptionId")
    entities = _entities(call, payload.get("data"), whole=True)
    tenant, scopes = await own_tenant(call), written_path(paths(call))
    await _carry_out([_append(call, tenant, replace(one, scopes=scopes)) for one in entities])
    return Answer(200)


def _entities(call: Call, given: Any, *, whole: bool) -> list[Entity]:
    if not isinstance(given, list) or not given:
        raise bad_request("empty update action payload", where="entities")
    if len(given) > options().most_in_batch:
        raise Refused(413)
    plain = option(call, "keyValues")
    return [storable(read_entity(one, key_values=plain, whole=whole)) for one in given]


async def _carry_out(commands: list[Command]) -> None:
    """Do all that can be done; raises the first error of the others."""
    outcomes = await WRITER.write(Batch(tuple(commands)))
    for outcome in outcomes:
        if isinstance(outcome, NgsiLdError | UserError):
            raise outcome


def _append(call: Call, tenant: int, entity: Entity) -> Command:
    return Upsert(tenant, entity, appending(call, entity), call.actor)


def _append_strict(call: Call, tenant: int, entity: Entity) -> Command:
    put = appending(call, entity)

    def work(old: Entity, at: str) -> Outcome:
        strictly(old, entity)
        return put(old, at)

    return Upsert(tenant, entity, work, call.actor)


def _update(call: Call, tenant: int, entity: Entity) -> Command:
    put = appending(call, entity)

    def work(old: Entity, at: str) -> Outcome:
        held(old, call, entity.types)
        present(old, entity)
        return put(old, at)

    return Change(tenant, entity.id, work, call.actor)


def _replace(call: Call, tenant: int, entity: Entity) -> Command:
    def work(old: Entity, at: str) -> Outcome:
        held(old, call, entity.types)
        return replacing(old, entity, at)

    return Change(tenant, entity.id, work, call.actor)


def _delete(call: Call, tenant: int, entity: Entity) -> Command:
    """The entity, or the attributes that are named."""
    if not entity.attributes:
        return Delete(tenant, entity.id, call.actor)

    def work(old: Entity, at: str) -> Outcome:
        held(old, call, entity.types)
        present(old, entity)
        outcome = Outcome(old)
        changes: dict[str, Any] = {}
        instances: dict[str, Any] = {}
        for iri in entity.attributes:
            outcome = delete_attribute(outcome.entity, iri, all=True, at=at)
            changes |= outcome.changes
            instances |= outcome.instances
        return replace(outcome, changes=changes, instances=instances)

    return Change(tenant, entity.id, work, call.actor)


WORKS = {
    "append": _append,
    "appendStrict": _append_strict,
    "update": _update,
    "replace": _replace,
    "delete": _delete,
}
CREATING = frozenset(("append", "appendStrict"))


async def query(call: Call) -> Answer:
    """POST: the entities that match."""
    payload = object_of(call)
    selectors = payload.get("entities", [])
    if not isinstance(selectors, list) or not all(isinstance(one, dict) for one in selectors):
        raise bad_request("entities must be an array of objects", where="entities")
    expression = payload.get("expression", {})
    if not isinstance(expression, Mapping):
        raise bad_request("expression must be an object", where="expression")
    shape = shape_of(call, more=payload)
    wanted = wanted_of(expression, call.query.get("orderBy"))
    return await answer_query(call, selectors, wanted, shape, page_of(call))


ROUTES = (
    Route("POST", "/v2/op/update", update),
    Route("POST", "/v2/op/query", query),
    Route("POST", "/v2/op/notify", notify),
)
