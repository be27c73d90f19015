"""The ASGI application: hot doors answer at once, everything else goes through Django."""

from __future__ import annotations

import os
from collections.abc import Callable

import django
from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tedori.site.settings")
django.setup()

from tedori.kernel.discovery import rooms  # noqa: E402  (the apps must be ready first)
from tedori.kernel.pages.bodies import held  # noqa: E402


def hot_doors() -> tuple[tuple[str, object], ...]:
    """The plain ASGI handlers that services' `api` rooms offer as HOT, longest prefix first."""
    doors = [
        (prefix, door)
        for room in rooms("tedori.services", "api")
        for prefix, door, _audience in getattr(room, "HOT", ())
    ]
    return tuple(sorted(doors, key=lambda pair: -len(pair[0])))


def closing() -> tuple[Callable[[], None], ...]:
    """What services' `api` rooms want done before the server stops, offered as CLOSING."""
    return tuple(step for room in rooms("tedori.services", "api") for step in getattr(room, "CLOSING", ()))


HOT = hot_doors()
ordinary = get_asgi_application()


async def application(scope, receive, send) -> None:
    """Send a request to its hot door, if it has one; a hot door may decline by returning False."""
    if scope["type"] == "http":
        for prefix, door in HOT:
            if scope["path"].startswith(prefix) and await door(scope, receive, send) is not False:
                return
        await ordinary(scope, held(scope, receive), send)
    elif scope["type"] == "lifespan":
        await _live(receive, send)


async def _live(receive, send) -> None:
    """Answer the server's start and stop."""
    while True:
        event = await receive()
        if event["type"] == "lifespan.shutdown":
            for step in closing():
                await sync_to_async(step)()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
