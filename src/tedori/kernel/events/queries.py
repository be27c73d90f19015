"""What is known of events: themselves, how far each consumer is, and what could not be delivered."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.kernel.events import rules
from tedori.kernel.events.models import Offset, OutboxEvent, UndeliveredLetter
from tedori.kernel.events.rules import Event, Letter


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """How far a consumer is: events still before it, letters waiting, letters dead."""

    name: str
    behind: int
    waiting: int
    dead: int


def event_of(row: OutboxEvent) -> Event:
    """The value of a row."""
    return Event(row.pk, row.topic, row.version, row.key, row.organisation, row.payload, row.at)


def events(topic: str | None = None, *, key: str | None = None, limit: int = 100) -> tuple[Event, ...]:
    """The newest events first, of a topic and a key when given."""
    found = OutboxEvent.objects.order_by("-id")
    if topic is not None:
        found = found.filter(topic=topic)
    if key is not None:
        found = found.filter(key=key)
    return tuple(event_of(row) for row in found[:limit])


def letters(*, state: str | None = None, consumer: str | None = None, limit: int = 200) -> tuple[Letter, ...]:
    """Undelivered letters, the oldest event first; `state` is "waiting" or "dead"."""
    found = UndeliveredLetter.objects.select_related("event").order_by("event_id")
    if state is not None:
        found = found.filter(state=state)
    if consumer is not None:
        found = found.filter(consumer=consumer)
    return tuple(
        Letter(row.pk, row.consumer, event_of(row.event), row.state, row.attempts, row.reason, row.next_at)
        for row in found[:limit]
    )


def dead_letters() -> int:
    """How many letters have been given up."""
    return UndeliveredLetter.objects.filter(state=UndeliveredLetter.DEAD).count()


def consumer_states() -> tuple[ConsumerState, ...]:
    """Every consumer and how far it is."""
    offsets = dict(Offset.objects.values_list("consumer", "position"))
    return tuple(_state(consumer, offsets.get(consumer.name, 0)) for consumer in rules.consumers())


def _state(consumer: rules.Consumer, position: int) -> ConsumerState:
    mine = UndeliveredLetter.objects.filter(consumer=consumer.name)
    told = OutboxEvent.objects.filter(topic__in=consumer.handlers)
    return ConsumerState(
        consumer.name,
        behind=told.filter(position__gt=position).count() + told.filter(position=None).count(),
        waiting=mine.filter(state=UndeliveredLetter.WAITING).count(),
        dead=mine.filter(state=UndeliveredLetter.DEAD).count(),
    )
