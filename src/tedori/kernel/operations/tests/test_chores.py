"""Once a day what is old and delivered goes; what somebody still waits for stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from django.contrib.sessions.models import Session
from django.db import transaction

from tedori.kernel.events import pruning as events_pruning
from tedori.kernel.events.actions import publish
from tedori.kernel.events.delivery import sequence
from tedori.kernel.events.models import Offset, OutboxEvent, UndeliveredLetter
from tedori.kernel.events.rules import Consumer
from tedori.kernel.jobs.models import JobRow
from tedori.kernel.lake.store import house_lake
from tedori.kernel.operations import chores
from tedori.kernel.operations.models import Chore
from tedori.kernel.operations.queries import chores as known

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
OLD = NOW - timedelta(days=100)


@pytest.fixture
def listeners(monkeypatch):
    """One consumer, which listens to tests.heard only."""
    one = Consumer("tests.ear", {"tests.heard": lambda event: None})
    monkeypatch.setattr(events_pruning.rules, "consumers", lambda: (one,))


def tell(*pairs):
    for topic, at in pairs:
        with transaction.atomic():
            publish(topic, {}, key="k", organisation="", at=at)
    sequence()
    return {row.topic: row for row in OutboxEvent.objects.all()}


def left():
    return sorted(OutboxEvent.objects.values_list("topic", "at"))


def test_delivered_events_go_after_their_time_and_new_ones_stay(listeners):
    tell(("tests.unheard", OLD), ("tests.heard", OLD), ("tests.heard", NOW))
    Offset.objects.create(consumer="tests.ear", position=2)
    assert events_pruning.prune(NOW) == 2
    assert left() == [("tests.heard", NOW)]


def test_an_event_that_a_consumer_has_not_come_to_stays_however_old(listeners):
    tell(("tests.heard", OLD), ("tests.heard", OLD))
    Offset.objects.create(consumer="tests.ear", position=1)
    assert events_pruning.prune(NOW) == 1
    assert OutboxEvent.objects.get().position == 2


def test_an_undelivered_letter_keeps_its_event(listeners):
    event = tell(("tests.heard", OLD))["tests.heard"]
    Offset.objects.create(consumer="tests.ear", position=1)
    UndeliveredLetter.objects.create(consumer="tests.ear", event=event, key="k", next_at=NOW)
    assert events_pruning.prune(NOW) == 0


def test_zero_days_keep_everything(listeners, settings):
    settings.KEEP_DAYS = {"events": 0, "jobs": 0}
    tell(("tests.unheard", OLD))
    job("done", OLD)
    chores.tend(NOW)
    assert (OutboxEvent.objects.count(), JobRow.objects.count()) == (1, 1)


def job(state, finished):
    return JobRow.objects.create(
        name=f"tests.{state}", args={}, by={}, by_name="", created_at=OLD, not_before=OLD, state=state,
        finished_at=finished,
    )  # fmt: skip


def test_ended_jobs_go_after_their_time_and_open_ones_never():
    for state, finished in (
        ("done", OLD),
        ("failed", OLD),
        ("cancelled", OLD),
        ("waiting", None),
        ("done", NOW),
    ):
        job(state, finished)
    chores.tend(NOW)
    assert sorted(JobRow.objects.values_list("state", flat=True)) == ["done", "waiting"]


def test_sessions_that_ended_and_leftovers_in_the_lake_go():
    Session.objects.create(session_key="old", session_data="", expire_date=OLD)
    Session.objects.create(session_key="new", session_data="", expire_date=NOW + timedelta(days=1))
    stored = house_lake().write(dataset="d", partition="p", version=1, frame=pl.DataFrame({"a": [1]}))
    place = house_lake().path(stored.path).parent
    for name, age in ((".v000002-x.tmp", OLD), (".v000003-x.tmp", NOW)):
        (place / name).touch()
        os.utime(place / name, (age.timestamp(), age.timestamp()))
    chores.tend(NOW)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert sorted(file.name for file in place.iterdir() if file.suffix == ".tmp") == [".v000003-x.tmp"]
    assert house_lake().verify() == ()


def test_chores_are_done_once_a_day_or_hour_whoever_comes():
    hourly = [name for name, every in chores.declared().items() if every == timedelta(hours=1)]
    assert chores.tend(NOW) == len(chores.declared()) >= 4
    assert chores.tend(NOW + timedelta(minutes=59)) == 0
    assert chores.tend(NOW + timedelta(hours=23)) == len(hourly)
    assert chores.tend(NOW + timedelta(hours=24)) == len(chores.declared())


def test_a_chore_that_fails_is_noted_and_disturbs_none_of_the_others(monkeypatch):
    def fail(at):
        raise OSError("the disk is read-only")

    monkeypatch.setattr("tedori.kernel.lake.sweeping.sweep", fail)
    chores.tend(NOW)
    wrong = {one.name: one.error for one in known() if one.error}
    assert wrong == {"tedori.kernel.lake.sweeping.sweep": "OSError: the disk is read-only"}
    assert Chore.objects.count() == len(chores.declared())
