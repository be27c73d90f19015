"""What an event is, who listens to which topic, and when a failed delivery is tried again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from tedori.kernel.discovery import rooms

TOPIC = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
# Eight tries spread over about a day and a half: long enough for a night without power.
WAITS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600))
# A handler that takes its process down this often in a row is set aside as a dead letter.
FATAL_CRASHES = 3


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that happened: `topic` in the past tense, about `key`, told for `organisation`."""

    id: int
    topic: str
    version: int
    key: str
    organisation: str
    payload: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class Consumer:
    """One listener: its own name (and thus its own offset), its topics and what it does with each."""

    name: str
    handlers: Mapping[str, Callable[[Event], None]]


@dataclass(frozen=True, slots=True)
class Letter:
    """One event that one consumer has not taken: still to be tried again (`waiting`) or given up (`dead`)."""

    id: int
    consumer: str
    event: Event
    state: str
    attempts: int
    reason: str
    next_at: datetime


class Wiring(Exception):
    """A programming error in how events are declared."""


_HANDLERS: dict[str, dict[str, Callable[[Event], None]]] = {}


def handles(*topics: str, consumer: str) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Mark a function in `feeds.py` as the handler of these topics for the named consumer.

    The handler runs inside the transaction that moves the consumer's offset, so what it writes to the
    database happens exactly once; what it does outside may happen again and has to be idempotent. It should
    be short: long work belongs into a job that it enqueues.
    """

    def mark(function: Callable[[Event], None]) -> Callable[[Event], None]:
        for topic in topics:
            check_topic(topic)
            known = _HANDLERS.setdefault(consumer, {}).setdefault(topic, function)
            if known is not function:
                raise Wiring(f"consumer {consumer!r} handles {topic!r} twice")
        return function

    return mark


def check_topic(topic: str) -> None:
    """Raise Wiring unless the topic reads `service.past_tense`."""
    if not TOPIC.fullmatch(topic):
        raise Wiring(f"topic {topic!r} does not read service.something_happened")


@cache
def _discover() -> None:
    for parent in ("tedori.kernel", "tedori.services"):
        for _room in rooms(parent, "feeds"):
            pass


def consumers() -> tuple[Consumer, ...]:
    """Every consumer that the rooms of the house declare, by name."""
    _discover()
    return tuple(Consumer(name, dict(handlers)) for name, handlers in sorted(_HANDLERS.items()))


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it is time to give up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
