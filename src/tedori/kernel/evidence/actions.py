"""The one writer of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from django.db import transaction

from tedori.kernel.evidence.chain import canonical, link_hash, moment
from tedori.kernel.evidence.models import Entry, Head
from tedori.kernel.evidence.values import EvidenceRecord, Fact
from tedori.kernel.organisations.values import Actor


def record(
    action: str,
    *,
    by: Actor,
    at: datetime,
    organisation: str,
    subject: str,
    grounds: Mapping[str, object] | None = None,
) -> EvidenceRecord:
    """Write down one fact, in the caller's transaction; raises TypeError when the grounds are not JSON."""
    return record_many([Fact(action, by, at, organisation, subject, grounds or {})])[0]


def record_many(facts: Iterable[Fact]) -> tuple[EvidenceRecord, ...]:
    """Write down facts in their order, with one lock of the chain's head and one insert."""
    with transaction.atomic():
        head, _ = Head.objects.select_for_update().get_or_create(pk=1)
        records = tuple(_links(facts, number=head.number, previous=head.hash))
        if records:
            Entry.objects.bulk_create(map(_row, records), batch_size=1000)
            Head.objects.filter(pk=1).update(number=records[-1].number, hash=records[-1].hash)
    return records


def _links(facts: Iterable[Fact], *, number: int, previous: str) -> Iterator[EvidenceRecord]:
    for fact in facts:
        number += 1
        body = {
            "number": number,
            "at": moment(fact.at),
            "action": fact.action,
            "actor": fact.by.reference,
            "actor_organisation": fact.by.organisation,
            "organisation": fact.organisation,
            "subject": fact.subject,
            "grounds": dict(fact.grounds),
        }
        link = link_hash(previous, body)
        yield EvidenceRecord(**{**body, "at": fact.at.astimezone(UTC)}, previous=previous, hash=link)
        previous = link


def _row(link: EvidenceRecord) -> Entry:
    return Entry(
        number=link.number,
        at=link.at,
        action=link.action,
        actor=link.actor,
        actor_organisation=link.actor_organisation,
        organisation=link.organisation,
        subject=link.subject,
        grounds=canonical(link.grounds),
        previous=link.previous,
        hash=link.hash,
    )
