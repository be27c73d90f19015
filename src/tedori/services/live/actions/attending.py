"""What staff do for their subscriptions: pause them, let them go on, send again or drop what was given up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import orjson
from django.db import transaction
from django.db.models import F, Q, QuerySet

from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.writing import column_time
from tedori.services.live.models import Notification, Position, Subscription
from tedori.services.live.queries.subscriptions import VERSION
from tedori.services.live.rules.letters import GONE
from tedori.services.live.rules.subscribing import NoSuchSubscription

PERMISSION = "live.subscribe"
RESTING = Q(state="waiting")  # what rests while its subscription is paused
WOKEN = Q(state="paused") | Q(state="dead", reason=GONE)  # what waits again when it goes on


@transaction.atomic
def switch(number: int, *, active: bool, reason: str, by: Actor, at: datetime) -> None:
    """Pause a subscription or let it go on; what waits meanwhile is kept, what happens meanwhile is not told.

    Raises NoSuchSubscription and Forbidden.
    """
    row = _mine(number, by)
    document = orjson.loads(row.document) | {"isActive": active}
    Subscription.objects.filter(pk=number).update(
        document=orjson.dumps(document).decode(),
        version=_next_version(),
        failures=0,
        modified_at=column_time(at),
    )
    letters = Notification.objects.filter(WOKEN if active else RESTING, subscription_id=number)
    letters.update(state="waiting" if active else "paused", reason="")
    act = "live.subscription_resumed" if active else "live.subscription_paused"
    _note(row, act, by=by, at=at, grounds={"reason": reason})


@transaction.atomic
def send_again(number: int, chosen: Collection[int] | None, *, reason: str, by: Actor, at: datetime) -> int:
    """Have notifications that were given up sent again (None: all of them); returns how many.

    Raises NoSuchSubscription and Forbidden.
    """
    row = _mine(number, by)
    state = "waiting" if orjson.loads(row.document).get("isActive", True) else "paused"
    sent = _dead(number, chosen).update(state=state, attempts=0, at=column_time(at), reason="")
    _next_version()  # by which the notifier learns that there is something to send
    _note(row, "live.notifications_sent_again", by=by, at=at, grounds={"reason": reason, "count": sent})
    return sent


@transaction.atomic
def drop(number: int, chosen: Collection[int] | None, *, reason: str, by: Actor, at: datetime) -> int:
    """Forget notifications that were given up (None: all of them); returns how many.

    Raises NoSuchSubscription and Forbidden.
    """
    row = _mine(number, by)
    gone, _each = _dead(number, chosen).delete()
    _note(row, "live.notifications_dropped", by=by, at=at, grounds={"reason": reason, "count": gone})
    return gone


def _dead(number: int, chosen: Collection[int] | None) -> QuerySet[Notification]:
    dead = Notification.objects.filter(subscription_id=number, state="dead")
    return dead if chosen is None else dead.filter(pk__in=chosen)


def _next_version() -> int:
    Position.objects.get_or_create(name=VERSION)
    Position.objects.filter(name=VERSION).update(position=F("position") + 1)
    return Position.objects.get(name=VERSION).position


def _mine(number: int, by: Actor) -> Subscription:
    row = Subscription.objects.select_for_update().filter(pk=number).first()
    if row is None or not (by.everywhere or row.owner == by.organisation):
        raise NoSuchSubscription(where=str(number))
    demand(by, PERMISSION, organisation=row.owner)
    return row


def _note(row: Subscription, act: str, *, by: Actor, at: datetime, grounds: dict[str, object]) -> None:
    record(
        act,
        by=by,
        at=at,
        organisation=row.owner,
        subject=f"live/subscription:{row.pk}",
        grounds={"subscription": row.urn, **grounds},
    )
