"""The worker: carries events and runs jobs until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone

from tedori.kernel.events.delivery import deliver
from tedori.kernel.jobs.running import run_one, worker_name
from tedori.kernel.operations.chores import tend
from tedori.kernel.operations.models import WorkerBeat

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
BEAT_SECONDS = 15.0
# A job that runs when the worker is told to stop has so long to finish; then it is put back.
GRACE_SECONDS = 5.0
FORGET_AFTER = timedelta(days=1)


class Stop:
    """The wish that the worker ends, and since when."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._since = 0.0

    def ask(self, *_: object) -> None:
        """Ask for the end; fits as a signal handler."""
        self._since = time.monotonic()
        self._asked.set()

    def asked(self) -> bool:
        """Whether no new work may be begun."""
        return self._asked.is_set()

    def overdue(self) -> bool:
        """Whether the work at hand has had its time, too."""
        return self.asked() and time.monotonic() - self._since > GRACE_SECONDS

    def wait(self, seconds: float) -> None:
        """Rest, but wake up when the end is asked for."""
        self._asked.wait(seconds)


def listen(stop: Stop) -> None:
    """Let SIGTERM and Ctrl-C ask for the end."""
    signal.signal(signal.SIGTERM, stop.ask)
    signal.signal(signal.SIGINT, stop.ask)


def follow(stop: Stop) -> None:
    """Let the end of standard input ask for the end: whoever started this worker is gone."""

    def listening() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        stop.ask()

    threading.Thread(target=listening, daemon=True, name="waits for the end of input").start()


def work(stop: Stop, *, once: bool = False) -> int:
    """Work until `stop`, or with `once` until nothing is left to do; returns how much was done."""
    name = worker_name()
    beat = _Beat(name)
    beat.start()
    done, rest = 0, IDLE_SECONDS
    try:
        while not stop.asked():
            close_old_connections()
            try:
                came = step(name, stop)
            except (DatabaseError, InterfaceError):
                if once:
                    raise
                log.exception("the database does not answer; trying again in %.0f s", rest)
                stop.wait(rest)
                rest = min(rest * 2, 60)
                continue
            done, rest = done + came, IDLE_SECONDS
            if not came:
                if once:
                    break
                stop.wait(IDLE_SECONDS)
    finally:
        beat.end()
    return done


def step(name: str, stop: Stop) -> int:
    """Carry the events there are, then run one job; what is due once a day waits until there is nothing else.

    Returns how much was done.
    """
    done = deliver(now=timezone.now())
    done += 0 if stop.asked() else run_one(name, beat=True, leave=stop.overdue)
    return done or (0 if stop.asked() else tend(timezone.now()))


class _Beat(threading.Thread):
    """Shows in the database that this worker lives."""

    def __init__(self, name: str) -> None:
        super().__init__(daemon=True, name="worker's heartbeat")
        self._worker = name
        self._began = timezone.now()
        self._ended = threading.Event()

    def run(self) -> None:
        """Beat until the end, then take the row away."""
        WorkerBeat.objects.filter(seen_at__lt=self._began - FORGET_AFTER).delete()
        while True:
            self._write()
            if self._ended.wait(BEAT_SECONDS):
                break
        WorkerBeat.objects.filter(name=self._worker).delete()
        connections.close_all()

    def _write(self) -> None:
        try:
            WorkerBeat.objects.update_or_create(
                name=self._worker,
                defaults={"seen_at": timezone.now()},
                create_defaults={
                    "seen_at": timezone.now(),
                    "pid": os.getpid(),
                    "started_at": self._began,
                },
            )
        except DatabaseError:  # the loop says it, and the next beat comes soon
            log.debug("a sign of life was missed", exc_info=True)

    def end(self) -> None:
        """Stop beating."""
        self._ended.set()
        self.join(timeout=BEAT_SECONDS)
