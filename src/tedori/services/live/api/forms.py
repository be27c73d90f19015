"""What a caller's headers and parameters mean: the context, the body, the page, the form of the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson

from tedori.engines.ngsild.contexts import Context, compiled
from tedori.engines.ngsild.errors import NgsiLdError, bad_request, invalid_request
from tedori.engines.ngsild.projections import HEAD, check_choice, read_projection
from tedori.engines.ngsild.writing import LOCATION_IRI, Form
from tedori.services.live.actions.contexts import KEPT
from tedori.services.live.actions.fetching import brought
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import GEO, JSON, LD, Refused
from tedori.services.live.api.calls import Call
from tedori.services.live.queries.contexts import DOCUMENTS, NotHere
from tedori.services.live.queries.store import ask
from tedori.services.live.queries.tenants import DEFAULT, tenant_id

CONTEXT_LINK = re.compile(r"<([^>]*)>\s*((?:;[^,<]*)*)")
MERGE = "application/merge-patch+json"
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
FORMATS = {
    "normalized": "normalized",
    "concise": "concise",
    "simplified": "simplified",
    "keyValues": "simplified",
}
MOST, USUAL = 1_000, 20
MOST_FETCHED = 100  # documents for one context


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of an answer is wanted, and whether with the number of all."""

    limit: int
    offset: int
    count: bool


async def context_of(source: Any) -> Context:
    """The compiled context of what a caller gave; raises BadRequestData or LdContextNotAvailable.

    Documents that are not at hand are fetched while nobody else waits for them.
    """
    here: dict[str, Any] = {}
    for _ in range(MOST_FETCHED):
        try:
            found = compiled(source, load=lambda url: here.get(url) or DOCUMENTS.known(url))
            KEPT.now_and_then()
            return found
        except NotHere as missing:
            here[str(missing)] = await brought(str(missing))
    raise bad_request("The context leads to too many others.", where="@context")


def linked_context(call: Call) -> str | None:
    """The URL of the context that a Link header names, or None."""
    header = call.headers.get("link")
    if not header:
        return None
    found = [url for url, parameters in CONTEXT_LINK.findall(header) if "json-ld#context" in parameters]
    if len(found) > 1:
        raise bad_request("More than one Link names a @context.", where="Link")
    return found[0] if found else None


async def asked_context(call: Call) -> Context:
    """The context of a request without a body."""
    return await context_of(linked_context(call))


async def body_of(call: Call, *, arrays: bool = False) -> tuple[Any, Context]:
    """The JSON of a request (without `@context`) and the context that holds for it (clause 6.3.5)."""
    media = media_of(call)
    payload = parsed(call.body)
    given = linked_context(call)
    if isinstance(payload, dict) and "@context" in payload:
        inside = payload.pop("@context")
        if media != LD:
            raise bad_request(
                "A body of this media type must not hold @context.", detail=media, where="@context"
            )
        if given is not None:
            raise bad_request("A context stands in the body and in a Link.", where="Link")
        return payload, await context_of(inside)
    if not isinstance(payload, dict) and not arrays:
        raise invalid_request("A JSON object is wanted.")
    if media == LD and isinstance(payload, dict):
        raise bad_request("A body in JSON-LD must hold its @context.", where="@context")
    return payload, await context_of(given)


def media_of(call: Call) -> str:
    """The media type of a body; refused unless it is one that the standard takes."""
    media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (JSON, LD) and not (media == MERGE and call.method == "PATCH"):
        raise Refused(415)
    return media


def parsed(body: bytes) -> Any:
    """The JSON of a body; raises InvalidRequest."""
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise invalid_request("The body is not JSON.", detail=str(error)[:200]) from error
    if b"\\u0000" in body and NUL.search(body):
        raise bad_request("A text holds the character NUL, which cannot be stored.")
    return payload


async def known_tenant(call: Call) -> int:
    """The number of the tenant that is asked; raises NonexistentTenant."""
    number = await ask(tenant_id, call.tenant, quick=True)
    if number is not None:
        return number
    if call.tenant == DEFAULT:
        return await WRITER.write(Found(DEFAULT))
    raise NgsiLdError(
        "NonexistentTenant", "There is no such tenant.", detail=call.tenant, where="NGSILD-Tenant"
    )


TENANT = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


async def own_tenant(call: Call) -> int:
    """The number of the tenant that is written to, founded by its first entity."""
    if call.tenant and not TENANT.fullmatch(call.tenant):
        raise bad_request(
            "This cannot be the name of a tenant.", detail=call.tenant[:100], where="NGSILD-Tenant"
        )
    number = await ask(tenant_id, call.tenant, quick=True)
    return number if number is not None else await WRITER.write(Found(call.tenant))


def words(call: Call, name: str) -> list[str]:
    """The words of a comma-separated parameter."""
    text = call.query.get(name, "")
    return [word.strip() for word in text.split(",") if word.strip()] if text else []


