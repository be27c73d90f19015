"""A link as a value, what a person may set up, and when it is worth worrying about. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.kernel.errors import UserError, Words
from tedori.services.live.rules.endpoints import check_endpoint
from tedori.services.live.rules.mappings import Names, listed, names_of, refused
from tedori.services.live.rules.paths import paths_of, tenant_of, written_path
from tedori.services.live.rules.records import shape_of

HUBS = ("ngsi-ld", "ngsiv2")
POLLED = ("csv", "json")
PROTOCOLS = (*HUBS, "mqtt", *POLLED)
SCHEMES = {"mqtt": ("mqtt", "mqtts")}
LEAST_SECONDS, MOST_SECONDS = 10, 86_400
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
HEADER_FORBIDDEN = frozenset(("host", "content-length", "content-type", "transfer-encoding", "connection"))


class LinkRefused(UserError):
    """What a person wants to set up cannot work."""

    code = "link-refused"
    words = Words(_("この連携は設定できません：{because}"), _("該当する欄を直してください。"))


class NoSuchLink(UserError):
    """The link does not exist, or belongs to another organisation."""

    code = "no-such-link"
    status = 404
    words = Words(_("連携が見つかりません。"), _("一覧から選び直してください。"))


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person fills in; `secret` None keeps the one there is."""

    name: str
    address: str
    protocol: str
    direction: str
    types: str = ""
    mapping: str = ""
    service: str = ""
    path: str = ""
    every: int = 60
    header: str = "Authorization"
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is kept; see models/links.py. `secret` and `hook` are still locked."""

    id: int
    tenant: int
    owner: str
    name: str
    address: str
    protocol: str
    direction: str
    types: tuple[str, ...]
    service: str
    path: str
    every: int
    mapping: str
    header: str
    secret: str
    hook: str
    active: bool
    version: int
    position: int
    caught_up: str
    mark: str
    subscription: str
    last_ok: str
    last_failure: str
    reason: str
    failures: int
    received: int
    sent: int
    refused: int

    @property
    def reference(self) -> str:
        """Who writes what comes over this link."""
        return f"link:{self.id}"

    @property
    def takes(self) -> bool:
        """Whether values come in over it."""
        return self.direction in ("in", "both")

    @property
    def gives(self) -> bool:
        """Whether values go out over it."""
        return self.direction in ("out", "both")

    @property
    def names(self) -> Names:
        """The mapping, read."""
        return names_of(self.mapping)


def checked_draft(draft: Draft, *, private: bool, own: str) -> tuple[str, ...]:
    """The types of a draft as IRIs; raises LinkRefused and MappingRefused for what cannot work."""
    if draft.protocol not in PROTOCOLS or draft.direction not in ("in", "out", "both"):
        raise LinkRefused(because=_("種類か向きが正しくありません。"))
    if draft.protocol not in HUBS and draft.direction != "in":
        raise LinkRefused(because=_("MQTT・CSV・JSON は受け取りだけです。"), where="direction")
    _check_address(draft, private=private, own=own)
    if not LEAST_SECONDS <= draft.every <= MOST_SECONDS:
        raise LinkRefused(because=_("間隔は 10 秒から 1 日までです。"), where="every")
    if draft.header.lower() in HEADER_FORBIDDEN or not draft.header.replace("-", "").isalnum():
        raise LinkRefused(because=_("このヘッダー名は使えません。"), where="header")
    if draft.secret and not draft.secret.isprintable():
        raise LinkRefused(because=_("認証の値に改行などは使えません。"), where="secret")
    names = names_of(draft.mapping)
    if draft.protocol not in HUBS:
        shape_of(names.records)
        return ()
    types = listed(draft.types)
    if not types:
        raise refused(_("型を一つは選んでください。"), "types")
    _check_service(draft)
    return types


def _check_address(draft: Draft, *, private: bool, own: str) -> None:
    try:
        parts = urlsplit(draft.address)
        sound = parts.hostname and parts.port != 0 and not (parts.username or parts.password)
    except ValueError:
        sound = False
    schemes = SCHEMES.get(draft.protocol, ("http", "https"))
    if not sound or parts.scheme.lower() not in schemes:
        names = " / ".join(schemes)
        raise LinkRefused(
            because=_("{names} で始まる、合言葉を含まない URL が要ります。").format(names=names)
        )
    try:
        check_endpoint(draft.address, private=private, own=own)
    except NgsiLdError:
        raise LinkRefused(because=_("内部ネットワークの宛先には送れません。"), where="address") from None
    if draft.protocol in HUBS and _place(draft.address) == _place(own):
        raise LinkRefused(because=_("相手がこのハブ自身です。"), where="address")


def _place(address: str) -> tuple[str, int | None]:
    parts = urlsplit(address)
    return (parts.hostname or "").lower(), parts.port or {"http": 80, "https": 443}.get(parts.scheme.lower())


def _check_service(draft: Draft) -> None:
    try:
        if draft.protocol == "ngsiv2":
            tenant_of(draft.service)
            written_path(paths_of(draft.path))
    except NgsiLdError as error:
        raise LinkRefused(because=error.title, where="service") from None
    if not (draft.service + draft.path).isascii() or not (draft.service + draft.path).isprintable():
        raise LinkRefused(because=_("テナントは英数字で書いてください。"), where="service")


def waits(failures: int) -> float:
    """Seconds until a link that failed so often in a row is tried again: doubles up to five minutes."""
    return min(FIRST_WAIT * 2 ** min(max(failures - 1, 0), 20), LONGEST_WAIT) if failures else 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """How a link fares: `kind` for the chip (ok, wait, stop, none), how many changes wait, since when."""

    kind: str
    waiting: int
    lag: float | None


def health(link: Link, *, waiting: int, now: str) -> Health:
    """How a link fares at this moment; lag in seconds since the last exchange that worked."""
    lag = None
    if link.last_ok:
        lag = (datetime.fromisoformat(now) - datetime.fromisoformat(link.last_ok)).total_seconds()
    if not link.active:
        return Health("none", waiting, lag)
    if link.failures:
        return Health("stop" if link.failures > 3 else "wait", waiting, lag)
    return Health("ok" if link.last_ok else "none", waiting, lag)


def credentials(link: Link, secret: str) -> Mapping[str, str]:
    """The headers that the partner wants to see."""
    found = {link.header: secret} if secret else {}
    if link.protocol == "ngsiv2":
        found |= {"Fiware-Service": link.service} if link.service else {}
        return found | ({"Fiware-ServicePath": link.path} if link.path else {})
    return found | ({"NGSILD-Tenant": link.service} if link.service and link.protocol == "ngsi-ld" else {})
