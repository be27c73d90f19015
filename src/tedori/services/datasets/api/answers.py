"""How every interface answers: in the reader's language, open to other sites, errors as problem details."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from tedori.kernel.errors import PROBLEM, UserError, problem
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.rates import limited
from tedori.services.datasets.rules.errors import NotFound

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Disposition",
}
ASKED_FIRST = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, if-none-match, accept-language",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}
FRESH = "public, max-age=30"
View = Callable[..., HttpResponse]


def language(accepted: str) -> str:
    """The first of our languages in an Accept-Language header; Japanese when it names none."""
    wanted = (code.partition("-")[0] for code, _ in parse_accept_lang_header(accepted.lower()))
    return next((code for code in wanted if code in {"ja", "en"}), "ja")


def refused(request: HttpRequest, error: UserError) -> HttpResponse:
    """The answer to a question that cannot be answered."""
    return HttpResponse(orjson.dumps(problem(error)), status=error.status, content_type=PROBLEM)


def as_json(value: Any, *, kind: str = "application/json", status: int = 200) -> HttpResponse:
    """A value as JSON."""
    return HttpResponse(orjson.dumps(value), content_type=kind, status=status)


def opened(view: View) -> View:
    """A view that speaks the caller's language, lets other sites read, and knows HEAD and OPTIONS."""

    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={**OPEN, **ASKED_FIRST})
        asked = request.method
        if asked == "HEAD":  # the server leaves the body out
            request.method = "GET"
        with override(language(request.headers.get("Accept-Language", ""))):
            response = _conditional(request, view(request, *args, **kwargs))
        request.method = asked
        for name, value in {**OPEN, "Vary": "Accept-Language"}.items():
            response.headers.setdefault(name, value)
        return response

    return door


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 instead of what the caller already has."""
    if response.status_code != 200 or response.streaming or response.has_header("ETag"):
        return response
    set_response_etag(response)
    response.headers.setdefault("Cache-Control", FRESH)
    return get_conditional_response(request, etag=response["ETag"], response=response)


def interface(view: View, *, refuse: Callable[[HttpRequest, UserError], HttpResponse] = refused) -> View:
    """A public door for programs: counted against the caller's rate, errors in the shape of `refuse`."""
    held = limited(audience("public")(view))

    @wraps(held)
    def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return held(request, *args, **kwargs)
        except UserError as error:
            return refuse(request, error)
        except Http404:
            return refuse(request, NotFound(where=request.path))

    return opened(door)


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 when the caller already has this; else None."""
    if etag not in request.headers.get("If-None-Match", ""):
        return None
    return marked(HttpResponse(status=304), etag)


def marked(response: HttpResponse, etag: str) -> HttpResponse:
    """The answer with what lets a caller ask again cheaply."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = FRESH
    return response


def address(request: HttpRequest, path: str, **query: object) -> str:
    """A full address on this site."""
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return request.build_absolute_uri(path) + (f"?{urlencode(given)}" if given else "")
