"""Makes what goes back to the municipality: its own file with the repairs in it, and the list of fixes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tedori.engines.tabular import reading, reporting, writing
from tedori.engines.tabular.values import Report, Table
from tedori.kernel.evidence.actions import record
from tedori.kernel.jobs.actions import enqueue
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.preparing import results_of
from tedori.services.datasets.actions.standardising import works
from tedori.services.datasets.actions.storing import home
from tedori.services.datasets.models import Version
from tedori.services.datasets.rules.errors import NotFound

RETURN = "datasets.return"
LANGUAGES = ("ja", "en")
FILES = ("feedback.csv", "fixes.ja.csv", "fixes.en.csv", "report.ja.html", "report.en.html")


def folder(report: str) -> Path:
    """Where the files of a version lie, given the path of its report."""
    return (home() / report).with_suffix("")


def ready(report: str) -> tuple[str, ...]:
    """The files, once all of them are made."""
    made = bool(report) and all((folder(report) / name).is_file() for name in FILES)
    return FILES if made else ()


@transaction.atomic
def return_soon(*, version: int, by: Actor, at: datetime) -> int:
    """Ask for the files of a version that came from a delivery; returns the job's id."""
    row = Version.objects.filter(pk=version).exclude(part=None).first()
    if row is None:
        raise NotFound(where=f"version {version}")
    demand(by, "datasets.intake", organisation=row.organisation)
    args = {"version": row.pk}
    key = f"{row.pk}:{row.report}"
    return enqueue(RETURN, args, by=by, organisation=row.organisation, at=at, key=key, priority=10).id


def make_return(version: int, *, by: Actor, at: datetime) -> Mapping[str, object]:
    """Standardise the file once more and write what goes back, all files or none."""
    row = Version.objects.select_related("part__delivery").get(pk=version)
    work = works([row.part.delivery], at=at)[0]
    result = results_of(work)[row.part.position]
    table = next(found for found in reading.read(work.path).tables if _same(found, result.report))
    place = folder(row.report)
    place.mkdir(parents=True, exist_ok=True)
    writing.write_bytes(place / FILES[0], writing.feedback(table, result.report, result.frame))
    for language in LANGUAGES:
        fixes = writing.fix_list(result.report, language)
        writing.write_csv(place / f"fixes.{language}.csv", fixes)
        writing.write_text(place / f"report.{language}.html", reporting.as_html(result.report, language))
    record(
        "datasets.return",
        by=by,
        at=at,
        organisation=row.organisation,
        subject=f"datasets/version/{row.pk}",
        grounds={"source_sha256": row.source_sha256, "repairs": row.repairs},
    )
    return {"version": version, "files": list(FILES)}


def _same(table: Table, report: Report) -> bool:
    return (table.source.path, table.source.sheet, table.source.header_row) == (
        report.source.path,
        report.source.sheet,
        report.source.header_row,
    )
