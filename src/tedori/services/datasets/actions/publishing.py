"""Brings versions to the public and takes them back; one version and a thousand go the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from tedori.kernel.errors import UserError
from tedori.kernel.events.actions import publish as tell
from tedori.kernel.evidence.actions import record_many
from tedori.kernel.evidence.values import Fact
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.comparing import compare
from tedori.services.datasets.actions.options import four_eyes
from tedori.services.datasets.actions.rewriting import rewrite
from tedori.services.datasets.models import Card, Version
from tedori.services.datasets.rules import publication
from tedori.services.datasets.rules.admission import lacks
from tedori.services.datasets.rules.differences import confirmations
from tedori.services.datasets.rules.errors import NotFound, ReasonMissing, StaleDecision

State = Version.State


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which versions are public now, and why the others are not."""

    published: tuple[int, ...] = ()
    refused: Mapping[int, UserError] = field(default_factory=dict)


def locked(version: int, *, permission: str, by: Actor, seen: int | None = None) -> Version:
    """The version for change, within the wall; raises NotFound, Forbidden, StaleDecision."""
    row = Version.objects.select_for_update().select_related("part").filter(pk=version).first()
    if row is None or row.state == State.WRITING:
        raise NotFound(where=f"version {version}")
    demand(by, permission, organisation=row.organisation)
    if seen is not None and row.revision != seen:
        raise StaleDecision
    return row


