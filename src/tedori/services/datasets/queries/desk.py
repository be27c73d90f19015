"""Reads what stewards see: deliveries, questions, decisions, sources; always inside the reader's walls."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tedori.kernel.errors import UserError
from tedori.kernel.organisations.queries import within
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.models import Decision, Delivery, Link, Part, Source, Version
from tedori.services.datasets.queries.values import (
    DecisionRecord,
    DeliveryRecord,
    DoubtRecord,
    LinkRecord,
    PartRecord,
    SourceRecord,
    VersionRecord,
)
from tedori.services.datasets.queries.versions import card, version, waiting_versions
from tedori.services.datasets.rules.admission import lacks
from tedori.services.datasets.rules.differences import confirmations
from tedori.services.datasets.rules.publication import Candidate, refusal

_DELIVERY_FIELDS = (
    "id", "organisation", "name", "sha256", "size", "path", "origin", "state", "refusal_code", "refusal_ja",
    "refusal_en", "job", "received_at", "received_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits on the desk."""

    review: int
    running: int
    refused: int
    drafts: int


def counts(actor: Actor) -> Counts:
    """How much waits for the reader, inside the walls."""
    states = Counter(Delivery.objects.filter(within(actor)).values_list("state", flat=True))
    drafts = Version.objects.filter(within(actor), state__in=("draft", "approved")).count()
    running = states["waiting"] + states["running"]
    return Counts(states["review"], running, states["refused"], drafts)


def deliveries(actor: Actor, *, state: str = "", limit: int = 500) -> tuple[DeliveryRecord, ...]:
    """The newest deliveries inside the walls; `running` includes those that still wait."""
    found = Delivery.objects.filter(within(actor)).order_by("-received_at", "-id")
    if state:
        found = found.filter(state__in=("waiting", "running") if state == "running" else (state,))
    return tuple(DeliveryRecord(*row) for row in found.values_list(*_DELIVERY_FIELDS)[:limit])


def delivery(identity: int, *, actor: Actor) -> DeliveryRecord | None:
    """One delivery with its tables; None also when it lies behind a wall."""
    row = Delivery.objects.filter(within(actor), pk=identity).values_list(*_DELIVERY_FIELDS).first()
    return DeliveryRecord(*row, parts=_parts(Part.objects.filter(delivery=identity))) if row else None


def part(identity: int, *, actor: Actor) -> PartRecord | None:
    """One table of a delivery; None also when it lies behind a wall."""
    return next(iter(_parts(Part.objects.filter(within(actor), pk=identity))), None)


def part_of_case(case: int, *, actor: Actor) -> PartRecord | None:
    """The table that a case asks about."""
    found = Part.objects.filter(within(actor)).exclude(cases={}).values_list("pk", "cases")
    identity = next((pk for pk, cases in found if case in cases.values()), None)
    return part(identity, actor=actor) if identity else None


def _parts(found) -> tuple[PartRecord, ...]:
    rows = list(found.order_by("position"))
    newest: dict[int, int] = {}
    shown = Version.objects.filter(part__in=rows).exclude(state__in=("writing", "discarded"))
    for identity, part_id in shown.order_by("number").values_list("pk", "part_id"):
        newest[part_id] = identity
    return tuple(_part(row, newest.get(row.pk)) for row in rows)


def _part(row: Part, version_id: int | None) -> PartRecord:
    return PartRecord(
        id=row.pk, delivery=row.delivery_id, position=row.position, organisation=row.organisation,
        slug=row.dataset, municipality=row.municipality, label=row.label, layout=row.layout,
        header=tuple(row.header), state=row.state, doubts=tuple(map(_doubt, row.doubts)),
        revision=row.revision, report=row.report, rows=row.rows, refusal_code=row.refusal_code,
        refusal_ja=row.refusal_ja, refusal_en=row.refusal_en, version=version_id,
    )  # fmt: skip


def _doubt(data: dict) -> DoubtRecord:
    return DoubtRecord(
        id=data["id"], kind=data["kind"], subject=data["subject"], written=data["written"],
        choices=tuple((answer, score) for answer, score in data["choices"]), proposal=data["proposal"],
        because=tuple(data["because"]), samples=tuple(data["samples"]), count=data["count"],
    )  # fmt: skip


def decisions(actor: Actor, *, part: int | None = None, standing: bool = False) -> tuple[DecisionRecord, ...]:
    """Remembered answers inside the walls, newest first; those of one table, those that stand."""
    found = Decision.objects.filter(within(actor, field="layout__organisation"))
    if part is not None:
        found = found.filter(part=part)
    if standing:
        found = found.filter(undone_at=None)
    fields = (
        "id", "layout_id", "layout__dataset", "layout__organisation", "kind", "subject", "written", "answer",
        "reason", "part", "by", "at", "undone_by", "undone_at",
    )  # fmt: skip
    return tuple(DecisionRecord(*row) for row in found.order_by("-at", "-id").values_list(*fields)[:1000])


def sources(actor: Actor) -> tuple[SourceRecord, ...]:
    """The places that files come from, inside the walls, with counts of their links."""
    records = []
    for row in Source.objects.filter(within(actor)).exclude(kind="upload").order_by("-created_at"):
        states = Counter(row.links.values_list("state", flat=True))
        records.append(
            SourceRecord(row.pk, row.organisation, row.kind, row.address, row.query, row.cursor, row.active,
                         row.checked_at, row.note, dict(states))
        )  # fmt: skip
    return tuple(records)


def source(identity: int, *, actor: Actor) -> SourceRecord | None:
    """One source, or None also behind a wall."""
    return next((found for found in sources(actor) if found.id == identity), None)


def links(identity: int, *, actor: Actor) -> tuple[LinkRecord, ...]:
    """The links of one source, dead and refused ones first."""
    fields = ("id", "address", "name", "title", "state", "status", "reason", "checked_at")
    found = Link.objects.filter(within(actor, field="source__organisation"), source=identity)
    return tuple(LinkRecord(*row) for row in found.order_by("state", "pk").values_list(*fields)[:5000])


def drafts(actor: Actor) -> tuple[VersionRecord, ...]:
    """Versions that wait for approval or publication, inside the walls."""
    everywhere = None if actor.everywhere else frozenset({actor.organisation} - {""})
    return waiting_versions(everywhere)


def version_for(identity: int, *, actor: Actor) -> VersionRecord | None:
    """One version in any state, for people at work; None also behind a wall."""
    visible = Version.objects.filter(within(actor), pk=identity).exclude(state="writing").exists()
    return version(identity) if visible else None


def obstacles(found: VersionRecord, *, four_eyes: bool) -> tuple[UserError | None, tuple[str, ...]]:
    """Why this version could not be published now, confirmations apart; and what would be confirmed."""
    before = Version.objects.filter(
        state="published", dataset=found.slug, organisation=found.organisation
    ).first()
    confirm = confirmations(
        found.difference,
        period=found.period,
        period_before=before.period if before else "",
        restored=found.restored_from is not None,
    )
    doubts = Part.objects.filter(pk=found.part).values_list("doubts", flat=True).first() or ()
    candidate = Candidate(
        state=found.state,
        doubts=tuple(doubt["kind"] for doubt in doubts),
        lacks=lacks(card(found.slug, found.organisation)),
        four_eyes=four_eyes,
    )
    return refusal(candidate), confirm
