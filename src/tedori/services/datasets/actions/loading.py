"""Takes many files of this machine from received to drafted at once, under the rules of the ordinary way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from tedori.kernel.events.actions import publish
from tedori.kernel.evidence.actions import record_many
from tedori.kernel.evidence.values import Fact
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.preparing import prepare
from tedori.services.datasets.actions.receiving import delivery_fields
from tedori.services.datasets.actions.settling import settle_many
from tedori.services.datasets.actions.standardising import works
from tedori.services.datasets.actions.storing import store
from tedori.services.datasets.actions.waking import crew
from tedori.services.datasets.models import Delivery

BATCH = 100


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file of this machine, and the organisation that sends it."""

    path: Path
    organisation: str
    origin: str = ""


def load_many(
    files: Sequence[Incoming],
    *,
    by: Actor,
    at: datetime,
    engine: Executor | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[int, ...]:
    """Receive, standardise and draft the files; returns the ids of new deliveries. Nothing is published.

    The engine runs in the processes of `engine`, by default a crew of its own; this one writes the results
    in batches as they come. A file that was received before is left out. `progress(done, total)` is called
    after each batch.
    """
    for organisation in {file.organisation for file in files}:
        demand(by, "datasets.intake", organisation=organisation)
    new = [row for chunk in _batches(files, BATCH) for row in _receive(chunk, by=by, at=at)]
    todo = works(new, at=at)
    done = 0
    with nullcontext(engine) if engine else crew() as pool:
        for batch in _batches(pool.map(prepare, todo, chunksize=4), BATCH):
            settle_many(batch, by=by, at=at)
            done += len(batch)
            progress(done, len(todo))
    return tuple(row.pk for row in new)


def _batches(things: Iterable, size: int) -> Iterator[list]:
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch


@transaction.atomic
def _receive(files: Sequence[Incoming], *, by: Actor, at: datetime) -> list[Delivery]:
    """Store the files and note them down in few statements; what is known already is left out."""
    rows: dict[tuple[str, str], Delivery] = {}
    for file in files:
        with file.path.open("rb") as source:
            chunks = iter(lambda source=source: source.read(1 << 20), b"")
            stored = store(chunks, name=file.path.name, organisation=file.organisation)
        fields = delivery_fields(stored, by=by, at=at, source=None, origin=file.origin)
        row = Delivery(organisation=file.organisation, sha256=stored.sha256, **fields)
        rows.setdefault((row.organisation, row.sha256), row)
    known = Delivery.objects.filter(sha256__in={sha for _, sha in rows})
    # Received by an earlier run that was cut off before it came to them.
    left = list(known.filter(state=Delivery.State.WAITING, job=None))
    for pair in known.values_list("organisation", "sha256"):
        rows.pop(pair, None)
    new = Delivery.objects.bulk_create(rows.values(), batch_size=100)
    record_many([_fact(row, by=by, at=at) for row in new])
    for row in new:
        publish(
            "datasets.file_received",
            _told(row) | {"delivery": row.pk},
            key=f"delivery:{row.pk}",
            organisation=row.organisation,
            at=at,
        )
    return [*left, *new]


def _told(row: Delivery) -> dict[str, object]:
    return {"name": row.name, "sha256": row.sha256, "size": row.size, "origin": row.origin}


def _fact(row: Delivery, *, by: Actor, at: datetime) -> Fact:
    return Fact("datasets.receive", by, at, row.organisation, f"datasets/delivery/{row.pk}", _told(row))
