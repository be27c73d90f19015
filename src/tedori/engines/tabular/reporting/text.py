"""The report as plain text, for terminals and mail."""

from __future__ import annotations

from tedori.engines.tabular.reporting.causes import Cause, causes, repair_groups
from tedori.engines.tabular.reporting.labels import Language, label, said, title_of
from tedori.engines.tabular.reporting.verdicts import exit_code, reasons, score
from tedori.engines.tabular.values import Report
from tedori.engines.tabular.wording import rule_name

CAUSES_SHOWN, REPAIRS_SHOWN = 40, 20


def as_text(report: Report, language: Language = "ja") -> str:
    """Give the whole report as text."""
    if report.refusal is not None:
        return f"{report.source.path}: {said(report.refusal.message, language)}\n"
    sections = [
        _summary(report, language),
        _fixes(report, language),
        _columns(report, language),
        _completeness(report, language),
        _repairs(report, language),
    ]
    return "\n\n".join(sections) + "\n"


def as_line(report: Report, language: Language = "ja") -> str:
    """Give the one line that stands for a file in a list: path, dataset, municipality, rows, verdict."""
    code = exit_code(report)
    told = label(str(code), language)
    if report.refusal is not None:
        return f"{report.source.path}: {told}: {said(report.refusal.message, language)}"
    place = report.place.name or label("unknown", language)
    counts = _amounts(report, language)
    why = "・".join(label(f"reason-{name}", language) for name in reasons(report))
    return f"{report.source.path}: {title_of(report, language)} / {place} / {counts} / {told}" + (
        f"（{why}）" if why else ""
    )


def _amounts(report: Report, language: Language) -> str:
    """Rows written, repairs made and findings left."""
    rows = report.rows_written
    repaired = 0 if report.repairs is None else report.repairs.height
    open_points = sum(one.severity != "info" for one in report.findings)
    if language == "ja":
        return f"{rows:,}行、修正{repaired:,}件、指摘{open_points:,}件"
    return f"{rows:,} rows, {repaired:,} repairs, {open_points:,} findings"


def _heading(name: str, language: Language) -> str:
    return f"■ {label(name, language)}"


def _summary(report: Report, language: Language) -> str:
    source = report.source
    rated = score(report)
    form = " ".join(part for part in (source.format, source.encoding, source.sheet) if part)
    place = f"{report.place.code or ''} {report.place.name or label('unknown', language)}".strip()
    lines = [
        _heading("summary", language),
        f"  {label('file', language)}: {source.path}",
        f"  {label('form', language)}: {form}",
        f"  {label('header_row', language)}: {source.header_row or '-'}",
        f"  {label('dataset', language)}: {title_of(report, language)} ({report.recognition.edition or '-'},"
        f" {report.recognition.confidence:.0%})",
        f"  {label('municipality', language)}: {place} ({report.place.confidence:.0%})",
        f"  {label('rows', language)}: {_counts(report)}",
        f"  {label('score', language)}: {rated.value:g}",
        f"  {label('verdict', language)}: {label(str(exit_code(report)), language)}",
    ]
    return "\n".join(lines)


def _counts(report: Report) -> str:
    return f"{report.rows_read:,} / {report.rows_written:,} / {report.rows_aside:,}"


def _fixes(report: Report, language: Language) -> str:
    found = causes(report.findings)
    lines = [_heading("todo", language)]
    if not found:
        lines.append(f"  {label('nothing', language)}")
    for cause in found[:CAUSES_SHOWN]:
        lines += [
            f"  [{label(cause.severity, language)}] {cause.item or ''} ×{cause.count:,}  "
            f"{said(cause.example, language)}",
            f"      {label('where', language)}: {rows_of(cause, language)}",
        ]
    return "\n".join(lines)


def rows_of(cause: Cause, language: Language) -> str:
    """Name the rows of a cause, the first ones and how many more."""
    if not cause.rows:
        return "-"
    named = ", ".join(str(row) for row in cause.rows)
    more = cause.count - len(cause.rows)
    return f"{named} … {label('others', language, count=more)}" if more > 0 else named


def _columns(report: Report, language: Language) -> str:
    lines = [_heading("columns", language)]
    for match in report.columns:
        items = "＋".join(match.items) or "-"
        lines.append(f"  {match.source} → {items}  [{label(match.status, language)} {match.confidence:.0%}]")
    return "\n".join(lines)


def _completeness(report: Report, language: Language) -> str:
    lines = [_heading("completeness", language)]
    for one in report.completeness:
        missing = 1 - one.filled / one.rows if one.rows else 1.0
        lines.append(
            f"  {one.item}  [{one.demand}] {one.filled:,}/{one.rows:,}  "
            f"{label('missing', language)} {missing:.1%}"
        )
    return "\n".join(lines)


def _repairs(report: Report, language: Language) -> str:
    lines = [_heading("repairs", language)]
    for one in repair_groups(report.repairs).head(REPAIRS_SHOWN).iter_rows(named=True):
        lines.append(f"  {one['item']}  {said(rule_name(one['rule']), language)} ×{one['count']:,}")
    return "\n".join(lines)
