"""Writes down what the engine made of files: tables, questions, draft versions; one file or a thousand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tedori.kernel.evidence.actions import record_many
from tedori.kernel.evidence.values import Fact
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.casework import follow
from tedori.services.datasets.actions.comparing import compare
from tedori.services.datasets.actions.drafting import Draft, State, draftable, reserve, write_lake
from tedori.services.datasets.actions.preparing import Prepared, PreparedPart
from tedori.services.datasets.actions.rewriting import rewrite
from tedori.services.datasets.actions.storing import home
from tedori.services.datasets.models import Delivery, Layout, Part, Version

PART_FIELDS = [
    "organisation", "dataset", "municipality", "label", "layout", "header", "state", "doubts", "revision",
    "report", "rows", "refusal_code", "refusal_ja", "refusal_en", "standardised_at",
]  # fmt: skip


def settle(prepared: Prepared, *, by: Actor, at: datetime) -> None:
    """Write one file's results down; running it again after a crash changes nothing that was finished."""
    settle_many([prepared], by=by, at=at)


def settle_many(batch: Iterable[Prepared], *, by: Actor, at: datetime) -> None:
    """Write the results of many files down: reserve numbers, write the lake, then all records at once."""
    batch = list(batch)
    deliveries = Delivery.objects.in_bulk([prepared.delivery for prepared in batch])
    parts = _part_rows(batch, deliveries, at=at)
    drafts, discarded = draftable(parts, by=by, at=at)
    reserve(drafts, by=by, at=at)
    write_lake(drafts)
    _finish(batch, deliveries, parts, drafts, discarded, by=by, at=at)


def _part_rows(batch: list[Prepared], deliveries: Mapping[int, Delivery], *, at: datetime) -> list[Draft]:
    """A row for every table, new or known, not yet saved."""
    known = {
        (part.delivery_id, part.position): part
        for part in Part.objects.filter(delivery__in=deliveries.values())
    }
    rows = []
    for prepared in batch:
        delivery = deliveries[prepared.delivery]
        for made in prepared.parts:
            part = known.get((delivery.pk, made.position)) or Part(delivery=delivery, position=made.position)
            part.delivery = delivery
            rows.append(Draft(_filled(part, made, delivery, at=at), made))
    return rows


def _filled(part: Part, made: PreparedPart, delivery: Delivery, *, at: datetime) -> Part:
    part.organisation, part.dataset, part.municipality = (
        delivery.organisation,
        made.dataset,
        made.municipality,
    )
    part.label, part.layout, part.header = made.label[:300], made.layout, list(made.header)
    part.doubts, part.rows, part.standardised_at = list(made.doubts), made.rows, at
    part.report = str(Path(made.report).relative_to(home())) if made.report else ""
    refused = made.refused
    part.refusal_code = refused.code if refused else ""
    part.refusal_ja, part.refusal_en = (refused.ja[:600], refused.en[:600]) if refused else ("", "")
    part.revision += 1 if part.pk else 0
    part.state = _state(made)
    return part


def _state(made: PreparedPart) -> str:
    if made.refused:
        return Part.State.REFUSED
    return Part.State.READY if made.frame and not made.blocked else Part.State.REVIEW


def _finish(
    batch: list[Prepared],
    deliveries: Mapping[int, Delivery],
    rows: list[Draft],
    drafts: list[Draft],
    discarded: list[Version],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Save everything in one transaction, then drop the frames that were laid beside the reports."""
    _compare(drafts)
    with transaction.atomic():
        _save_parts(batch, deliveries, [row.part for row in rows], by=by, at=at)
        _save_versions(drafts, discarded)
        _save_deliveries(batch, deliveries, rows)
        record_many([_fact(draft, by=by, at=at) for draft in drafts])
    for row in rows:
        if row.made.frame:
            Path(row.made.frame).unlink(missing_ok=True)


def _compare(drafts: list[Draft]) -> None:
    public = Version.objects.filter(
        state=State.PUBLISHED, organisation__in={draft.part.organisation for draft in drafts}
    )
    before = {(found.dataset, found.organisation): found for found in public}
    for draft in drafts:
        compare(draft.version, before.get(draft.key))


def _save_parts(
    batch: list[Prepared], deliveries: Mapping[int, Delivery], parts: list[Part], *, by: Actor, at: datetime
) -> None:
    rewrite([part for part in parts if part.pk is not None], PART_FIELDS)
    Part.objects.bulk_create([part for part in parts if part.pk is None], batch_size=100)
    _drop_vanished(batch, deliveries)
    asked = [part for part in parts if part.doubts or part.cases]
    for part in asked:
        follow(part, by=by, at=at)
    rewrite(asked, ["cases"])
    _save_layouts(parts, at=at)


def _drop_vanished(batch: list[Prepared], deliveries: Mapping[int, Delivery]) -> None:
    """Tables that an earlier round found in a file and this one does not."""
    for prepared in batch:
        if deliveries[prepared.delivery].round > 1:
            stale = Part.objects.filter(delivery=prepared.delivery, versions=None)
            stale.filter(position__gte=len(prepared.parts)).delete()


def _save_layouts(parts: list[Part], *, at: datetime) -> None:
    Layout.objects.bulk_create(
        [
            Layout(organisation=part.organisation, fingerprint=part.layout, dataset=part.dataset,
                   header=part.header, seen_at=at)
            for part in parts if part.layout
        ],
        ignore_conflicts=True, batch_size=200,
    )  # fmt: skip


def _save_versions(drafts: list[Draft], discarded: list[Version]) -> None:
    for draft in drafts:
        draft.version.part, draft.version.state = draft.part, State.DRAFT
    rewrite(discarded, ["state", "ended_at", "ended_by", "ended_because", "revision"])
    rewrite([draft.version for draft in drafts], ["part", "state", "path", "sha256", "bytes", "difference"])


def _save_deliveries(batch: list[Prepared], deliveries: Mapping[int, Delivery], rows: list[Draft]) -> None:
    states: dict[int, list[Part]] = {}
    for row in rows:
        states.setdefault(row.part.delivery_id, []).append(row.part)
    for prepared in batch:
        _judge(deliveries[prepared.delivery], states.get(prepared.delivery, []))
    fields = ["state", "refusal_code", "refusal_ja", "refusal_en"]
    rewrite(deliveries.values(), fields)


# What a file is, by the first of these states that one of its tables has.
ORDER = (Part.State.REVIEW, Part.State.READY, Part.State.ASIDE, Part.State.UNCHANGED)


def _judge(delivery: Delivery, parts: list[Part]) -> None:
    states = {part.state for part in parts}
    found = next((state for state in ORDER if state in states), Part.State.REFUSED)
    delivery.state = Delivery.State.UNCHANGED if found == Part.State.ASIDE else found
    refused = parts[0] if parts and found == Part.State.REFUSED else Part()
    delivery.refusal_code = refused.refusal_code
    delivery.refusal_ja, delivery.refusal_en = refused.refusal_ja, refused.refusal_en


def _fact(draft: Draft, *, by: Actor, at: datetime) -> Fact:
    version = draft.version
    grounds = {
        "dataset": version.dataset, "number": version.number, "sha256": version.sha256, "rows": version.rows,
        "source_sha256": version.source_sha256, "repairs": version.repairs, "layout": draft.part.layout,
    }  # fmt: skip
    return Fact("datasets.draft", by, at, version.organisation, f"datasets/version/{version.pk}", grounds)
