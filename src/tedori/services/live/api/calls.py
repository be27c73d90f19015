"""What a door is asked, what it answers, and how a module of this room offers its doors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tedori.kernel.organisations.values import Actor


@dataclass(slots=True)
class Call:
    """One request, its body read: names of headers in small letters, query parameters decoded.

    `path` holds what the route's `{name}` parts matched, percent-decoded. `tenant` is the name that the
    caller gave, "" for the default one. `address` is the path as it was written, `origin` the scheme and host
    that the caller used.
    """

    method: str
    address: str
    origin: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    query_text: str
    headers: Mapping[str, str]
    body: bytes
    actor: Actor
    tenant: str = ""


@dataclass(slots=True)
class Answer:
    """What goes back: a status, a body (already bytes) and headers besides those that every answer has."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())
    media: str = "application/json"


@dataclass(frozen=True, slots=True)
class Route:
    """`Route("POST", "/ngsi-ld/v1/entities", create)`; modules of `api` offer a tuple of them as `ROUTES`.

    A part of the path in braces matches one segment and is found in `call.path`. The door is a coroutine
    that takes the Call, gives the Answer, and raises NgsiLdError or UserError for what must fail.
    `parameters` are the query parameters that it knows, others being refused; None: it looks itself.
    """

    method: str
    path: str
    door: Callable[[Call], Awaitable[Answer]]
    parameters: frozenset[str] | None = None
