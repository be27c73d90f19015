"""`GET /live/{type}/beside/{table}`: rows of a public table with what is known live of each.

By id: `key` names the table's column; its value is the end of an id after `prefix` (`urn:ngsi-ld:{type}:`)
or, with `attribute`, the value of that attribute. By place: `longitude`, `latitude` name columns, `metres`
says how far (200), `attribute` which place of the entity (location). `readings` names an attribute whose
hourly means the lake adds. `limit` (100, at most 500) and `offset` page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import orjson

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.writing import LOCATION_IRI, SIMPLIFIED, write_entity
from tedori.kernel.errors import UserError
from tedori.services.live.api.admission import admitted
from tedori.services.live.api.answers import NotAcceptable, Refused, failed
from tedori.services.live.api.calls import Answer, Call
from tedori.services.live.api.forms import context_of, known_tenant, linked_context, whole
from tedori.services.live.api.router import parameters
from tedori.services.live.api.stream import headers_of, refuse
from tedori.services.live.queries.beside import ById, ByPlace, Pair, beside, hourly, rows_of
from tedori.services.live.queries.store import ask
from tedori.services.live.rules.access import wall

PATH = re.compile(r"/live/([^/]+)/beside/([a-z0-9_]+)")
KNOWN = frozenset(
    (
        "context",
        "key",
        "prefix",
        "attribute",
        "longitude",
        "latitude",
        "metres",
        "readings",
        "limit",
        "offset",
    )
)
MOST, USUAL, FARTHEST = 500, 100, 10_000


async def joined(scope: dict[str, Any], receive: Callable, send: Callable) -> bool:
    """Answer with rows and entities; False when the address is not ours."""
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    found = PATH.fullmatch(path)
    if found is None or scope["method"] != "GET":
        return False
    headers = headers_of(scope)
    try:
        answer = await _answer(scope, headers, unquote(found[1]), found[2])
    except (NgsiLdError, UserError, NotAcceptable, Refused) as error:
        answer = failed(error, headers.get("accept-language", ""))
    await refuse(send, answer)
    return True


async def _answer(scope: dict[str, Any], headers: dict[str, str], word: str, table: str) -> Answer:
    text = scope["query_string"].decode("latin-1")
    call = Call(
        method="GET", address=scope["path"], origin="", path={},
        query=parameters(text, KNOWN) if text else {}, query_text=text,
        headers=headers, body=b"", actor=await admitted(scope, headers),
        tenant=headers.get("ngsild-tenant", ""),
    )  # fmt: skip
    context = await context_of(call.query.get("context") or linked_context(call))
    tenant, name = await known_tenant(call), context.expand(word)
    join = join_of(call, context, word)
    limit, offset = whole(call, "limit", USUAL), whole(call, "offset", 0)
    if not 1 <= limit <= MOST:
        raise bad_request(f"limit is from 1 to {MOST}.", detail=str(limit), where="limit")
    columns = (join.column,) if isinstance(join, ById) else (join.longitude, join.latitude)
    readings = context.expand(call.query["readings"]) if call.query.get("readings") else None

    def look() -> tuple[list[Pair], dict[str, Any], bool]:
        rows = rows_of(table, columns=columns, limit=limit + 1, offset=offset)
        pairs = beside(tenant, name, wall(call.actor), rows[:limit], join)
        near = [one for pair in pairs for one in pair.entities]
        return pairs, hourly(tenant, name, readings, near) if readings else {}, len(rows) > limit

    pairs, means, more = await ask(look)
    body = {
        "table": table,
        "rows": [_written(pair, means, context) for pair in pairs],
        "next": offset + limit if more else None,
    }
    return Answer(200, orjson.dumps(body, default=str))


def join_of(call: Call, context: Context, word: str) -> ById | ByPlace:
    """How rows and entities are to be brought together; raises BadRequestData."""
    query, attribute = call.query, call.query.get("attribute")
    iri = context.expand(attribute) if attribute else None
    if "key" in query:
        return ById(query["key"], query.get("prefix", f"urn:ngsi-ld:{re.split('[/#]', word)[-1]}:"), iri)
    if "longitude" not in query or "latitude" not in query:
        raise bad_request("Give key, or longitude and latitude: names of columns.", where="key")
    metres = whole(call, "metres", 200)
    if metres > FARTHEST:
        raise bad_request(f"metres is at most {FARTHEST}.", detail=str(metres), where="metres")
    return ByPlace(query["longitude"], query["latitude"], float(metres), iri or LOCATION_IRI)


def _written(pair: Pair, means: dict[str, Any], context: Context) -> dict[str, Any]:
    entities = []
    for one in pair.entities:
        document = {"entity": write_entity(one.entity, context, SIMPLIFIED)}
        if one.metres is not None:
            document["metres"] = round(one.metres, 1)
        if one.entity.id in means:
            document["readings"] = means[one.entity.id]
        entities.append(document)
    return {"row": pair.row, "entities": entities}
