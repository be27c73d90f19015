"""The whole engine over one file: read, recognise, map, shape, repair, check, report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl
from shapely.geometry.base import BaseGeometry

from tedori.engines.tabular import checking, reading, recognising, repairing
from tedori.engines.tabular.definitions import standard
from tedori.engines.tabular.mapping import map_columns
from tedori.engines.tabular.reading import Limits
from tedori.engines.tabular.repairing import Gazetteer
from tedori.engines.tabular.scanning import suspects
from tedori.engines.tabular.shaping import standard_frame
from tedori.engines.tabular.values import (
    ColumnMatch,
    Completeness,
    Decisions,
    Definition,
    Finding,
    Message,
    PlaceGuess,
    Reading,
    Recognition,
    Refusal,
    Report,
    Result,
    Source,
    Table,
)
from tedori.engines.tabular.wording import finding
from tedori.vocabulary.municipalities import find

OLD_DATUM = re.compile(r"日本測地系(?!20)|旧測地系|Tokyo ?97|東京測地系", re.IGNORECASE)
WORLD_DATUM = re.compile(r"世界測地系|JGD|WGS|2000|2011", re.IGNORECASE)
NAMED = 6
NO_DECISIONS, NO_LIMITS = Decisions(), Limits()


@dataclass(frozen=True, slots=True)
class Means:
    """What an adopter supplies beside the file: definitions, a nationwide code list, towns, a boundary.

    `boundaries` holds areas by six-digit code; `boundary`, where given, goes before them.
    """

    definitions: Mapping[str, Definition] = field(default_factory=standard)
    codes: Mapping[str, str] = field(default_factory=dict)
    gazetteer: Gazetteer | None = None
    boundary: BaseGeometry | None = None
    boundaries: Mapping[str, BaseGeometry] = field(default_factory=dict)

    def area(self, code: str | None) -> BaseGeometry | None:
        """The area that the rows of a municipality should lie in, where it is known."""
        return self.boundary if self.boundary is not None else self.boundaries.get(code or "")


def standardise(
    path: Path,
    *,
    today: date,
    decisions: Decisions = NO_DECISIONS,
    codes: Mapping[str, str] | None = None,
    gazetteer: Gazetteer | None = None,
    boundary: BaseGeometry | None = None,
    definitions: Mapping[str, Definition] | None = None,
    limits: Limits = NO_LIMITS,
) -> tuple[Result, ...]:
    """Standardise every table of a file; a file without one gives a single result with the refusal.

    `decisions` are what people have decided for this layout; `codes` (six digits to name), `gazetteer` and
    `boundary` come from the adopter. Bad input never raises.
    """
    means = Means(definitions or standard(), codes or {}, gazetteer, boundary)
    found = reading.read(path, limits=limits)
    if found.refusal is not None or not found.tables:
        return (Result(report=_refused(found), frame=None),)
    return results_of(found, today=today, decisions=decisions, means=means)


def results_of(
    found: Reading, *, today: date, decisions: Decisions = NO_DECISIONS, means: Means | None = None
) -> tuple[Result, ...]:
    """Standardise tables that were read before; what was said about the whole file goes with the first."""
    means = means or Means()
    results = [table_result(table, today=today, decisions=decisions, means=means) for table in found.tables]
    if found.findings:
        first = results[0].report
        results[0] = replace(results[0], report=replace(first, findings=found.findings + first.findings))
    return tuple(results)


def table_result(table: Table, *, today: date, decisions: Decisions, means: Means) -> Result:
    """Standardise one table."""
    recognition = _recognised(table, decisions, means)
    place = _placed(table, recognition, decisions, means)
    definition = means.definitions.get(recognition.slug or "")
    told = _Told(table=table, recognition=recognition, place=place)
    if definition is None:
        return _unknown(told)
    matches = map_columns(table, definition, edition=recognition.edition, decisions=decisions)
    frame = standard_frame(table, matches, definition)
    if not frame.height:
        return Result(report=told.report(columns=matches, findings=(finding("no-rows"),)), frame=None)
    asked = suspects(frame, definition)
    repaired = repairing.repair(
        frame,
        definition,
        place=place,
        decisions=decisions,
        gazetteer=means.gazetteer,
        old_datum=_names_old_datum(matches, definition),
        suspects=asked,
    )
    private = checking.privacy(repaired.frame, definition, decisions, suspects=asked)
    checks = checking.check(
        repaired.frame, definition, place=place, today=today, boundary=means.area(place.code), suspects=asked
    )
    findings = _doubts(recognition, place, matches) + private + _discreet(repaired.findings + checks, private)
    report = told.report(
        columns=matches,
        findings=findings,
        repairs=repaired.repairs,
        completeness=completeness(repaired.frame, definition),
        written=repaired.frame.height,
    )
    return Result(report=report, frame=repaired.frame)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known about a table before its columns are understood."""

    table: Table
    recognition: Recognition
    place: PlaceGuess

    def report(
        self,
        *,
        columns: tuple[ColumnMatch, ...],
        findings: tuple[Finding, ...],
        repairs: pl.DataFrame | None = None,
        completeness: tuple[Completeness, ...] = (),
        written: int = 0,
    ) -> Report:
        """Put the report together; findings of the reading stage that later ones repeat are left out."""
        aside = len({one.row for one in self.table.aside if one.row is not None})
        said = {(one.code, one.row) for one in findings}
        heard = (*self.table.aside, *self.table.findings)
        earlier = tuple(one for one in heard if (one.code, one.row) not in said)
        return Report(
            source=self.table.source,
            recognition=self.recognition,
            place=self.place,
            columns=columns,
            rows_read=self.table.frame.height + aside,
            rows_written=written,
            rows_aside=aside,
            repairs=repairs,
            findings=earlier + findings,
            completeness=completeness,
        )


