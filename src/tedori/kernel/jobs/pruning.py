"""Forgets jobs that ended long ago."""

from __future__ import annotations

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