def options_of(call: Call, allowed: frozenset[str]) -> frozenset[str]:
    """The words of `options`; raises InvalidRequest for one that means nothing here."""
    given = frozenset(words(call, "options"))
    if not given <= allowed:
        strange = ", ".join(sorted(given - allowed))
        raise invalid_request("An option is not known here.", detail=strange, where="options")
    return given


def flag(call: Call, name: str) -> bool:
    """A parameter that is true or false; raises BadRequestData for anything else."""
    text = call.query.get(name, "false")
    if text not in ("true", "false"):
        raise bad_request("true or false is wanted.", detail=text, where=name)
    return text == "true"


DISTRIBUTING = frozenset({"local", "via"})
WRITING = DISTRIBUTING | {"options", "format"}
SHOWING = DISTRIBUTING | frozenset(
    (
        "options",
        "format",
        "attrs",
        "pick",
        "omit",
        "lang",
        "datasetId",
        "geometryProperty",
        "join",
        "joinLevel",
        "containedBy",
        "entityMap",
        "entityMapLifetime",
    )
)
SELECTING = DISTRIBUTING | frozenset(
    (
        "id",
        "idPattern",
        "type",
        "attrs",
        "q",
        "georel",
        "geometry",
        "coordinates",
        "geoproperty",
        "scopeQ",
        "csf",
        "expandValues",
        "jsonKeys",
        "orderBy",
        "orderFrom",
        "orderGeometry",
        "collation",
        "splitEntities",
    )
)
PAGING = frozenset({"limit", "offset", "count"})

READING = frozenset({*FORMATS, "sysAttrs", "count"})


def form_of(call: Call, context: Context, media: str) -> Form:
    """The form in which the caller wants entities; raises BadRequestData and InvalidRequest."""
    query = call.query
    if not query:
        return GEOJSON if media == GEO else PLAIN
    options = options_of(call, READING)
    form = query.get("format") or next(
        (one for one in ("concise", "keyValues", "simplified") if one in options), ""
    )
    if form and form not in FORMATS:
        raise invalid_request("This format is not known.", detail=form, where="format")
    if "geometryProperty" in query and media != GEO:
        raise bad_request("geometryProperty is for GeoJSON only.", where="geometryProperty")
    attrs = expanded(call, context, "attrs")
    pick, omit = (
        read_projection(query[one], context, where=one) if one in query else None for one in ("pick", "omit")
    )
    check_choice(attrs=attrs, pick=pick, omit=omit)
    join, level = joining(call)
    geometry = query.get("geometryProperty")
    return Form(
        format=FORMATS[form or "normalized"],
        sys_attrs="sysAttrs" in options,
        languages=query.get("lang"),
        attrs=frozenset(attrs) if attrs is not None else None,
        pick=pick,
        omit=omit,
        dataset_ids=frozenset(words(call, "datasetId")) or None,
        geojson=media == GEO,
        geometry_property=context.expand(geometry) if geometry else LOCATION_IRI,
        join=join,
        join_level=level,
    )


PLAIN, GEOJSON = Form(), Form(geojson=True)


def joining(call: Call) -> tuple[str | None, int]:
    """Whether and how deep linked entities are wanted."""
    join = call.query.get("join")
    if join not in (None, "inline", "flat", "@none"):
        raise bad_request("join is inline, flat or @none.", detail=join, where="join")
    if join in (None, "@none"):
        if "joinLevel" in call.query:
            raise bad_request("joinLevel needs join.", where="joinLevel")
        return None, 1
    level = whole(call, "joinLevel", 1)
    if not 1 <= level <= 5:
        raise bad_request("joinLevel is from 1 to 5.", detail=str(level), where="joinLevel")
    return join, level


def expanded(call: Call, context: Context, name: str) -> tuple[str, ...] | None:
    """The IRIs of names in a parameter; None when it is not given."""
    if name not in call.query:
        return None
    names = [part.strip() for part in call.query[name].split(",")]
    if not all(names):
        raise bad_request("A name is missing.", where=name)
    if not HEAD.isdisjoint(names) and name != "type":
        raise bad_request("This is no attribute.", detail=", ".join(HEAD.intersection(names)), where=name)
    return tuple(dict.fromkeys(context.expand(one) for one in names))


def whole(call: Call, name: str, otherwise: int) -> int:
    """A whole number that is not negative; raises BadRequestData."""
    text = call.query.get(name)
    if text is None:
        return otherwise
    if not (text.isdigit() and text.isascii() and len(text) < 12):
        raise bad_request("A whole number from 0 on is wanted.", detail=text, where=name)
    return int(text)


def page_of(call: Call) -> Page:
    """The page that is asked for; raises BadRequestData, and TooManyResults beyond the limit."""
    counted = flag(call, "count") or "count" in words(call, "options")
    limit, offset = whole(call, "limit", USUAL), whole(call, "offset", 0)
    if limit > MOST:
        raise NgsiLdError("TooManyResults", f"At most {MOST} at a time.", detail=str(limit), where="limit")
    if limit == 0 and not counted:
        raise bad_request("A limit of 0 makes sense with count=true only.", where="limit")
    return Page(limit, offset, counted)
