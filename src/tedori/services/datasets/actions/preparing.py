"""Runs the engine over one file and lays the results beside it; without a database, so in any process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl

from tedori.engines.tabular import pipeline, reading, reporting
from tedori.engines.tabular.definitions import standard
from tedori.engines.tabular.values import Definition, Report, Result, Table
from tedori.services.datasets.rules.doubts import blocks, doubts_of, undecided
from tedori.services.datasets.rules.frames import content_of, lake_frame
from tedori.services.datasets.rules.layouts import Answer, engine_decisions, fingerprint, withheld
from tedori.services.datasets.rules.periods import period_of


@dataclass(frozen=True, slots=True)
class Work:
    """One file to standardise: where it lies, whose it is, what was decided about its layouts.

    `own` is the municipality code of its organisation, "" when the organisation is none.
    """

    delivery: int
    name: str
    path: Path
    out: Path
    today: date
    own: str = ""
    answers: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing could be made of a file or table."""

    code: str
    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class PreparedPart:
    """What the engine made of one table; `frame` is a file with the lake frame, "" when there is none."""

    position: int
    label: str = ""
    dataset: str = ""
    municipality: str = ""
    edition: str = ""
    layout: str = ""
    header: tuple[str, ...] = ()
    doubts: tuple[dict, ...] = ()
    blocked: bool = False
    refused: Refused | None = None
    report: str = ""
    frame: str = ""
    rows: int = 0
    content: str = ""
    period: str = ""
    score: float = 0.0
    completeness: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0
    repairs: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the engine made of one file."""

    delivery: int
    parts: tuple[PreparedPart, ...]


def prepare(work: Work) -> Prepared:
    """Standardise a file with what was decided before; writes reports and frames below `work.out`."""
    work.out.mkdir(parents=True, exist_ok=True)
    parts = tuple(_part(work, position, result) for position, result in enumerate(results_of(work)))
    return Prepared(work.delivery, parts)


def results_of(work: Work) -> tuple[Result, ...]:
    """What the engine makes of each table in the file, with what was decided about its layout."""
    found = reading.read(work.path)
    if found.refusal is not None or not found.tables:
        return pipeline.standardise(work.path, today=work.today)
    results = [_result(work, table) for table in found.tables]
    first = results[0].report
    # What was said about the whole file goes with the first table.
    results[0] = replace(results[0], report=replace(first, findings=found.findings + first.findings))
    return tuple(results)


def _result(work: Work, table: Table) -> Result:
    """One table; where it does not say whose data these are, they are the sender's own."""
    decisions = engine_decisions(work.answers.get(fingerprint(table.header), ()))
    means = pipeline.Means()
    result = pipeline.table_result(table, today=work.today, decisions=decisions, means=means)
    if result.report.place.code or not work.own or result.frame is None:
        return result
    own = replace(decisions, municipality=work.own)
    return pipeline.table_result(table, today=work.today, decisions=own, means=means)


def _part(work: Work, position: int, result: Result) -> PreparedPart:
    report = result.report
    if report.refusal is not None:
        message = report.refusal.message
        return PreparedPart(position, refused=Refused(report.refusal.code, message.ja, message.en))
    return _understood(work, position, result)


def _understood(work: Work, position: int, result: Result) -> PreparedPart:
    """What goes into the records about a table that could be read."""
    report = result.report
    header = tuple(match.source for match in report.columns)
    layout = fingerprint(header)
    decisions = engine_decisions(work.answers.get(layout, ()))
    definition = standard().get(report.recognition.slug or "")
    doubts = doubts_of(report, result.frame, definition, own=work.own, decisions=decisions)
    told = work.out / f"{position}.json"
    told.write_text(json.dumps(reporting.as_json(report), ensure_ascii=False), encoding="utf-8")
    common = {
        "position": position, "label": report.source.sheet or Path(report.source.path).name,
        **_guesses(report), "layout": layout, "header": header,
        "doubts": tuple(doubt.as_dict() for doubt in doubts), "blocked": blocks(doubts), "report": str(told),
    }  # fmt: skip
    if definition is None or result.frame is None:
        return PreparedPart(**common, rows=report.rows_read)
    report = replace(report, findings=undecided(report.findings, decisions))
    frame = lake_frame(result.frame, definition, withheld=withheld(decisions))
    return PreparedPart(**common, **_measured(work, report, definition, frame, position))


def _guesses(report: Report) -> dict[str, str]:
    return {
        "dataset": report.recognition.slug or "",
        "municipality": report.place.code or "",
        "edition": report.recognition.edition or "",
    }


def _measured(
    work: Work, report: Report, definition: Definition, frame: pl.DataFrame, position: int
) -> dict[str, object]:
    place = work.out / f"{position}.parquet"
    frame.write_parquet(place, compression="uncompressed", statistics=False)
    completeness = {found.item: (found.demand, found.filled, found.rows) for found in report.completeness}
    return {
        "frame": str(place),
        "rows": frame.height,
        "content": content_of(frame),
        "period": period_of(work.name, frame),
        "score": reporting.score(report).value,
        "completeness": completeness,
        "errors": sum(found.severity == "error" for found in report.findings),
        "warnings": sum(found.severity == "warning" for found in report.findings),
        "repairs": 0 if report.repairs is None else report.repairs.height,
    }
