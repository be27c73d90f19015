"""The way back to the municipality: its own layout and encoding with the repairs in it, and a fix list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from tedori.engines.tabular.checking.privacy import masked, stopped
from tedori.engines.tabular.reporting.labels import Language, label, reason, said
from tedori.engines.tabular.values import ColumnMatch, Report, Table
from tedori.engines.tabular.wording import rule_name
from tedori.engines.tabular.writing.harmless import harmless

FIX_HEAD = {
    "ja": ("行", "列", "項目", "内容", "直し方", "重さ"),
    "en": ("row", "column", "item", "what", "how", "severity"),
}
BOMS = {"utf-8-sig", "utf-16"}


def feedback(table: Table, report: Report, frame: pl.DataFrame) -> bytes:
    """Give the municipality's own file with the repaired values in it.

    Header, order of columns, preamble, delimiter and encoding are those of the file as read (a workbook comes
    back as CSV in UTF-8 with BOM), and every row stands in the line where it stood, so that the fix list fits
    both files. Only columns that became one item unchanged carry repairs; exchanged columns come back
    under their right headings; a repaired value that the encoding cannot write stays as it was.
    """
    encoding = table.source.encoding or "utf-8-sig"
    body = _repaired(table, report.columns, frame, encoding)
    out = io.StringIO(newline="")
    delimiter = table.source.delimiter or ","
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    # Their own cells go back to them, so formulas are made harmless here as everywhere.
    rows = ([cell or "" for cell in row] for row in harmless(body).iter_rows())
    writer.writerows(_in_their_lines(table, rows))
    return out.getvalue().encode(encoding, errors="xmlcharrefreplace")


def _in_their_lines(table: Table, rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Preamble, heading and rows, with an empty line for each one that the table does not hold."""
    line = 1
    numbers = table.frame["_row"].to_list()
    unmoved = ((line, cells) for line, cells in enumerate(table.preamble, start=1))
    heading = (table.source.header_row or len(table.preamble) + 1, table.header)
    for wanted, cells in (*unmoved, heading, *zip(numbers, rows, strict=True)):
        yield from ((),) * (wanted - line)
        yield cells
        line = max(line, wanted) + 1 + _breaks(cells, table)


def _breaks(cells: Sequence[str], table: Table) -> int:
    """How many further lines of a text file a row takes; in a workbook a row is a row."""
    return sum(cell.count("\n") for cell in cells) if table.source.delimiter else 0


def _repaired(
    table: Table, matches: Iterable[ColumnMatch], frame: pl.DataFrame, encoding: str
) -> pl.DataFrame:
    """Put the repaired values into the original columns, row by row of the file."""
    body = table.frame
    for column, item in _belonging(matches).items():
        if item in frame.columns:
            body = _with_values(body, f"c{column}", frame.select("_row", new=item), encoding)
    return body.drop("_row")


def _belonging(matches: Iterable[ColumnMatch]) -> dict[int, str]:
    """Column → the item whose values belong under its heading, for columns that became one item whole."""
    whole = [match for match in matches if match.status == "accepted" and len(match.items) == 1]
    plain = {match.column: match.items[0] for match in whole if match.how == "copy"}
    for one, other in _exchanged_pairs(whole):
        plain |= {one.column: other.items[0], other.column: one.items[0]}
    return plain


def _exchanged_pairs(matches: Iterable[ColumnMatch]) -> list[list[ColumnMatch]]:
    """The columns that were exchanged with each other: two that give the same reasons."""
    pairs: dict[tuple[str, ...], list[ColumnMatch]] = {}
    for match in matches:
        if match.how == "exchanged":
            pairs.setdefault(match.because, []).append(match)
    return [pair for pair in pairs.values() if len(pair) == 2]


def _with_values(body: pl.DataFrame, name: str, fresh: pl.DataFrame, encoding: str) -> pl.DataFrame:
    both = body.select("_row", old=name).join(fresh, on="_row", how="left", maintain_order="left")
    values = [
        new if _writable(new or "", encoding) else old for old, new in both.select("old", "new").iter_rows()
    ]
    return body.with_columns(pl.Series(name, values, dtype=pl.String))


def _writable(text: str, encoding: str) -> bool:
    if encoding.startswith("utf"):
        return True
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def fix_list(report: Report, language: Language = "ja", *, repairs: bool = True) -> pl.DataFrame:
    """List what is left to do and, with `repairs`, what was corrected, by row and column of the own file."""
    sources = {item: match.source for match in report.columns for item in match.items}
    rows = list(_open_points(report, sources, language))
    if repairs:
        rows += [*_exchanged(report, language), *_corrections(report, sources, language)]
    head = FIX_HEAD[language]
    table = pl.DataFrame(rows, schema=dict.fromkeys(head, pl.String) | {head[0]: pl.Int64}, orient="row")
    return table.sort(head[0], nulls_last=False, maintain_order=True)


def _open_points(
    report: Report, sources: dict[str, str], language: Language
) -> Iterable[tuple[int | None, str, str, str, str, str]]:
    for one in report.findings:
        item = one.item or ""
        told = said(one.message, language)
        yield (one.row, sources.get(item, item), item, told, "", label(one.severity, language))


def _exchanged(report: Report, language: Language) -> Iterable[tuple[int | None, str, str, str, str, str]]:
    done, how = label("corrected", language), label("exchanged", language)
    for match in report.columns:
        if match.how == "exchanged" and match.status == "accepted":
            told = "、".join(reason(text, language) for text in match.because)
            yield (report.source.header_row, match.source, match.items[0], told, how, done)


def _corrections(
    report: Report, sources: dict[str, str], language: Language
) -> Iterable[tuple[int | None, str, str, str, str, str]]:
    if report.repairs is None:
        return
    done = label("corrected", language)
    hidden = stopped(report.findings)
    table = report.repairs.select("row", "item", "rule", pl.col("before", "after").fill_null(""))
    # What was filled into items that their file has no column for is no fix of their file.
    for row, item, rule, before, after in table.filter(pl.col("item").is_in(list(sources))).iter_rows():
        told = f"「{masked(before)}」→「{masked(after)}」" if item in hidden else f"「{before}」→「{after}」"
        yield (row, sources.get(item, item), item, told, said(rule_name(rule), language), done)
