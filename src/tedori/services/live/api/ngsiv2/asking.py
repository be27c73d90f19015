"""What a caller of NGSIv2 says in parameters, headers and body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from tedori.engines.ngsild.contexts import compiled
from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.ngsiv2.asking import Asked, order_of, place_of, query_of
from tedori.engines.ngsild.ngsiv2.entities import FORMATS, Shape
from tedori.engines.ngsild.ngsiv2.errors import ParseError
from tedori.engines.ngsild.ngsiv2.names import checked, iri_of, name_of, pattern_of, urn_of
from tedori.engines.ngsild.queries.geo import parse_geo
from tedori.engines.ngsild.queries.ordering import parse_order
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.patterns import checked as pattern
from tedori.engines.ngsild.queries.patterns import found
from tedori.engines.ngsild.queries.tree import Selection
from tedori.services.live.api.answers import Refused
from tedori.services.live.api.calls import Call
from tedori.services.live.api.forms import NUL, Page, known_tenant, whole, words
from tedori.services.live.queries.discovery import place_names, type_names
from tedori.services.live.rules.access import Wall, wall
from tedori.services.live.rules.paths import paths_of, walled

MOST = 1_000
SORTS = "a type and a typePattern", "an id and an idPattern"


def no_context(url: str) -> Any:
    """There are no remote contexts in v2."""
    raise bad_request("there is no such context", detail=url)


def json_of(call: Call) -> Any:
    """The body; raises ParseError, BadRequestData and Refused."""
    media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in ("application/json", "application/merge-patch+json"):
        raise Refused(415)
    if not call.body:
        raise Refused(411)
    try:
        payload = orjson.loads(call.body)
    except orjson.JSONDecodeError:
        raise ParseError from None
    if b"\\u0000" in call.body and NUL.search(call.body):
        raise bad_request("A text holds the character NUL, which cannot be stored")
    return payload


def object_of(call: Call) -> dict[str, Any]:
    """The body, which must be an object with something in it."""
    payload = json_of(call)
    if not isinstance(payload, dict):
        raise bad_request("a JSON object is wanted")
    if not payload:
        raise bad_request("empty payload")
    return payload


def option(call: Call, name: str) -> bool:
    """Whether one of the words of `options` is given."""
    return name in words(call, "options")


def shape_of(call: Call, *, more: Mapping[str, Any] | None = None) -> Shape:
    """The form of an answer; `more` are the members of a query by POST."""
    format = next((one for one in FORMATS if option(call, one)), "normalized")
    attrs, metadata = (_listed(call, name, more or {}) for name in ("attrs", "metadata"))
    return Shape(format, tuple(attrs) or None, metadata=frozenset(metadata) or None)


def _listed(call: Call, name: str, more: Mapping[str, Any]) -> list[str]:
    given = more.get(name)
    if given is None:
        return words(call, name)
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise bad_request(f"{name} must be an array of names", where=name)
    return given


def page_of(call: Call) -> Page:
    """The page that is asked for."""
    limit, offset = whole(call, "limit", 20), whole(call, "offset", 0)
    if not 1 <= limit <= MOST:
        raise bad_request(f"Bad pagination limit: {limit}", detail=f"1 to {MOST}", where="limit")
    return Page(limit, offset, option(call, "count"))


def paths(call: Call) -> tuple[str, ...]:
    """The service paths of the request."""
    return paths_of(call.headers.get("fiware-servicepath", ""))


def behind(call: Call) -> Wall | None:
    """What the caller may see, under the service path that he names."""
    return walled(wall(call.actor), paths(call))


async def tenant_or_none(call: Call) -> int | None:
    """The tenant that is asked; None when there is none of that name, and so nothing in it."""
    try:
        return await known_tenant(call)
    except NgsiLdError:
        return None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query says besides types and ids: parameters of GET, or an expression."""

    q: str | None = None
    mq: str | None = None
    georel: str | None = None
    geometry: str | None = None
    coords: str | None = None
    order: str | None = None


def wanted_of(given: Mapping[str, Any], order: str | None) -> Wanted:
    """The parameters of that name; raises BadRequestData for one that is no text."""
    said = {name: given.get(name) for name in ("q", "mq", "georel", "geometry", "coords")}
    if not all(value is None or isinstance(value, str) for value in said.values()):
        raise bad_request("invalid query expression", where="expression")
    return Wanted(**said, order=order)


def selection_of(
    selectors: list[Mapping[str, Any]], wanted: Wanted, *, tenant: int, wall: Wall | None
) -> Selection | None:
    """The selection; None when no entity can match. Asks the database for names; raises BadRequestData."""
    either = [one for given in selectors if (one := _selector(given, tenant, wall)) is not None]
    if selectors and not either:
        return None
    base = either[0] if len(either) == 1 else Selection(either=tuple(either))
    asked = query_of(wanted.q, wanted.mq)
    if asked.text:
        base = replace(base, q=parse_q(asked.text, context_of(asked)))
    place = place_of(wanted.georel, wanted.geometry, wanted.coords)
    if place is not None:
        base = _placed(base, place, tenant)
    if wanted.order:
        base = replace(base, order_by=_order(wanted.order, place))
    return base


def context_of(asked: Asked) -> Any:
    """The compiled context of what was translated."""
    return compiled(asked.context or None, load=no_context)


def _placed(base: Selection, place: dict[str, Any], tenant: int) -> Selection:
    """v2 asks for the one place of an entity, whatever its attribute is called."""
    asked = [
        parse_geo(place["georel"], place["geometry"], place["coordinates"], name, context_of(Asked()))
        for name in place_names(tenant) or ["location"]
    ]
    if len(asked) == 1:
        return replace(base, geo=asked[0])
    return Selection(
        either=tuple(replace(one, geo=geo) for one in (base.either or (base,)) for geo in asked),
        q=base.q if base.either else None,
    )


def _order(text: str, place: dict[str, Any] | None) -> Any:
    asked = order_of(text)
    if "dist-" in asked.text and place is None:
        raise bad_request("geo:distance needs a georel", where="orderBy")
    origin, geometry = (place["coordinates"], place["geometry"]) if place else (None, None)
    return parse_order(asked.text, context_of(asked), origin=origin, geometry=geometry)


def _selector(given: Mapping[str, Any], tenant: int, wall: Wall | None) -> Selection | None:
    """One selector: id or idPattern, type or typePattern, texts or lists of texts."""
    for what, (one, other) in zip(SORTS, (("type", "typePattern"), ("id", "idPattern")), strict=True):
        if one in given and other in given:
            raise bad_request(f"{what} exclude each other")
    types = tuple((iri_of(checked(name, "type")),) for name in _texts(given, "type"))
    if "typePattern" in given:
        types = _matching(_texts(given, "typePattern")[0], tenant, wall)
        if not types:
            return None
    ids = tuple(urn_of(checked(one, "id")) for one in _texts(given, "id"))
    patterned = _texts(given, "idPattern")
    return Selection(
        ids=ids, id_pattern=pattern(pattern_of(patterned[0])) if patterned else None, types=types
    )


def _texts(given: Mapping[str, Any], name: str) -> list[str]:
    value = given.get(name)
    if value is None:
        return []
    if not isinstance(value, str) or not value:
        raise bad_request(f"{name} must be a text that is not empty", where=name)
    return [value] if name.endswith("Pattern") else value.split(",")


def _matching(text: str, tenant: int, wall: Wall | None) -> tuple[tuple[str, ...], ...]:
    """The types whose names match."""
    wanted = pattern(text)
    return tuple((iri,) for iri in type_names(tenant, wall) if found(wanted, name_of(iri)))
