"""`GET /live/stream`: changes as server-sent events, for browsers. Public types need no token.

A session is as good as a token here, for pages of this very origin. It asks like a query of entities (`type`,
`id`, `idPattern`, `q`, `georel` …, `scopeQ`, `attrs`, `pick`, `options`; `context` names the @context, since
a browser sends no Link) and answers with an endless stream:
`ready` with the position, then `created`, `updated`, `left` and `deleted`, each with an id from which a later
request goes on (Last-Event-ID). `resync` says that something was missed: read the present state anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any
from urllib.parse import parse_qsl

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.kernel.errors import UserError
from tedori.kernel.organisations.values import ANONYMOUS
from tedori.services.live.api.admission import visited
from tedori.services.live.api.answers import JSON, NotAcceptable, Refused, failed
from tedori.services.live.api.calls import Answer, Call
from tedori.services.live.api.forms import (
    SELECTING,
    SHOWING,
    context_of,
    form_of,
    known_tenant,
    linked_context,
)
from tedori.services.live.api.router import OPEN, parameters
from tedori.services.live.api.selections import selection_of
from tedori.services.live.queries.streams import STREAMS, Listener, Question, event

PATH = "/live/stream"
BEAT = 15.0  # seconds of silence after which a sign of life is sent
MOST = 5_000  # clients of one process
LIFE = 600.0  # seconds after which a client who is somebody must come again, and show that they still are
KNOWN = SHOWING | SELECTING | {"context", "lastEventId"}
AGAIN = b"retry: 2000\n\n"
HEAD = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
    *OPEN,
)
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def stream(scope: dict[str, Any], receive: Callable, send: Send) -> bool:
    """Answer with a stream; False when the address is not ours."""
    if scope["path"] != PATH:
        return False
    try:
        call = await _call(scope)
        question = await _question(call)
    except (NgsiLdError, UserError, NotAcceptable, Refused) as error:
        await refuse(send, failed(error, headers_of(scope).get("accept-language", "")))
        return True
    listener = await STREAMS.join(question)
    gone = asyncio.create_task(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEAD})
        await _open(listener, call, send)
        until = asyncio.get_running_loop().time() + LIFE if call.actor is not ANONYMOUS else inf
        await _follow(listener, gone, send, until=until)
    finally:
        STREAMS.leave(listener)
        gone.cancel()
    return True


async def _call(scope: dict[str, Any]) -> Call:
    """The request as other doors know it; raises what keeps a client out."""
    if scope["method"] != "GET":
        raise Refused(405, "Method not allowed", headers=(("Allow", "GET"),))
    if len(STREAMS) >= MOST:
        raise Refused(503, "Too many are listening. Try again later.", headers=(("Retry-After", "30"),))
    headers = headers_of(scope)
    text = scope["query_string"].decode("latin-1")
    return Call(
        method="GET",
        address=PATH,
        origin="",
        path={},
        query=parameters(text, KNOWN) if text else {},
        query_text=text,
        headers=headers,
        body=b"",
        actor=await visited(scope, headers),
        tenant=headers.get("ngsild-tenant", ""),
    )


async def _question(call: Call) -> Question:
    context = await context_of(call.query.get("context") or linked_context(call))
    asked = tuple(sorted(pair for pair in parse_qsl(call.query_text) if pair[0] != "lastEventId"))
    tenant = await known_tenant(call)
    who = (call.actor.organisation, call.actor.everywhere)
    key = (tenant, asked, who, repr(context.source))
    form, selection = form_of(call, context, JSON), selection_of(call, context)
    return Question(key, tenant, selection, form, context, call.actor)


async def _open(listener: Listener, call: Call, send: Send) -> None:
    """The beginning: what was missed since the last event that the client knows, then where it is now."""
    now = STREAMS.position
    given = call.headers.get("last-event-id") or call.query.get("lastEventId", "")
    missed: tuple[bytes, ...] | None = ()
    if given.isascii() and given.isdigit() and len(given) < 19:
        missed = await STREAMS.since(listener.question, int(given), now)
    first = event(now, "resync", {"position": now}) if missed is None else b"".join(missed)
    await _send(send, AGAIN + first + event(now, "ready", {"position": now}))


async def _follow(listener: Listener, gone: asyncio.Task[None], send: Send, *, until: float) -> None:
    """Tell what happens until the client goes, is too slow, or must come again."""
    clock = asyncio.get_running_loop().time
    while not gone.done() and clock() < until:
        listener.came.clear()
        if not listener.waiting and not listener.lost:
            await _come(listener, gone)
        if listener.lost:
            position = STREAMS.position
            await _send(send, event(position, "resync", {"position": position}), more=False)
            return
        told = b"".join(listener.waiting) or b": here\n\n"
        listener.waiting.clear()
        await _send(send, told)
    await _send(send, b": again\n\n", more=False)


async def _come(listener: Listener, gone: asyncio.Task[None]) -> None:
    """Wait for an event, the end of the client, or the time for a sign of life."""
    came = asyncio.ensure_future(listener.came.wait())
    try:
        await asyncio.wait((came, gone), timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
    finally:
        came.cancel()


async def _gone(receive: Callable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def refuse(send: Send, answer: Answer) -> None:
    """Send an answer that is no stream."""
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers]
    headers += [(b"content-type", answer.media.encode()), *OPEN]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    """The headers by their names in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
