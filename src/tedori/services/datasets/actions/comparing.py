"""Compares a version with the one that the public sees, out of the lake."""

from __future__ import annotations

from tedori.kernel.lake.store import house_lake
from tedori.services.datasets.models import Version
from tedori.services.datasets.rules.differences import Difference, difference, first_difference


def compare(row: Version, before: Version | None) -> None:
    """Bring `row.difference` up to date with the version published now; nothing is read when it is."""
    against = before.number if before else None
    if row.difference and row.difference.get("against") == against:
        return
    row.difference = measured(row, before).as_dict()


def measured(row: Version, before: Version | None) -> Difference:
    """The difference between two stored versions."""
    if before is None:
        return first_difference(row.rows)
    lake = house_lake()
    return difference(lake.open(before.path).collect(), lake.open(row.path).collect(), against=before.number)
