"""Forgets events that every consumer has had for long, and consumers that are no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from tedori.kernel.events import rules
from tedori.kernel.events.models import Begun, Offset, OutboxEvent, UndeliveredLetter

BATCH = 1000  # so that no lock is held long


def prune(at: datetime) -> int:
    """Delete delivered events older than the installation keeps them; returns how many."""
    if not settings.KEEP_DAYS["events"]:
        return 0
    old = OutboxEvent.objects.filter(at__lt=at - timedelta(days=settings.KEEP_DAYS["events"]))
    done = old.exclude(position=None).exclude(_wanted())
    done = done.exclude(pk__in=UndeliveredLetter.objects.values("event"))
    done = done.exclude(pk__in=Begun.objects.values("event"))
    gone = 0
    while batch := list(done.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        OutboxEvent.objects.filter(pk__in=batch).delete()
        gone += len(batch)
    return gone


def _wanted() -> Q:
    """The events that a consumer has not come to yet."""
    reached = dict(Offset.objects.values_list("consumer", "position"))
    wanted = Q(pk__in=())
    for consumer in rules.consumers():
        wanted |= Q(topic__in=list(consumer.handlers), position__gt=reached.get(consumer.name, 0))
    return wanted


def forget(consumers: Iterable[str]) -> int:
    """Take away how far these consumers had come and what they had not taken; returns how many had begun."""
    names = list(consumers)
    Begun.objects.filter(consumer__in=names).delete()
    UndeliveredLetter.objects.filter(consumer__in=names).delete()
    return Offset.objects.filter(consumer__in=names).delete()[0]
