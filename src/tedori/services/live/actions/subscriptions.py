"""Making, changing and ending subscriptions, as commands for the writer queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.subscriptions.documents import changed_subscription
from tedori.engines.ngsild.subscriptions.watching import watch_of
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.queries.subscriptions import VERSION, last_seq, owned
from tedori.services.live.rules.endpoints import check_endpoint
from tedori.services.live.rules.letters import Kept

# What staff have paused waits again (see attending.py), whoever lets the subscription go on.
WAKE = "UPDATE live_notification SET state = 'waiting' WHERE subscription_id = ? AND state = 'paused'"
Contexts = Mapping[str, Any]  # sources of the @context of `q` and of that of notifications (`notify`)


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds for every endpoint: whether private ones are allowed, and this hub's own address."""

    private: bool
    own: str


def not_found(urn: str) -> NgsiLdError:
    """The error for a subscription that is not there, or not the caller's."""
    return NgsiLdError("ResourceNotFound", "There is no such subscription.", detail=urn, where=urn)


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A new subscription; raises AlreadyExists, and BadRequestData for an endpoint that may not be told."""

    tenant: int
    document: Mapping[str, Any]
    contexts: Contexts
    by: Actor
    ground: Ground
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> str:
        """Keep it; gives its id."""
        urn = self.document["id"]
        _check(self.document, self.ground)
        taken = "SELECT 1 FROM live_subscription WHERE tenant_id = ? AND urn = ?"
        if unit.session.one(taken, (self.tenant, urn)):
            raise NgsiLdError("AlreadyExists", "The subscription exists already.", detail=urn, where="id")
        texts = orjson.dumps(self.document).decode(), orjson.dumps(dict(self.contexts)).decode()
        since, version = last_seq(unit.session), next_version(unit)
        unit.session.run(
            "INSERT INTO live_subscription "
            '(tenant_id, urn, owner, "by", document, contexts, since, version, created_at, modified_at, '
            "times_sent, times_failed, failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)",
            (
                self.tenant, urn, self.by.organisation, self.by.reference, *texts, since, version,
                unit.at, unit.at,
            ),
        )  # fmt: skip
        return urn


@dataclass(frozen=True, slots=True)
class Resubscribe:
    """A change of a subscription by a fragment; raises ResourceNotFound and BadRequestData.

    `context` is that of the fragment; `notify` the source of the context of notifications, when the fragment
    names a new one.
    """

    tenant: int
    urn: str
    fragment: Mapping[str, Any]
    context: Context
    notify: Any
    by: Actor
    ground: Ground
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> None:
        """Change it."""
        kept = _mine(unit, self.tenant, self.urn, self.by)
        document = changed_subscription(kept.document, self.fragment, self.context, at=unit.at)
        contexts = dict(kept.contexts)
        if "q" in self.fragment:
            contexts["q"] = self.context.source
        if self.notify is not None:
            contexts["notify"] = self.notify
        if "q" in self.fragment or "geoQ" in self.fragment or "scopeQ" in self.fragment:
            watch_of(kept.id, document, self.context)
        _check(document, self.ground)
        _rewrite(unit, kept, document, contexts)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A subscription that becomes this document; raises ResourceNotFound and BadRequestData."""

    tenant: int
    urn: str
    document: Mapping[str, Any]
    contexts: Contexts
    by: Actor
    ground: Ground
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> None:
        """Change it."""
        kept = _mine(unit, self.tenant, self.urn, self.by)
        _check(self.document, self.ground)
        _rewrite(unit, kept, self.document, self.contexts)


def _rewrite(unit: Unit, kept: Kept, document: Mapping[str, Any], contexts: Contexts) -> None:
    texts = orjson.dumps(document).decode(), orjson.dumps(dict(contexts)).decode()
    unit.session.run(
        "UPDATE live_subscription SET document = ?, contexts = ?, version = ?, modified_at = ?, "
        "next_at = NULL WHERE id = ?",
        (*texts, next_version(unit), unit.at, kept.id),
    )
    if document.get("isActive", True) and not kept.document.get("isActive", True):
        unit.session.run(WAKE, (kept.id,))
    new = document["notification"]["endpoint"]["uri"]
    if new != kept.document["notification"]["endpoint"]["uri"]:  # what waits goes to the new endpoint
        unit.session.run(
            "UPDATE live_notification SET endpoint = ? WHERE subscription_id = ?", (new, kept.id)
        )


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """The end of a subscription and of what waits to be sent for it; raises ResourceNotFound."""

    tenant: int
    urn: str
    by: Actor
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> None:
        """End it."""
        kept = _mine(unit, self.tenant, self.urn, self.by)
        unit.session.run("DELETE FROM live_notification WHERE subscription_id = ?", (kept.id,))
        unit.session.run("DELETE FROM live_subscription WHERE id = ?", (kept.id,))
        next_version(unit)


def _mine(unit: Unit, tenant: int, urn: str, by: Actor) -> Kept:
    kept = owned(unit.session, tenant, urn, owner=None if by.everywhere else by.organisation)
    if kept is None:
        raise not_found(urn)
    return kept


def _check(document: Mapping[str, Any], ground: Ground) -> None:
    check_endpoint(document["notification"]["endpoint"]["uri"], private=ground.private, own=ground.own)


def next_version(unit: Unit) -> int:
    """A new version of the subscriptions, by which notifiers learn that one was written."""
    unit.session.run(
        "INSERT INTO live_position (name, position, holder, until) VALUES (?, 1, '', '') "
        "ON CONFLICT (name) DO UPDATE SET position = live_position.position + 1",
        (VERSION,),
    )
    return unit.session.one("SELECT position FROM live_position WHERE name = ?", (VERSION,))[0]
