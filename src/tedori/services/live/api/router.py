"""The hot door under /ngsi-ld/: finds the route, reads the body, asks who acts, and sends the answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from urllib.parse import parse_qsl, unquote

from tedori.engines.ngsild.errors import NgsiLdError, bad_request, invalid_request
from tedori.kernel.errors import UserError
from tedori.services.live.actions.expiring import expire
from tedori.services.live.actions.passing import VIA
from tedori.services.live.api.admission import admitted
from tedori.services.live.api.answers import NotAcceptable, Refused, crashed, failed
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.distributing.doors import distributed
from tedori.services.live.queries.options import options

log = logging.getLogger(__name__)

PREFIX = "/ngsi-ld/"
WITH_BODY = frozenset({"POST", "PATCH", "PUT"})
MOST_PARAMETERS = 200
EXPOSED = (
    "Link, Location, ETag, NGSILD-Results-Count, NGSILD-Tenant, NGSILD-Warning, Preference-Applied, "
    "Content-Range"
)
OPEN = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED.encode()))
ASKED_FIRST = (
    "authorization, content-type, link, accept, prefer, ngsild-tenant, if-none-match, accept-language"
)
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Node:
    """One place in the tree of paths: what may follow, and which methods end here."""

    __slots__ = ("doors", "named", "parts")

    def __init__(self) -> None:
        self.parts: dict[str, Node] = {}
        self.named: tuple[str, Node] | None = None
        self.doors: dict[str, Route] = {}

    def add(self, route: Route) -> None:
        """Take a route in; the names in braces must agree where paths share their beginning."""
        node = self
        for part in route.path.strip("/").split("/"):
            if part.startswith("{"):
                node.named = node.named or (part[1:-1], Node())
                node = node.named[1]
            else:
                node = node.parts.setdefault(part, Node())
        if route.method in node.doors:
            raise ValueError(f"two doors for {route.method} {route.path}")
        node.doors[route.method] = route

    def find(self, path: str) -> tuple[Node, dict[str, str]] | None:
        """The node of a path (still percent-encoded) and what its named parts matched."""
        node, found = self, {}
        for part in path.strip("/").split("/"):
            following = node.parts.get(part)
            if following is None:
                if node.named is None:
                    return None
                if not part:
                    raise bad_request("A name is missing in the path.", detail=path, where=node.named[0])
                found[node.named[0]] = unquote(part)
                following = node.named[1]
            node = following
        return (node, found) if node.doors else None

    def allowed(self) -> str:
        """The methods that end here."""
        return ", ".join(sorted({*self.doors, "OPTIONS", *(("HEAD",) if "GET" in self.doors else ())}))


def tree(routes: Iterable[Route]) -> Node:
    """The tree of these routes."""
    root = Node()
    for route in routes:
        root.add(route)
    return root


@cache
def routes() -> tuple[Route, ...]:
    """The routes of every module and package of this room."""
    package = __package__
    modules = (
        import_module(f"{package}.{found.name}") for found in iter_modules(import_module(package).__path__)
    )
    return tuple(route for module in modules for route in getattr(module, "ROUTES", ()))


@cache
def doors() -> Node:
    """Their tree, each asked through its counterpart that forwards, where there is one."""
    return tree(map(distributed, routes()))


async def hub(scope: dict[str, Any], receive: Callable, send: Send) -> bool:
    """Answer a request to the hub."""
    headers = headers_of(scope)
    try:
        answer = await answered(scope, headers, receive)
    except (NgsiLdError, UserError, NotAcceptable, Refused) as error:
        answer = failed(error, headers.get("accept-language", ""))
    except Exception:  # noqa: BLE001 - the boundary: a bug is written down and told without its inside
        log.exception("%s %s failed", scope["method"], scope["path"])
        answer = crashed()
    await sent(send, answer, bare=scope["method"] == "HEAD", tenant=headers.get("ngsild-tenant", ""))
    return True


async def answered(scope: dict[str, Any], headers: dict[str, str], receive: Callable) -> Answer:
    """What the door of this path answers; raises what it raises."""
    method = scope["method"]
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    found = doors().find(path)
    if found is None:
        raise NgsiLdError("ResourceNotFound", "There is no such door.", detail=path, where=path)
    node, named = found
    if method == "OPTIONS":
        allowed = node.allowed()
        return Answer(204, b"", (("Allow", allowed), *_preflight(allowed)))
    door = node.doors.get("GET" if method == "HEAD" else method)
    if door is None and path == f"{PREFIX}v1/entities/" and node.named and _lacks_id(node.named, method):
        raise bad_request("A name is missing in the path.", detail=path, where=node.named[0])
    if door is None:
        raise Refused(405, "Method not allowed", headers=(("Allow", node.allowed()),))
    actor = await admitted(scope, headers)
    VIA.set(headers.get("via", ""))
    body = await _body(headers, receive) if method in WITH_BODY else b""
    await expire()
    text = scope["query_string"].decode("latin-1")
    query = parameters(text, door.parameters) if text else {}
    return await door.door(
        Call(
            method=method,
            address=path,
            origin=f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}",
            path=named,
            query=query,
            query_text=text,
            headers=headers,
            body=body,
            actor=actor,
            tenant=headers.get("ngsild-tenant", ""),
        )
    )


def _lacks_id(named: tuple[str, Node], method: str) -> bool:
    """Whether the address is that of one entity whose id was left out; elsewhere that is just no door."""
    return named[0] == "id" and method in named[1].doors


def _preflight(allowed: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Access-Control-Allow-Methods", allowed),
        ("Access-Control-Allow-Headers", ASKED_FIRST),
        ("Access-Control-Max-Age", "86400"),
    )


def parameters(text: str, known: frozenset[str] | None) -> dict[str, str]:
    """The query parameters; raises InvalidRequest for too many, an unknown one, or one given twice."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise invalid_request("The query parameters cannot be read.", detail=str(error)[:200]) from error
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(
            name for number, (name, _) in enumerate(pairs) if name in [one for one, _ in pairs[:number]]
        )
        raise invalid_request("A query parameter is given twice.", where=twice)
    if known is not None and not known.issuperset(found):
        strange = ", ".join(sorted(found.keys() - known))
        raise invalid_request("A query parameter is not known here.", detail=strange, where=strange)
    return found


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    """The headers by name; several of one name are joined by commas."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


async def _body(headers: dict[str, str], receive: Callable) -> bytes:
    """The body; raises Refused where its length is not told or beyond the limit."""
    limit = options().largest_body
    length = headers.get("content-length", "")
    if not length.isdigit():
        raise Refused(411)
    if int(length) > limit:
        raise Refused(413, f"The body is larger than {limit} bytes. Send less at a time.")
    parts, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The caller went away.")
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def sent(send: Send, answer: Answer, *, bare: bool, tenant: str) -> None:
    """Send an answer, without its body when it is a bare one."""
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answer.headers
    ]
    headers += OPEN
    if tenant and answer.status < 400:
        headers.append((b"ngsild-tenant", tenant.encode("latin-1", "replace")))
    if answer.body or answer.status not in {204, 304}:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    if answer.body:
        headers.append((b"content-type", answer.media.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if bare else answer.body})
