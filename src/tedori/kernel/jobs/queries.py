"""What is known of jobs."""

from __future__ import annotations

from django.db.models import Q

from tedori.kernel.jobs import rules
from tedori.kernel.jobs.models import JobRow
from tedori.kernel.jobs.rules import Job, NoSuchJob
from tedori.kernel.organisations.queries import within
from tedori.kernel.organisations.values import Actor


def job_of(row: JobRow) -> Job:
    """The value of a row, its texts in the reader's language."""
    known = rules.trade(row.name)
    return Job(
        id=row.pk,
        name=row.name,
        label=str(known.label) if known else row.name,
        args=row.args,
        organisation=row.organisation,
        key=row.key,
        state=row.state,
        by_user=row.by_user,
        by_name=row.by_name,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        attempts=row.attempts,
        cancel_asked=row.cancel_asked,
        step=row.step,
        steps=row.steps,
        say=rules.in_readers_language(row.say_ja, row.say_en),
        result=row.result,
        error=rules.in_readers_language(row.error_ja, row.error_en),
        error_code=row.error_code,
        reference=row.reference,
    )


def job(job_id: int) -> Job:
    """The job; raises NoSuchJob."""
    row = JobRow.objects.filter(pk=job_id).first()
    if row is None:
        raise NoSuchJob(where=str(job_id))
    return job_of(row)


def visible(job_id: int, *, to: Actor) -> Job:
    """The job, when it is the actor's own or inside the actor's walls; raises NoSuchJob."""
    mine = Q(by_user=to.user_id) if to.user_id is not None else Q(pk__in=())
    inside = within(to)
    # An empty Q means everything, but drops out of an "or".
    row = JobRow.objects.filter(inside | mine if inside else inside, pk=job_id).first()
    if row is None:
        raise NoSuchJob(where=str(job_id))
    return job_of(row)


def queue(reader: Actor, *, state: str = "", page: int = 1, size: int = 50) -> tuple[tuple[Job, ...], int]:
    """One page of the jobs inside the reader's walls, newest first, and how many there are in all."""
    found = JobRow.objects.filter(within(reader)).order_by("-id")
    if state:
        found = found.filter(state=state)
    return tuple(map(job_of, found[(page - 1) * size : page * size])), found.count()


def jobs(
    organisation: str | None = None,
    *,
    state: str | None = None,
    name: str | None = None,
    limit: int = 100,
    before: int | None = None,
) -> tuple[Job, ...]:
    """The newest jobs first; `before` is the id from which an earlier page ended."""
    found = JobRow.objects.order_by("-id")
    wanted = {"organisation": organisation, "state": state, "name": name, "id__lt": before}
    found = found.filter(**{field: value for field, value in wanted.items() if value is not None})
    return tuple(job_of(row) for row in found[:limit])


def count(state: str) -> int:
    """How many jobs are in the state."""
    return JobRow.objects.filter(state=state).count()
