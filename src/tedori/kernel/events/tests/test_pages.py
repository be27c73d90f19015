"""The platform's administrators see what was not delivered and mend it; others do not come in."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tedori.kernel.events.models import OutboxEvent, UndeliveredLetter

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def dead(db):
    event = OutboxEvent.objects.create(topic="tests.happened", key="k", payload={}, at=NOW, position=1)
    return UndeliveredLetter.objects.create(
        consumer="tests.listener",
        event=event,
        key="k",
        state="dead",
        attempts=8,
        reason="ValueError: no",
        next_at=NOW,
    )


@pytest.mark.parametrize("person", ["sato", "yamamoto", "ito"])
def test_only_platform_administrators_come_in(dead, person, request, browser_of):
    browser = browser_of(request.getfixturevalue(person))
    assert browser.get("/events/").status_code == 403
    assert browser.post("/events/retry/").status_code == 403
    assert browser.post(f"/events/{dead.pk}/drop/").status_code == 403
    assert Client().get("/events/").status_code == 302


def test_a_dead_letter_is_shown_with_its_reason_and_tried_again(dead, tanaka, browser_of):
    person = browser_of(tanaka)
    assert "ValueError: no" in person.get("/events/").content.decode()
    person.post("/events/retry/", {"letter": "nothing"})
    assert UndeliveredLetter.objects.get().state == "dead"
    person.post("/events/retry/", {"letter": dead.pk})
    assert UndeliveredLetter.objects.get().state == "waiting"
    assert "再試行を待つイベント" in person.get("/events/").content.decode()


def test_a_dead_letter_is_dropped_for_good(dead, tanaka, browser_of):
    browser_of(tanaka).post(f"/events/{dead.pk}/drop/")
    assert not UndeliveredLetter.objects.exists()


def test_the_command_shows_retries_and_drops(dead):
    out = StringIO()
    call_command("events", "status", stdout=out)
    assert f"[{dead.pk}] tests.listener tests.happened k attempts=8 ValueError: no" in out.getvalue()
    call_command("events", "retry", "--consumer", "another", stdout=StringIO())
    assert UndeliveredLetter.objects.get().state == "dead"
    call_command("events", "retry", stdout=StringIO())
    assert UndeliveredLetter.objects.get().state == "waiting"
    with pytest.raises(CommandError):
        call_command("events", "drop", str(dead.pk))
