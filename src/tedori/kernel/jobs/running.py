"""Takes jobs under a lease and runs them; whatever happens to one disturbs no other."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import OperationalError, connection, connections, transaction
from django.db.models import Q
from django.utils import timezone, translation

from tedori.kernel.errors import UserError
from tedori.kernel.jobs import rules
from tedori.kernel.jobs.models import CANCELLED, DONE, FAILED, RUNNING, WAITING, JobRow
from tedori.kernel.jobs.rules import LEASE, Cancelled, Trade
from tedori.kernel.organisations.values import Actor

log = logging.getLogger(__name__)

BEAT_SECONDS = 10
SAY_SECONDS = 0.3


class Left(Exception):
    """Ends a running job because its worker has to go; another one starts it afresh."""


def _never() -> bool:
    return False


def machine() -> str:
    """This machine and process space: within it process numbers can be compared."""
    space = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()}/{space.readlink() if space.is_symlink() else ''}"


def worker_name() -> str:
    """A name for this worker that no other has."""
    return f"{machine()}:{os.getpid()}:{secrets.token_hex(4)}"


def run_waiting(limit: int = 1000, *, worker: str | None = None, beat: bool = False) -> int:
    """Run waiting jobs, the most urgent first, until none is left or `limit` are done; returns how many."""
    name = worker or worker_name()
    for count in range(limit):
        if not run_one(name, beat=beat):
            return count
    return limit


def run_one(worker: str, *, beat: bool = True, leave: Callable[[], bool] = _never) -> bool:
    """Take one job and run it to its end; False when none waits.

    With `beat` a thread renews the lease. Once `leave` is true a job that tells its progress is put back.
    """
    reclaim(timezone.now(), worker=worker)
    row = _take(worker, now=timezone.now())
    if row is None:
        return False
    known = rules.trade(row.name)
    if known is None:
        log.error("job %s: no room declares %r any more", row.pk, row.name)
        _end(row, worker, **_unexpected(row))
    else:
        with _Heartbeat(row.pk, worker, active=beat):
            _run(row, known, worker, leave)
    return True


def reclaim(now: datetime, *, worker: str) -> int:
    """Put jobs back whose worker died, or give them up after too many deaths; returns how many."""
    lost = [row for row in JobRow.objects.filter(state=RUNNING) if _is_lost(row, now, worker)]
    for row in lost:
        crashes = row.crashes + 1
        mine = JobRow.objects.filter(pk=row.pk, state=RUNNING, worker=row.worker, lease_until=row.lease_until)
        log.warning("job %s: worker %s died (%d times so far)", row.pk, row.worker, crashes)
        if row.cancel_asked:
            mine.update(state=CANCELLED, finished_at=now, worker="", crashes=crashes)
        elif crashes >= rules.FATAL_CRASHES:
            texts = _texts(rules.KILLED_WORKER, times=crashes, reference=(reference := _reference()))
            mine.update(
                state=FAILED,
                finished_at=now,
                worker="",
                crashes=crashes,
                reference=reference,
                error_code="worker-died",
                **texts,
            )
        else:
            rest = rules.wait_after(crashes)
            mine.update(state=WAITING, not_before=now + rest, worker="", crashes=crashes, lease_until=None)
    return len(lost)


def _is_lost(row: JobRow, now: datetime, worker: str) -> bool:
    """Whether the lease ran out, or the holder was a process of this machine that is gone."""
    if row.lease_until is None or row.lease_until < now:
        return True
    where, pid, _rest = (row.worker.rsplit(":", 2) + ["", "", ""])[:3]
    if row.worker == worker or where != worker.rsplit(":", 2)[0] or where.endswith("/") or not pid.isdigit():
        return False
    return not _lives(pid)


def _lives(pid: str) -> bool:
    """Whether a process of this machine still runs; one that waits to be buried does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _take(worker: str, *, now: datetime) -> JobRow | None:
    """Lease the most urgent waiting job to this worker."""
    skip = connection.features.has_select_for_update_skip_locked
    due = Q(state=WAITING, not_before__lte=now)
    if not JobRow.objects.filter(due).exists():  # an idle worker takes no write lock
        return None
    with transaction.atomic():
        waiting = JobRow.objects.select_for_update(skip_locked=skip).filter(due)
        row = waiting.order_by("-priority", "id").first()
        if row is None:
            return None
        row.state, row.worker, row.lease_until = RUNNING, worker, now + LEASE
        row.attempts, row.started_at = row.attempts + 1, now
        row.step = row.steps = 0
        row.save(update_fields=["state", "worker", "lease_until", "attempts", "started_at", "step", "steps"])
    return row


