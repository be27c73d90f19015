"""The query inside a subscription: its selectors of entities, q, geoQ and scopeQ as one Selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from tedori.engines.ngsild.contexts import CORE, Context
from tedori.engines.ngsild.queries.geo import parse_geo
from tedori.engines.ngsild.queries.parsing import parse_q
from tedori.engines.ngsild.queries.scopes import parse_scope
from tedori.engines.ngsild.queries.tree import Geo, Selection
from tedori.engines.ngsild.queries.types import parse_types


def selection_of(document: Mapping[str, Any], context: Context) -> Selection:
    """The query of a stored document; raises NgsiLdError when a condition cannot be read.

    `context` is that in which q was written; the names of types and attributes are expanded already.
    """
    geo = document.get("geoQ")
    return Selection(
        either=tuple(_selector(one) for one in document.get("entities", ())),
        q=parse_q(document["q"], context) if "q" in document else None,
        geo=_geo(geo) if geo else None,
        scopes=parse_scope(document["scopeQ"]) if "scopeQ" in document else (),
    )


def _selector(selector: Mapping[str, Any]) -> Selection:
    ids = selector.get("id", ())
    return Selection(
        ids=(ids,) if isinstance(ids, str) else tuple(ids),
        id_pattern=None if ids else selector.get("idPattern"),  # an id goes before a pattern
        types=() if selector["type"] == "*" else parse_types(selector["type"], CORE),
    )


def _geo(geo: Mapping[str, Any]) -> Geo:
    coordinates = geo["coordinates"]
    text = coordinates if isinstance(coordinates, str) else orjson.dumps(coordinates).decode()
    return parse_geo(geo["georel"], geo["geometry"], text, geo.get("geoproperty"), CORE)
