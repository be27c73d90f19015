"""Forgets events that every consumer has had for long; what still has to be delivered stays."""

from __future__ import annotations

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
