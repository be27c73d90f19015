"""What a report comes to: usable, to be reviewed or unusable, and how good the data are."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.engines.tabular.values import Message, Report

USABLE, REVIEW, UNUSABLE = 0, 1, 2
SURE_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: how much of it was reached, from 0 to 1, and its weight."""

    name: str
    label: Message
    value: float
    weight: int


@dataclass(frozen=True, slots=True)
class Score:
    """A quality score from 0 to 100 with the parts that it is made of."""

    value: float
    parts: tuple[Part, ...]


def exit_code(report: Report) -> int:
    """Give 0 when the result can be used, 1 when a person must look at it, 2 when there is none."""
    if report.refusal is not None or report.rows_read == 0:
        return UNUSABLE
    return REVIEW if reasons(report) else USABLE


def reasons(report: Report) -> tuple[str, ...]:
    """Name what a person must decide: dataset, municipality, column, privacy, finding."""
    found = {
        "dataset": _is_unsure(report.recognition.slug, report.recognition.confidence),
        "municipality": _is_unsure(report.place.code, report.place.confidence),
        "column": any(column.status == "review" for column in report.columns),
        "privacy": any(one.code.startswith("privacy-") for one in report.findings),
        "finding": any(one.severity == "error" for one in report.findings),
    }
    return tuple(name for name, holds in found.items() if holds)


def _is_unsure(found: str | None, confidence: float) -> bool:
    return found is None or confidence < SURE_ENOUGH


def score(report: Report) -> Score:
    """Rate the data: filled mandatory and recommended items, sound values, understood columns."""
    sound = _sound(report)
    mapped = [column for column in report.columns if column.status == "accepted"]
    parts = [
        Part("required", Message("必須項目の充足", "mandatory items filled"), _filled(report, "必須"), 45),
        Part(
            "recommended", Message("推奨項目の充足", "recommended items filled"), _filled(report, "推奨"), 20
        ),
        Part("sound", Message("値の正しさ", "sound values"), sound, 25),
        Part(
            "columns",
            Message("標準項目に対応した列", "columns understood"),
            len(mapped) / len(report.columns) if report.columns else 0.0,
            10,
        ),
    ]
    total = sum(part.value * part.weight for part in parts)
    return Score(value=round(total, 1), parts=tuple(parts))


def _filled(report: Report, demand: str) -> float:
    counted = [one for one in report.completeness if one.demand == demand and one.rows]
    return sum(one.filled / one.rows for one in counted) / len(counted) if counted else 1.0


def _sound(report: Report) -> float:
    """Give the share of rows without a warning or error that names them."""
    if not report.rows_written:
        return 0.0
    rows = {one.row for one in report.findings if one.row is not None and one.severity != "info"}
    return max(0.0, 1 - len(rows) / report.rows_written)
