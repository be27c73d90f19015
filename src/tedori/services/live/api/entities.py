"""`/entities` and `/entities/{id}`: create, read, query, replace, merge, delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote
from zlib import crc32

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.patching import merge, replace_entity
from tedori.engines.ngsild.projections import HEAD
from tedori.engines.ngsild.reading import kinds_of, read_entity, read_fragment
from tedori.engines.ngsild.straight import write_plainly
from tedori.engines.ngsild.values import Entity
from tedori.engines.ngsild.writing import Form, write_entity
from tedori.services.live.actions.counting import USES
from tedori.services.live.actions.entities import Change, Create, Delete, not_found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import ALL, GEO, accepted, content, page_links
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.forms import (
    DISTRIBUTING,
    PAGING,
    SELECTING,
    SHOWING,
    WRITING,
    Page,
    asked_context,
    body_of,
    expanded,
    form_of,
    known_tenant,
    options_of,
    own_tenant,
    page_of,
    words,
)
from tedori.services.live.api.hosting import url_of
from tedori.services.live.api.joining import Linked, linked_entities
from tedori.services.live.api.selections import selection_of
from tedori.services.live.queries.entities import count, fetch, select
from tedori.services.live.queries.store import ask, ask_briefly
from tedori.services.live.rules.access import demand_writer, wall

PREFIX = "/ngsi-ld/v1/entities"
LONGEST_ID = 1_000
SIMPLE = frozenset({"keyValues", "simplified"})
MERGING = SIMPLE | {"concise", "normalized"}


async def create(call: Call) -> Answer:
    """POST: a new entity."""
    demand_writer(call.actor)
    payload, context = await body_of(call)
    entity = storable(read_entity(payload, context, simplified=simplified(call)))
    await WRITER.write(Create(await own_tenant(call), entity, call.actor))
    return Answer(201, headers=(("Location", f"{PREFIX}/{escaped(entity.id)}"),))


def simplified(call: Call) -> bool:
    """Whether the body holds plain values."""
    given = call.query.get("format") or ""
    return bool(given in SIMPLE or SIMPLE & set(words(call, "options")))


def escaped(urn: str) -> str:
    """An id as a part of an address; a URN stays as it is."""
    return quote(urn, safe=":@!$&'()*+,;=~-._")


def storable(entity: Entity) -> Entity:
    """The entity, unless its id is longer than an index holds; raises BadRequestData."""
    if len(entity.id.encode()) > LONGEST_ID:
        raise bad_request("The id is too long.", detail=f"at most {LONGEST_ID} bytes", where="$.id")
    return entity


def urn_of(call: Call) -> str:
    """The id in the path; raises BadRequestData."""
    return read_uri(call.path["id"], "id")


async def read(call: Call) -> Answer:
    """GET of one entity."""
    media = accepted(call, ALL)
    urn = urn_of(call)
    context = await asked_context(call)
    form = form_of(call, context, media)
    tenant = await known_tenant(call)
    behind = wall(call.actor)
    found = await ask(fetch, tenant, urn, behind, quick=True)
    if found is None or not of_type(found.entity, call, context):
        raise not_found(urn)
    check_chosen(found.entity, form)
    USES.read(tenant, call.actor, (found.entity,))
    if form.join:
        return await joined(call, found.entity, context, form, media, tenant)
    shape = f"{media} {call.headers.get('link', '')}"
    etag = f'W/"{found.version}-{crc32(shape.encode()):x}"'
    if etag in call.headers.get("if-none-match", ""):
        return Answer(304, headers=(("ETag", etag),))
    headers = (("ETag", etag), ("Vary", "Accept, Link"))
    return content(call, write_plainly(found.entity, context, form), context, media=media, headers=headers)


def of_type(entity: Entity, call: Call, context: Context) -> bool:
    """Whether the entity has the type that the caller expects, if any."""
    wanted = expanded(call, context, "type") if call.query.get("type") else None
    return wanted is None or not set(wanted).isdisjoint(entity.types)


def check_chosen(entity: Entity, form: Form) -> None:
    """Raise ResourceNotFound when nothing is left of the entity that was asked for."""
    wanted = form.attrs if form.attrs is not None else form.pick and frozenset(form.pick) - HEAD
    none = wanted is not None and wanted.isdisjoint(entity.attributes)
    if none and not (form.pick and HEAD & form.pick.keys()):
        raise not_found(entity.id)
    whole = {"id", "type", *entity.attributes}
    if form.omit and all(name in form.omit and form.omit[name] is None for name in whole):
        raise not_found(entity.id)


async def joined(call: Call, entity: Entity, context: Context, form: Form, media: str, tenant: int) -> Answer:
    """One entity with those that it links to."""
    besides = frozenset(words(call, "containedBy"))
    linked = await ask(lambda: linked_entities(tenant, [entity], form, wall(call.actor), besides=besides))
    if form.join == "inline":
        known = {urn: one.entity for urn, one in linked.items()}
        return content(call, write_entity(entity, context, form, linked=known.get), context, media=media)
    if not linked:
        return content(call, write_entity(entity, context, form), context, media=media)
    value = written([entity], context, form, media, beside=linked.values())
    return content(call, value, context, media=media)


async def query(call: Call) -> Answer:
    """GET: the entities that match."""
    media = accepted(call, ALL)
    context = await asked_context(call)
    form, page = form_of(call, context, media), page_of(call)
    selection = selection_of(call, context)
    return await answer_query(call, selection, form, page, context, media)


async def answer_query(
    call: Call, selection: Any, form: Form, page: Page, context: Context, media: str
) -> Answer:
    """One page of the entities of a selection."""
    tenant, behind = await known_tenant(call), wall(call.actor)

    def asked() -> tuple[list[Entity], int | None, Mapping[str, Linked]]:
        found = (
            select(tenant, selection, behind, limit=page.limit + 1, offset=page.offset) if page.limit else []
        )
        total = count(tenant, selection, behind) if page.count else None
        besides = frozenset(words(call, "containedBy"))
        shown = found[: page.limit]
        linked = linked_entities(tenant, shown, form, behind, besides=besides) if form.join else {}
        return found, total, linked

    found, total, linked = await ask_briefly(asked)
    shown = found[: page.limit]
    USES.read(tenant, call.actor, shown)
    beside = linked.values() if form.join == "flat" else ()
    known = {urn: one.entity for urn, one in linked.items()} if form.join == "inline" else None
    value = written(shown, context, form, media, linked=known, beside=beside)
    headers = [("NGSILD-Results-Count", str(total))] if total is not None else []
    if page.limit:
        headers += page_links(
            call, limit=page.limit, offset=page.offset, more=len(found) > page.limit, media=media
        )
    return content(call, value, context, media=media, headers=tuple(headers), url=await url_of(call, context))


def written(
    entities: Iterable[Entity],
    context: Context,
    form: Form,
    media: str,
    *,
    linked: Mapping[str, Entity] | None = None,
    beside: Iterable[Linked] = (),
) -> Any:
    """Entities as an array or a FeatureCollection; those `beside` in the forms that they were linked in."""
    if linked is None:
        documents = [write_plainly(entity, context, form) for entity in entities]
    else:
        documents = [write_entity(entity, context, form, linked=linked.get) for entity in entities]
    documents += (write_entity(one.entity, context, one.form) for one in beside)
    return {"type": "FeatureCollection", "features": documents} if media == GEO else documents


async def delete(call: Call) -> Answer:
    """DELETE of one entity."""
    demand_writer(call.actor)
    await WRITER.write(Delete(await known_tenant(call), urn_of(call), call.actor))
    return Answer(204)


async def replaced(call: Call) -> Answer:
    """PUT: the entity becomes another, of the same id."""
    demand_writer(call.actor)
    urn = urn_of(call)
    payload, context = await body_of(call)
    new = whole_fragment(call, payload, context)
    if not new.types:
        raise bad_request("An entity needs a type.", where="$.type")
    await WRITER.write(
        Change(
            await known_tenant(call), urn, lambda entity, at: replace_entity(entity, new, at=at), call.actor
        )
    )
    return Answer(204)


def whole_fragment(call: Call, payload: Any, context: Context) -> Entity:
    """The fragment of an entity without nulls; its id, if any, must be the one in the path."""
    fragment = read_fragment(payload, context, nulls=False, simplified=simplified(call))
    same_id(call, fragment)
    return fragment


def same_id(call: Call, fragment: Entity) -> None:
    """Raise BadRequestData unless the id in a body is the one in the path."""
    if fragment.id and fragment.id != call.path["id"]:
        raise bad_request("The id in the body is not the one in the path.", detail=fragment.id, where="$.id")


async def merged(call: Call) -> Answer:
    """PATCH: the fragment is merged into the entity, nulls deleting."""
    demand_writer(call.actor)
    urn = urn_of(call)
    options_of(call, MERGING)
    payload, context = await body_of(call)
    plain = simplified(call)
    if not plain:
        same_id(call, read_fragment(payload, context, partial=True))
    observed, lang = call.query.get("observedAt"), call.query.get("lang")

    def work(entity: Entity, at: str) -> Any:
        kinds = kinds_of(entity) if plain else {}
        fragment = read_fragment(payload, context, partial=True, simplified=plain, kinds=kinds)
        return merge(entity, fragment, at=at, observed_at=observed, lang=lang)

    await WRITER.write(Change(await known_tenant(call), urn, work, call.actor))
    return Answer(204)


ROUTES = (
    Route("POST", PREFIX, create, WRITING),
    Route("GET", PREFIX, query, SHOWING | SELECTING | PAGING),
    Route("GET", PREFIX + "/{id}", read, SHOWING | DISTRIBUTING | {"type"}),
    Route("DELETE", PREFIX + "/{id}", delete, DISTRIBUTING | {"type"}),
    Route("PUT", PREFIX + "/{id}", replaced, WRITING | {"type"}),
    Route("PATCH", PREFIX + "/{id}", merged, WRITING | {"type", "observedAt", "lang"}),
)
