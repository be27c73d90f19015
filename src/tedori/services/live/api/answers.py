"""What answers have in common: media types, @context, errors as problem details (clauses 6.3.2 to 6.3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

from tedori.engines.ngsild.contexts import CORE_CONTEXT_URL, Context
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.kernel.errors import UserError, problem
from tedori.services.live.api.calls import Answer, Call

JSON, LD, GEO = "application/json", "application/ld+json", "application/geo+json"
BOTH, ALL = (JSON, LD), (JSON, LD, GEO)
CONTEXT_REL = "http://www.w3.org/ns/json-ld#context"
VERSION = "1.8"


def accepted(call: Call, offered: tuple[str, ...] = BOTH) -> str:
    """The media type to answer in: the first of those offered that the caller likes best.

    Raises NotAcceptable.
    """
    header = call.headers.get("accept")
    if not header or header == "*/*" or header == JSON:
        return offered[0]
    wanted = [_range(part) for part in header.split(",")]
    weights = [(_weight(media, wanted), media) for media in offered]
    best = max(weight for weight, _ in weights)
    if best <= 0:
        raise NotAcceptable(offered)
    return next(media for weight, media in weights if weight == best)


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip() for piece in part.split(";"))
    given = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return media.lower(), float(given)
    except ValueError:
        return media.lower(), 0.0


def _weight(media: str, wanted: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that holds the media type."""
    kind = media.split("/")[0]
    for pattern in (media, f"{kind}/*", "*/*"):
        found = [weight for one, weight in wanted if one == pattern]
        if found:
            return max(found)
    return 0.0


class NotAcceptable(Exception):
    """The caller wants a media type that this door does not speak."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        super().__init__("not acceptable")
        self.offered = offered


class Refused(Exception):
    """A refusal by HTTP's own rules, before the operation begins: just a status, a title where it helps."""

    def __init__(self, status: int, title: str = "", *, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.headers = headers


def failed(error: Exception, accepted_languages: str = "") -> Answer:
    """An error as its answer; raises what is nobody's mistake but ours."""
    if isinstance(error, NgsiLdError):
        body = {"type": error.type, "title": error.title, "status": error.status}
        body["detail"] = error.detail or str(error)
        return Answer(error.status, orjson.dumps(body | ({"where": error.where} if error.where else {})))
    if isinstance(error, UserError):
        with override(language(accepted_languages)):
            return Answer(error.status, orjson.dumps(problem(error)))
    if isinstance(error, NotAcceptable):
        return Answer(
            406, orjson.dumps({"title": "Not acceptable", "status": 406, "available": error.offered})
        )
    if isinstance(error, Refused):
        body = {"type": "about:blank", "title": error.title, "status": error.status}
        return Answer(error.status, orjson.dumps(body) if error.title else b"", error.headers)
    raise error


def crashed() -> Answer:
    """What a bug looks like from outside: no trace of what it was."""
    error = NgsiLdError("InternalError", "Something went wrong here.", detail="It has been written down.")
    return failed(error)


def language(header: str) -> str:
    """The first of our languages in an Accept-Language header; Japanese when it names none."""
    wanted = (code.partition("-")[0] for code, _ in parse_accept_lang_header(header.lower()))
    return next((code for code in wanted if code in {"ja", "en"}), "ja")


def content(
    call: Call,
    value: Any,
    context: Context,
    *,
    media: str = JSON,
    headers: tuple[tuple[str, str], ...] = (),
    url: str | None = None,
) -> Answer:
    """A value as an answer in the media type, its @context where that type wants it.

    `url` names a context that came as a document, for answers that can only point to it.
    """
    preference = call.headers.get("prefer", "")
    if "ngsi-ld=" in preference:
        headers = (*headers, ("Preference-Applied", f"ngsi-ld={VERSION}"))
    if media == JSON or (media == GEO and "body=json" in preference):
        body = orjson.dumps(value)
        return Answer(200, body, (*headers, ("Link", context_link(context, url))), media)
    return Answer(200, orjson.dumps(_with_context(value, sourced(context), media)), headers, media)


def _with_context(value: Any, source: Any, media: str) -> Any:
    if isinstance(value, list):
        return [{**one, "@context": source} for one in value]
    return {**value, "@context": source}


def sourced(context: Context) -> Any:
    """The @context to put into a body: what the caller gave."""
    return CORE_CONTEXT_URL if context.source is None else context.source


def context_link(context: Context, url: str | None = None) -> str:
    """The Link header that names a context."""
    source = url or context.source
    while isinstance(source, list) and len(source) == 1:
        source = source[0]
    url = source if isinstance(source, str) else CORE_CONTEXT_URL
    return f'<{url}>; rel="{CONTEXT_REL}"; type="{LD}"'


def page_links(call: Call, *, limit: int, offset: int, more: bool, media: str) -> Iterator[tuple[str, str]]:
    """The Link headers of the pages before and after this one."""
    if offset > 0:
        yield "Link", f'<{_page(call, limit, max(0, offset - limit))}>;rel="prev";type="{media}"'
    if more:
        yield "Link", f'<{_page(call, limit, offset + limit)}>;rel="next";type="{media}"'


def _page(call: Call, limit: int, offset: int) -> str:
    kept = [
        part for part in call.query_text.split("&") if part and part.split("=")[0] not in {"limit", "offset"}
    ]
    return f"{call.address.rstrip('/')}?{'&'.join([*kept, f'limit={limit}', f'offset={offset}'])}"
