"""`/entityOperations/…`: many entities at once, each with its own outcome; and purging by a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.patching import Outcome, append, merge, replace_entity
from tedori.engines.ngsild.reading import kinds_of, read_entity, read_fragment
from tedori.engines.ngsild.values import Entity
from tedori.kernel.errors import UserError
from tedori.services.live.actions.entities import Batch, Change, Create, Delete, Upsert
from tedori.services.live.actions.purging import Purge
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import ALL, LD, Refused, accepted, failed
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.entities import PREFIX, answer_query, simplified, storable
from tedori.services.live.api.forms import (
    DISTRIBUTING,
    PAGING,
    SELECTING,
    SHOWING,
    WRITING,
    asked_context,
    body_of,
    context_of,
    expanded,
    flag,
    form_of,
    known_tenant,
    linked_context,
    media_of,
    options_of,
    own_tenant,
    page_of,
    parsed,
)
from tedori.services.live.api.selections import selection_in, selection_of
from tedori.services.live.queries.options import options
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import demand_writer, wall

OPERATIONS = "/ngsi-ld/v1/entityOperations"
Refusal = tuple[str, NgsiLdError | UserError]
Commands = list[Create | Change | Delete | Upsert]
ASIDE = 50  # entities from which on reading them leaves the event loop
FORMS = frozenset({"keyValues", "simplified", "concise", "normalized"})


async def documents_of(call: Call) -> list[tuple[Any, Any]]:
    """The entities of a batch, each with what names its context; raises BadRequestData for no array."""
    media = media_of(call)
    payload = await ask(parsed, call.body) if len(call.body) > 2**16 else parsed(call.body)
    if not isinstance(payload, list) or not payload or None in payload:
        raise bad_request("An array of entities is wanted.", detail="It must not be empty.")
    most = options().most_in_batch
    if len(payload) > most:
        raise Refused(413, f"A batch holds at most {most} entities. Send the rest in further batches.")
    given = linked_context(call)
    if media == LD and given is not None:
        raise bad_request("A context stands in the body and in a Link.", where="Link")
    return [(one, _source(one, given, media)) for one in payload]


def _source(document: Any, given: str | None, media: str) -> Any:
    """What names the context of one entity; an error where it stands in the wrong place."""
    inside = document.pop("@context", None) if isinstance(document, dict) else None
    if media == LD:
        return inside if inside is not None else bad_request("The @context is missing.", where="@context")
    return given if inside is None else bad_request("A JSON body must not hold @context.", where="@context")


async def entities_in(
    call: Call, reading: Callable[[Any, Context], Entity]
) -> tuple[list[tuple[Any, Entity, Context]], list[Refusal]]:
    """The entities that can be read, with their documents and contexts, and the others with why not."""
    documents = await documents_of(call)
    contexts = {_key(source): await _context(source) for source in _sources(documents)}

    def read_all() -> tuple[list[tuple[Any, Entity, Context]], list[Refusal]]:
        read, refused = [], []
        for document, source in documents:
            try:
                if isinstance(source, NgsiLdError):
                    raise source
                context = contexts[_key(source)]
                if isinstance(context, NgsiLdError):
                    raise context
                read.append((document, storable(reading(document, context)), context))
            except NgsiLdError as error:
                refused.append((_id_of(document), error))
        return read, refused

    return await ask(read_all) if len(documents) > ASIDE else read_all()


async def _context(source: Any) -> Context | NgsiLdError:
    """A context, or why there is none: only the entities that need it fail."""
    try:
        return await context_of(source)
    except NgsiLdError as error:
        return error


def _sources(documents: list[tuple[Any, Any]]) -> Iterable[Any]:
    """The different sources of contexts."""
    return {_key(source): source for _, source in documents if not isinstance(source, NgsiLdError)}.values()


def _key(source: Any) -> Any:
    return source if source is None or isinstance(source, str) else orjson.dumps(source)


def _id_of(document: Any) -> str:
    return str(document.get("id", "")) if isinstance(document, dict) else ""


async def carried_out(
    commands: Commands, ids: list[str], refused: list[Refusal]
) -> tuple[list[Any], list[Refusal]]:
    """What became of each command that succeeded, with its id, and everything that did not."""
    outcomes = await WRITER.write(Batch(tuple(commands))) if commands else []
    done = []
    for urn, outcome in zip(ids, outcomes, strict=True):
        if isinstance(outcome, NgsiLdError | UserError):
            refused.append((urn, outcome))
        else:
            done.append((urn, outcome))
    return done, refused


def result(success: Iterable[str], refused: list[Refusal]) -> Answer:
    """207 with what succeeded and what did not (clause 5.2.16)."""
    errors = [{"entityId": urn, "error": orjson.loads(failed(error).body)} for urn, error in refused]
    return Answer(207, orjson.dumps({"success": list(success), "errors": errors}))


async def create(call: Call) -> Answer:
    """POST: all are new."""
    demand_writer(call.actor)
    read, refused = await entities_in(call, partial(read_entity, simplified=simplified(call)))
    tenant = await own_tenant(call)
    commands: Commands = [Create(tenant, entity, call.actor) for _, entity, _ in read]
    done, refused = await carried_out(commands, [entity.id for _, entity, _ in read], refused)
    ids = [urn for urn, _ in done]
    return result(ids, refused) if refused else Answer(201, orjson.dumps(ids))


async def upsert(call: Call) -> Answer:
    """POST: new ones are created, others replaced, or updated where the option says so."""
    demand_writer(call.actor)
    work = _updating if "update" in options_of(call, FORMS | {"update", "replace"}) else _replacing
    read, refused = await entities_in(call, partial(read_entity, simplified=simplified(call)))
    tenant = await own_tenant(call)
    commands: Commands = [Upsert(tenant, entity, partial(work, entity), call.actor) for _, entity, _ in read]
    done, refused = await carried_out(commands, [entity.id for _, entity, _ in read], refused)
    if refused:
        return result((urn for urn, _ in done), refused)
    created = [urn for urn, outcome in done if outcome is not None]
    return Answer(201, orjson.dumps(created)) if created else Answer(204)


def _replacing(new: Entity, old: Entity, at: str) -> Outcome:
    return replace_entity(old, new, at=at)


def _updating(new: Entity, old: Entity, at: str, *, overwrite: bool = True) -> Outcome:
    return append(old, new, overwrite=overwrite, at=at)


async def update(call: Call) -> Answer:
    """POST: attributes are appended to those that are there, replacing unless `noOverwrite`."""
    overwrite = "noOverwrite" not in options_of(call, FORMS | {"noOverwrite"})
    reading = partial(read_fragment, nulls=False, simplified=simplified(call))
    work = partial(_updating, overwrite=overwrite)
    return await _changes(call, reading, lambda document, entity, context: partial(work, entity))


async def merged(call: Call) -> Answer:
    """POST: fragments are merged into those that are there."""
    options_of(call, FORMS)
    plain = simplified(call)
    observed, lang = call.query.get("observedAt"), call.query.get("lang")

    def working(document: Any, entity: Entity, context: Context) -> Callable[[Entity, str], Outcome]:
        def work(old: Entity, at: str) -> Outcome:
            new = entity
            if plain:  # what a plain value means depends on what is there
                kinds = kinds_of(old)
                new = read_fragment(document, context, partial=True, simplified=True, kinds=kinds)
            return merge(old, new, at=at, observed_at=observed, lang=lang)

        return work

    return await _changes(call, partial(read_fragment, partial=True, simplified=plain), working)


async def _changes(call: Call, reading: Callable[..., Entity], working: Callable[..., Any]) -> Answer:
    """A batch of changes of entities that are there: 204, or 207 where one of them fails."""
    demand_writer(call.actor)
    read, refused = await entities_in(call, lambda document, context: _named(reading(document, context)))
    tenant = await known_tenant(call)
    commands: Commands = [
        Change(tenant, entity.id, working(document, entity, context), call.actor)
        for document, entity, context in read
    ]
    done, refused = await carried_out(commands, [entity.id for _, entity, _ in read], refused)
    refused += [(urn, _left(outcome)) for urn, outcome in done if outcome.not_updated]
    success = (urn for urn, outcome in done if not outcome.not_updated)
    return result(success, refused) if refused else Answer(204)


def _named(entity: Entity) -> Entity:
    if not entity.id:
        raise bad_request("An entity needs an id.", where="$.id")
    return entity


def _left(outcome: Outcome) -> NgsiLdError:
    """The error of an entity of which attributes were left alone."""
    names = ", ".join(name for name, _ in outcome.not_updated)
    return bad_request("Attributes were not updated.", detail=f"{names}: {outcome.not_updated[0][1]}")


async def delete(call: Call) -> Answer:
    """POST of ids: they are deleted."""
    demand_writer(call.actor)
    media_of(call)
    payload = parsed(call.body)
    if not isinstance(payload, list) or not payload or None in payload:
        raise bad_request("An array of ids is wanted.", detail="It must not be empty.")
    urns, refused = [], []
    for one in payload:
        try:
            urns.append(read_uri(one, "$"))
        except NgsiLdError as error:
            refused.append((str(one), error))
    tenant = await known_tenant(call)
    done, refused = await carried_out([Delete(tenant, urn, call.actor) for urn in urns], urns, refused)
    return result((urn for urn, _ in done), refused) if refused else Answer(204)


async def query(call: Call) -> Answer:
    """POST of a Query document: the entities that match."""
    media = accepted(call, ALL)
    document, context = await body_of(call)
    if not isinstance(document, dict) or document.get("type") != "Query":
        raise bad_request("A document of the type Query is wanted.", where="$.type")
    asking = replace(call, query={**call.query, **parameters_in(document)})
    selection = selection_in(document, context, local=flag(call, "local"))
    form, page = form_of(asking, context, media), page_of(call)
    return await answer_query(asking, selection, form, page, context, media)


def parameters_in(document: dict[str, Any]) -> dict[str, str]:
    """The members of a Query that stand for parameters of the same name."""
    found = {}
    for name in ("attrs", "pick", "omit", "lang", "join", "joinLevel", "datasetId", "containedBy"):
        value = document.get(name)
        if value is not None:
            found[name] = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return found


async def purge(call: Call) -> Answer:
    """DELETE of all entities that match, or of some of their attributes."""
    demand_writer(call.actor)
    context = await asked_context(call)
    part = ("keep" in call.query or "drop" in call.query) and (
        "id" in call.query or "idPattern" in call.query
    )
    selection = selection_of(call, context, enough=part)
    keep, drop = expanded(call, context, "keep"), expanded(call, context, "drop")
    if keep is not None and drop is not None:
        raise bad_request("keep and drop exclude each other.", where="keep")
    await WRITER.write(Purge(await known_tenant(call), selection, call.actor, wall(call.actor), keep, drop))
    return Answer(204)


ROUTES = (
    Route("POST", f"{OPERATIONS}/create", create, WRITING),
    Route("POST", f"{OPERATIONS}/upsert", upsert, WRITING),
    Route("POST", f"{OPERATIONS}/update", update, WRITING),
    Route("POST", f"{OPERATIONS}/merge", merged, WRITING | {"observedAt", "lang"}),
    Route("POST", f"{OPERATIONS}/delete", delete, DISTRIBUTING),
    Route("POST", f"{OPERATIONS}/query", query, SHOWING | PAGING | {"splitEntities"}),
    Route("DELETE", PREFIX, purge, SELECTING | {"keep", "drop", "geometryProperty"}),
)
