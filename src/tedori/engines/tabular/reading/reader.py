"""The one entry to the reading stage: from a path to tables, or to the reason why there are none."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from tedori.engines.tabular.reading import (
    archives,
    bulk,
    decoding,
    delimiters,
    formats,
    geojson,
    headers,
    records,
    sections,
    sheets,
    tables,
    workbooks,
)
from tedori.engines.tabular.reading.findings import find
from tedori.engines.tabular.reading.grids import Grid
from tedori.engines.tabular.reading.headers import Header
from tedori.engines.tabular.reading.limits import Limits
from tedori.engines.tabular.reading.refusals import Declined, refuse
from tedori.engines.tabular.values import Finding, Reading, Source, Table

_DEFAULT = Limits()
_HEAD = 400_000


@dataclass(frozen=True, slots=True)
class _Input:
    """Bytes to read, with the source facts known so far and how deep they lay in archives."""

    data: bytes
    source: Source
    limits: Limits
    depth: int = 0


Found = tuple[tuple[Table, ...], tuple[Finding, ...]]


def read(path: Path, *, limits: Limits = _DEFAULT) -> Reading:
    """Read every table of one file; bad input becomes a refusal or findings, never an exception."""
    name = str(path)
    try:
        size = path.stat().st_size
        if size > limits.file:
            return Reading(name, "", refusal=refuse("too-large", size=size, limit=limits.file))
        if size > limits.careful and (reading := _read_long(path, limits)) is not None:
            return reading
        data = path.read_bytes()
    except OSError as error:
        return Reading(name, "", refusal=refuse("file-missing", what=error.strerror or type(error).__name__))
    return read_bytes(data, name=name, limits=limits)


def _read_long(path: Path, limits: Limits) -> Reading | None:
    """Stream a long delimited text; None when the file is something else or needs the careful way."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        if formats.sniff(stream.read(1 << 16)) != "text":
            return None
        stream.seek(0)
        try:
            table = bulk.read(stream, digest, source=Source(str(path), "", ""), limits=limits)
        except Declined as declined:
            return Reading(str(path), "", refusal=declined.refusal)
    if table is None:
        return None
    sha256 = digest.hexdigest()
    return Reading(str(path), sha256, (replace(table, source=replace(table.source, sha256=sha256)),))


def read_bytes(data: bytes, *, name: str, limits: Limits = _DEFAULT) -> Reading:
    """Read every table of a file that is already in memory; `name` is only reported."""
    sha256 = hashlib.sha256(data).hexdigest()
    source = Source(path=name, sha256=sha256, format="")
    try:
        found, findings = _read(_Input(data, source, limits))
    except Declined as declined:
        return Reading(name, sha256, refusal=declined.refusal)
    return Reading(name, sha256, found, None, findings)


def _read(given: _Input) -> Found:
    kind = formats.sniff(given.data)
    refused = _refused(kind, given.data)
    if refused is not None:
        raise refused
    if kind == "ole":
        return _read_workbook(given, workbooks.ole_kind(given.data))
    if kind == "zip":
        return _read_zip(given)
    return _read_text(given, json=kind == "json")


def _refused(kind: str, data: bytes) -> Declined | None:
    """Why a file of this kind cannot hold a table; None when it may."""
    if kind == "empty":
        return Declined("empty-file")
    if kind == "html":
        return _a_page(formats.page_title(data[:65536]))
    return _not_a_table(kind) if kind == "xml" or kind.startswith("binary:") else None


def _a_page(title: str) -> Declined:
    if not title:
        return Declined("html-page", title="", title_en="")
    return Declined("html-page", title=f"(「{title}」)", title_en=f" (“{title}”)")


def _not_a_table(kind: str) -> Declined:
    what = kind.removeprefix("binary:")
    if what == "?":
        return Declined("not-a-table", what="文字ではないデータ", what_en="binary data")
    return Declined("not-a-table", what=what.upper() if what == "xml" else what)


def _read_zip(given: _Input) -> Found:
    try:
        kind = formats.inside_zip(given.data)
    except archives.BROKEN as error:
        code = "broken-workbook" if formats.looks_like_workbook(given.data) else "broken-archive"
        raise Declined(code, what=str(error)) from None
    if kind.startswith("binary:"):
        raise _not_a_table(kind)
    archives.guard(given.data, given.limits)
    if kind != "zip":
        return _read_workbook(given, kind)
    if given.depth >= given.limits.depth:
        raise Declined("archive-too-deep", what=given.source.path)
    return _read_archive(given)


