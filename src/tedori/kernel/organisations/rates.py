"""How often one caller may knock: fixed windows, counted in Django's cache, set by the installation."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import TooManyRequests
from tedori.kernel.organisations.values import Actor

DEFAULTS = {"public": "1200/m", "token": "6000/m"}
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    amount: int
    seconds: int


def rate(name: str) -> Rate | None:
    """The installation's rate of that name (settings.RATES, "1200/m"); None where the text is empty."""
    text = getattr(settings, "RATES", DEFAULTS).get(name, DEFAULTS.get(name, ""))
    if not text:
        return None
    found = re.fullmatch(r"([1-9]\d*)/([smhd])", text)
    if found is None:
        raise ImproperlyConfigured(f"rate {name}={text!r}: use a number per s, m, h or d, such as 1200/m")
    return Rate(int(found[1]), SECONDS[found[2]])


def spend(name: str, caller: str) -> None:
    """Count one request of a caller; raises TooManyRequests when the window is full."""
    limit = rate(name)
    if limit is None:
        return
    now = int(time.time())
    window, gone = divmod(now, limit.seconds)
    # The address itself is not kept, not even in the cache.
    key = f"rate:{name}:{hashlib.sha256(caller.encode()).hexdigest()[:32]}:{window}"
    cache.add(key, 0, timeout=limit.seconds + 1)
    try:
        count = cache.incr(key)
    except ValueError:  # thrown out between the two calls: the window starts anew
        count = 1
    if count > limit.amount:
        raise TooManyRequests(seconds=limit.seconds - gone)


async def aspend(name: str, caller: str) -> None:
    """`spend` for async doors; leaves the event loop only when the cache is a remote one."""
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        spend(name, caller)
    else:
        await sync_to_async(spend)(name, caller)


def address(meta: Mapping[str, str]) -> str:
    """The caller's address; the settings' TRUSTED_PROXIES says how many hops of X-Forwarded-For are ours."""
    trusted = getattr(settings, "TRUSTED_PROXIES", 0)
    hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return meta.get("REMOTE_ADDR", "")


def purse(actor: Actor, caller: str) -> tuple[str, str]:
    """Which rate and whose count a request falls under: a token's own, else the caller's address."""
    if actor.token_id is not None:
        return "token", actor.reference
    return "public", caller


def limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Count each request of a view, sync or async, against its caller's rate."""

    def count(request: HttpRequest) -> None:
        spend(*purse(actor_of(request), address(request.META)))

    @wraps(view)
    def door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        count(request)
        return view(request, *args, **kwargs)

    @wraps(view)
    async def async_door(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        await sync_to_async(count)(request)
        return await view(request, *args, **kwargs)

    return async_door if iscoroutinefunction(view) else door
