"""Which entities a caller asks for, by parameters or by a Query document (clauses 5.7.2 and 5.2.23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tedori.engines.ngsild.checks import read_uri
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.projections import HEAD, Projection, read_projection
from tedori.engines.ngsild.queries.geo import parse_geo
from tedori.engines.ngsild.queries.ordering import parse_order
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.patterns import checked
from tedori.engines.ngsild.queries.scopes import parse_scope
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.queries.types import parse_types
from tedori.services.live.api.calls import Call
from tedori.services.live.api.forms import expanded, flag, words

COLLATIONS = ("und-u-va-posix", "en-US-u-va-posix")  # what RFC 6067 calls the order of code points
GEO_PARAMETERS = ("georel", "geometry", "coordinates", "geoproperty")


def selection_of(call: Call, context: Context, *, enough: bool = False) -> Selection:
    """The selection of a query by GET; raises BadRequestData, also when it would ask for everything.

    `enough`: the caller knows of another restriction.
    """
    query = call.query
    found = _asked(call, context)
    if not (enough or narrow(found) or query.get("type") == "*" or flag(call, "local")):
        raise too_wide()
    check_sources(query.get("csf"), context)
    check_collation(query.get("collation"))
    origin, geometry = query.get("orderFrom"), query.get("orderGeometry")
    order = parse_order(query.get("orderBy"), context, origin=origin, geometry=geometry)
    return replace(found, order_by=order) if order else found


def _asked(call: Call, context: Context) -> Selection:
    """The selection itself, as wide as it may be."""
    query = call.query
    picked = only_attributes(read_projection(query["pick"], context)) if "pick" in query else ()
    return Selection(
        ids=tuple(read_uri(one, "id") for one in query["id"].split(",")) if "id" in query else (),
        id_pattern=pattern(query.get("idPattern")),
        types=parse_types(query["type"], context) if query.get("type") else (),
        attrs=expanded(call, context, "attrs") or picked,
        q=_q(query.get("q"), context, words(call, "expandValues"), words(call, "jsonKeys")),
        geo=parse_geo(*(query.get(name) for name in GEO_PARAMETERS), context),
        scopes=parse_scope(query["scopeQ"]) if "scopeQ" in query else (),
    )


def check_sources(text: str | None, context: Context) -> None:
    """Raise BadRequestData for a filter of context sources that cannot be read.

    It chooses among those to whom a question is forwarded; what is stored here is no source of another.
    """
    if text:
        parse_q(text, context)


def check_collation(text: str | None) -> None:
    """Raise BadRequestData for an order of texts other than ours, which goes by code points."""
    if text is not None and text not in COLLATIONS:
        raise bad_request(
            "Texts are ordered by their code points here.",
            detail=f"collation may be {' or '.join(COLLATIONS)}, not {text[:50]}",
            where="collation",
        )


def only_attributes(pick: Projection) -> tuple[str, ...]:
    """The attributes of a projection that keeps nothing else: entities without any of them are left out."""
    return () if HEAD & pick.keys() else tuple(pick)


def pattern(text: str | None) -> str | None:
    """A regular expression that can be searched with; raises BadRequestData."""
    return checked(text) if text else None


def _q(text: str | None, context: Context, expand_values: list[str], json_keys: list[str]) -> Any:
    if not text:
        return None
    values, keys = (frozenset(map(context.expand, names)) for names in (expand_values, json_keys))
    return parse_q(text, context, expand_values=values, json_keys=keys)


def narrow(selection: Selection) -> bool:
    """Whether a selection says enough: types, attributes, a query or a place."""
    return bool(selection.types or selection.attrs or selection.q or selection.geo)


def too_wide() -> Exception:
    """The error for a selection that would ask for everything."""
    return bad_request("The query is too wide.", detail="Give type, attrs, q or georel, or local=true.")


def selection_in(document: Mapping[str, Any], context: Context, *, local: bool) -> Selection:
    """The selection of a Query document; raises BadRequestData."""
    attrs = document.get("attrs")
    found = Selection(
        attrs=tuple(map(context.expand, _texts(attrs, "$.attrs"))) if attrs is not None else (),
        q=_q(
            _text(document, "q"), context,
            _texts(document.get("expandValues"), "$.expandValues"),
            _texts(document.get("jsonKeys"), "$.jsonKeys"),
        ),
        geo=_geo_in(document, context),
        scopes=parse_scope(document["scopeQ"]) if _text(document, "scopeQ") else (),
        either=_selectors_in(document, context),
    )  # fmt: skip
    check_sources(_text(document, "csf"), context)
    if not (narrow(found) or found.either or local):
        raise too_wide()
    return found


def _geo_in(document: Mapping[str, Any], context: Context) -> Any:
    geo = document.get("geoQ")
    if geo is not None and not isinstance(geo, dict):
        raise bad_request("geoQ is an object.", where="$.geoQ")
    return parse_geo(*(geo.get(name) for name in GEO_PARAMETERS), context) if geo else None


def _selectors_in(document: Mapping[str, Any], context: Context) -> tuple[Selection, ...]:
    selectors = document.get("entities")
    if selectors is None:
        return ()
    if not isinstance(selectors, list) or not selectors:
        raise bad_request("entities is an array of selectors.", where="$.entities")
    return tuple(_selector(one, context) for one in selectors)


def _selector(selector: Any, context: Context) -> Selection:
    if not isinstance(selector, dict) or not isinstance(selector.get("type"), str):
        raise bad_request("A selector of entities needs a type.", where="$.entities")
    ids = selector.get("id")
    return Selection(
        ids=tuple(read_uri(one, "$.entities.id") for one in (ids if isinstance(ids, list) else [ids]))
        if ids
        else (),
        id_pattern=pattern(_text(selector, "idPattern")) if not ids else None,
        types=parse_types(selector["type"], context),
    )


def _text(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_request("A text is wanted.", where=f"$.{name}")
    return value


def _texts(value: Any, where: str) -> list[str]:
    if value is None:
        return []
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(one, str) and one for one in names):
        raise bad_request("An array of names is wanted.", where=where)
    return names
