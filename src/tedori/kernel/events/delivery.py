"""Carries events to their consumers: in order per key, at least once, one worker per consumer at a time."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from django.db import connection, transaction

from tedori.kernel.events import rules
from tedori.kernel.events.models import Begun, Offset, OutboxEvent, Sequence, UndeliveredLetter
from tedori.kernel.events.queries import event_of
from tedori.kernel.events.rules import Consumer, Event

log = logging.getLogger(__name__)

# A batch ends after so many events or seconds, so that no lock is held long.
BATCH, BATCH_SECONDS = 50, 0.2
KILLED = "the worker died in this handler each time it tried"


def sequence(limit: int = 1000) -> int:
    """Give committed events their positions, oldest first; returns how many.

    One sequencer at a time holds the row of Sequence. Whoever waited for it reads after the other's commit,
    so positions grow without gaps and an event that commits late simply comes later.
    """
    if not OutboxEvent.objects.filter(position=None).exists():
        return 0
    Sequence.objects.get_or_create(pk=1)
    with transaction.atomic():
        counter = Sequence.objects.select_for_update().get(pk=1)
        new = list(OutboxEvent.objects.filter(position=None).order_by("id").only("id")[:limit])
        for place, event in enumerate(new, counter.last + 1):
            event.position = place
        OutboxEvent.objects.bulk_update(new, ["position"], batch_size=200)
        Sequence.objects.filter(pk=1).update(last=counter.last + len(new))
    return len(new)


def deliver(limit: int = 1000, *, now: datetime) -> int:
    """Carry up to about `limit` events to each consumer; returns how many deliveries were tried."""
    while sequence():
        pass
    tried = 0
    for consumer in rules.consumers():
        for source in (_due_letters, _new_events):
            left = limit
            while left > 0 and (came := _round(consumer, source, now=now)):
                tried += came
                left -= came
    return tried


def _due_letters(consumer: str, topics: list[str], *, now: datetime, limit: int) -> list[OutboxEvent]:
    """Events whose letters may be tried again: due, and not behind an earlier letter that still waits."""
    waiting = UndeliveredLetter.objects.filter(consumer=consumer, state=UndeliveredLetter.WAITING)
    later = waiting.filter(next_at__gt=now).values("key")
    due = waiting.exclude(key__in=later).select_related("event").order_by("event__position")
    return [letter.event for letter in due[:limit]]


def _new_events(consumer: str, topics: list[str], *, now: datetime, limit: int) -> list[OutboxEvent]:
    """Events that the consumer has not seen yet."""
    after = Offset.objects.filter(consumer=consumer).values_list("position", flat=True).first() or 0
    found = OutboxEvent.objects.filter(position__gt=after, topic__in=topics)
    return list(found.order_by("position")[:limit])


def _round(consumer: Consumer, source, *, now: datetime) -> int:
    """Hand a few events over in one transaction; returns how many were dealt with."""
    topics = list(consumer.handlers)
    first = source(consumer.name, topics, now=now, limit=1)
    begun = _begin(consumer.name, first[0]) if first else None
    if begun is None:
        return 0
    crashes, limit = begun
    with transaction.atomic():
        offset = _claimed(consumer.name)
        if offset is None:
            return 0
        events = source(consumer.name, topics, now=now, limit=limit)
        done = _hand_over(consumer, events, now=now, deadly=crashes >= rules.FATAL_CRASHES)
        reached = max([offset.position, *(event.position for event in events[:done])])
        careful = max(offset.careful - 1, 0)
        Offset.objects.filter(pk=offset.pk).update(position=reached, careful=careful)
        Begun.objects.filter(consumer=consumer.name, event=first[0]).delete()
    return done


def _claimed(consumer: str) -> Offset | None:
    """The consumer's offset, locked for this transaction; None while another worker has it."""
    skip = connection.features.has_select_for_update_skip_locked
    return Offset.objects.select_for_update(skip_locked=skip).filter(consumer=consumer).first()


def _begin(consumer: str, head: OutboxEvent) -> tuple[int, int] | None:
    """Note, in a transaction of its own, that a round starts with this event.

    Returns how many rounds that began with it never ended, and how many events this round may take; None
    when another worker is at this consumer. After a crash rounds take one event each for a while, so that
    the event that kills its worker is found and set aside.
    """
    Offset.objects.get_or_create(consumer=consumer)
    with transaction.atomic():
        offset = _claimed(consumer)
        if offset is None:
            return None
        careful = offset.careful
        if Begun.objects.filter(consumer=consumer).exists():
            careful = BATCH
            Offset.objects.filter(pk=offset.pk).update(careful=careful)
        note, _ = Begun.objects.get_or_create(consumer=consumer, event=head)
        Begun.objects.filter(pk=note.pk).update(count=note.count + 1)
    return note.count, 1 if careful else BATCH


def _hand_over(consumer: Consumer, rows: list[OutboxEvent], *, now: datetime, deadly: bool) -> int:
    """Hand events over until the round's time is up; returns how many were dealt with."""
    heads = _heads(consumer.name, rows)
    started = time.monotonic()
    for count, row in enumerate(rows, 1):
        blocked = heads.get(row.key, row.position) < row.position
        reason = KILLED if deadly else "" if blocked else _try(consumer, event_of(row))
        if blocked or reason:
            _keep(consumer.name, row, reason=reason, now=now, dead=deadly)
            heads.setdefault(row.key, row.position)
        else:
            UndeliveredLetter.objects.filter(consumer=consumer.name, event=row).delete()
            heads.pop(row.key, None)
        if time.monotonic() - started > BATCH_SECONDS:
            return count
    return len(rows)


def _heads(consumer: str, rows: list[OutboxEvent]) -> dict[str, int]:
    """The keys of these events that wait behind an earlier one, with that one's position."""
    waiting = UndeliveredLetter.objects.filter(
        consumer=consumer, key__in={row.key for row in rows}, state=UndeliveredLetter.WAITING
    )
    found = waiting.order_by("-event__position").values_list("key", "event__position")
    return dict(found)


def _try(consumer: Consumer, event: Event) -> str:
    """Call the handler within a savepoint; returns why it failed, or nothing."""
    handler = consumer.handlers.get(event.topic)
    if handler is None:  # the service does not listen any more
        return ""
    try:
        with transaction.atomic():
            handler(event)
    except Exception as error:  # noqa: BLE001 - the boundary: whatever a handler raises becomes a letter
        log.warning("%s could not take event %s", consumer.name, event.id, exc_info=True)
        return f"{type(error).__name__}: {error}"[:2000]
    return ""


def _keep(consumer: str, row: OutboxEvent, *, reason: str, now: datetime, dead: bool) -> None:
    """Write or update the letter of an event that was not taken; without a reason it only waits its turn."""
    letter = UndeliveredLetter.objects.filter(consumer=consumer, event=row).first()
    letter = letter or UndeliveredLetter(consumer=consumer, event=row, key=row.key)
    letter.next_at = now
    if reason:
        letter.attempts += 1
        letter.reason = reason
        wait = None if dead else rules.wait_after(letter.attempts)
        letter.state = UndeliveredLetter.WAITING if wait else UndeliveredLetter.DEAD
        letter.next_at = now + wait if wait else now
    letter.save()
