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
from tedori.engines.tabular.pipeline import Means
from tedori.engines.tabular.values import Decisions, Definition, Report, Result, Table
from tedori.services.datasets.queries.supplies import means
from tedori.services.datasets.rules.doubts import blocks, doubts_of, undecided
from tedori.services.datasets.rules.frames import content_of, lake_frame
from tedori.services.datasets.rules.layouts import Answer, engine_decisions, fingerprint, whose_data, withheld
from tedori.services.datasets.rules.periods import period_of
from tedori.vocabulary.municipalities import find


@dataclass(frozen=True, slots=True)
class Work:
    """One file to standardise: where it lies, whose it is, what was decided about its layouts.

    `own` is the municipality code of its organisation, "" when the organisation is none; `others` are the
    other municipalities of this house. `home` is the data folder, where the adopter's own tables lie.
    """

    delivery: int
    name: str
    path: Path
    out: Path
    today: date
    home: Path
    own: str = ""
    others: frozenset[str] = frozenset()
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
    parts = tuple(_part(work, position, *made) for position, made in enumerate(_made(work)))
    return Prepared(work.delivery, parts)


def results_of(work: Work) -> tuple[Result, ...]:
    """What the engine makes of each table in the file, with what was decided about its layout."""
    return tuple(result for result, _ in _made(work))


def _made(work: Work) -> tuple[tuple[Result, Decisions], ...]:
    """The result of each table, and the decisions that went into it."""
    found = reading.read(work.path)
    if found.refusal is not None or not found.tables:
        return tuple((result, Decisions()) for result in pipeline.standardise(work.path, today=work.today))
    made = [_result(work, table, means(work.home)) for table in found.tables]
    first, decisions = made[0]
    # What was said about the whole file goes with the first table.
    told = replace(first.report, findings=found.findings + first.report.findings)
    made[0] = replace(first, report=told), decisions
    return tuple(made)


def _result(work: Work, table: Table, means: Means) -> tuple[Result, Decisions]:
    """One table; where it does not say whose data these are, they are the sender's own."""
    answers = work.answers.get(fingerprint(table.header), ())
    decisions = engine_decisions(answers)
    result = pipeline.table_result(table, today=work.today, decisions=decisions, means=means)
    found = result.report.place.code
    whose = whose_data(answers, found) if found else work.own
    if not whose or result.frame is None:
        return result, decisions
    decisions = replace(decisions, municipality=whose)
    return pipeline.table_result(table, today=work.today, decisions=decisions, means=means), decisions


def _part(work: Work, position: int, result: Result, decisions: Decisions) -> PreparedPart:
    report = result.report
    if report.refusal is not None:
        message = report.refusal.message
        return PreparedPart(position, refused=Refused(report.refusal.code, message.ja, message.en))
    return _understood(work, position, result, decisions)


def _anothers(work: Work, decisions: Decisions) -> Refused | None:
    """Why a table that a person called another municipality's is not drafted for its sender."""
    place = find(decisions.municipality or "")
    if place is None or place.code not in work.others:
        return None
    ja = (
        f"{place.name}のデータと判断されたため、この組織からは公開しません。"
        f"{place.name}の担当者か東京都が、{place.name}のデータとして送ってください。"
    )
    en = (
        f"It was decided that these are data of {place.english}, so they are not published from here. "
        f"A steward of {place.english}, or Tokyo's bureau on its behalf, should send them."
    )
    return Refused("anothers-data", ja, en)


def _understood(work: Work, position: int, result: Result, decisions: Decisions) -> PreparedPart:
    """What goes into the records about a table that could be read."""
    report = result.report
    header = tuple(match.source for match in report.columns)
    layout = fingerprint(header)
    definition = standard().get(report.recognition.slug or "")
    doubts = doubts_of(report, result.frame, definition, own=work.own, decisions=decisions)
    told = work.out / f"{position}.json"
    told.write_text(json.dumps(reporting.as_json(report), ensure_ascii=False), encoding="utf-8")
    common = {
        "position": position, "label": report.source.sheet or Path(report.source.path).name,
        **_guesses(report), "layout": layout, "header": header,
        "doubts": tuple(doubt.as_dict() for doubt in doubts), "blocked": blocks(doubts), "report": str(told),
    }  # fmt: skip
    refused = _anothers(work, decisions)
    if refused or definition is None or result.frame is None:
        asked = {"doubts": (), "blocked": False} if refused else {}
        return PreparedPart(**common | asked, rows=report.rows_read, refused=refused)
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