def _read_archive(given: _Input) -> Found:
    """Read every member that is a table; one that is not disturbs no other."""
    members = archives.members(given.data)
    results = [_read_member(given, member) for member in members]
    found = tuple(chain.from_iterable(inner for inner, _ in results))
    if not found:
        raise _without_tables(members)
    return found, tuple(chain.from_iterable(findings for _, findings in results))


def _without_tables(members: list[archives.Member]) -> Declined:
    is_trap = bool(members) and not any(member.safe for member in members)
    names = "、".join(member.name for member in members[:5])
    return Declined("archive-unsafe" if is_trap else "nothing-inside", what=names or "0")


def _read_member(given: _Input, member: archives.Member) -> Found:
    """The tables of one member, or the finding that says why there are none."""
    name = member.name
    if not member.safe:
        return (), (find("member-unsafe", member=name, value=name),)
    source = replace(given.source, path=f"{given.source.path}!/{name}", format="zip")
    try:
        data = archives.content(given.data, member)
        return _read(_Input(data, source, given.limits, given.depth + 1))
    except Declined as declined:
        why = declined.refusal.message
        return (), (find("member-refused", member=name, why=why.ja, why_en=why.en, value=name),)


def _labelled(source: Source, kind: str) -> Source:
    """The format of the file as a whole: what came in a ZIP stays "zip"."""
    return replace(source, format=source.format or kind)


def _read_workbook(given: _Input, kind: str) -> Found:
    chosen, ignored = sheets.choose(workbooks.sheets_of(given.data, kind, limits=given.limits))
    if not chosen:
        raise Declined("no-table", what=f"シート{len(ignored)}枚", what_en=f"{len(ignored)} sheets")
    found = []
    findings = list(ignored)
    for choice in chosen:
        source = replace(_labelled(given.source, kind), sheet=choice.sheet.name, because=(choice.because,))
        first, *rest = _build_all(choice.sheet.grid, choice.header, source, given.limits)
        found += [replace(first, findings=first.findings + choice.sheet.grid.findings), *rest]
    return tuple(found), tuple(findings)


def _read_text(given: _Input, *, json: bool) -> Found:
    if len(given.data) > given.limits.irregular:
        raise Declined("too-large", size=len(given.data), limit=given.limits.irregular)
    decoded = decoding.decode(given.data)
    source = replace(given.source, encoding=decoded.encoding, because=decoded.because)
    if json:
        value = geojson.parse(decoded.text)
        source = _labelled(source, geojson.kind_of(value))
        return (geojson.to_table(value, source=source, limits=given.limits),), decoded.findings
    return _read_delimited(given, decoded, source)


def _read_delimited(given: _Input, decoded: decoding.Decoded, source: Source) -> Found:
    if not decoded.text.strip():
        raise Declined("empty-file")
    table = _in_bulk(given, decoded, source)
    if table is not None:
        return (table,), decoded.findings
    delimiter = delimiters.decide(decoded.text[:_HEAD])
    grid = records.to_grid(decoded.text, delimiter.character, damaged=decoded.damaged)
    header = headers.locate(grid)
    if header is None:
        raise Declined("no-table", what="説明の行だけ", what_en="only rows of explanation")
    source = replace(
        _labelled(source, "tsv" if delimiter.character == "\t" else "csv"),
        delimiter=delimiter.character,
        because=(*source.because, delimiter.because),
    )
    return tuple(_build_all(grid, header, source, given.limits)), decoded.findings + grid.findings


def _in_bulk(given: _Input, decoded: decoding.Decoded, source: Source) -> Table | None:
    """A long text read in one go, the source with what decoding told; None when it needs the careful way."""
    if len(given.data) <= given.limits.careful or decoded.damaged:
        return None
    stream = io.BytesIO(decoded.text.encode())
    table = bulk.read(stream, hashlib.sha256(), source=source, limits=given.limits)
    if table is None:
        return None
    because = source.because + table.source.because[1:]
    return replace(table, source=replace(table.source, encoding=source.encoding, because=because))


def _build_all(grid: Grid, header: Header, source: Source, limits: Limits) -> list[Table]:
    """One table per section; a section without rows counts only when it is the first."""
    parts = sections.split(grid, header)
    if len(parts) > 1:
        source = replace(
            source,
            because=(*source.because, f"空白行で区切られた{len(parts)}つの表がある ({len(parts)} tables)"),
        )
    return [tables.build(grid, part, source=source, limits=limits) for part in parts]
