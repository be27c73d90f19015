"""The daily chore of the hub: old changes, notifications that were given up, old counts, old history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from tedori.kernel.lake.store import Lake, house_lake
from tedori.services.live.actions.shelving import PRUNED
from tedori.services.live.actions.writing import column_time
from tedori.services.live.models import Change, History, Notification, Position, Subscription, Use
from tedori.services.live.queries.histories.hours import Hour, hours
from tedori.services.live.queries.keeping import keep_days, last_to_go
from tedori.services.live.rules.shelves import number_of, shelf

BATCH = 1000  # so that no lock is held long


def prune(at: datetime) -> int:
    """Forget what the installation keeps no longer; returns how many rows."""
    return forget_changes(at) + forget_dead(at) + forget_uses(at) + forget_history(at)


def forget_changes(at: datetime) -> int:
    """Delete changes that are old, unless one of their readers has not come to them yet."""
    if not (days := keep_days("TEDORI_LIVE_KEEP_CHANGES")):
        return 0
    last = last_to_go(column_time(at - timedelta(days=days)))
    return _delete(Change.objects.filter(seq__lte=last))


def forget_dead(at: datetime) -> int:
    """Delete notifications that were given up long ago, and those of subscriptions that are no more."""
    gone = _delete(Notification.objects.exclude(subscription__in=Subscription.objects.values("pk")))
    if not (days := keep_days("TEDORI_LIVE_KEEP_DEAD")):
        return gone
    before = column_time(at - timedelta(days=days))
    return gone + _delete(Notification.objects.filter(state="dead", at__lt=before))


def forget_uses(at: datetime) -> int:
    """Delete old counts of who read and wrote."""
    if not (days := keep_days("TEDORI_LIVE_KEEP_USES")):
        return 0
    return _delete(Use.objects.filter(day__lt=(at - timedelta(days=days)).date()))


def forget_history(at: datetime) -> int:
    """Delete old hours of the history, each as a whole and only when all of it lies in the lake."""
    if not (days := keep_days("TEDORI_LIVE_KEEP_HISTORY")):
        return 0
    before = column_time(at - timedelta(days=days))[:13]
    old = hours(after=0, before=before)
    lacking = {(one.tenant, one.hour) for one in _lacking(house_lake(), old)}
    # From now on an hour of which nothing is left is no reason to take it out of the lake.
    Position.objects.update_or_create(name=PRUNED, defaults={"position": number_of(before)})
    return sum(_delete(_instances(*one)) for one in {(one.tenant, one.hour) for one in old} - lacking)


def _lacking(lake: Lake, old: Iterable[Hour]) -> Iterator[Hour]:
    """The hours of which the lake has not every instance."""
    held = {name: lake.newest(name) for name in {shelf(one.tenant, one.type) for one in old}}
    for one in old:
        _, stored = held[shelf(one.tenant, one.type)].get(one.hour, (0, None))
        if stored is None or stored.rows != one.rows:
            yield one


def _instances(tenant: int, hour: str) -> QuerySet:
    written = {"modified_at__gte": hour, "modified_at__lt": f"{hour}~"}
    return History.objects.filter(tenant_id=tenant, **written).exclude(name="")


def _delete(rows: QuerySet) -> int:
    """Delete them, some at a time; returns how many."""
    gone = 0
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rows.model.objects.filter(pk__in=batch).delete()
        gone += len(batch)
    return gone
