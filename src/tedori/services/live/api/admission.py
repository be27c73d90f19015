"""Who stands at the door: a token's organisation, nobody, or in trial mode this machine's own user."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from tedori.kernel.organisations.doors import admit_scope
from tedori.kernel.organisations.values import Actor, system_actor
from tedori.services.live.queries.options import options

TRIAL = system_actor("trial")
PROXIED = ("x-forwarded-for", "forwarded", "x-real-ip")


async def admitted(scope: dict[str, Any], headers: dict[str, str]) -> Actor:
    """The actor; raises TokenRefused or TooManyRequests."""
    if options().trial and "authorization" not in headers and _from_here(scope, headers):
        return TRIAL
    return await admit_scope(scope, "public")


def _from_here(scope: dict[str, Any], headers: dict[str, str]) -> bool:
    """Whether the caller is on this very machine and nobody passed the request on."""
    if any(name in headers for name in PROXIED):
        return False
    try:
        return ip_address((scope.get("client") or ("",))[0]).is_loopback
    except ValueError:
        return False
