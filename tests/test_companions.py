"""What runs beside the web server is started again when it dies, and the doctor tells of it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from tedori.site import falls, processes
from tedori.site.processes import Companion, wait_after

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
STAYS = "import os, sys; print(os.getpid(), file=open('{}', 'a'), flush=True); sys.stdin.read()"
DIES = "import os; print(os.getpid(), file=open('{}', 'a'), flush=True); raise SystemExit(3)"


@pytest.fixture
def companion(tmp_path, monkeypatch):
    """`companion(program)` runs it beside us, without long waits; `companion.pids()` says which came."""
    monkeypatch.setattr(processes, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(processes, "LONGEST_WAIT", 0.05)
    made, said = [], tmp_path / "pids"

    def start(program):
        made.append(Companion("worker", [sys.executable, "-c", program.format(said)], home=tmp_path))
        made[-1].start()
        return made[-1]

    def pids(count):
        """The ids of so many processes, as soon as they are there."""
        until = time.monotonic() + 60
        while len(found := said.read_text().split() if said.exists() else []) < count:
            assert time.monotonic() < until, found
            time.sleep(0.01)
        return [int(one) for one in found]

    start.pids = pids
    yield start
    for one in made:
        one.tell_to_end()
        one.wait()


def findings(settings, home):
    settings.TEDORI_HOME = home
    return [(one.code, one.level) for one in falls.companions()]


def test_one_that_is_killed_comes_back_with_a_line_in_the_log(companion, tmp_path, settings, caplog):
    caplog.set_level(logging.ERROR)
    companion(STAYS)
    os.kill(companion.pids(1)[0], signal.SIGKILL)
    first, second = companion.pids(2)
    assert first != second
    assert "tedori worker ended (-9)" in caplog.text
    assert findings(settings, tmp_path) == [("companion-died", "warning")]


def test_the_doctor_says_that_one_keeps_dying_and_with_which_code(companion, tmp_path, settings):
    companion(DIES)
    companion.pids(falls.MANY + 1)
    assert findings(settings, tmp_path) == [("companion-dies", "error")]
    assert "終了コード 3" in str(next(falls.companions()).what)


def test_one_that_is_told_to_end_ends_and_stays_away(companion, tmp_path, settings):
    running = companion(STAYS)
    pid = companion.pids(1)[0]
    running.tell_to_end()
    running.wait()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert companion.pids(1) == [pid]
    assert findings(settings, tmp_path) == []


def test_one_that_waits_to_be_started_again_is_not_started_after_the_order_to_end(companion, monkeypatch):
    monkeypatch.setattr(processes, "FIRST_WAIT", 600.0)
    monkeypatch.setattr(processes, "LONGEST_WAIT", 600.0)
    running = companion(DIES)
    companion.pids(1)
    running.tell_to_end()
    running.wait()
    assert len(companion.pids(1)) == 1


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1_000, 60)])
def test_the_wait_before_the_next_start_grows(deaths, seconds):
    assert wait_after(deaths) == seconds


@pytest.mark.parametrize(
    ("minutes_ago", "expected"),
    [
        ([], []),
        ([5], [("notifier", 1, -9)]),
        ([90, 70], []),
        ([90, 5, 1], [("notifier", 2, -9)]),
    ],
)
def test_only_deaths_of_the_last_hour_count(tmp_path, minutes_ago, expected):
    for minutes in minutes_ago:
        falls.note(tmp_path, "notifier", -9, at=NOW - timedelta(minutes=minutes))
    assert [(one.name, one.count, one.code) for one in falls.recent(tmp_path, NOW)] == expected


def test_a_note_that_was_cut_short_is_no_obstacle(tmp_path):
    falls.note(tmp_path, "notifier", 1, at=NOW)
    (tmp_path / falls.FOLDER / "notifier.json").write_text('{"na')
    assert list(falls.recent(tmp_path, NOW)) == []
    falls.note(tmp_path, "notifier", 1, at=NOW)
    assert [one.count for one in falls.recent(tmp_path, NOW)] == [1]


def test_a_new_server_begins_with_a_clean_sheet(tmp_path):
    falls.note(tmp_path, "notifier", 1, at=NOW)
    falls.forget(tmp_path)
    assert list(falls.recent(tmp_path, NOW)) == []
