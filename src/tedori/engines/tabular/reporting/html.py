"""The report as one HTML page that stands alone: no script, no outside file, readable by ear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tedori.engines.tabular.checking.privacy import masked, stopped
from tedori.engines.tabular.reporting.causes import causes, repair_groups
from tedori.engines.tabular.reporting.labels import Language, label, reason, said, title_of
from tedori.engines.tabular.reporting.text import rows_of
from tedori.engines.tabular.reporting.verdicts import exit_code, reasons, score
from tedori.engines.tabular.values import Report, Source
from tedori.engines.tabular.wording import rule_name

CAUSES_SHOWN, REPAIRS_SHOWN = 200, 100
STYLE = """
:root{color-scheme:light}
body{font-family:"Noto Sans JP","Hiragino Kaku Gothic ProN","Yu Gothic",sans-serif;line-height:1.7;
color:#1a1a1a;background:#fff;max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;border-left:.4rem solid #0017c1;padding-left:.6rem;margin-top:2.5rem}
table{border-collapse:collapse;width:100%;font-size:.95rem}
caption{text-align:left;padding:.3rem 0;color:#414141}
th,td{border:1px solid #767676;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{background:#e8f1fe}td.number{text-align:right;white-space:nowrap}
.scroll{overflow-x:auto}.error{color:#b00000;font-weight:700}.warning{color:#7a4a00;font-weight:700}
.verdict{font-size:1.15rem;font-weight:700}a:focus,.scroll:focus{outline:3px solid #b78f00}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;background:#fff;padding:.5rem}
"""


def as_html(report: Report, language: Language = "ja") -> str:
    """Give the whole report as one page."""
    title = f"{label('title', language)}: {report.source.path}"
    body = _refused(report, language) if report.refusal is not None else _body(report, language)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#content">{label("skip", language)}</a>\n'
        f'<main id="content">\n<h1>{escape(title)}</h1>\n{body}</main>\n</body>\n</html>\n'
    )


def _refused(report: Report, language: Language) -> str:
    message = said(report.refusal.message, language) if report.refusal else ""
    return f'<p class="verdict error">{label("2", language)}</p>\n<p>{escape(message)}</p>\n'


def _body(report: Report, language: Language) -> str:
    parts = (_summary, _fixes, _columns, _completeness, _repairs)
    return "".join(part(report, language) for part in parts)


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table whose first column heads its rows; cells are HTML already."""
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    lines = []
    for first, *cells in rows:
        rest = "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in cells)
        lines.append(f'<tr><th scope="row">{first}</th>{rest}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">\n<table>\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
        + "\n".join(lines)
        + "\n</tbody>\n</table>\n</div>\n"
    )


def _number(value: object) -> str:
    return f'<td class="number">{value}</td>'


def _section(name: str, language: Language, content: str) -> str:
    heading = f'<h2 id="{name}">{label(name, language)}</h2>'
    return f'<section aria-labelledby="{name}">\n{heading}\n{content}</section>\n'


def _verdict(report: Report, language: Language) -> str:
    why = "、".join(label(f"reason-{name}", language) for name in reasons(report))
    return label(str(exit_code(report)), language) + (f"（{why}）" if why else "")


def _form(source: Source) -> str:
    return " ".join(part for part in (source.format, source.encoding, source.sheet) if part)


def _facts(report: Report, language: Language) -> list[tuple[str, str]]:
    """What is known of the file, by its label."""
    source, unknown = report.source, label("unknown", language)
    place = f"{report.place.code or ''} {report.place.name or unknown}".strip()
    facts = (
        ("file", source.path),
        ("form", _form(source)),
        ("header_row", str(source.header_row or "-")),
        ("dataset", f"{title_of(report, language)} ({report.recognition.confidence:.0%})"),
        ("edition", report.recognition.edition or "-"),
        ("municipality", f"{place} ({report.place.confidence:.0%})"),
        ("rows", f"{report.rows_read:,} / {report.rows_written:,} / {report.rows_aside:,}"),
    )
    return [(label(name, language), escape(value)) for name, value in facts]


def _summary(report: Report, language: Language) -> str:
    rated = score(report)
    parts = [
        (escape(said(p.label, language)), _number(f"{p.value:.0%}"), _number(p.weight)) for p in rated.parts
    ]
    caption = f"{label('score', language)}: {rated.value:g} / 100"
    head = [label(name, language) for name in ("part", "reached", "weight")]
    told = _table(label("summary", language), [label("item", language), ""], _facts(report, language))
    verdict = escape(_verdict(report, language))
    content = f'<p class="verdict">{verdict}</p>\n{told}{_table(caption, head, parts)}'
    return _section("summary", language, content)


def _fixes(report: Report, language: Language) -> str:
    found = causes(report.findings)
    if not found:
        return _section("todo", language, f"<p>{label('nothing', language)}</p>\n")
    rows = [
        (
            escape(cause.item or "-"),
            f'<span class="{cause.severity}">{label(cause.severity, language)}</span>',
            escape(said(cause.example, language)),
            _number(f"{cause.count:,}"),
            escape(rows_of(cause, language)),
        )
        for cause in found[:CAUSES_SHOWN]
    ]
    head = [label(name, language) for name in ("item", "severity", "cause", "count", "where")]
    return _section("todo", language, _table(label("todo", language), head, rows))


def _columns(report: Report, language: Language) -> str:
    rows = [
        (
            escape(match.source),
            escape("＋".join(match.items) or "-"),
            label(match.status, language),
            _number(f"{match.confidence:.0%}"),
            escape("、".join(reason(one, language) for one in match.because)),
        )
        for match in report.columns
    ]
    head = [label(name, language) for name in ("source", "item", "status", "confidence", "because")]
    return _section("columns", language, _table(label("columns", language), head, rows))


def _completeness(report: Report, language: Language) -> str:
    rows = [
        (
            escape(one.item),
            one.demand,
            _number(f"{one.filled:,} / {one.rows:,}"),
            _number(f"{1 - one.filled / one.rows:.1%}" if one.rows else "-"),
        )
        for one in report.completeness
    ]
    head = [label(name, language) for name in ("item", "class", "filled", "missing")]
    return _section("completeness", language, _table(label("completeness", language), head, rows))


def _repairs(report: Report, language: Language) -> str:
    hidden = stopped(report.findings)

    def shown(item: str, value: str | None) -> str:
        if not value:
            return label("empty", language)
        return escape(masked(value) if item in hidden else value[:80])

    rows = [
        (
            escape(one["item"]),
            escape(said(rule_name(one["rule"]), language)),
            _number(f"{one['count']:,}"),
            shown(one["item"], one["before"]),
            shown(one["item"], one["after"]),
        )
        for one in repair_groups(report.repairs).head(REPAIRS_SHOWN).iter_rows(named=True)
    ]
    if not rows:
        return ""
    head = [label(name, language) for name in ("item", "rule", "count", "before", "after")]
    note = f"<p>{label('repairs_note', language)}</p>\n"
    return _section("repairs", language, note + _table(label("repairs", language), head, rows))
