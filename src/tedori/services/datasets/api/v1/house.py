"""The interface itself: its description, its errors, its doors."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tedori.kernel.errors import PROBLEM, UserError, Words
from tedori.kernel.organisations.audiences import of
from tedori.kernel.organisations.doors import public
from tedori.services.datasets.api.answers import opened, refused
from tedori.services.datasets.rules.errors import NotFound

DESCRIPTION = """
東京都と62区市町村の標準データセットを、1つの形で読み出すAPIです。鍵は要りません。
どの行にも出どころ（発行者・版・元ファイルと行番号）が付きます。エラーは RFC 9457 の形で、
Accept-Language に応じて日本語か英語で返します。ETag を送れば、変わらないものは 304 で返ります。

Read the standard datasets of Tokyo and its 62 municipalities in one shape; no key needed.
Every row says where it comes from (publisher, version, source file and row). Errors follow RFC 9457,
in Japanese or English according to Accept-Language. With an ETag, what has not changed is answered with 304.
"""


class BadRequest(UserError):
    """A parameter of the wrong type; `where` names it."""

    code = "bad-parameter"
    status = 422
    words = Words(_("パラメータの値が正しくありません。"), _("APIの説明（/api/v1/docs）を確認してください。"))


API = NinjaAPI(
    title="Tedori API",
    version="1",
    description=DESCRIPTION,
    auth=public,
    urls_namespace="datasets-v1",
    docs_url="/docs",
    openapi_extra={"tags": [{"name": "datasets"}, {"name": "changes"}, {"name": "quality"}]},
)


@API.exception_handler(UserError)
def _told(request: HttpRequest, error: UserError) -> HttpResponse:
    return refused(request, error)


@API.exception_handler(ValidationError)
def _misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = ", ".join(sorted({str(one["loc"][-1]) for one in error.errors if one.get("loc")}))
    return refused(request, BadRequest(where=names))


@API.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return refused(request, NotFound(where=request.path))


@API.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refused(request, BadRequest(where=str(error)))


def doors_of(prefix: str) -> list:
    """The doors, each opened for other sites and for HEAD and OPTIONS, with its audience kept."""
    patterns, app, namespace = API.urls
    held = [URLPattern(one.pattern, _held(one.callback), one.default_args, one.name) for one in patterns]
    return [path(prefix, (held, app, namespace))]


def _held(callback: Any) -> Any:
    door = opened(callback)
    door.audience = of(callback)
    return door


def told(ja: str, en: str) -> str:
    """A description in both languages."""
    return f"{ja}\n\n{en}"


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "何が起きたか / what happened"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "プログラムのための安定した符号 / stable, for programs"},
        "detail": {"type": "string"},
        "where": {"type": "string"},
        "todo": {"type": "string", "description": "どうすればよいか / what to do"},
    },
}
_REASONS = {
    304: "変更なし / not modified",
    400: "読めないパラメータ / a parameter that cannot be understood",
    401: "無効なトークン / a token that does not hold",
    404: "ない / no such thing",
    413: "大きすぎる / too large",
    422: "値の型が違う / a parameter of the wrong type",
    429: "回数の上限 / too many requests",
}


def problems(*codes: int) -> dict[int, dict[str, Any]]:
    """The descriptions of answers that are not a success."""
    content = {"content": {PROBLEM: {"schema": _PROBLEM}}}
    found = {code: {"description": _REASONS[code], **content} for code in (*codes, 401, 429)}
    return {304: {"description": _REASONS[304]}} | found


def extra(*codes: int, content: dict[str, Any] | None = None, parameters: list | None = None) -> dict:
    """The part of an operation's description that its signature does not tell."""
    responses: dict[int, dict[str, Any]] = problems(*codes)
    if content is not None:
        responses[200] = {"description": "OK", "content": content}
    return {"responses": responses} | ({"parameters": parameters} if parameters else {})
