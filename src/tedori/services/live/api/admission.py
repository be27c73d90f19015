"""Who stands at the door: a token's organisation, nobody, or in trial mode this machine's own user."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from tedori.kernel.organisations.doors import admit_scope
from tedori.kernel.organisations.queries import ACTIVE, person_actor
from tedori.kernel.organisations.values import ANONYMOUS, Actor, system_actor
from tedori.services.live.queries.options import options

TRIAL = system_actor("trial")
PROXIED = ("x-forwarded-for", "forwarded", "x-real-ip")


async def admitted(scope: dict[str, Any], headers: dict[str, str]) -> Actor:
    """The actor; raises TokenRefused or TooManyRequests."""
    if options().trial and "authorization" not in headers and _from_here(scope, headers):
        return TRIAL
    return await admit_scope(scope, "public")


async def visited(scope: dict[str, Any], headers: dict[str, str]) -> Actor:
    """The same for a page's own script, which sends no token: the person whose session the browser has.

    Only for reading: nothing is changed on the word of a cookie here. The pages of other sites get nothing
    by it, nor do those of neighbours under the same domain, to whom a browser gives the cookie as well.
    """
    actor = await admitted(scope, headers)
    if actor is not ANONYMOUS or "cookie" not in headers or not same_origin(headers):
        return actor
    return await sync_to_async(_person)(headers["cookie"]) or actor


def same_origin(headers: dict[str, str]) -> bool:
    """Whether a browser's request comes from a page of this very origin.

    Browsers say so themselves (Sec-Fetch-Site); older ones send the Origin of another page's script.
    """
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    return "origin" not in headers or urlsplit(headers["origin"]).netloc == headers.get("host")


def _person(cookies: str) -> Actor | None:
    """Who is signed in with these cookies, or None."""
    found = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    if not found:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(found)
    user = get_user(request)
    organisation = request.session.get(ACTIVE, "")
    return person_actor(user, organisation=organisation) if user.is_authenticated else None


def _from_here(scope: dict[str, Any], headers: dict[str, str]) -> bool:
    """Whether the caller is on this very machine and nobody passed the request on."""
    return not any(name in headers for name in PROXIED) and _is_loopback((scope.get("client") or ("",))[0])


@lru_cache(1024)
def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
