"""report.json: the contract that others script against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from tedori import __version__
from tedori.engines.tabular.checking.privacy import masked, stopped
from tedori.engines.tabular.reporting.verdicts import exit_code, reasons, score
from tedori.engines.tabular.values import ColumnMatch, Finding, Message, Report, Source

# Above this the list in the report is cut; the total stays right and repairs.csv holds all.
REPAIRS_LISTED = 100_000


def as_json(
    report: Report, *, others: Sequence[Report] = (), repairs: int = REPAIRS_LISTED
) -> dict[str, Any]:
    """Give the report as plain values for JSON; `others` are further tables of the same file."""
    return {
        "version": __version__,
        "exit_code": exit_code(report),
        "refusal": _refusal(report),
        "source": _source(report.source),
        "dataset": {
            "slug": report.recognition.slug,
            "edition": report.recognition.edition,
            "confidence": round(report.recognition.confidence, 4),
            "alternatives": [
                {"slug": one.slug, "score": round(one.score, 4)} for one in report.recognition.alternatives
            ],
            "because": list(report.recognition.because),
        },
        "municipality": {
            "code": report.place.code,
            "name": report.place.name,
            "confidence": round(report.place.confidence, 4),
            "because": list(report.place.because),
        },
        "columns": [_column(column) for column in report.columns],
        "rows": {"read": report.rows_read, "written": report.rows_written, "set_aside": report.rows_aside},
        "repairs": _repairs(report, most=repairs),
        "findings": [_finding(one) for one in report.findings],
        "completeness": [
            {"item": one.item, "class": one.demand, "filled": one.filled, "rows": one.rows}
            for one in report.completeness
        ],
        "score": _score(report),
        "decisions": list(reasons(report)),
        "others": [_other(other) for other in others],
    }


def _message(message: Message) -> dict[str, str]:
    return {"ja": message.ja, "en": message.en}


def _refusal(report: Report) -> dict[str, Any] | None:
    if report.refusal is None:
        return None
    return {"code": report.refusal.code, "message": _message(report.refusal.message)}


def _source(source: Source) -> dict[str, Any]:
    return asdict(source) | {"because": list(source.because)}


def _column(match: ColumnMatch) -> dict[str, Any]:
    told: dict[str, Any] = {
        "source": match.source,
        "item": match.items[0] if match.items else None,
        "status": match.status,
        "confidence": round(match.confidence, 4),
        "because": list(match.because),
        "how": match.how,
        "choices": [{"item": item, "score": round(value, 4)} for item, value in match.choices],
    }
    if len(match.items) > 1:
        told["items"] = list(match.items)
    return told


def _repairs(report: Report, *, most: int) -> dict[str, Any]:
    """List the repairs; values of items that wait for a decision about privacy are not shown in full."""
    if report.repairs is None or not report.repairs.height:
        return {"total": 0, "items": []}
    shown = report.repairs.head(most)
    names, columns = shown.columns, [column.to_list() for column in shown.iter_columns()]
    items = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    hidden = stopped(report.findings)
    for one in items:
        if one["item"] in hidden:
            one["before"], one["after"] = _shown(one["before"]), _shown(one["after"])
    return {"total": report.repairs.height, "items": items}


def _shown(value: str | None) -> str | None:
    return masked(value) if value else value


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "row": one.row,
        "item": one.item,
        "code": one.code,
        "severity": one.severity,
        "message": _message(one.message),
    }


def _score(report: Report) -> dict[str, Any] | None:
    if report.refusal is not None:
        return None
    rated = score(report)
    parts = [
        {
            "name": part.name,
            "label": _message(part.label),
            "value": round(part.value, 4),
            "weight": part.weight,
        }
        for part in rated.parts
    ]
    return {"value": rated.value, "parts": parts}


def _other(report: Report) -> dict[str, Any]:
    """Tell of a further table in the same file what a person needs in order to find it."""
    whole = as_json(report, repairs=0)
    return {
        name: whole[name]
        for name in ("exit_code", "source", "dataset", "municipality", "rows", "findings", "columns")
    }


def repairs_frame(report: Report) -> pl.DataFrame:
    """Give all repairs for repairs.csv, exactly as they were made."""
    if report.repairs is None:
        return pl.DataFrame(schema={name: pl.String for name in ("row", "item", "before", "after", "rule")})
    return report.repairs
