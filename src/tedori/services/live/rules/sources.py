"""Where requests may be passed on to, and for whom. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from tedori.engines.ngsild.errors import bad_request
from tedori.kernel.organisations.values import Actor
from tedori.services.live.rules.endpoints import is_public, port_of

TIMEOUT, LONGEST_TIMEOUT = 3.0, 30.0  # seconds for one request to a source
VIA = "1.1 tedori-{}"


def check_source(uri: str, *, private: bool, own: str, tenant: str | None) -> None:
    """Raise BadRequestData for an endpoint that may not be asked.

    `private` lets addresses of this machine and its networks through; `own` is this hub's public address: to
    ask oneself, without another tenant, would be a loop.
    """
    host = (urlsplit(uri).hostname or "").lower()
    if not private and (host == "localhost" or host.endswith(".localhost") or _is_private(host)):
        raise bad_request("The endpoint lies in a private network.", where="endpoint")
    if tenant is None and _place(uri) == _place(own):
        raise bad_request("The endpoint is this hub itself.", where="endpoint")


def _is_private(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return False  # a name; what it stands for is looked at with every connection


def _place(uri: str) -> tuple[str, int]:
    return (urlsplit(uri).hostname or "").lower(), port_of(uri)


def acts_for(owner: str, actor: Actor) -> bool:
    """Whether writes of an actor are passed on to a source that this owner has registered.

    Nobody else's: whoever registers a source must not come into what others write. "" is the house itself.
    """
    return actor.everywhere or owner in ("", actor.organisation)


def via_of(hub: str, received: str) -> str:
    """The Via header of a request that is passed on."""
    mine = VIA.format(hub)
    return f"{received}, {mine}" if received else mine


def passed(received: str, alias: str) -> bool:
    """Whether a request has come through somebody of this name already."""
    return bool(alias) and any(
        alias == word for part in received.split(",") for word in part.replace("'", " ").split()
    )