def _refused(found: Reading) -> Report:
    refusal = found.refusal or Refusal(
        "no-table", Message("表が見つかりませんでした。", "There is no table in the file.")
    )
    return Report(
        source=Source(path=found.path, sha256=found.sha256, format="unknown"),
        recognition=Recognition(slug=None, edition=None, confidence=0.0),
        place=PlaceGuess(code=None, name=None, confidence=0.0),
        columns=(),
        rows_read=0,
        rows_written=0,
        rows_aside=0,
        repairs=None,
        findings=found.findings,
        completeness=(),
        refusal=refusal,
    )


def _recognised(table: Table, decisions: Decisions, means: Means) -> Recognition:
    hint = Path(table.source.path).name
    found = recognising.recognise(table, definitions=means.definitions, hint=hint)
    if decisions.dataset is None or decisions.dataset not in means.definitions:
        return found
    edition = found.edition if found.slug == decisions.dataset else None
    because = ("前に人が決めた (decided by a person before)",)
    return Recognition(decisions.dataset, edition, 1.0, found.alternatives, because)


def _placed(table: Table, recognition: Recognition, decisions: Decisions, means: Means) -> PlaceGuess:
    if decisions.municipality is None:
        return recognising.place_of(table, recognition, codes=means.codes)
    known = find(decisions.municipality)
    name = known.name if known else means.codes.get(decisions.municipality)
    because = ("前に人が決めた (decided by a person before)",)
    return PlaceGuess(decisions.municipality, name, 1.0, because)


def _unknown(told: _Told) -> Result:
    """Report a table that is none of the datasets: its columns are named, nothing is written."""
    columns = tuple(
        ColumnMatch(column=number, source=source, items=(), status="unmapped", confidence=0.0)
        for number, source in enumerate(told.table.header)
    )
    nothing = () if told.table.frame.height else (finding("no-rows"),)
    return Result(
        report=told.report(columns=columns, findings=(finding("dataset-unknown"), *nothing)), frame=None
    )


def _names_old_datum(matches: tuple[ColumnMatch, ...], definition: Definition) -> bool:
    """Tell whether the heading of a coordinate names the datum that was used until 2002."""
    axes = {item.name for item in definition.items if item.kind in {"latitude", "longitude"}}
    headings = [m.source for m in matches if m.status == "accepted" and axes & set(m.items)]
    return any(OLD_DATUM.search(text) and not WORLD_DATUM.search(text) for text in headings)


def _doubts(
    recognition: Recognition, place: PlaceGuess, matches: tuple[ColumnMatch, ...]
) -> tuple[Finding, ...]:
    """Say what a person must decide about the table as a whole."""
    findings = [] if place.code else [finding("municipality-unknown")]
    open_columns = [match.source for match in matches if match.status == "review"]
    if open_columns:
        named = "、".join(open_columns[:NAMED]) + ("…" if len(open_columns) > NAMED else "")
        findings.append(finding("columns-undecided", value=named, count=len(open_columns)))
    return tuple(findings)


def _discreet(findings: tuple[Finding, ...], private: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Shorten the values of likely personal data in what other checks say about the same items."""
    hidden = checking.stopped(private)
    return tuple(_shortened(one) if one.item in hidden and one.value else one for one in findings)


def _shortened(one: Finding) -> Finding:
    value = one.value or ""
    short = checking.masked(value)
    message = Message(one.message.ja.replace(value, short), one.message.en.replace(value, short))
    return replace(one, value=short, message=message)


def completeness(frame: pl.DataFrame, definition: Definition) -> tuple[Completeness, ...]:
    """Count the filled rows of every item, also of those that have no column."""
    empty = frame.null_count().row(0, named=True)
    return tuple(
        Completeness(
            item=item.name,
            demand=item.demand,
            filled=frame.height - empty.get(item.name, frame.height),
            rows=frame.height,
        )
        for item in definition.items
    )
