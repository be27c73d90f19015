"""`/temporal/entities`, `/temporal/entityOperations/query`: evolutions are read (5.7.3, 5.7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request, invalid_request
from tedori.engines.ngsild.evolving import SCOPE_IRI
from tedori.engines.ngsild.histories import write_aggregated, write_history, write_values
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.values import Entity
from tedori.services.live.actions.entities import not_found
from tedori.services.live.api.answers import BOTH, accepted, content, page_links
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.entities import check_chosen
from tedori.services.live.api.forms import (
    DISTRIBUTING,
    PAGING,
    SELECTING,
    SHOWING,
    Page,
    asked_context,
    body_of,
    flag,
    known_tenant,
    page_of,
)
from tedori.services.live.api.hosting import url_of
from tedori.services.live.api.selections import selection_in, selection_of
from tedori.services.live.api.spans import (
    AGGREGATED,
    TEMPORAL,
    VALUES,
    Asked,
    asked_of,
    content_range,
    in_document,
)
from tedori.services.live.queries.histories.figures import Aggregates, amounts
from tedori.services.live.queries.histories.finding import Known, Search, by_owner, count, find, known
from tedori.services.live.queries.histories.instances import Told, told
from tedori.services.live.queries.options import options
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import wall

PREFIX = "/ngsi-ld/v1/temporal/entities"
LINKING = frozenset({"join", "joinLevel", "containedBy", "geometryProperty"})
PAST = (SHOWING - LINKING) | TEMPORAL


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to tell of entities: their instances, or what these amount to."""

    found: tuple[Known, ...]
    told: Told
    amounts: Aggregates


def urn_of(call: Call) -> str:
    """The id in the path; raises BadRequestData."""
    return read_uri(call.path["entityId"], "entityId")


async def read(call: Call) -> Answer:
    """GET of one evolution."""
    media = accepted(call, BOTH)
    urn, context = urn_of(call), await asked_context(call)
    asked = asked_of(call, context, media)
    tenant, behind = await known_tenant(call), wall(call.actor)

    def look() -> Shown | None:
        one = known(tenant, urn, call.actor, behind)
        return None if one is None else _shown(tenant, [one], asked)

    shown = await ask(look)
    if shown is None:
        raise not_found(urn)
    _check(shown, urn, asked)
    (document,) = written(shown, asked, context)
    return _answer(call, document, shown, asked, context, media, ())


def _check(shown: Shown, urn: str, asked: Asked) -> None:
    """Raise ResourceNotFound where nothing is left of what was asked for."""
    held = shown.amounts.get(urn) if asked.aggregation else shown.told.evolutions.get(urn)
    if not held and asked.window.names != ():
        raise not_found(urn)
    check_chosen(replace(shown.found[0].entity, attributes=dict.fromkeys(held or {}, ())), asked.form)


async def query(call: Call) -> Answer:
    """GET: the evolution of the entities that match."""
    media = accepted(call, BOTH)
    context = await asked_context(call)
    asked, page = asked_of(call, context, media), page_of(call)
    return await _queried(call, selection_of(call, context), asked, page, context, media)


async def query_by_document(call: Call) -> Answer:
    """POST of a Query document: the same."""
    media = accepted(call, BOTH)
    document, context = await body_of(call)
    if not isinstance(document, dict) or document.get("type") != "Query":
        raise bad_request("A document of the type Query is wanted.", where="$.type")
    members = ("attrs", "pick", "omit", "lang", "datasetId")
    given = {name: document[name] for name in members if document.get(name) is not None}
    plain = {
        name: ",".join(map(str, one)) if isinstance(one, list) else str(one) for name, one in given.items()
    }
    asking = replace(call, query={**call.query, **plain, **in_document(document)})
    selection = selection_in(document, context, local=flag(call, "local"))
    return await _queried(call, selection, asked_of(asking, context, media), page_of(call), context, media)


