"""Transactions that overlap lose no event and change no order; PostgreSQL alone lets them overlap."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from tedori.kernel.events import actions, delivery, rules
from tedori.kernel.events.models import OutboxEvent
from tedori.kernel.events.rules import Consumer

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets one writer in at a time: nothing overlaps"
    ),
]


@pytest.fixture
def heard(monkeypatch):
    found: list[tuple[str, int]] = []
    consumer = Consumer(
        "tests.listener", {"tests.happened": lambda event: found.append((event.key, event.payload["n"]))}
    )
    monkeypatch.setattr(rules, "consumers", lambda: (consumer,))
    return found


def tell(number, key):
    actions.publish("tests.happened", {"n": number}, key=key, organisation="", at=NOW)


def in_thread(work):
    def closed():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=closed)
    thread.start()
    return thread


def test_an_event_with_a_lower_id_that_commits_later_is_not_lost(heard):
    told, may_commit = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            tell(1, "slow")
            told.set()
            assert may_commit.wait(20)

    thread = in_thread(slow)
    assert told.wait(20)
    with transaction.atomic():
        tell(2, "fast")
    delivery.deliver(now=NOW)
    assert heard == [("fast", 2)], "the slow transaction holds nobody up"
    may_commit.set()
    thread.join()
    delivery.deliver(now=NOW)
    assert heard == [("fast", 2), ("slow", 1)]
    assert OutboxEvent.objects.get(key="slow").pk < OutboxEvent.objects.get(key="fast").pk


def test_a_rolled_back_event_leaves_a_hole_in_the_ids_that_stops_nothing(heard):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(1, "gone")
        raise ZeroDivisionError
    with transaction.atomic():
        tell(2, "kept")
    delivery.deliver(now=NOW)
    assert heard == [("kept", 2)]


def test_many_writers_and_several_workers_deliver_everything_once_and_in_order(heard):
    writers, each = 4, 40
    done = threading.Event()

    def write(writer):
        try:
            for number in range(each):
                with transaction.atomic():
                    tell(number, f"writer-{writer}")
        finally:
            connections.close_all()

    def carry():
        try:
            while not done.is_set():
                delivery.deliver(now=NOW)
        finally:
            connections.close_all()

    workers = [in_thread(carry) for _ in range(3)]
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    done.set()
    for worker in workers:
        worker.join()
    delivery.deliver(now=NOW)
    for writer in range(writers):
        assert [n for key, n in heard if key == f"writer-{writer}"] == list(range(each))
    assert len(heard) == writers * each
    positions = sorted(OutboxEvent.objects.values_list("position", flat=True))
    assert positions == list(range(1, writers * each + 1))
