"""Subscriptions to registrations of context sources, and telling them of changes, within one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from tedori.engines.ngsild.contexts import Context, unavailable
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.registrations.finding import suits
from tedori.engines.ngsild.subscriptions.documents import expired
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.delivery.books import write_letters
from tedori.services.live.actions.subscriptions import Ground, next_version, not_found
from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.queries.contexts import DOCUMENTS, NotHere, at_hand, kept_from
from tedori.services.live.queries.registrations import every
from tedori.services.live.queries.subscriptions import SOURCES, about_sources, owned
from tedori.services.live.rules.announcing import announcement, reason_of, wanted_by
from tedori.services.live.rules.endpoints import check_endpoint
from tedori.services.live.rules.letters import Kept, Letter

Document = Mapping[str, Any]


def at_hand_only(url: str) -> Any:
    """The document of a @context without the network; raises LdContextNotAvailable."""
    try:
        return DOCUMENTS.known(url)
    except NotHere:
        found = at_hand(url)
        body = None if found is not None else kept_from(url)
    if found is None and body is None:
        raise unavailable(url)
    return found if found is not None else orjson.loads(body or b"")


def announce(unit: Unit, tenant: int, owner: str, before: Document | None, after: Document | None) -> None:
    """Write down what subscribers have to be told of a registration that has come, changed or gone."""
    letters = []
    for kept in about_sources(unit.session, tenant):
        wanted = wanted_by(kept, load=at_hand_only) if _hears(kept, owner, unit.at) else None
        told = wanted and reason_of(wanted, before, after)
        if told:
            letters.append(announcement(kept, [told[1]], wanted, told[0], at=unit.at, load=at_hand_only))
    _post(unit, letters)


def _hears(kept: Kept, owner: str, at: str) -> bool:
    document = kept.document
    if kept.owner not in ("", owner) or "timeInterval" in document:
        return False
    return document.get("isActive", True) and not expired(document, at=at)


def _post(unit: Unit, letters: list[Letter]) -> None:
    if letters:
        write_letters(unit.session, letters, seq=0)
        next_version(unit)  # by which the notifier learns that there is something to send


def matching(unit: Unit, tenant: int, kept: Kept) -> Letter | None:
    """What a subscriber is told at the start: all registrations that it looks for."""
    wanted = wanted_by(kept, load=at_hand_only)
    if wanted is None or not kept.document.get("isActive", True) or expired(kept.document, at=unit.at):
        return None
    owner = kept.owner or None
    found = [
        one.document
        for one in every(unit.session, tenant, owner=owner, at=unit.at)
        if suits(one.document, wanted)
    ]
    if not found:
        return None
    return announcement(kept, found, wanted, "newlyMatching", at=unit.at, load=at_hand_only)


@dataclass(frozen=True, slots=True)
class SubscribeToSources:
    """A new subscription to registrations; raises AlreadyExists and BadRequestData for its endpoint."""

    tenant: int
    document: Document
    contexts: Document
    by: Actor
    ground: Ground
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> str:
        """Keep it, and tell what there is already; gives its id."""
        urn = self.document["id"]
        _check(self.document, self.ground)
        if unit.session.one(
            "SELECT 1 FROM live_subscription WHERE tenant_id = ? AND urn = ?", (self.tenant, urn)
        ):
            raise NgsiLdError("AlreadyExists", "The subscription exists already.", detail=urn, where="id")
        texts = orjson.dumps(self.document).decode(), orjson.dumps({**self.contexts, SOURCES: True}).decode()
        unit.session.run(
            'INSERT INTO live_subscription (tenant_id, urn, owner, "by", document, contexts, since, version, '
            "created_at, modified_at, times_sent, times_failed, failures, about) "
            "VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, 0, 0, ?)",
            (
                self.tenant, urn, self.by.organisation, self.by.reference, *texts, next_version(unit),
                unit.at, unit.at, SOURCES,
            ),
        )  # fmt: skip
        _tell_all(unit, self.tenant, urn)
        return urn


@dataclass(frozen=True, slots=True)
class ResubscribeToSources:
    """A change of such a subscription; raises ResourceNotFound and what `change` raises.

    `change` makes the new document of the old one.
    """

    tenant: int
    urn: str
    change: Callable[[Document, str], Document]
    context: Context
    asks: bool
    notify: Any
    by: Actor
    ground: Ground
    keys: ClassVar[tuple[Key, ...]] = ()

    def apply(self, unit: Unit) -> None:
        """Change it, and tell what it asks for now."""
        kept = _mine(unit, self.tenant, self.urn, self.by)
        document = self.change(kept.document, unit.at)
        _check(document, self.ground)
        contexts = dict(kept.contexts)
        if self.asks:
            contexts["q"] = self.context.source
        if self.notify is not None:
            contexts["notify"] = self.notify
        texts = orjson.dumps(document).decode(), orjson.dumps(contexts).decode()
        unit.session.run(
            "UPDATE live_subscription SET document = ?, contexts = ?, version = ?, modified_at = ?, "
            "next_at = NULL WHERE id = ?",
            (*texts, next_version(unit), unit.at, kept.id),
        )
        unit.session.run(
            "UPDATE live_notification SET endpoint = ? WHERE subscription_id = ?",
            (document["notification"]["endpoint"]["uri"], kept.id),
        )
        _tell_all(unit, self.tenant, self.urn)


@dataclass(frozen=True, slots=True)
class UnsubscribeFromSources:
    """The end of such a subscription; raises ResourceNotFound."""

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


def _tell_all(unit: Unit, tenant: int, urn: str) -> None:
    kept = owned(unit.session, tenant, urn, owner=None, about=SOURCES)
    letter = matching(unit, tenant, kept) if kept is not None else None
    _post(unit, [letter] if letter is not None else [])


def _mine(unit: Unit, tenant: int, urn: str, by: Actor) -> Kept:
    kept = owned(unit.session, tenant, urn, owner=None if by.everywhere else by.organisation, about=SOURCES)
    if kept is None:
        raise not_found(urn)
    return kept


def _check(document: Document, ground: Ground) -> None:
    check_endpoint(document["notification"]["endpoint"]["uri"], private=ground.private, own=ground.own)