def _run(row: JobRow, known: Trade, worker: str, leave: Callable[[], bool]) -> None:
    """Run the job's function and keep how it ended."""
    asker = rules.actor_from_json(row.by)
    try:
        result = known.work(row.args, Reporter(row.pk, worker, asker, row.organisation, leave))
    except Left:
        _end(row, worker, state=WAITING, attempts=row.attempts - 1, lease_until=None)
    except Cancelled:
        _end(row, worker, state=CANCELLED)
    except UserError as error:
        _end(row, worker, state=FAILED, error_code=error.code, **_texts_of(error))
    except Exception as error:  # noqa: BLE001 - the boundary: a job's bug must not end the worker
        _end_badly(row, known, worker, error)
    else:
        _end(row, worker, state=DONE, result=result, lease_until=None)


def _end_badly(row: JobRow, known: Trade, worker: str, error: Exception) -> None:
    """Put the job back for another try, or give it up with a reference number."""
    if isinstance(error, known.retry_on) and row.attempts - row.crashes < known.attempts:
        log.warning("job %s (%s) will be tried again", row.pk, row.name, exc_info=error)
        rest = rules.wait_after(row.attempts)
        _end(row, worker, state=WAITING, not_before=timezone.now() + rest, lease_until=None)
        return
    fields = _unexpected(row)
    log.error("job %s (%s) failed, reference %s", row.pk, row.name, fields["reference"], exc_info=error)
    _end(row, worker, **fields)


def _end(row: JobRow, worker: str, *, state: str, **fields: object) -> None:
    """Keep how the job ended, unless another worker has taken it meanwhile."""
    if state != WAITING:
        fields["finished_at"] = timezone.now()
    mine = JobRow.objects.filter(pk=row.pk, state=RUNNING, worker=worker)
    if not mine.update(state=state, worker="", **fields):
        log.warning("job %s ended as %s, but was no longer this worker's", row.pk, state)


def _unexpected(row: JobRow) -> dict[str, object]:
    reference = _reference()
    return {
        "state": FAILED,
        "error_code": "unexpected",
        "reference": reference,
        **_texts(rules.UNEXPECTED, reference=reference),
    }


def _reference() -> str:
    return secrets.token_hex(4).upper()


def _texts(text: str, **fields: object) -> dict[str, str]:
    found = {}
    for language in ("ja", "en"):
        with translation.override(language):
            found[f"error_{language}"] = translation.gettext(text).format(**fields)
    return found


def _texts_of(error: UserError) -> dict[str, str]:
    found = {}
    for language in ("ja", "en"):
        with translation.override(language):
            found[f"error_{language}"] = str(error)
    return found


@dataclass(slots=True)
class Reporter:
    """Writes the progress of a running job, not more often than a person can see."""

    job_id: int
    worker: str
    by: Actor
    organisation: str
    leave: Callable[[], bool] = _never
    _last: float = field(default=float("-inf"))

    def say(self, done: int, total: int, text_ja: str = "", text_en: str = "") -> None:
        """Tell how far the work is; raises Cancelled when a person asked for an end."""
        if self.leave():
            raise Left
        now = time.monotonic()
        if now - self._last < SAY_SECONDS and done < total:
            return
        self._last = now
        mine = JobRow.objects.filter(pk=self.job_id, state=RUNNING, worker=self.worker)
        told = mine.filter(cancel_asked=False).update(
            step=done,
            steps=total,
            say_ja=text_ja[:300],
            say_en=text_en[:300],
            lease_until=timezone.now() + LEASE,
        )
        if not told:
            raise Cancelled


class _Heartbeat(threading.Thread):
    """Renews the lease while the job runs, however long it is silent."""

    def __init__(self, job_id: int, worker: str, *, active: bool) -> None:
        super().__init__(daemon=True, name=f"heartbeat of job {job_id}")
        self._job_id, self._worker, self._active = job_id, worker, active
        self._ended = threading.Event()

    def __enter__(self) -> None:
        if self._active:
            self.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._active:
            self.join()

    def run(self) -> None:
        """Beat until the job has ended."""
        mine = JobRow.objects.filter(pk=self._job_id, state=RUNNING, worker=self._worker)
        while not self._ended.wait(BEAT_SECONDS):
            try:
                mine.update(lease_until=timezone.now() + LEASE)
            except OperationalError:  # the database is busy: the next beat comes before the lease ends
                log.warning("job %s: a heartbeat was missed", self._job_id, exc_info=True)
        connections.close_all()
