"""The readers of evidence."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from tedori.kernel.evidence import seals
from tedori.kernel.evidence.chain import GENESIS, at_head, check, moment
from tedori.kernel.evidence.files import lines
from tedori.kernel.evidence.models import Entry, Head
from tedori.kernel.evidence.values import EvidenceRecord, Verdict
from tedori.kernel.organisations.queries import within
from tedori.kernel.organisations.values import Actor


def head() -> tuple[int, str]:
    """How many records there are and the last one's hash, by the head's own account."""
    row = Head.objects.filter(pk=1).first()
    return (row.number, row.hash) if row else (0, GENESIS)


def verify() -> Verdict:
    """Walk the whole chain and compare its end with the head; finds the first broken link."""
    number, expected = head()
    # Records written while this walks are beyond the head just read; they are left for the next walk.
    verdict = check(_links(Entry.objects.order_by("number"), until=number))
    return at_head(verdict, records=number, head=expected)


def sealed() -> bool:
    """Whether the database itself refuses to change and delete evidence."""
    return seals.sealed(connection)


def export(path: str | Path) -> int:
    """Write the whole chain to a file, all of it or nothing, and give the number of records."""
    number, last = head()
    links = _links(Entry.objects.filter(number__lte=number).order_by("number"))
    target = Path(path)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=target.parent, prefix=target.name, delete=False
    ) as file:
        try:
            file.writelines(lines(links, head=last, records=number))
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(target)
        finally:
            Path(file.name).unlink(missing_ok=True)  # still there only when something failed
    return number


def _links(rows: QuerySet, *, until: int | None = None) -> Iterator[dict[str, object]]:
    for row in rows.iterator(chunk_size=2000):
        if until is not None and row.number > until and _written_since(until):
            return
        yield {
            "number": row.number,
            "at": moment(row.at),
            "action": row.action,
            "actor": row.actor,
            "actor_organisation": row.actor_organisation,
            "organisation": row.organisation,
            "subject": row.subject,
            "grounds": _grounds(row.grounds),
            "previous": row.previous,
            "hash": row.hash,
        }


def _written_since(number: int) -> bool:
    return head()[0] > number


def _grounds(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text  # somebody wrote into the database by hand: the hash will say so


def _record(row: Entry) -> EvidenceRecord:
    return EvidenceRecord(
        row.number,
        row.at,
        row.action,
        row.actor,
        row.actor_organisation,
        row.organisation,
        row.subject,
        json.loads(row.grounds),
        row.previous,
        row.hash,
    )


def entry(number: int, *, reader: Actor) -> EvidenceRecord | None:
    """One record, or None when it is not there or not for this reader."""
    row = Entry.objects.filter(within(reader), number=number).first()
    return _record(row) if row else None


def entries(
    *,
    reader: Actor,
    organisation: str = "",
    subject: str = "",
    action: str = "",
    page: int = 1,
    size: int = 50,
) -> tuple[tuple[EvidenceRecord, ...], int]:
    """A page of records for this reader, newest first, and how many there are in all.

    `subject` and `action` match from the beginning.
    """
    rows = Entry.objects.filter(within(reader))
    if organisation:
        rows = rows.filter(organisation=organisation)
    if subject:
        rows = rows.filter(subject__startswith=subject)
    if action:
        rows = rows.filter(action__startswith=action)
    start = (page - 1) * size
    return tuple(map(_record, rows.order_by("-number")[start : start + size])), rows.count()


def actions_known(reader: Actor) -> tuple[str, ...]:
    """The actions that occur in what this reader may see."""
    found = Entry.objects.filter(within(reader)).order_by("action").values_list("action", flat=True)
    return tuple(found.distinct())
