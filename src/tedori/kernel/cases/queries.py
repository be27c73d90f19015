"""What is known of cases."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from tedori.kernel.cases import rules
from tedori.kernel.cases.models import CaseEntry, CaseFile, CaseRow
from tedori.kernel.cases.rules import Attachment, Case, Entry, NoSuchCase, NoSuchFile
from tedori.kernel.organisations.queries import within
from tedori.kernel.organisations.values import Actor


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of a kind, in a state, of an owner, past a deadline at `overdue_at`, open ones only."""

    kind: str = ""
    state: str = ""
    owner: int | None = None
    overdue_at: datetime | None = None
    open_only: bool = True


def case_of(row: CaseRow, *, secret: str = "") -> Case:
    """The value of a row."""
    known = rules.kinds().get(row.kind)  # a dropped service leaves its cases readable
    state = next((one for one in known.states if one.code == row.state), None) if known else None
    return Case(
        id=row.pk,
        kind=row.kind,
        kind_label=str(known.label) if known else row.kind,
        state=row.state,
        state_label=str(state.label if state else rules.WITHOUT_KIND.get(row.state, row.state)),
        final=row.closed_at is not None,
        organisation=row.organisation,
        title=row.title,
        subject=row.subject,
        facts=row.facts,
        key=row.key,
        owner=row.owner_id,
        owner_name=row.owner_name,
        deadline=row.deadline,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        has_reporter=row.has_reporter,
        reporter_name=row.reporter_name,
        answered_at=row.answered_at,
        version=row.version,
        secret=secret,
    )


def case(case_id: int, *, seen_by: Actor | None = None) -> Case:
    """The case; raises NoSuchCase, also when it is behind a wall for `seen_by`."""
    wall = within(seen_by) if seen_by is not None else Q()
    row = CaseRow.objects.filter(wall, pk=case_id).first()
    if row is None:
        raise NoSuchCase(where=str(case_id))
    return case_of(row)


def cases(
    organisation: str | None = None,
    *,
    kind: str = "",
    state: str = "",
    open_only: bool = True,
    limit: int = 200,
) -> tuple[Case, ...]:
    """Cases of an organisation (of all with None), the most pressing first."""
    inside = Q() if organisation is None else Q(organisation=organisation)
    wanted = Wanted(kind=kind, state=state, open_only=open_only)
    return tuple(map(case_of, _pressing(_chosen(inside, wanted))[:limit]))


def queue(actor: Actor, wanted: Wanted, *, skip: int = 0, limit: int = 50) -> tuple[tuple[Case, ...], int]:
    """The cases inside the actor's walls, the most pressing first, and how many there are in all."""
    found = _chosen(within(actor), wanted)
    return tuple(map(case_of, _pressing(found)[skip : skip + limit])), found.count()


def _chosen(inside: Q, wanted: Wanted) -> QuerySet[CaseRow]:
    found = CaseRow.objects.filter(inside)
    if wanted.open_only or wanted.overdue_at:
        found = found.filter(closed_at=None)
    exact = {"kind": wanted.kind, "state": wanted.state, "owner_id": wanted.owner}
    found = found.filter(**{field: value for field, value in exact.items() if value not in {"", None}})
    return found.filter(deadline__lt=wanted.overdue_at) if wanted.overdue_at else found


def _pressing(found: QuerySet[CaseRow]) -> QuerySet[CaseRow]:
    """Ordered by deadline, those without one last, then by age."""
    return found.order_by(F("deadline").asc(nulls_last=True), "id")


def history(case_id: int, *, for_reporter: bool = False) -> tuple[Entry, ...]:
    """What happened to a case, oldest first; for the reporter without what is internal."""
    found = CaseEntry.objects.filter(case_id=case_id).order_by("id")
    if for_reporter:
        found = found.filter(for_reporter=True)
    return tuple(
        Entry(row.pk, row.what, row.by_name, row.at, row.frm, row.to, row.text, row.for_reporter)
        for row in found
    )


def attachments(case_id: int, *, for_reporter: bool = False) -> tuple[Attachment, ...]:
    """The files of a case, oldest first."""
    found = CaseFile.objects.filter(case_id=case_id).order_by("id")
    return tuple(map(attachment_of, found.filter(for_reporter=True) if for_reporter else found))


def attachment(case_id: int, file_id: int, *, for_reporter: bool = False) -> Attachment:
    """One file of a case; raises NoSuchFile, also for an internal one when asked for the reporter."""
    found = [one for one in attachments(case_id, for_reporter=for_reporter) if one.id == file_id]
    if not found:
        raise NoSuchFile(where=str(file_id))
    return found[0]


def attachment_of(row: CaseFile) -> Attachment:
    """The value of a row."""
    return Attachment(
        row.pk,
        row.case_id,
        row.name,
        row.media_type,
        row.bytes,
        row.sha256,
        row.by_name,
        row.at,
        row.for_reporter,
    )


def digest(secret: str) -> str:
    """What is kept of a reporter's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def reported(secret: str) -> Case:
    """The case behind a reporter's secret link; raises NoSuchCase."""
    row = CaseRow.objects.filter(secret_digest=digest(secret)).first()
    if row is None:
        raise NoSuchCase
    return case_of(row)


def reported_by(user_id: int, *, limit: int = 100) -> tuple[Case, ...]:
    """What a signed-in person has reported, newest first."""
    return tuple(map(case_of, CaseRow.objects.filter(reporter_id=user_id).order_by("-id")[:limit]))


def reported_case(case_id: int, *, user_id: int) -> Case:
    """One case that this signed-in person has reported; raises NoSuchCase."""
    row = CaseRow.objects.filter(pk=case_id, reporter_id=user_id).first()
    if row is None:
        raise NoSuchCase(where=str(case_id))
    return case_of(row)
