"""Reads what was published or retracted, as pages that stay put while more is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Q, When

from tedori.services.datasets.models import Version
from tedori.services.datasets.queries.values import VersionRecord
from tedori.services.datasets.queries.versions import SEEN, version

RETRACTED = Version.State.RETRACTED


@dataclass(frozen=True, slots=True)
class Turn:
    """One publication or retraction, and when it happened."""

    at: datetime
    version: VersionRecord


def turns(
    *,
    slug: str = "",
    organisation: str = "",
    since: datetime | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int,
) -> tuple[Turn, ...]:
    """At most `limit` turns after `since`, newest first, behind `before` (a turn's moment and version id)."""
    given = {"dataset": slug, "organisation": organisation}
    found = Version.objects.filter(state__in=SEEN, **{name: value for name, value in given.items() if value})
    found = found.annotate(turned_at=Case(When(state=RETRACTED, then=F("ended_at")), default="published_at"))
    found = found.filter(turned_at__isnull=False)
    if since is not None:
        found = found.filter(turned_at__gt=since)
    if before is not None:
        at, identity = before
        found = found.filter(Q(turned_at__lt=at) | Q(turned_at=at, pk__lt=identity))
    pairs = found.order_by("-turned_at", "-pk").values_list("turned_at", "pk")[:limit]
    return tuple(Turn(at, version(identity)) for at, identity in pairs)
