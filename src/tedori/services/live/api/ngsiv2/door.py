"""The hot door under /v2: the hub's own doors with the headers and the errors of NGSIv2."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
from django.utils.translation import override

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.ngsiv2.errors import told
from tedori.kernel.errors import UserError
from tedori.services.live.api.answers import NotAcceptable, Refused, language
from tedori.services.live.api.calls import Answer
from tedori.services.live.api.router import Send, answered, headers_of, sent
from tedori.services.live.rules.paths import tenant_of

log = logging.getLogger(__name__)

PREFIX = "/v2"
REFUSALS = {
    400: ("BadRequest", "The request cannot be read"),
    405: ("MethodNotAllowed", "method not allowed"),
    411: ("ContentLengthRequired", "Zero/No Content-Length in PUT/POST/PATCH request"),
    413: ("RequestEntityTooLarge", "payload size exceeds the limit"),
    415: ("UnsupportedMediaType", "not supported content type, use application/json"),
}
NAMES = {401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict", 429: "TooManyRequests"}


async def ngsiv2(scope: dict[str, Any], receive: Callable, send: Send) -> bool:
    """Answer a request; False where the path only begins alike."""
    if scope["path"] != PREFIX and not scope["path"].startswith(f"{PREFIX}/"):
        return False
    headers = headers_of(scope)
    try:
        headers["ngsild-tenant"] = tenant_of(headers.get("fiware-service", ""))
        answer = await answered(scope, headers, receive)
    except (NgsiLdError, UserError, NotAcceptable, Refused) as error:
        answer = failed(error, headers.get("accept-language", ""))
    except Exception:  # noqa: BLE001 - the boundary: a bug is written down and told without its inside
        log.exception("%s %s failed", scope["method"], scope["path"])
        answer = _error(500, "InternalServerError", "Something went wrong here; it has been written down")
    answer.headers = (*answer.headers, ("Fiware-Correlator", _correlator(headers)))
    await sent(send, answer, bare=scope["method"] == "HEAD", tenant="")
    return True


def _correlator(headers: dict[str, str]) -> str:
    given = headers.get("fiware-correlator", "")
    return given[:100] if given.isascii() and given.isprintable() and given else str(uuid4())


def failed(error: Exception, accepted_languages: str = "") -> Answer:
    """An error as NGSIv2 tells it."""
    if isinstance(error, NgsiLdError):
        return _error(*told(error))
    if isinstance(error, UserError):
        with override(language(accepted_languages)):
            return _error(error.status, NAMES.get(error.status, "BadRequest"), str(error))
    if isinstance(error, NotAcceptable):
        return _error(406, "NotAcceptable", f"acceptable MIME types: {', '.join(error.offered)}")
    if isinstance(error, Refused):
        name, described = REFUSALS.get(error.status, ("BadRequest", error.title))
        return _error(error.status, name, error.title or described, error.headers)
    raise error


def _error(status: int, name: str, described: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, orjson.dumps({"error": name, "description": described}), headers)
