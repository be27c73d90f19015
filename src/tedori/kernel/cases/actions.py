"""Everything that happens to a case: one transaction each, with its history, its evidence and its event."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePath

from django.db import IntegrityError, transaction

from tedori.kernel.cases import files, rules
from tedori.kernel.cases.models import CaseEntry, CaseFile, CaseRow
from tedori.kernel.cases.queries import attachment_of, case_of, digest
from tedori.kernel.cases.rules import Attachment, Case, CaseKind
from tedori.kernel.events.actions import publish
from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.queries import members
from tedori.kernel.organisations.rules import Forbidden, demand
from tedori.kernel.organisations.values import Actor


def open_case(  # noqa: PLR0913 - a case is born with all that makes it one
    kind: str,
    *,
    organisation: str,
    title: str,
    subject: str,
    facts: Mapping[str, object],
    by: Actor,
    at: datetime,
    reporter: Actor | None = None,
    key: str | None = None,
) -> Case:
    """Open a case, or return the open one with the same `kind` and `key`; `facts` must be JSON.

    With a `reporter` (ANONYMOUS counts) the value carries the `secret` of the reporter's link: it is known
    only now.
    """
    known = rules.kind(kind)
    secret = secrets.token_urlsafe(24) if reporter is not None else ""
    row = CaseRow(
        kind=kind,
        state=known.states[0].code,
        organisation=organisation,
        title=title,
        subject=subject,
        facts=dict(facts),
        key=key or "",
        deadline=at + known.deadline if known.deadline else None,
        opened_at=at,
        opened_by=by.name or by.reference,
        **_reported(reporter, secret),
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return case_of(CaseRow.objects.get(kind=kind, key=key, closed_at=None))
        _note(row, "opened", by=by, at=at, to=row.state, for_reporter=True)
        _tell(row, "cases.opened", by=by, at=at, title=title)
    return case_of(row, secret=secret)


def _reported(reporter: Actor | None, secret: str) -> dict[str, object]:
    """The fields of a case that say who raised it; nothing for one that nobody outside raised."""
    if reporter is None:
        return {}
    return {
        "has_reporter": True,
        "reporter_id": reporter.user_id,
        "reporter_name": reporter.name,
        "secret_digest": digest(secret),
    }


def move(
    case_id: int,
    *,
    to: str,
    by: Actor,
    at: datetime,
    seen_version: int,
    reason: str = "",
    answer: str = "",
) -> Case:
    """Bring a case to another state; with `answer` the reporter is answered in the same breath.

    Raises StaleCase when the case changed since `seen_version`, NotAllowed for a move that the kind does
    not declare, Forbidden, ReasonNeeded, and ReporterUnanswered for closing without an answer.
    """
    with transaction.atomic():
        row, known = _locked(case_id, seen_version=seen_version)
        declared = known.move(row.state, to)
        if declared is not None:
            demand(by, declared.permission, organisation=row.organisation)
        if answer.strip():
            _answer(row, text=answer.strip(), by=by, at=at)
        owes_answer = row.has_reporter and row.answered_at is None
        rules.check_move(known, frm=row.state, to=to, reason=reason, owes_answer=owes_answer)
        frm, row.state = row.state, to
        row.closed_at = at if known.state(to).final else None
        _changed(row)
        _note(row, "moved", by=by, at=at, frm=frm, to=to, text=reason.strip(), for_reporter=True)
        _tell(row, "cases.moved", by=by, at=at, frm=frm, to=to, reason=reason.strip())
    return case_of(row)


def assign(case_id: int, *, to: int | None, by: Actor, at: datetime, seen_version: int) -> Case:
    """Give a case to a person of its organisation (by user id), or to nobody with None."""
    with transaction.atomic():
        row, known = _locked(case_id, seen_version=seen_version)
        _demand_work(row, known, by)
        people = {member.user_id: member.name for member in members(row.organisation)}
        if to is not None and to not in people:
            raise rules.NotAMember
        row.owner_id, row.owner_name = to, people.get(to, "")
        _changed(row)
        _note(row, "assigned", by=by, at=at, to=row.owner_name)
        record(
            "cases.assigned",
            by=by,
            at=at,
            organisation=row.organisation,
            subject=f"case:{row.pk}",
            grounds={"kind": row.kind, "to_user": to},
        )
    return case_of(row)


def comment(case_id: int, *, text: str, by: Actor, at: datetime) -> None:
    """Add an internal remark, which the reporter does not see."""
    if not text.strip():
        raise rules.TextNeeded
    with transaction.atomic():
        row, known = _locked(case_id)
        _demand_work(row, known, by)
        _note(row, "commented", by=by, at=at, text=text.strip())


def answer_reporter(case_id: int, *, text: str, by: Actor, at: datetime) -> Case:
    """Tell the reporter what became of it; raises NoReporter when nobody asked."""
    if not text.strip():
        raise rules.TextNeeded
    with transaction.atomic():
        row, known = _locked(case_id)
        _demand_work(row, known, by)
        _answer(row, text=text.strip(), by=by, at=at)
        _changed(row)
    return case_of(row)


def reporter_says(case_id: int, *, text: str, by: Actor, at: datetime) -> Case:
    """The reporter, whom the door has proved, adds something and is owed an answer again from then on."""
    if not text.strip():
        raise rules.TextNeeded
    with transaction.atomic():
        row, _ = _locked(case_id)
        if not row.has_reporter:
            raise rules.NoReporter
        if row.closed_at is not None:
            raise rules.CaseClosed
        row.answered_at = None
        _changed(row)
        _note(row, "said", by=by, at=at, text=text.strip(), for_reporter=True)
    return case_of(row)


def _locked(case_id: int, *, seen_version: int | None = None) -> tuple[CaseRow, CaseKind]:
    """The case's row, locked; raises NoSuchCase and StaleCase."""
    row = CaseRow.objects.select_for_update().filter(pk=case_id).first()
    if row is None:
        raise rules.NoSuchCase(where=str(case_id))
    known = rules.kind(row.kind)
    if seen_version is not None and seen_version != row.version:
        last = CaseEntry.objects.filter(case=row).exclude(what="commented").latest("id")
        labels = {state.code: str(state.label) for state in known.states}
        raise rules.StaleCase(
            who=last.by_name, what=rules.describe(last.what, labels.get(last.to, last.to)), where=row.title
        )
    return row, known


