"""Where notifications may go, and when one is tried again. Pure."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from tedori.engines.ngsild.errors import bad_request

FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds between attempts at an endpoint that fails
KEEP_HOURS = 24  # after which a notification that nobody took is given up
MOST_WAITING = 10_000  # notifications kept for one endpoint; the oldest are given up first
TIMEOUT, LONGEST_TIMEOUT = 5.0, 30.0  # seconds for one attempt
REFUSALS_TO_TRY_AGAIN = frozenset({408, 421, 425, 429})
DOORS = ("/ngsi-ld/", "/v2/")
MARK = "tedori-"  # before a hub's name in Via headers
PORTS = {"http": 80, "https": 443, "mqtt": 1883, "mqtts": 8883}


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, not to this machine or a network behind it."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


def port_of(uri: str) -> int:
    """The port of an endpoint, the usual one of its scheme where it names none."""
    parts = urlsplit(uri)
    return parts.port or PORTS[parts.scheme.lower()]


def check_endpoint(uri: str, *, private: bool, own: str) -> None:
    """Raise BadRequestData for an endpoint that may not be notified.

    `private` lets addresses of this machine and its networks through; `own` is this hub's public address: to
    notify one of its own doors would be a loop.
    """
    host = (urlsplit(uri).hostname or "").lower()
    if not private and (host == "localhost" or host.endswith(".localhost") or _private(host)):
        raise bad_request("the endpoint lies in a private network", where="notification.endpoint.uri")
    if _place(uri) == _place(own) and urlsplit(uri).path.startswith(DOORS):
        raise bad_request("the endpoint is this hub itself", where="notification.endpoint.uri")


def _private(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return False  # a name; what it stands for is looked at with every connection


def _place(uri: str) -> tuple[str, int]:
    return (urlsplit(uri).hostname or "").lower(), port_of(uri)


def wait_after(failures: int, *, chance: float, cooldown: float = 0.0) -> float:
    """Seconds until an endpoint that failed `failures` times in a row is tried again.

    Doubles up to five minutes, at least `cooldown`; `chance` (0 to 1) spreads it by a third either way, so
    that subscribers who fell together are not all called together.
    """
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT)
    return max(wait * (2 + 2 * chance) / 3, cooldown)


def is_final(status: int) -> bool:
    """Whether this HTTP answer means that the receiver will never take this notification."""
    return 300 <= status < 500 and status not in REFUSALS_TO_TRY_AGAIN


def hub_name(address: str) -> str:
    """The name by which this hub is known in Via headers: its public host and port."""
    host, port = _place(address)
    return f"{host}:{port}".replace("[", "").replace("]", "")


def passed_through(via: str, *, hub: str) -> bool:
    """Whether a message with this Via header has been sent by this hub before: to take it would be a loop."""
    return any(MARK + hub in hop.split() for hop in via.lower().split(","))
