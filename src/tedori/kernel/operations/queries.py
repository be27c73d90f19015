"""Which workers are alive, and which chores were done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tedori.kernel.operations.models import Chore, WorkerBeat

ALIVE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker and when it was last seen."""

    name: str
    pid: int
    started_at: datetime
    seen_at: datetime
    alive: bool


def workers(now: datetime) -> tuple[Worker, ...]:
    """All workers that have not ended in good order, the last seen first."""
    return tuple(
        Worker(row.name, row.pid, row.started_at, row.seen_at, row.seen_at > now - ALIVE)
        for row in WorkerBeat.objects.order_by("-seen_at")
    )


@dataclass(frozen=True, slots=True)
class ChoreRecord:
    """A daily chore: when it was last begun, how many things it removed, why it failed if it did."""

    name: str
    begun_at: datetime
    removed: int
    error: str


def chores() -> tuple[ChoreRecord, ...]:
    """Every chore that was ever begun."""
    return tuple(
        ChoreRecord(row.name, row.begun_at, row.removed, row.error) for row in Chore.objects.order_by("name")
    )
