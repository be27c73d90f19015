"""`/v2/types`: which types there are, with their attributes and how many entities they have."""

from __future__ import annotations

from typing import Any

import orjson

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.ngsiv2.attributes import type_of
from tedori.engines.ngsild.ngsiv2.names import iri_of, name_of
from tedori.engines.ngsild.queries.tree import Selection
from tedori.services.live.api.answers import JSON, accepted
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.ngsiv2.asking import behind, option, page_of, tenant_or_none
from tedori.services.live.queries.discovery import type_names, type_use
from tedori.services.live.queries.entities import select
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import Wall

LOOKED_AT = 100  # entities of a type whose attributes tell which types of values there are


async def find(call: Call) -> Answer:
    """GET: all types, or with `values` their names alone."""
    accepted(call, (JSON,))
    page, seen, names_only = page_of(call), behind(call), option(call, "values")
    detailed = not option(call, "noAttrDetail")

    def asked(tenant: int) -> tuple[list[Any], int]:
        names = sorted(type_names(tenant, seen), key=name_of)
        chosen = names[page.offset : page.offset + page.limit]
        if names_only:
            return [name_of(iri) for iri in chosen], len(names)
        shown = [{"type": name_of(iri), **described(tenant, iri, seen, detailed=detailed)} for iri in chosen]
        return shown, len(names)

    tenant = await tenant_or_none(call)
    found, total = await ask(asked, tenant) if tenant is not None else ([], 0)
    headers = (("Fiware-Total-Count", str(total)),) if page.count else ()
    return Answer(200, orjson.dumps(found), headers)


def described(tenant: int, iri: str, seen: Wall | None, *, detailed: bool = True) -> dict[str, Any]:
    """The attributes of a type, with the types of their values, and how many entities there are."""
    total, uses = type_use(tenant, iri, seen)
    types: dict[str, set[str]] = {name_of(use.name): set() for use in uses}
    sample = select(tenant, Selection(types=((iri,),)), seen, limit=LOOKED_AT, offset=0) if detailed else ()
    for entity in sample:
        for name, instances in entity.attributes.items():
            types.setdefault(name_of(name), set()).add(type_of(instances[0]))
    return {"attrs": {name: {"types": sorted(found)} for name, found in types.items()}, "count": total}


async def read(call: Call) -> Answer:
    """GET of one type."""
    accepted(call, (JSON,))
    iri, seen = iri_of(call.path["name"]), behind(call)
    tenant = await tenant_or_none(call)
    shown = await ask(described, tenant, iri, seen) if tenant is not None else {"count": 0}
    if not shown["count"]:
        raise NgsiLdError("ResourceNotFound", "Entity type not found")
    return Answer(200, orjson.dumps(shown))


async def registrations(call: Call) -> Answer:
    """GET: registrations of sources belong to the NGSI-LD door; here there are none."""
    return Answer(200, b"[]")


ROUTES = (
    Route("GET", "/v2/types", find),
    Route("GET", "/v2/types/{name}", read),
    Route("GET", "/v2/registrations", registrations),
)
