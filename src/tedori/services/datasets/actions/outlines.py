"""Keeps the outlines of municipalities that the installation may draw on its maps."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.queries.outlines import place
from tedori.services.datasets.rules.outlines import outlines


def import_outlines(source: Path, *, by: Actor, at: datetime) -> Path:
    """Make the outlines from a file of areas and put them in place; raises OutlinesUnreadable."""
    data = source.read_bytes()
    made = outlines(data)
    target = place()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{uuid4().hex}.part")
    try:
        with draft.open("xb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    record(
        "datasets.outlines",
        by=by,
        at=at,
        organisation=by.organisation,
        subject="datasets/outlines",
        grounds={"file": source.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(made)},
    )
    return target