def _demand_work(row: CaseRow, known: CaseKind, by: Actor) -> None:
    if not rules.may_work(by, known, row.organisation):
        raise Forbidden(where=row.title)


def _changed(row: CaseRow) -> None:
    row.version += 1
    row.save()


def close_all(kinds: Iterable[str], *, reason: str, by: Actor, at: datetime) -> int:
    """Close every open case of kinds that cease to exist; returns how many. Reporters are told the reason."""
    with transaction.atomic():
        rows = list(CaseRow.objects.select_for_update().filter(kind__in=list(kinds), closed_at=None))
        for row in rows:
            frm, row.state, row.closed_at = row.state, rules.ENDED, at
            if row.has_reporter and row.answered_at is None:
                _answer(row, text=reason, by=by, at=at)
            _changed(row)
            _note(row, "moved", by=by, at=at, frm=frm, to=row.state, text=reason, for_reporter=True)
            _tell(row, "cases.moved", by=by, at=at, frm=frm, to=row.state, reason=reason)
    return len(rows)


def _answer(row: CaseRow, *, text: str, by: Actor, at: datetime) -> None:
    if not row.has_reporter:
        raise rules.NoReporter
    row.answered_at = at
    _note(row, "answered", by=by, at=at, text=text, for_reporter=True)
    _tell(row, "cases.answered", by=by, at=at)


def _note(
    row: CaseRow,
    what: str,
    *,
    by: Actor,
    at: datetime,
    frm: str = "",
    to: str = "",
    text: str = "",
    for_reporter: bool = False,
) -> None:
    CaseEntry.objects.create(
        case=row,
        what=what,
        by_user=by.user_id,
        by_name=by.name or by.reference,
        at=at,
        frm=frm,
        to=to,
        text=text,
        for_reporter=for_reporter,
    )


def _tell(row: CaseRow, topic: str, *, by: Actor, at: datetime, **grounds: object) -> None:
    """Write the evidence and the event of what has just happened."""
    subject = f"case:{row.pk}"
    about = {"case": row.pk, "kind": row.kind, "subject": row.subject, "state": row.state, **grounds}
    record(topic, by=by, at=at, organisation=row.organisation, subject=subject, grounds=about)
    publish(topic, {**about, "facts": row.facts}, key=subject, organisation=row.organisation, at=at)


def attach(
    case_id: int, *, name: str, chunks: Iterable[bytes], by: Actor, at: datetime, for_reporter: bool = False
) -> Attachment:
    """Add a file to an open case; raises FileTooLarge, FileTypeRefused, DiskFull.

    The content is kept before the row: a crash between them leaves an unused file, never a row without one.
    """
    with transaction.atomic():
        row, known = _locked(case_id)
        _demand_work(row, known, by)
        if row.closed_at is not None:
            raise rules.CaseClosed
        sha256, size, kind = files.keep(chunks, name=name)
        kept = CaseFile.objects.create(
            case=row,
            name=PurePath(name.replace("\\", "/")).name[:255],
            media_type=kind,
            bytes=size,
            sha256=sha256,
            by_name=by.name or by.reference,
            at=at,
            for_reporter=for_reporter,
        )
        _note(row, "attached", by=by, at=at, to=kept.name, for_reporter=for_reporter)
        record(
            "cases.attached",
            by=by,
            at=at,
            organisation=row.organisation,
            subject=f"case:{row.pk}",
            grounds={"kind": row.kind, "sha256": sha256, "bytes": size},
        )
    return attachment_of(kept)
