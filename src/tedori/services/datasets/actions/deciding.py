"""Keeps a person's answers for an organisation and layout, and takes them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tedori.engines.tabular.definitions import standard
from tedori.kernel.events.actions import publish
from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.casework import close
from tedori.services.datasets.actions.receiving import enqueue_round
from tedori.services.datasets.models import Decision, Delivery, Layout, Part
from tedori.services.datasets.rules.doubts import Doubt, checked, doubt_of
from tedori.services.datasets.rules.errors import NotFound, ReasonMissing, StaleDecision
from tedori.services.datasets.rules.layouts import LEAVE_OUT, PUBLISH, WITHHOLD


@transaction.atomic
def decide(
    *, part: int, answers: Mapping[str, str], by: Actor, at: datetime, seen: int, reason: str = ""
) -> int:
    """Keep the answers (id of the doubt → answer) and standardise again; returns how many were kept.

    Raises NotFound, Forbidden, StaleDecision when somebody decided after revision `seen`, AnswerMissing for a
    privacy stop without an answer, UnknownAnswer.
    """
    row = _locked(part, by=by)
    if row.revision != seen:
        raise StaleDecision
    doubts = tuple(doubt_of(data) for data in row.doubts)
    pairs = checked(answers, doubts, offered=offered(row.dataset))
    if not pairs:
        return 0
    layout = _layout(row, at=at)
    for doubt, answer in pairs:
        _keep(layout, doubt, answer, row, by=by, at=at, reason=reason.strip())
    answered = {doubt.id for doubt, _ in pairs}
    row.doubts = [data for data in row.doubts if data["id"] not in answered]
    row.revision += 1
    _close_answered(row, {doubt.kind for doubt, _ in pairs}, by=by, at=at, reason=reason)
    row.save(update_fields=["doubts", "revision", "cases"])
    _again(row.delivery, by=by, at=at)
    return len(pairs)


@transaction.atomic
def correct(  # noqa: PLR0913 - what is corrected, and the record of it
    *,
    part: int,
    by: Actor,
    at: datetime,
    seen: int,
    dataset: str = "",
    columns: Mapping[str, str] | None = None,
    reason: str = "",
) -> int:
    """Overrule what the engine was sure of: the dataset, or the items of columns (heading → item or "").

    Kept like any answer: remembered for the layout, undone in the same way. Returns how many were kept;
    raises NotFound, Forbidden, StaleDecision, UnknownAnswer.
    """
    row = _locked(part, by=by)
    if row.revision != seen:
        raise StaleDecision
    doubts = [(Doubt("dataset", proposal=row.dataset), dataset)] if dataset else []
    headings = set(row.header)
    doubts += [
        (Doubt("column", heading), item) for heading, item in (columns or {}).items() if heading in headings
    ]
    answers = {doubt.id: answer for doubt, answer in doubts}
    pairs = checked(answers, [doubt for doubt, _ in doubts], offered=offered(dataset or row.dataset))
    if not pairs:
        return 0
    layout = _layout(row, at=at)
    for doubt, answer in pairs:
        _keep(layout, doubt, answer, row, by=by, at=at, reason=reason.strip())
    row.revision += 1
    row.save(update_fields=["revision"])
    _again(row.delivery, by=by, at=at)
    return len(pairs)


def proposals(part: int) -> dict[str, str]:
    """The default answer to each doubt of a table, as a person would send them who agrees to all."""
    doubts = Part.objects.values_list("doubts", flat=True).get(pk=part)
    return {data["id"]: data["proposal"] for data in doubts}


def offered(slug: str) -> dict[str, frozenset[str]]:
    """What may be answered beside the best choices, by kind of doubt."""
    definition = standard().get(slug)
    items = frozenset(item.name for item in definition.items) if definition else frozenset()
    words = frozenset(
        value
        for item in (definition.items if definition else ())
        if item.codes
        for value in item.codes.values
    )
    return {
        "column": items | {LEAVE_OUT},
        "vocabulary": words | {LEAVE_OUT},
        "privacy": frozenset({PUBLISH, WITHHOLD}),
        "dataset": frozenset(standard()),
    }


def _locked(part: int, *, by: Actor) -> Part:
    row = Part.objects.select_for_update().select_related("delivery").filter(pk=part).first()
    if row is None:
        raise NotFound(where=f"part {part}")
    demand(by, "datasets.decide", organisation=row.organisation)
    return row


def _layout(row: Part, *, at: datetime) -> Layout:
    layout, _new = Layout.objects.get_or_create(
        organisation=row.organisation,
        fingerprint=row.layout,
        defaults={"dataset": row.dataset, "header": row.header, "seen_at": at},
    )
    return layout


def _keep(
    layout: Layout, doubt: Doubt, answer: str, row: Part, *, by: Actor, at: datetime, reason: str
) -> None:
    """Write one answer down; an earlier one to the same question is undone by the same hand."""
    same = Decision.objects.filter(
        layout=layout, kind=doubt.kind, subject=doubt.subject, written=doubt.written, undone_at=None
    )
    same.update(undone_at=at, undone_by=by.name)
    grounds = doubt.as_dict() | ({"samples": ()} if doubt.kind == "privacy" else {})
    kept = Decision.objects.create(
        layout=layout, kind=doubt.kind, subject=doubt.subject, written=doubt.written, answer=answer,
        reason=reason, grounds=grounds, part=row.pk, by=by.name, at=at,
    )  # fmt: skip
    _tell(kept, "datasets.decide", "made", row, by=by, at=at)


def _tell(kept: Decision, action: str, what: str, row: Part, *, by: Actor, at: datetime) -> None:
    said = {
        "decision": kept.pk, "kind": kept.kind, "subject": kept.subject, "written": kept.written,
        "answer": kept.answer, "reason": kept.reason, "layout": row.layout, "dataset": row.dataset,
    }  # fmt: skip
    subject = f"datasets/decision/{kept.pk}"
    grounds = said | {"grounds": kept.grounds, "sha256": row.delivery.sha256}
    record(action, by=by, at=at, organisation=row.organisation, subject=subject, grounds=grounds)
    key = f"layout:{row.organisation}:{row.layout[:16]}"
    publish(f"datasets.decision_{what}", said, key=key, organisation=row.organisation, at=at)


def _close_answered(row: Part, kinds: set[str], *, by: Actor, at: datetime, reason: str) -> None:
    still = {data["kind"] for data in row.doubts}
    close(row, (kinds & set(row.cases)) - still, by=by, at=at, reason=reason)


def _again(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    delivery.round += 1
    enqueue_round(delivery, by=by, at=at)


@transaction.atomic
def undo(*, decision: int, reason: str, by: Actor, at: datetime) -> None:
    """Take an answer back, with a reason; the table it was given for is asked about again."""
    kept = Decision.objects.select_for_update().select_related("layout").filter(pk=decision).first()
    if kept is None:
        raise NotFound(where=f"decision {decision}")
    demand(by, "datasets.decide", organisation=kept.layout.organisation)
    if kept.undone_at is not None:
        raise StaleDecision
    if not reason.strip():
        raise ReasonMissing
    row = _locked(kept.part, by=by)
    kept.undone_at, kept.undone_by = at, by.name
    kept.grounds = kept.grounds | {"undone_because": reason.strip()}
    kept.save(update_fields=["undone_at", "undone_by", "grounds"])
    row.revision += 1
    row.save(update_fields=["revision"])
    _tell(kept, "datasets.undo", "undone", row, by=by, at=at)
    _again(row.delivery, by=by, at=at)
