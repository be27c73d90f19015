"""Reading entities here and at the sources that may have a part of them (clauses 5.7.1 and 5.7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import orjson

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.projections import HEAD
from tedori.engines.ngsild.queries.matching import holds, matches
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.registrations.asking import Question, questions
from tedori.engines.ngsild.registrations.finding import as_entity
from tedori.engines.ngsild.values import Entity
from tedori.engines.ngsild.writing import Form
from tedori.services.live.actions.entities import not_found
from tedori.services.live.api.answers import ALL, JSON, accepted, content, failed, page_links
from tedori.services.live.api.batch import parameters_in
from tedori.services.live.api.calls import Answer, Call
from tedori.services.live.api.distributing.gathering import (
    FILTERS,
    MOST,
    OPERATIONS,
    Asking,
    Gathered,
    asked_of,
    assembled,
    gathered_from,
)
from tedori.services.live.api.distributing.planning import (
    Local,
    context_for,
    link_headers,
    looped,
    partners_of,
    passed_on,
)
from tedori.services.live.api.entities import PREFIX, check_chosen, escaped, joined, of_type, written
from tedori.services.live.api.forms import (
    Page,
    asked_context,
    body_of,
    flag,
    form_of,
    known_tenant,
    page_of,
    words,
)
from tedori.services.live.api.hosting import url_of
from tedori.services.live.api.joining import linked_entities
from tedori.services.live.api.selections import selection_in, selection_of
from tedori.services.live.queries.entities import count, fetch, fetch_many, select
from tedori.services.live.queries.registrations import Partner
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import wall


async def retrieve(call: Call, local: Local) -> Answer:
    """The counterpart of GET of one entity."""
    partners = await partners_of(call, reading=True)
    if not partners or looped(call):
        return await local(call)
    media, urn = accepted(call, ALL), read_uri(call.path["id"], "id")
    context = await asked_context(call)
    form, tenant = form_of(call, context, media), await known_tenant(call)
    found = await ask(fetch, tenant, urn, wall(call.actor))
    types = found.entity.types if found else None
    concerned = [one for one in partners if one.source.offers(urn, types)[0]]
    if not concerned:
        return await local(call)
    gathered = await gathered_from([_one(call, one, urn, form, context) for one in concerned], context)
    here = {urn: found.entity} if found else {}
    whole = await assembled(call, tenant, gathered, here)
    if urn not in whole or not of_type(whole[urn], call, context):
        return _with(failed(not_found(urn)), gathered.warnings)
    entity = whole[urn]
    check_chosen(entity, form)
    if form.join:
        answer = await joined(call, entity, context, form, media, tenant)
    else:
        answer = content(call, written([entity], context, form, JSON)[0], context, media=media)
    return _with(answer, gathered.warnings)


def _with(answer: Answer, headers: tuple[tuple[str, str], ...]) -> Answer:
    return replace(answer, headers=(*answer.headers, *headers))


async def _one(call: Call, partner: Partner, urn: str, form: Form, context: Context) -> Asking:
    """Ask one source for one entity, in a way that it offers."""
    source, own = partner.source, await context_for(partner.source, context)
    _, names = source.offers(urn, None)
    chosen = _chosen(form)
    wanted = names if chosen is None else chosen if names is None else names & chosen
    attrs = {"attrs": ",".join(map(own.compact, sorted(wanted)))} if wanted else {}
    headers = link_headers(own)
    if "retrieveEntity" in source.operations:
        query = {**attrs, "options": "sysAttrs"}
        leg = await passed_on(call, partner, "GET", f"/entities/{escaped(urn)}", query=query, headers=headers)
        return leg, own, True
    kinds = sorted({name for one in source.information for each in one.selectors for name in each.types})
    question = Question((urn,), None, tuple((name,) for name in kinds), wanted or None)
    return await asked_of(call, partner, question, own, {})


def _chosen(form: Form) -> frozenset[str] | None:
    """The attributes that are to be shown, None for all."""
    if form.attrs is not None:
        return form.attrs
    names = frozenset(form.pick) - HEAD if form.pick is not None else frozenset()
    return names or None


async def query(call: Call, local: Local) -> Answer:
    """The counterpart of GET of entities."""
    partners = await partners_of(call, reading=True)
    if not partners or looped(call):
        return await local(call)
    media, context = accepted(call, ALL), await asked_context(call)
    form, page = form_of(call, context, media), page_of(call)
    selection = selection_of(call, context)
    extra = {name: call.query[name] for name in FILTERS if call.query.get(name)}
    concerned = [one for one in partners if _of_kind(call, one, context)]
    asked = Asked(call, selection, extra, form, page, context, media)
    return await _answered(asked, concerned) or await local(call)


def _of_kind(call: Call, partner: Partner, context: Context) -> bool:
    """Whether a source has the properties that `csf` asks for."""
    text = call.query.get("csf")
    return not text or holds(parse_q(text, context), as_entity(partner.source.document))


async def query_by_post(call: Call, local: Local) -> Answer:
    """The counterpart of the POST query."""
    partners = await partners_of(call, reading=True)
    if not partners or looped(call):
        return await local(call)
    media = accepted(call, ALL)
    document, context = await body_of(call)
    if not isinstance(document, dict) or document.get("type") != "Query":
        return await local(call)
    asking = replace(call, query={**call.query, **parameters_in(document)})
    selection = selection_in(document, context, local=False)
    form, page = form_of(asking, context, media), page_of(call)
    geo = document.get("geoQ") or {}
    extra = {name: str(document[name]) for name in ("q", "scopeQ") if document.get(name)}
    extra |= {
        name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in geo.items()
    }
    asked = Asked(asking, selection, extra, form, page, context, media)
    return await _answered(asked, partners) or await local(call)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that goes to sources too; `extra` its conditions as parameters."""

    call: Call
    selection: Selection
    extra: Mapping[str, str]
    form: Form
    page: Page
    context: Context
    media: str


