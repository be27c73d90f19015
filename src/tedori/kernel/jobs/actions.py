"""Asking for work, calling it off, and asking for it once more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from tedori.kernel.evidence.actions import record
from tedori.kernel.jobs import rules
from tedori.kernel.jobs.models import CANCELLED, DONE, RUNNING, WAITING, JobRow
from tedori.kernel.jobs.queries import job_of
from tedori.kernel.jobs.rules import Job, JobEnded, NoSuchJob
from tedori.kernel.organisations.rules import Forbidden
from tedori.kernel.organisations.values import Actor


def enqueue(
    name: str,
    args: Mapping[str, object],
    *,
    by: Actor,
    organisation: str,
    at: datetime,
    key: str | None = None,
    priority: int = 0,
) -> Job:
    """Ask for a job, in the caller's transaction if there is one; `args` must be JSON.

    The same `name` and `key` is the same job as long as it waits, runs or is done. Higher `priority` goes
    first: give 10 to what a person waits for, 0 to the rest.
    """
    if rules.trade(name) is None:
        raise rules.Wiring(f"no room declares the job {name!r}")
    fields = {
        "args": dict(args),
        "organisation": organisation,
        "priority": priority,
        "by_user": by.user_id,
        "by_name": by.name,
        "by": rules.actor_as_json(by),
        "created_at": at,
        "not_before": at,
    }
    if not key:
        return job_of(JobRow.objects.create(name=name, **fields))
    try:
        with transaction.atomic():
            return job_of(JobRow.objects.create(name=name, key=key, **fields))
    except IntegrityError:
        same = JobRow.objects.filter(name=name, key=key, state__in=[WAITING, RUNNING, DONE])
        return job_of(same.get())


def cancel(job_id: int, *, by: Actor, at: datetime) -> Job:
    """Call a job off: at once when it waits, at its next sign of progress when it runs."""
    with transaction.atomic():
        row = JobRow.objects.select_for_update().filter(pk=job_id).first()
        if row is None:
            raise NoSuchJob(where=str(job_id))
        _demand(row, by)
        if row.state not in rules.OPEN:
            raise JobEnded(state=rules.LABELS[row.state], where=str(job_id))
        row.cancel_asked = True
        if row.state == WAITING:
            row.state, row.finished_at = CANCELLED, at
        row.save(update_fields=["cancel_asked", "state", "finished_at"])
        record(
            "jobs.cancelled",
            by=by,
            at=at,
            organisation=row.organisation,
            subject=f"job:{row.pk}",
            grounds={"name": row.name},
        )
    return job_of(row)


def again(job_id: int, *, by: Actor, at: datetime) -> Job:
    """Ask for a failed or cancelled job once more, as a new job with the same arguments and key."""
    row = JobRow.objects.filter(pk=job_id).first()
    if row is None:
        raise NoSuchJob(where=str(job_id))
    _demand(row, by)
    if row.state in {WAITING, RUNNING, DONE}:
        raise JobEnded(state=rules.LABELS[row.state], where=str(job_id))
    return enqueue(
        row.name,
        row.args,
        by=by,
        organisation=row.organisation,
        at=at,
        key=row.key or None,
        priority=row.priority,
    )


def _demand(row: JobRow, by: Actor) -> None:
    """Raise Forbidden unless the job is the actor's own, or of the actor's organisation."""
    own = by.user_id is not None and by.user_id == row.by_user
    inside = by.everywhere or (by.organisation != "" and by.organisation == row.organisation)
    if not own and not inside:
        raise Forbidden(where=row.name)
