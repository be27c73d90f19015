"""Sends answers piece by piece, under both kinds of server, so that no file is ever held in memory whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

PIECE = 1 << 18


def streamed(request: HttpRequest, chunks: Iterator[bytes], *, kind: str) -> StreamingHttpResponse:
    """An answer that is made while it is sent."""
    flow = _flowing(chunks) if isinstance(request, ASGIRequest) else chunks
    return StreamingHttpResponse(flow, content_type=kind)


def download(request: HttpRequest, path: Path, *, name: str, kind: str) -> StreamingHttpResponse:
    """A file to be saved under this name; raises FileNotFoundError."""
    size = path.stat().st_size
    answer = streamed(request, _pieces(path), kind=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["Content-Length"] = str(size)
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


async def _flowing(chunks: Iterator[bytes]):
    following = sync_to_async(next, thread_sensitive=False)
    try:
        while (chunk := await following(chunks, None)) is not None:
            yield chunk
    finally:
        await sync_to_async(chunks.close, thread_sensitive=False)()
