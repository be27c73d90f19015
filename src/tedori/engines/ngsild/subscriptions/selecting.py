"""The query inside a subscription: its selectors of entities, q, geoQ and scopeQ as one Selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from tedori.engines.ngsild.contexts import CORE, Context
from tedori.engines.ngsild.queries.geo import parse_geo
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.scopes import parse_scope
from tedori.engines.ngsild.queries.tree import Geo, Node, Or, Selection
from tedori.engines.ngsild.queries.types import parse_types


def selection_of(document: Mapping[str, Any], context: Context) -> Selection:
    """The query of a stored document; raises NgsiLdError when a condition cannot be read.

    `context` is that in which q was written; the names of types and attributes are expanded already.
    """
    geo = document.get("geoQ")
    return Selection(
        either=tuple(_selector(one) for one in document.get("entities", ())),
        q=_query(document, context) if "q" in document else None,
        geo=_geo(geo) if geo else None,
        scopes=parse_scope(document["scopeQ"]) if "scopeQ" in document else (),
    )


def _query(document: Mapping[str, Any], context: Context) -> Node:
    expanded, kept = (_names(document.get(name, ""), context) for name in ("expandValues", "jsonKeys"))
    # Some clients write a query here as they must in an address; it holds when either reading does.
    texts = dict.fromkeys((document["q"], unquote(document["q"])))
    read = tuple(parse_q(text, context, expand_values=expanded, json_keys=kept) for text in texts)
    return read[0] if len(read) == 1 else Or(read)


def _names(text: str, context: Context) -> frozenset[str]:
    return frozenset(context.expand(name.strip()) for name in text.split(",") if name.strip())


def _selector(selector: Mapping[str, Any]) -> Selection:
    ids = selector.get("id", ())
    return Selection(
        ids=(ids,) if isinstance(ids, str) else tuple(ids),
        id_pattern=None if ids else selector.get("idPattern"),  # an id goes before a pattern
        types=_types(selector["type"]),
    )


def _types(text: str) -> tuple[tuple[str, ...], ...]:
    """Parentheses around the whole of a disjunction mean nothing, but are written."""
    inner = text[1:-1] if text[:1] + text[-1:] == "()" else ""
    plain = inner and not set(inner) & set("();")
    return () if text == "*" else parse_types(inner if plain else text, CORE)


def _geo(geo: Mapping[str, Any]) -> Geo | None:
    return parse_geo(geo["georel"], geo["geometry"], geo["coordinates"], geo.get("geoproperty"), CORE)
