"""How large a request may be: refused by its announced size, or cut off on the way, before it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words

CUT = "tedori.cut"  # in the scope of a request whose body was longer than it may be
Receive = Callable[[], Awaitable[dict]]


class BodyTooLarge(UserError):
    """More was sent than this page takes."""

    code = "too-large"
    status = 413
    words = Words(
        _("送られたデータが大きすぎます（上限 {limit}）。何も保存していません。"),
        _("ファイルを分けて送ってください。"),
    )


def takes(largest: Callable[[], int]) -> Callable:
    """Mark a view that takes more than an ordinary form: at most so many bytes, asked for at each request."""

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.largest = largest
        return view

    return mark


def limit(path: str) -> int:
    """How many bytes may be sent to this address."""
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            largest = getattr(resolve(path).func, "largest", None)
        except Resolver404:
            largest = None
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE if largest is None else largest()


def fits(path: str, size: int) -> bool:
    """Whether so many bytes may be sent to this address; most are few enough for any."""
    return size <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or size <= limit(path)


def check(request: HttpRequest) -> None:
    """Raise BodyTooLarge when the request announces more than it may bring, or was cut off."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    size = int(announced) if announced.isdecimal() else 0
    if CUT in getattr(request, "scope", ()) or not fits(request.path_info, size):
        raise BodyTooLarge(limit=filesizeformat(limit(request.path_info)))


def held(scope: dict, receive: Receive) -> Receive:
    """The body of an ASGI request up to what its address takes; what comes after is dropped unread.

    Django keeps a whole body on disk before the first of our own lines runs, hence this goes before it. A
    body that is cut is marked in the scope, and `check` refuses the request.
    """
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    came = 0 if fits(scope["path"], int(announced) if announced.isdigit() else 0) else None

    async def counted() -> dict:
        nonlocal came
        if CUT in scope:
            return await _disconnect(receive)
        message = {"type": "http.request"} if came is None else await receive()
        if message["type"] != "http.request":
            return message
        came = None if came is None else came + len(message.get("body", b""))
        if came is not None and fits(scope["path"], came):
            return message
        scope[CUT] = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return counted


async def _disconnect(receive: Receive) -> dict:
    """The end of the connection, past whatever is still being sent."""
    while (message := await receive())["type"] == "http.request":
        pass
    return message
