"""`POST /ngsi-ld/lines`: an endless stream of entities, one JSON document per line, one answer per line.

The body (application/x-ndjson) is read as fast as it can be written and no faster: whoever sends more is
held up by the connection itself. Each line is an upsert that updates; its answer is a line
{"line", "id", "done"} or {"line", "error", "detail"}, in order. A wrong line disturbs no other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import orjson

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.patching import Outcome, append
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.values import Entity
from tedori.kernel.errors import UserError
from tedori.services.live.actions.entities import Batch, Upsert
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.admission import admitted
from tedori.services.live.api.answers import NotAcceptable, Refused, failed
from tedori.services.live.api.calls import Call
from tedori.services.live.api.entities import storable
from tedori.services.live.api.forms import asked_context, own_tenant, parsed
from tedori.services.live.api.router import OPEN, Send, headers_of, sent
from tedori.services.live.rules.access import demand_writer

PATH = "/ngsi-ld/lines"
MEDIA = "application/x-ndjson"
LONGEST = 2**20
TOGETHER = 200  # lines in one transaction
HEAD = (
    (b"content-type", MEDIA.encode()),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    *OPEN,
)


async def lines(scope: dict[str, Any], receive: Callable, send: Send) -> bool:
    """Answer with a line per line; False when the address is not ours."""
    if scope["path"] != PATH:
        return False
    headers = headers_of(scope)
    try:
        call = await _call(scope, headers)
        context, tenant = await asked_context(call), await own_tenant(call)
    except (NgsiLdError, UserError, NotAcceptable, Refused) as error:
        await sent(send, failed(error, headers.get("accept-language", "")), bare=False, tenant="")
        return True
    await send({"type": "http.response.start", "status": 200, "headers": HEAD})
    async for group in _groups(receive):
        told = b"".join(orjson.dumps(one) + b"\n" for one in await _written(call, tenant, context, group))
        await send({"type": "http.response.body", "body": told, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
    return True


async def _call(scope: dict[str, Any], headers: dict[str, str]) -> Call:
    if scope["method"] != "POST":
        raise Refused(405, "Method not allowed", headers=(("Allow", "POST"),))
    if headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA:
        raise Refused(415)
    actor = await admitted(scope, headers)
    demand_writer(actor)
    return Call("POST", PATH, "", {}, {}, "", headers, b"", actor, headers.get("ngsild-tenant", ""))


async def _groups(receive: Callable) -> AsyncIterator[list[tuple[int, bytes]]]:
    """The lines with their numbers, as many together as have come; the next are read when these are done."""
    rest, number, more = b"", 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message.get("more_body", False)
        *whole, rest = (rest + message.get("body", b"")).split(b"\n")
        if not more or len(rest) > LONGEST:
            whole, rest = [*whole, rest], b""
        numbered = list(enumerate(whole, number + 1))
        number += len(whole)
        wanted = [(one, line) for one, line in numbered if line.strip()]
        for start in range(0, len(wanted), TOGETHER):
            yield wanted[start : start + TOGETHER]


async def _written(
    call: Call, tenant: int, context: Context, group: list[tuple[int, bytes]]
) -> list[dict[str, Any]]:
    read = [(number, _read(line, context)) for number, line in group]
    good = [(number, one) for number, one in read if isinstance(one, Entity)]
    commands = tuple(Upsert(tenant, one, partial(_updating, one), call.actor) for _, one in good)
    outcomes = await WRITER.write(Batch(commands)) if commands else []
    done = {
        number: outcome if isinstance(outcome, Exception) else _done(one, outcome)
        for (number, one), outcome in zip(good, outcomes, strict=True)
    }
    return [_answer(number, done.get(number, one)) for number, one in read]


def _read(line: bytes, context: Context) -> Entity | Exception:
    try:
        if len(line) > LONGEST:
            raise NgsiLdError("BadRequestData", "The line is too long.", detail=f"at most {LONGEST} bytes")
        return storable(read_entity(parsed(line), context))
    except NgsiLdError as error:
        return error


def _updating(new: Entity, old: Entity, at: str) -> Outcome:
    return append(old, new, at=at)


def _done(entity: Entity, outcome: Any) -> dict[str, Any]:
    return {"id": entity.id, "done": "created" if outcome is not None else "updated"}


def _answer(number: int, what: Any) -> dict[str, Any]:
    if isinstance(what, NgsiLdError):
        return {
            "line": number,
            "error": what.kind,
            "detail": f"{what.title} {what.detail} {what.where}".strip(),
        }
    if isinstance(what, UserError):
        return {"line": number, "error": what.code, "detail": str(what)}
    return {"line": number, **what}
