"""Takes files in: each becomes a delivery with a job, and the same bytes are recognised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tedori.kernel.events.actions import publish
from tedori.kernel.evidence.actions import record
from tedori.kernel.jobs.actions import enqueue
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.storing import Stored, store
from tedori.services.datasets.models import Delivery

JOB = "datasets.standardise"
# A person waits for an upload; a walk through a catalogue can wait for the person.
URGENT, PATIENT = 10, 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file at the door; `new` is False when the same bytes were here before."""

    delivery: int
    name: str
    new: bool
    job: int | None


def receive(
    chunks: Iterable[bytes],
    *,
    name: str,
    organisation: str,
    by: Actor,
    at: datetime,
    source: int | None = None,
    origin: str = "",
) -> Receipt:
    """Store a file and ask for its standardisation; bytes that came before come back as known.

    Raises Forbidden, NothingSent, TooLarge, StorageFull; then nothing is kept.
    """
    demand(by, "datasets.intake", organisation=organisation)
    stored = store(chunks, name=name, organisation=organisation)
    with transaction.atomic():
        delivery, new = Delivery.objects.get_or_create(
            organisation=organisation,
            sha256=stored.sha256,
            defaults=delivery_fields(stored, by=by, at=at, source=source, origin=origin),
        )
        if new:
            enqueue_round(delivery, by=by, at=at, priority=PATIENT if source else URGENT)
            _tell(delivery, by=by, at=at)
    return Receipt(delivery.pk, delivery.name, new, delivery.job)


def delivery_fields(stored: Stored, *, by: Actor, at: datetime, source: int | None, origin: str) -> dict:
    """The fields of a new delivery besides its organisation and digest."""
    return {
        "name": stored.name,
        "size": stored.size,
        "path": stored.path,
        "source_id": source,
        "origin": origin,
        "received_at": at,
        "received_by": by.name,
    }


def enqueue_round(delivery: Delivery, *, by: Actor, at: datetime, priority: int = URGENT) -> None:
    """Ask for the delivery's standardisation in its present round, within the caller's transaction."""
    job = enqueue(
        JOB,
        {"delivery": delivery.pk},
        by=by,
        organisation=delivery.organisation,
        at=at,
        key=f"{delivery.pk}:{delivery.round}",
        priority=priority,
    )
    delivery.job, delivery.state = job.id, Delivery.State.WAITING
    delivery.save(update_fields=["job", "state", "round"])


def _tell(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    facts = {
        "name": delivery.name,
        "sha256": delivery.sha256,
        "size": delivery.size,
        "origin": delivery.origin,
    }
    record(
        "datasets.receive",
        by=by,
        at=at,
        organisation=delivery.organisation,
        subject=f"datasets/delivery/{delivery.pk}",
        grounds=facts,
    )
    publish(
        "datasets.file_received",
        facts | {"delivery": delivery.pk},
        key=f"delivery:{delivery.pk}",
        organisation=delivery.organisation,
        at=at,
    )
