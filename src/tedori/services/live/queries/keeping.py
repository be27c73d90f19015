"""How long the hub keeps what it logs, and who has still to read it; asked by worker and doctor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from tedori.kernel.operations.rules import Finding
from tedori.services.live.models import Change, Link, Position, Publication, Subscription
from tedori.services.live.queries.subscriptions import NOTIFIER

# Days by default; 0 is for ever.
USUAL = {
    "TEDORI_LIVE_KEEP_CHANGES": 7,
    "TEDORI_LIVE_KEEP_DEAD": 14,
    "TEDORI_LIVE_KEEP_USES": 400,
    "TEDORI_LIVE_KEEP_HISTORY": 0,
}
USES, RELAY = "uses", "relay"  # the count of writes and the telling of other services read the log, too
GRACE = timedelta(days=2)  # after which what should be gone is worth a word


def keep_days(name: str) -> int:
    """For how many days something is kept; raises ImproperlyConfigured for what is no number of days."""
    given = str(getattr(settings, name, None) or os.environ.get(name, "")).strip()
    if not given:
        return USUAL[name]
    if not (given.isascii() and given.isdigit()):
        raise ImproperlyConfigured(f"{name}={given!r}: use a number of days, 0 for ever")
    return int(given)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads the log of changes, and the last change that they have dealt with."""

    name: str
    position: int


def readers() -> tuple[Reader, ...]:
    """Everybody whom the log must wait for. Streams are told to read anew where it does not reach back."""
    return (*_notifier(), *_followers(), *_links())


def _notifier() -> Iterator[Reader]:
    """The notifier, as long as somebody subscribes, even before it has begun."""
    first = Subscription.objects.aggregate(first=Min("since"))["first"]
    if first is not None:
        reached = Position.objects.filter(name=NOTIFIER).values_list("position", flat=True).first()
        yield Reader("tedori notifier", first if reached is None else reached)


def _followers() -> Iterator[Reader]:
    names = (USES, RELAY) if Publication.objects.filter(relayed=True).exists() else (USES,)
    for name, position in Position.objects.filter(name__in=names).values_list("name", "position"):
        yield Reader(f"live.{name}", position)


def _links() -> Iterator[Reader]:
    """Links that hand on, paused ones as well: what was deleted meanwhile is known from the log alone."""
    giving = (Link.Direction.OUT, Link.Direction.BOTH)
    for name, position in Link.objects.filter(direction__in=giving, position__gte=0).values_list(
        "name", "position"
    ):
        yield Reader(name, position)


def last_to_go(before: str) -> int:
    """The newest change that may go: older than that moment, read by everybody, and not the newest of all."""
    log = Change.objects.order_by("seq").values_list("seq", flat=True)
    newest = log.last() or 0
    young = log.filter(at__gte=before).first() or newest
    return min(newest - 1, young - 1, *(one.position for one in readers()))


def held_back() -> Iterator[Finding]:
    """For the doctor: whether the log of changes grows because somebody does not read it."""
    days = keep_days("TEDORI_LIVE_KEEP_CHANGES")
    oldest = Change.objects.order_by("seq").values_list("seq", "at").first()
    if not days or oldest is None:
        return
    due = (datetime.now(UTC) - timedelta(days=days) - GRACE).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    slow = [one.name for one in sorted(readers(), key=lambda one: one.position) if one.position <= oldest[0]]
    if oldest[1] < due and slow:
        yield Finding(
            "live-log-held",
            "warning",
            _("変化の記録を古いものから消せません。まだ読んでいないもの：{who}").format(who="、".join(slow)),
            _("記録がたまり、ディスクを使い続けます。"),
            _("止まっているプロセスや連携を動かすか、要らない連携や購読をやめてください。"),
        )
