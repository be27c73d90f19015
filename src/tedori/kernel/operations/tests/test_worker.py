"""Workers die and come back; nothing is lost, nothing is done twice that can be done once."""

from __future__ import annotations

import signal

import pytest

# Each test is one process that forks the workers it kills. They know a few jobs and one consumer, which
# write lines into a file; what the services declare is left out.
STAGE = """
import django; django.setup()
import os, signal, time, traceback
from pathlib import Path
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone
from tedori.kernel.events import delivery
from tedori.kernel.events import rules as events_rules
from tedori.kernel.events.actions import publish
from tedori.kernel.events.models import UndeliveredLetter
from tedori.kernel.events.rules import handles
from tedori.kernel.jobs import rules as jobs_rules
from tedori.kernel.jobs.actions import enqueue
from tedori.kernel.jobs.models import JobRow
from tedori.kernel.jobs.rules import job
from tedori.kernel.operations import worker
from tedori.kernel.operations.models import WorkerBeat
from tedori.kernel.organisations.values import system_actor

events_rules._discover = jobs_rules._discover = lambda: None
worker.GRACE_SECONDS = 0.2
delivery.BATCH_SECONDS = 60  # on a busy machine a round would end early
NOTES = Path(settings.TEDORI_HOME) / "notes"

def note(text):
    with NOTES.open("a") as file:
        file.write(f"{text}\\n")

def notes():
    return NOTES.read_text().splitlines() if NOTES.exists() else []

@job("tests.short")
def short(args, progress):
    time.sleep(0.01)
    note(f"job {args['n']}")

@job("tests.long")
def long(args, progress):
    note("begun")
    for n in range(args["steps"]):
        progress.say(n, args["steps"])
        time.sleep(0.05)
    note("ended")

@job("tests.die")
def die(args, progress):
    note("dying")
    os.kill(os.getpid(), signal.SIGKILL)

@handles("tests.happened", consumer="tests.consumer")
def hear(event):
    if event.payload["n"] == "die":
        note("dying")
        os.kill(os.getpid(), signal.SIGKILL)
    note(f"event {event.payload['n']}")

def ask(name, **args):
    enqueue(name, args, by=system_actor("tests"), organisation="", at=timezone.now())

def tell(*numbers):
    with transaction.atomic():
        for n in numbers:
            publish("tests.happened", {"n": n}, key="k", organisation="", at=timezone.now())

def hurry():
    JobRow.objects.filter(state="waiting").update(not_before=timezone.now())

def start(once=True):
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        stop = worker.Stop()
        worker.listen(stop)
        worker.work(stop, once=once)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)

def end(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def wait_for(line):
    until = time.monotonic() + 60
    while line not in notes():
        assert time.monotonic() < until, notes()
        time.sleep(0.02)

def states():
    return list(JobRow.objects.order_by("id").values_list("state", "attempts", "crashes"))

for model in (JobRow, WorkerBeat, UndeliveredLetter):
    model.objects.all().delete()
NOTES.unlink(missing_ok=True)
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory, new_house):
    made = new_house(tmp_path_factory.mktemp("worker") / "var")
    made.tedori("migrate", "--verbosity=0")
    yield made
    made.end()


def test_a_job_whose_worker_is_killed_is_taken_up_by_the_next(house):
    house.run("-c", STAGE + """
ask("tests.long", steps=1000)
pid = start(once=False)
wait_for("begun")
until = time.monotonic() + 60
while not WorkerBeat.objects.exists() and time.monotonic() < until:
    time.sleep(0.02)
os.kill(pid, signal.SIGKILL)
assert end(pid) == -signal.SIGKILL
JobRow.objects.update(args={"steps": 2})
assert end(start()) == 0
assert states() == [("waiting", 1, 1)], states()
hurry()
assert end(start()) == 0
assert states() == [("done", 2, 1)], states()
assert notes() == ["begun", "begun", "ended"], notes()
assert WorkerBeat.objects.count() == 1, "the killed worker's sign of life stays"
""")  # fmt: skip


def test_a_job_that_kills_its_worker_is_given_up_and_the_others_go_on(house):
    house.run("-c", STAGE + """
ask("tests.die"); ask("tests.short", n=1)
codes = []
while len(codes) < 12 and [state for state, *_ in states()] != ["failed", "done"]:
    codes.append(end(start()))
    hurry()
assert codes.count(-signal.SIGKILL) == 3, codes
assert states() == [("failed", 3, 3), ("done", 1, 0)], states()
assert sorted(notes()) == ["dying", "dying", "dying", "job 1"], notes()
""")  # fmt: skip


def test_sigterm_puts_the_running_job_back_and_ends_in_good_order(house):
    house.run("-c", STAGE + """
ask("tests.long", steps=1000)
pid = start(once=False)
wait_for("begun")
os.kill(pid, signal.SIGTERM)
assert end(pid) == 0
assert states() == [("waiting", 0, 0)], states()
assert WorkerBeat.objects.count() == 0
""")  # fmt: skip


def test_several_workers_share_the_work_and_do_each_thing_once(house):
    house.run("-c", STAGE + """
for n in range(40):
    ask("tests.short", n=n)
tell(*range(40))
assert [end(pid) for pid in [start() for _ in range(3)]] == [0, 0, 0]
assert sorted(notes()) == sorted(f"{what} {n}" for what in ("job", "event") for n in range(40)), notes()
assert [line for line in notes() if line.startswith("event")] == [f"event {n}" for n in range(40)]
""")  # fmt: skip


def test_an_event_that_kills_its_worker_becomes_a_dead_letter_and_the_others_arrive(house):
    house.run("-c", STAGE + """
tell(1, "die", 2)
codes = []
while len(codes) < 60 and not UndeliveredLetter.objects.filter(state="dead").exists():
    codes.append(end(start()))  # 0 as well, as long as the database has not noticed the last death
    time.sleep(0.1)
assert codes.count(-signal.SIGKILL) == 4, codes
assert end(start()) == 0
# The first round held both events and was undone as a whole, so event 1 came again.
assert notes() == ["event 1", "dying", "event 1", "dying", "dying", "dying", "event 2"], notes()
""")  # fmt: skip


def test_the_command_replaces_a_worker_that_died_and_ends_with_sigterm(house):
    watcher = house.start("-m", "tedori.site.cli", "worker", "--processes", "1")
    house.run("-c", STAGE + """
def worker_besides(*known):
    until = time.monotonic() + 60
    while not (found := WorkerBeat.objects.exclude(pid__in=known).first()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return found.pid
first = worker_besides()
os.kill(first, signal.SIGKILL)
worker_besides(first)
""")  # fmt: skip
    watcher.send_signal(signal.SIGTERM)
    assert watcher.wait(30) == 0, watcher.stdout.read()
