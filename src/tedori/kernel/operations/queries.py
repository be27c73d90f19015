"""Which workers are alive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tedori.kernel.operations.models import WorkerBeat

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