async def _queried(
    call: Call, selection: Selection, asked: Asked, page: Page, context: Context, media: str
) -> Answer:
    if asked.span is None:
        raise bad_request("A temporal query is wanted.", detail="Give timerel and timeAt.", where="timerel")
    tenant, behind = await known_tenant(call), wall(call.actor)
    window = asked.window if asked.window.names != () else replace(asked.window, names=None)
    search = Search(selection, window, asked.span)

    def look() -> tuple[Shown, bool, int | None]:
        found = find(tenant, search, behind, limit=page.limit + 1, offset=page.offset) if page.limit else []
        total = count(tenant, search, behind) if page.count else None
        return _shown(tenant, found[: page.limit], asked), len(found) > page.limit, total

    shown, more, total = await ask(look)
    _check_amounts(shown, asked)
    headers = [("NGSILD-Results-Count", str(total))] if total is not None else []
    if page.limit:
        headers += page_links(call, limit=page.limit, offset=page.offset, more=more, media=media)
    url = await url_of(call, context)
    return _answer(
        call, written(shown, asked, context), shown, asked, context, media, tuple(headers), url=url
    )


def _shown(tenant: int, found: Iterable[Known], asked: Asked) -> Shown:
    found = tuple(found)
    owned = by_owner(found)
    if asked.aggregation is not None:
        return Shown(found, Told({}), amounts(tenant, owned, asked.window, asked.aggregation))
    return Shown(found, told(tenant, owned, asked.window, most=options().most_instances), {})


def _check_amounts(shown: Shown, asked: Asked) -> None:
    """Raise InvalidRequest for an attribute asked for to which a method does not apply (5.7.4.4)."""
    if asked.aggregation is None:
        return
    for attributes in shown.amounts.values():
        for iri in asked.wanted & attributes.keys():
            lacking = [
                one
                for one in asked.aggregation.methods
                if any(one not in part.methods for part in attributes[iri])
            ]
            if lacking:
                raise invalid_request(
                    "A method does not apply to an attribute.",
                    detail=f"{', '.join(lacking)}: {iri}",
                    where="aggrMethods",
                )


def written(shown: Shown, asked: Asked, context: Context) -> list[dict[str, Any]]:
    """The documents of entities in the form that is asked for."""
    return [_document(one.entity, shown, asked, context) for one in shown.found]


def _document(entity: Entity, shown: Shown, asked: Asked, context: Context) -> dict[str, Any]:
    if asked.format == AGGREGATED:
        held = {
            iri: [one for one in parts if one.methods]
            for iri, parts in shown.amounts.get(entity.id, {}).items()
        }
        return write_aggregated(
            entity, {iri: parts for iri, parts in held.items() if parts}, context, asked.form
        )
    kinds: Mapping[str, str] = (shown.told.kinds or {}).get(entity.id, {})
    evolution = {**dict.fromkeys(kinds, ()), **shown.told.evolutions.get(entity.id, {})}
    past = replace(entity, attributes=evolution)
    form = replace(asked.form, pick=_with_scope(asked.form.pick))
    if asked.format == VALUES:
        member = asked.window.member or "observedAt"
        return write_values(past, context, form, time_property=member, kinds=kinds)
    return write_history(past, context, form)


def _with_scope(pick: Any) -> Any:
    return {**pick, SCOPE_IRI: None} if pick and "scope" in pick else pick


def _answer(
    call: Call,
    value: Any,
    shown: Shown,
    asked: Asked,
    context: Context,
    media: str,
    headers: tuple[tuple[str, str], ...],
    *,
    url: str | None = None,
) -> Answer:
    """200, or 206 where not all fits into one answer."""
    if shown.told.cut is None:
        return content(call, value, context, media=media, headers=headers, url=url)
    headers = (*headers, ("Content-Range", content_range(asked, shown.told.cut)))
    answer = content(call, value, context, media=media, headers=headers, url=url)
    return replace(answer, status=206)


ROUTES = (
    Route("GET", PREFIX, query, PAST | SELECTING | PAGING),
    Route("GET", PREFIX + "/{entityId}", read, PAST | DISTRIBUTING),
    Route(
        "POST",
        "/ngsi-ld/v1/temporal/entityOperations/query",
        query_by_document,
        PAST | PAGING | {"splitEntities"},
    ),
)
