"""The subscriptions of an organisation as its staff see them: how each fares, and what could not be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.db.models import Count, Q, QuerySet

from tedori.services.live.models import Notification, Subscription

MOST_SHOWN = 100  # dead notifications on one page
ALL_STATES = {
    "waiting": Count("pk", filter=Q(state__in=("waiting", "held", "paused"))),
    "dead": Count("pk", filter=Q(state="dead")),
}


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscription: whom it tells of what, how that goes, how many notifications wait or were given up.

    `place` is the address without what may be secret in it; times are texts as columns hold them.
    """

    number: int
    urn: str
    owner: str
    name: str
    place: str
    kinds: tuple[str, ...]
    active: bool
    expires_at: str
    failures: int
    last_success: str
    last_failure: str
    waiting: int
    dead: int

    def stands(self, now: str) -> str:
        """How it fares: paused, expired, failing, lost, silent or well."""
        if not self.active:
            return "paused"
        if self.expires_at and self.expires_at < now:
            return "expired"
        if self.failures:
            return "failing"
        return "lost" if self.dead else "well" if self.last_success else "silent"


@dataclass(frozen=True, slots=True)
class Dead:
    """A notification that was given up: since when it had waited, how often it was tried, why it failed."""

    number: int
    at: str
    attempts: int
    reason: str


def subscribers(owner: str | None) -> tuple[Subscriber, ...]:
    """The subscriptions of an organisation, or (None) of all, those with trouble first."""
    rows = list(_of(owner))
    counts = _counts([row.pk for row in rows])
    found = [_told(row, counts.get(row.pk, {})) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.failures, not one.dead, one.name, one.number)))


def subscriber(number: int, *, owner: str | None) -> Subscriber | None:
    """One of them; None when there is none, or none of that owner."""
    row = _of(owner).filter(pk=number).first()
    return _told(row, _counts([number]).get(number, {})) if row else None


def dead_letters(number: int) -> tuple[Dead, ...]:
    """The oldest notifications of a subscription that were given up."""
    rows = Notification.objects.filter(subscription_id=number, state="dead").order_by("pk")[:MOST_SHOWN]
    return tuple(Dead(row.pk, row.at, row.attempts, row.reason) for row in rows)


def _of(owner: str | None) -> QuerySet[Subscription]:
    every = Subscription.objects.order_by("pk")
    return every if owner is None else every.filter(owner=owner)


def _counts(numbers: list[int]) -> dict[int, dict[str, int]]:
    rows = Notification.objects.filter(subscription_id__in=numbers).values("subscription_id")
    return {row["subscription_id"]: row for row in rows.annotate(**ALL_STATES)}


def _told(row: Subscription, counts: Mapping[str, int]) -> Subscriber:
    document = orjson.loads(row.document)
    return Subscriber(
        number=row.pk,
        urn=row.urn,
        owner=row.owner,
        name=document.get("subscriptionName") or document.get("description") or row.urn,
        place=place_of(document["notification"]["endpoint"]["uri"]),
        kinds=_kinds(document),
        active=document.get("isActive", True),
        expires_at=document.get("expiresAt", ""),
        failures=row.failures,
        last_success=row.last_success or "",
        last_failure=row.last_failure or "",
        waiting=counts.get("waiting", 0),
        dead=counts.get("dead", 0),
    )


def place_of(uri: str) -> str:
    """An endpoint without name, password and parameters."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _kinds(document: Mapping[str, Any]) -> tuple[str, ...]:
    named = (entity.get("type", "") for entity in document.get("entities", ()))
    return tuple(dict.fromkeys(name for name in named if name))
