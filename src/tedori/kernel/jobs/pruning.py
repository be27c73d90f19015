"""Forgets jobs that ended long ago, and jobs that nobody can do any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from tedori.kernel.jobs.models import CANCELLED, DONE, FAILED, JobRow

BATCH = 1000  # so that no lock is held long


def prune(at: datetime) -> int:
    """Delete ended jobs older than the installation keeps them; returns how many."""
    if not settings.KEEP_DAYS["jobs"]:
        return 0
    before = at - timedelta(days=settings.KEEP_DAYS["jobs"])
    ended = JobRow.objects.filter(state__in=(DONE, FAILED, CANCELLED), finished_at__lt=before)
    gone = 0
    while batch := list(ended.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        JobRow.objects.filter(pk__in=batch).delete()
        gone += len(batch)
    return gone


def forget(names: Iterable[str]) -> int:
    """Delete every job with one of these names, whatever its state; returns how many."""
    return JobRow.objects.filter(name__in=list(names)).delete()[0]
