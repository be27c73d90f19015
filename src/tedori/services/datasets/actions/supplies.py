"""Keeps the tables that the adopter supplies for the engine: towns and a nationwide list of codes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tedori.engines.tabular.supplies import SuppliesRefused, codes_from, gazetteer_from
from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.placing import put
from tedori.services.datasets.queries.supplies import CODES, TOWNS
from tedori.services.datasets.rules.errors import SuppliesUnreadable

KINDS: Mapping[str, tuple[Path, Callable[[Path], object]]] = {
    "towns": (TOWNS, gazetteer_from),
    "codes": (CODES, codes_from),
}


def import_supplies(source: Path, *, kind: str, by: Actor, at: datetime) -> Path:
    """Check a table (`towns` or `codes`) and put it in place; raises SuppliesUnreadable."""
    below, reader = KINDS[kind]
    try:
        reader(source)
    except SuppliesRefused as error:
        raise SuppliesUnreadable(because=str(error)) from error
    data = source.read_bytes()
    # Under one name whatever its format is: the engine goes by content.
    target = put(data, Path(settings.TEDORI_HOME) / below)
    record(
        "datasets.supplies",
        by=by,
        at=at,
        organisation=by.organisation,
        subject=f"datasets/supplies/{kind}",
        grounds={"file": source.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)},
    )
    return target
