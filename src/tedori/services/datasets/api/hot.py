"""`GET /api/v1/datasets/{slug}/rows`: a hot door, answered without the rest of the house."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import orjson
from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.utils import timezone
from django.utils.translation import override

from tedori.engines.tabular.definitions import standard
from tedori.kernel.errors import PROBLEM, UserError, problem
from tedori.kernel.organisations.doors import admit_scope
from tedori.services.datasets.actions.voices import API
from tedori.services.datasets.api.answers import ASKED_FIRST, FRESH, OPEN, language
from tedori.services.datasets.api.forms import CONTENT, body
from tedori.services.datasets.api.usage import TALLY, write_beside
from tedori.services.datasets.queries.shelves import Shelf
from tedori.services.datasets.queries.shelving import SHELVES, search
from tedori.services.datasets.rules.asking import Ask, BadParameter, asked, sealed
from tedori.services.datasets.rules.errors import NotFound

PREFIX = "/api/v1/datasets/"
PATH = re.compile(r"/api/v1/datasets/([a-z_]+)/rows")
MOST_PARAMETERS = 100
LARGE = 20_000  # rows from which on a search through texts leaves the event loop
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]


def _raw(headers: dict[str, str]) -> Headers:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


OPEN_RAW, ASKED_FIRST_RAW = _raw(OPEN), _raw(ASKED_FIRST)
BESIDES = set()  # writings under way; the event loop itself holds tasks only weakly


def _fetched(slug: str) -> Shelf:
    close_old_connections()
    try:
        return SHELVES.get(slug)
    finally:
        close_old_connections()


fetched = sync_to_async(_fetched, thread_sensitive=False)


async def rows(scope: dict[str, Any], receive: Callable, send: Send) -> bool:
    """Answer a question for rows; False when the address is not ours."""
    found = PATH.fullmatch(scope["path"])
    if found is None or scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
        return False
    if scope["method"] == "OPTIONS":
        await _send(send, 204, b"", (*ASKED_FIRST_RAW, *OPEN_RAW))
        return True
    try:
        await _answer(scope, send, found[1])
    except UserError as error:
        await _refuse(scope, send, error)
    return True


async def _answer(scope: dict[str, Any], send: Send, slug: str) -> None:
    await admit_scope(scope, "public")
    if slug not in standard():
        raise NotFound(where=slug)
    shelf = SHELVES.known(slug) or await fetched(slug)
    etag = etag_of(shelf).encode()
    headers = ((b"etag", etag), (b"cache-control", FRESH.encode()), *OPEN_RAW)
    if etag in _header(scope, b"if-none-match"):
        await _send(send, 304, b"", headers)
        return
    question = parameters(scope["query_string"])
    ask = asked(question, items=shelf.columns)
    search_beside = bool(ask.text) and len(shelf) > LARGE
    page, link = await beside(shelf, ask, question) if search_beside else paged(shelf, ask, question)
    _count(slug)
    kind = (b"content-type", CONTENT[ask.format])
    linked = ((b"link", link.encode()),) if link else ()
    await _send(send, 200, page, (kind, *linked, *headers), bare=scope["method"] == "HEAD")


def etag_of(shelf: Shelf) -> str:
    """What changes whenever an answer from this shelf could."""
    return f'W/"{shelf.etag}"'


def parameters(query: bytes) -> dict[str, list[str]]:
    """The parameters of an address; raises BadParameter when there are too many."""
    text = query.decode("utf-8", "replace")
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        limit = f"≤ {MOST_PARAMETERS}"
        raise BadParameter(name="?", value=text[:40], example=limit, where="?") from error


def paged(shelf: Shelf, ask: Ask, question: dict[str, list[str]]) -> tuple[bytes, str]:
    """The body of an answer and its Link header, empty when there is no more."""
    found = search(shelf, ask)
    following = _next(shelf.slug, question, found.cursor) if found.cursor else None
    page = body(shelf, found, ask, following=following)
    return page, f'<{following}>; rel="next"' if following else ""


beside = sync_to_async(paged, thread_sensitive=False)


def _next(slug: str, question: dict[str, list[str]], cursor: str) -> str:
    """The address of the next page: the same question, further on."""
    further = {**question, "cursor": [sealed(cursor)]}
    return f"{PREFIX}{quote(slug)}/rows?{urlencode(further, doseq=True)}"


def _count(slug: str) -> None:
    """Count the use; nobody waits for the writing."""
    TALLY.add(slug, API, timezone.localdate())
    if TALLY.due():
        task = asyncio.ensure_future(write_beside())
        BESIDES.add(task)
        task.add_done_callback(BESIDES.discard)


async def _refuse(scope: dict[str, Any], send: Send, error: UserError) -> None:
    """The error as problem details, in the reader's language."""
    with override(language(_header(scope, b"accept-language").decode("latin-1"))):
        answer = orjson.dumps(problem(error))
    kind = (b"content-type", PROBLEM.encode())
    await _send(send, error.status, answer, (kind, *OPEN_RAW), bare=scope["method"] == "HEAD")


def _header(scope: dict[str, Any], name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


async def _send(send: Send, status: int, content: bytes, headers: Headers, *, bare: bool = False) -> None:
    """Send an answer; `bare` keeps the body back but tells its length."""
    length = () if status in {204, 304} else ((b"content-length", str(len(content)).encode()),)
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": b"" if bare else content})
