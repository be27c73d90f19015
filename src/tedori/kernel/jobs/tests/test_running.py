"""Jobs run once each, in order of urgency, and end with a clear word."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import translation

from tedori.kernel.errors import UserError, Words
from tedori.kernel.jobs import actions, queries, rules, running
from tedori.kernel.jobs.models import JobRow
from tedori.kernel.jobs.rules import JobEnded, NoSuchJob, job
from tedori.kernel.organisations.values import Actor

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
SATO = Actor(user_id=1, name="佐藤花子", organisation="131016", roles=frozenset({"steward"}))
RAN: list[object] = []

pytestmark = pytest.mark.django_db


class Unreadable(UserError):
    code = "unreadable"
    words = Words("この表は読めません。", "別の形式で保存してください。")


@job("tests.note", label="記録")
def note(args, progress):
    RAN.append(args["what"])
    progress.say(1, 4, "1/4 まで", "1 of 4")
    return {"noted": args["what"]}


@job("tests.unreadable")
def unreadable(args, progress):
    raise Unreadable(where="3行目")


@job("tests.bug")
def bug(args, progress):
    raise ZeroDivisionError("a secret of the code")


@job("tests.busy")
def busy(args, progress):
    RAN.append("try")
    raise OperationalError("database is locked")


@job("tests.called_off")
def called_off(args, progress):
    actions.cancel(progress.job_id, by=progress.by, at=NOW)
    progress.say(1, 2)
    RAN.append("went on")


@job("tests.who")
def who(args, progress):
    RAN.append((progress.by, progress.organisation))


@pytest.fixture(autouse=True)
def _fresh():
    RAN.clear()
    with translation.override("ja"):
        yield


def ask(name="tests.note", what="a", **more):
    return actions.enqueue(name, {"what": what}, by=SATO, organisation="131016", at=NOW, **more)


def die(job_id, *, worker="elsewhere/ns:1:aa"):
    JobRow.objects.filter(pk=job_id).update(
        state="running", worker=worker, lease_until=NOW - timedelta(days=400), attempts=1
    )


def test_a_job_runs_and_shows_its_result_and_progress():
    asked = ask()
    assert asked.state == "waiting" and asked.open
    assert running.run_waiting() == 1
    found = queries.job(asked.id)
    assert (found.state, found.result, found.percent, found.say) == ("done", {"noted": "a"}, 25, "1/4 まで")
    with translation.override("en"):
        assert queries.job(asked.id).say == "1 of 4"


def test_the_urgent_goes_first_then_the_oldest():
    for what, priority in (("old", 0), ("urgent", 10), ("new", 0)):
        ask(what=what, priority=priority)
    running.run_waiting()
    assert RAN == ["urgent", "old", "new"]


def test_the_same_key_is_the_same_job_even_when_it_is_done():
    first = ask(key="k")
    assert ask(key="k").id == first.id
    running.run_waiting()
    assert ask(key="k").id == first.id
    assert ask(key="other").id != first.id


def test_a_failed_key_may_be_asked_for_again():
    first = ask("tests.unreadable", key="k")
    running.run_waiting()
    assert ask("tests.unreadable", key="k").id != first.id


def test_a_users_error_is_told_in_both_languages_without_another_try():
    asked = ask("tests.unreadable")
    running.run_waiting()
    found = queries.job(asked.id)
    assert (found.state, found.error_code, found.attempts) == ("failed", "unreadable", 1)
    assert found.error == "この表は読めません。 3行目 別の形式で保存してください。"


def test_a_bug_says_a_reference_that_is_in_the_log_and_nothing_of_the_code(caplog):
    asked, after = ask("tests.bug"), ask(what="after")
    running.run_waiting()
    found = queries.job(asked.id)
    assert found.reference in found.error and found.reference in caplog.text
    assert "secret" not in found.error and "ZeroDivision" not in found.error
    assert queries.job(after.id).state == "done", "one job's bug disturbs no other"


def test_a_busy_database_is_tried_again_and_not_for_ever():
    asked = ask("tests.busy")
    for expected in ("waiting", "waiting", "failed"):
        JobRow.objects.update(not_before=NOW)
        running.run_waiting()
        assert queries.job(asked.id).state == expected
    assert RAN == ["try"] * 3


def test_a_waiting_job_is_cancelled_at_once_and_never_runs():
    asked = ask()
    assert actions.cancel(asked.id, by=SATO, at=NOW).state == "cancelled"
    assert running.run_waiting() == 0
    assert RAN == []


def test_a_running_job_ends_at_its_next_sign_of_progress():
    asked = ask("tests.called_off")
    running.run_waiting()
    assert queries.job(asked.id).state == "cancelled"
    assert RAN == []


def test_an_ended_job_cannot_be_cancelled_and_a_done_one_not_repeated():
    asked = ask()
    running.run_waiting()
    with pytest.raises(JobEnded):
        actions.cancel(asked.id, by=SATO, at=NOW)
    with pytest.raises(JobEnded):
        actions.again(asked.id, by=SATO, at=NOW)
    with pytest.raises(NoSuchJob):
        actions.cancel(asked.id + 1, by=SATO, at=NOW)


def test_a_failed_job_may_be_asked_for_again_as_a_new_one():
    asked = ask("tests.unreadable", key="k")
    running.run_waiting()
    new = actions.again(asked.id, by=SATO, at=NOW)
    assert new.id != asked.id and new.state == "waiting" and new.args == asked.args


def test_a_job_acts_for_the_person_who_asked():
    ask("tests.who")
    running.run_waiting()
    assert RAN == [(SATO, "131016")]


def test_a_job_whose_worker_died_waits_a_moment_and_runs_again():
    asked = ask()
    die(asked.id)
    assert running.run_waiting() == 0, "it rests first"
    found = JobRow.objects.get(pk=asked.id)
    assert (found.state, found.crashes) == ("waiting", 1)
    JobRow.objects.update(not_before=NOW)
    assert running.run_waiting() == 1
    assert queries.job(asked.id).state == "done"


def test_a_job_that_kills_its_worker_three_times_is_given_up_with_a_clear_text():
    asked = ask()
    for _ in range(rules.FATAL_CRASHES):
        die(asked.id)
        running.run_waiting()
    found = queries.job(asked.id)
    assert (found.state, found.error_code) == ("failed", "worker-died")
    assert "3回" in found.error and found.reference in found.error


def test_a_dead_process_of_this_machine_is_noticed_before_its_lease_ends():
    asked = ask()
    JobRow.objects.filter(pk=asked.id).update(
        state="running",
        worker=f"{running.machine()}:999999999:aa",
        lease_until=datetime.now(UTC) + timedelta(hours=1),
    )
    assert running.reclaim(datetime.now(UTC), worker=running.worker_name()) == 1


@pytest.mark.parametrize("worker", ["elsewhere/pid:[1]:999999999:aa", "", "odd"])
def test_a_lease_of_another_machine_is_respected(worker):
    asked = ask()
    JobRow.objects.filter(pk=asked.id).update(
        state="running", worker=worker, lease_until=datetime.now(UTC) + timedelta(hours=1)
    )
    assert running.reclaim(datetime.now(UTC), worker=running.worker_name()) == 0


def test_a_worker_that_lost_its_lease_stops_and_keeps_nothing():
    asked = ask()
    JobRow.objects.filter(pk=asked.id).update(state="running", worker="the other", lease_until=NOW)
    mine = running.Reporter(asked.id, "me", SATO, "131016")
    with pytest.raises(rules.Cancelled):
        mine.say(1, 2)
    running._end(JobRow.objects.get(pk=asked.id), "me", state="done", result={})
    assert queries.job(asked.id).state == "running"


def test_jobs_are_listed_newest_first_and_by_organisation():
    first, second = ask(), ask()
    assert [found.id for found in queries.jobs("131016")] == [second.id, first.id]
    assert queries.jobs("132012") == ()
    assert [found.id for found in queries.jobs(before=second.id)] == [first.id]


def test_only_declared_jobs_can_be_asked_for():
    with pytest.raises(rules.Wiring):
        ask("tests.nobody")
