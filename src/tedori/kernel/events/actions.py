"""Telling a fact, and giving an undelivered letter another chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from tedori.kernel.events import rules
from tedori.kernel.events.models import OutboxEvent, UndeliveredLetter
from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.values import Actor


class NotInTransaction(RuntimeError):
    """An event was told outside the transaction of its change: a crash could keep one without the other."""


def publish(
    topic: str,
    payload: Mapping[str, object],
    *,
    key: str,
    organisation: str,
    at: datetime,
    version: int = 1,
) -> int:
    """Tell a fact inside the caller's transaction; returns its id.

    Events with the same `key` reach each consumer in the order in which they were committed.
    """
    rules.check_topic(topic)
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{topic}: call publish inside transaction.atomic()")
    return OutboxEvent.objects.create(
        topic=topic, payload=dict(payload), key=key, organisation=organisation, at=at, version=version
    ).pk


def retry(*, by: Actor, at: datetime, letter_id: int | None = None, consumer: str | None = None) -> int:
    """Give dead letters (one, a consumer's, or all) fresh attempts from `at` on; returns how many."""
    chosen = UndeliveredLetter.objects.filter(state=UndeliveredLetter.DEAD)
    if letter_id is not None:
        chosen = chosen.filter(pk=letter_id)
    if consumer is not None:
        chosen = chosen.filter(consumer=consumer)
    with transaction.atomic():
        ids = list(chosen.order_by("id").values_list("id", flat=True))
        if ids:
            record(
                "events.retried", by=by, at=at, organisation="", subject="events", grounds={"letters": ids}
            )
        return chosen.filter(pk__in=ids).update(state=UndeliveredLetter.WAITING, attempts=0, next_at=at)


def drop(letter_id: int, *, by: Actor, at: datetime) -> bool:
    """Throw a dead letter away for good; False when there is no such dead letter."""
    with transaction.atomic():
        letter = UndeliveredLetter.objects.filter(pk=letter_id, state=UndeliveredLetter.DEAD).first()
        if letter is None:
            return False
        grounds = {"consumer": letter.consumer, "event": letter.event_id, "reason": letter.reason}
        record("events.dropped", by=by, at=at, organisation="", subject="events", grounds=grounds)
        letter.delete()
    return True
