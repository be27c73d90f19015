"""Keeps the outlines of municipalities that the installation may draw on its maps."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.placing import put
from tedori.services.datasets.queries.outlines import place
from tedori.services.datasets.rules.outlines import outlines


def import_outlines(source: Path, *, by: Actor, at: datetime) -> Path:
    """Make the outlines from a file of areas and put them in place; raises OutlinesUnreadable."""
    data = source.read_bytes()
    made = outlines(data)
    target = put(made, place())
    record(
        "datasets.outlines",
        by=by,
        at=at,
        organisation=by.organisation,
        subject="datasets/outlines",
        grounds={"file": source.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(made)},
    )
    return target