async def _answered(asked: Asked, partners: Iterable[Partner]) -> Answer | None:
    """The answer; None when no source is concerned."""
    pairs = [
        (partner, question) for partner in partners for question in questions(partner.source, asked.selection)
    ]
    able = [pair for pair in pairs if {"queryEntity", "queryBatch"} & pair[0].source.operations]
    if not able:
        return None
    gathered = await gathered_from([_question(asked, *pair) for pair in able], asked.context)
    found, total = await _page(asked, gathered)
    return _with(await _shown(asked, found, total), gathered.warnings)


async def _question(asked: Asked, partner: Partner, question: Question) -> Asking:
    """Ask a source. What has only some of the attributes cannot tell whether the whole entity matches: it is
    asked for all candidates, and the conditions are looked at afterwards. The same for split entities."""
    own = await context_for(partner.source, asked.context)
    split = not question.whole or flag(asked.call, "splitEntities")
    filters = {} if split else dict(asked.extra)
    if own is not asked.context:
        filters = {}  # they are written in other names
    if asked.extra and question.whole:
        question = replace(question, attrs=None)  # what is tested must come too
    need = str(min(MOST, asked.page.offset + asked.page.limit + 1))
    counted = {"count": "true"} if asked.page.count else {}
    return await asked_of(asked.call, partner, question, own, {**filters, "limit": need, **counted})


async def _page(asked: Asked, gathered: Gathered) -> tuple[list[Entity], int | None]:
    """The entities from the page on, one more than it holds where there are, and how many in all."""
    call, page, selection = asked.call, asked.page, asked.selection
    tenant, behind = await known_tenant(call), wall(call.actor)
    upto = page.offset + page.limit + 1
    wide = (
        replace(selection, q=None, geo=None, scopes=(), attrs=())
        if flag(call, "splitEntities")
        else selection
    )

    def read() -> tuple[dict[str, Entity], int]:
        here = {one.id: one for one in select(tenant, wide, behind, limit=upto, offset=0)}
        others = fetch_many(tenant, [urn for urn in gathered.parts if urn not in here], behind)
        return {**here, **others}, count(tenant, selection, behind) if page.count else 0

    here, counted = await ask(read)
    whole = await assembled(call, tenant, gathered, here)
    found = [one for one in whole.values() if matches(one, selection)]
    beyond = sum(gathered.totals) - sum(map(len, gathered.parts.values()))
    strangers = sum(1 for one in found if one.id not in here)
    return found[page.offset : upto], counted + strangers + max(beyond, 0) if page.count else None


async def _shown(asked: Asked, found: list[Entity], total: int | None) -> Answer:
    call, page, form, context = asked.call, asked.page, asked.form, asked.context
    shown, behind = found[: page.limit], wall(call.actor)
    tenant = await known_tenant(call)
    besides = frozenset(words(call, "containedBy"))
    linked = (
        await ask(lambda: linked_entities(tenant, shown, form, behind, besides=besides)) if form.join else {}
    )
    known = {urn: one.entity for urn, one in linked.items()} if form.join == "inline" else None
    beside = linked.values() if form.join == "flat" else ()
    value = written(shown, context, form, asked.media, linked=known, beside=beside)
    headers = [("NGSILD-Results-Count", str(total))] if total is not None else []
    if page.limit:
        more = len(found) > page.limit
        headers += page_links(call, limit=page.limit, offset=page.offset, more=more, media=asked.media)
    url = await url_of(call, context)
    return content(call, value, context, media=asked.media, headers=tuple(headers), url=url)


DOORS = {
    ("GET", PREFIX): query,
    ("GET", PREFIX + "/{id}"): retrieve,
    ("POST", f"/ngsi-ld/v1{OPERATIONS}/query"): query_by_post,
}