@transaction.atomic
def approve(*, version: int, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Approve a draft; with four eyes by somebody else than its drafter."""
    row = locked(version, permission="datasets.publish", by=by, seen=seen)
    publication.check_step("approve", row.state)
    publication.check_eyes(four_eyes=four_eyes(), drafter=row.drafter, approver=by.reference)
    row.state, row.approved_at, row.approved_by, row.approver = State.APPROVED, at, by.name, by.reference
    row.revision += 1
    row.save()
    record_many([fact("datasets.approve", row, by=by, at=at)])


def publish(*, version: int, by: Actor, at: datetime, confirmed: str = "", seen: int | None = None) -> None:
    """Publish one version; raises the reason when it cannot be."""
    with transaction.atomic():
        row = locked(version, permission="datasets.publish", by=by, seen=seen)
        outcome = _publish_rows([row], by=by, at=at, confirmed=confirmed)
    for error in outcome.refused.values():
        raise error


def publish_many(versions: Iterable[int], *, by: Actor, at: datetime, confirmed: str = "") -> Outcome:
    """Publish many versions under the same rules in one transaction; the refused ones stay as they are."""
    with transaction.atomic():
        rows = list(
            Version.objects.select_for_update()
            .select_related("part")
            .filter(pk__in=list(versions))
            .exclude(state=State.WRITING)
            .order_by("pk")
        )
        for organisation in {row.organisation for row in rows}:
            demand(by, "datasets.publish", organisation=organisation)
        return _publish_rows(rows, by=by, at=at, confirmed=confirmed)


def _publish_rows(rows: list[Version], *, by: Actor, at: datetime, confirmed: str) -> Outcome:
    """Check every row, then write all that may go in a few statements."""
    codes = {row.organisation for row in rows}
    cards = _by_key(Card.objects.filter(organisation__in=codes))
    before = _by_key(Version.objects.filter(state=State.PUBLISHED, organisation__in=codes))
    going: dict[tuple[str, str], Version] = {}
    refused: dict[int, UserError] = {}
    for row in rows:
        key = (row.dataset, row.organisation)
        compare(row, before.get(key))
        error = publication.refusal(_candidate(row, cards.get(key), before.get(key), confirmed))
        if error or key in going:
            refused[row.pk] = error or StaleDecision()
        else:
            going[key] = _made_public(row, cards[key], by=by, at=at, confirmed=confirmed)
    _write_public(going, [before[key] for key in going if key in before], by=by, at=at)
    return Outcome(tuple(row.pk for row in going.values()), refused)


def _write_public(
    going: Mapping[tuple[str, str], Version], replaced: list[Version], *, by: Actor, at: datetime
) -> None:
    rewrite(
        [_superseded(row, by=by, at=at) for row in replaced], ["state", "ended_at", "ended_by", "revision"]
    )
    rewrite(going.values(), PUBLISHED_FIELDS)
    _compare_waiting(going)
    record_many([fact("datasets.publish", row, by=by, at=at) for row in going.values()])
    for row in going.values():
        _tell_published(row, at=at)


def _compare_waiting(public: Mapping[tuple[str, str], Version]) -> None:
    """Drafts that still wait are from now on compared with what has just become public."""
    waiting = [
        row
        for row in Version.objects.filter(
            state__in=(State.DRAFT, State.APPROVED), organisation__in={code for _, code in public}
        )
        if (row.dataset, row.organisation) in public
    ]
    for row in waiting:
        compare(row, public[row.dataset, row.organisation])
    rewrite(waiting, ["difference"])


PUBLISHED_FIELDS = [
    "state", "published_at", "published_by", "approved_at", "approved_by", "approver", "licence", "steward",
    "confirmed", "difference", "revision",
]  # fmt: skip


def _by_key(rows: Iterable) -> dict[tuple[str, str], object]:
    return {(row.dataset, row.organisation): row for row in rows}


def _candidate(
    row: Version, card: Card | None, before: Version | None, confirmed: str
) -> publication.Candidate:
    return publication.Candidate(
        state=row.state,
        doubts=tuple(doubt["kind"] for doubt in row.part.doubts) if row.part else (),
        lacks=lacks(card),
        confirm=confirmations(
            row.difference,
            period=row.period,
            period_before=before.period if before else "",
            restored=row.restored_from is not None,
        ),
        confirmed=confirmed,
        four_eyes=four_eyes(),
        drafter=row.drafter,
        approver=row.approver,
    )


def _made_public(row: Version, card: Card, *, by: Actor, at: datetime, confirmed: str) -> Version:
    if row.state == State.DRAFT:
        # Without four eyes who publishes also approves, and stands in the record for both.
        row.approved_at, row.approved_by, row.approver = at, by.name, by.reference
    row.state, row.published_at, row.published_by = State.PUBLISHED, at, by.name
    row.licence, row.steward, row.confirmed = card.licence, card.steward, confirmed.strip()
    row.revision += 1
    return row


def _superseded(row: Version, *, by: Actor, at: datetime) -> Version:
    row.state, row.ended_at, row.ended_by = State.SUPERSEDED, at, by.name
    row.revision += 1
    return row


def fact(action: str, row: Version, *, by: Actor, at: datetime, **grounds: object) -> Fact:
    """The evidence of a step of a version."""
    said = {
        "dataset": row.dataset, "number": row.number, "sha256": row.sha256, "rows": row.rows,
        "source_sha256": row.source_sha256, "licence": row.licence, "confirmed": row.confirmed,
    }  # fmt: skip
    return Fact(action, by, at, row.organisation, f"datasets/version/{row.pk}", said | grounds)


def _tell_published(row: Version, *, at: datetime) -> None:
    payload = {
        "version": row.pk, "dataset": row.dataset, "organisation": row.organisation, "number": row.number,
        "path": row.path, "sha256": row.sha256, "rows": row.rows, "edition": row.edition, "score": row.score,
        "licence": row.licence, "restored_from": row.restored_from,
    }  # fmt: skip
    tell(
        "datasets.version_published", payload,
        key=f"{row.dataset}/{row.organisation}", organisation=row.organisation, at=at,
    )  # fmt: skip


@transaction.atomic
def retract(*, version: int, reason: str, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Take the published version back, with a reason; its file stays in the lake and in the history."""
    row = locked(version, permission="datasets.publish", by=by, seen=seen)
    publication.check_step("retract", row.state)
    _end(row, State.RETRACTED, reason=reason, by=by, at=at)
    record_many([fact("datasets.retract", row, by=by, at=at, reason=row.ended_because)])
    tell(
        "datasets.version_retracted",
        {"version": row.pk, "dataset": row.dataset, "organisation": row.organisation, "number": row.number,
         "reason": row.ended_because},
        key=f"{row.dataset}/{row.organisation}", organisation=row.organisation, at=at,
    )  # fmt: skip


@transaction.atomic
def discard(*, version: int, reason: str, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Put a draft away, with a reason."""
    row = locked(version, permission="datasets.publish", by=by, seen=seen)
    publication.check_step("discard", row.state)
    _end(row, State.DISCARDED, reason=reason, by=by, at=at)
    record_many([fact("datasets.discard", row, by=by, at=at, reason=row.ended_because)])


def _end(row: Version, state: str, *, reason: str, by: Actor, at: datetime) -> None:
    if not reason.strip():
        raise ReasonMissing
    row.state, row.ended_at, row.ended_by, row.ended_because = state, at, by.name, reason.strip()
    row.revision += 1
    row.save()


COPIED = (
    "dataset", "organisation", "part_id", "path", "sha256", "content", "rows", "bytes", "edition", "period",
    "score", "completeness", "errors", "warnings", "repairs", "report", "source_name", "source_sha256",
)  # fmt: skip


@transaction.atomic
def restore(*, version: int, by: Actor, at: datetime) -> int:
    """Make a new draft of an older version and return its id; both share the lake's file."""
    row = locked(version, permission="datasets.publish", by=by)
    publication.check_step("restore", row.state)
    newest = Version.objects.filter(dataset=row.dataset, organisation=row.organisation).order_by("-number")
    copy = Version(
        **{name: getattr(row, name) for name in COPIED},
        number=newest[0].number + 1,
        state=State.DRAFT,
        restored_from=row.number,
        drafted_at=at,
        drafted_by=by.name,
        drafter=by.reference,
    )
    compare(copy, newest.filter(state=State.PUBLISHED).first())
    copy.save()
    record_many([fact("datasets.restore", copy, by=by, at=at, restored_from=row.number)])
    return copy.pk
