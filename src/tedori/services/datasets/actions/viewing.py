"""Keeps page views that another tool counted, with the way it counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.models import UsageDay

VIEWS = "views"


@transaction.atomic
def import_views(counts: Mapping[tuple[str, date], int], *, method: str, by: Actor, at: datetime) -> int:
    """Put imported views in place of those of the same dataset and day; returns how many days."""
    demand(by, "datasets.targets", organisation=None)
    rows = [
        UsageDay(dataset=slug, day=day, kind=VIEWS, count=count, method=method)
        for (slug, day), count in counts.items()
    ]
    UsageDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["dataset", "day", "kind"],
        update_fields=["count", "method"],
        batch_size=300,
    )
    record(
        "datasets.views_imported",
        by=by,
        at=at,
        organisation=by.organisation,
        subject="datasets/usage",
        grounds={"method": method, "days": len(rows), "views": sum(counts.values())},
    )
    return len({day for _, day in counts})
