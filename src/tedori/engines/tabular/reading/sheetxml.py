"""What number formats show beyond the bare numbers: leading zeros, midnight as a time, formula errors."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape

from tedori.engines.tabular.reading.archives import BROKEN

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s[^>]*>")
_XFS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.S)
_XF = re.compile(rb"<(?:\w+:)?xf\s[^>]*>")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>(.*?)</(?:\w+:)?c>", re.S)
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')
_COLUMN = re.compile(rb'\sr="([A-Z]+)\d+"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>")
_PADDED = re.compile(r"0{2,}(?:;.*)?|0+(?:\\?-0+)+")
_CLOCK = re.compile(r"\[?h+\]?(?:\"?[:時]\"?|\\:)m+.*", re.I)
_MAX_ERRORS = 20
# The fractions of a day that a plain reading takes for dates.
_MIDNIGHTS = {0.0: "00:00", 1.0: "24:00"}


@dataclass(frozen=True, slots=True)
class Overlay:
    """Texts that replace cells, by (row from 1, column from 0), and the error cells with their rows.

    `rows` and `columns` say how far the sheet reaches; `hidden_rows` (from 1) and `hidden_columns` (letters)
    are those that the workbook does not show.
    """

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: tuple[tuple[int, str], ...] = ()
    rows: int = 0
    columns: int = 0
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()


def overlays(data: bytes) -> dict[str, Overlay]:
    """Per sheet name what a plain reading of the XLSX loses; empty where nothing is lost."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            styles = _special_styles(_member(archive, "xl/styles.xml"))
            return {name: _of_sheet(_member(archive, path), styles) for name, path in _sheets(archive)}
    except BROKEN:
        return {}


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError:
        return b""


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"(?:^|[\s:])" + name + rb'="([^"]*)"', tag)
    return unescape(found.group(1).decode("utf-8", "replace")) if found else ""


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target")
        for tag in _RELATION.findall(_member(archive, "xl/_rels/workbook.xml.rels"))
    }
    found = []
    for tag in _SHEET.findall(_member(archive, "xl/workbook.xml")):
        target = targets.get(_attribute(tag, b"id"), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found.append((_attribute(tag, b"name"), path))
    return found


def _special_styles(styles: bytes) -> dict[str, str]:
    """Style index → number format, for the formats that show more than the number."""
    written = {
        _attribute(tag, b"numFmtId"): _attribute(tag, b"formatCode") for tag in _FORMAT.findall(styles)
    }
    formats = {key: code for key, code in written.items() if _is_special(code)}
    formats |= {"20": "h:mm", "21": "h:mm:ss"}
    block = _XFS.search(styles)
    if not block:
        return {}
    used = [_attribute(tag, b"numFmtId") for tag in _XF.findall(block.group())]
    return {str(index): formats[key] for index, key in enumerate(used) if key in formats}


def _is_special(code: str) -> bool:
    return bool(_PADDED.fullmatch(code) or _CLOCK.fullmatch(code))


def _of_sheet(xml: bytes, styles: dict[str, str]) -> Overlay:
    last = max(map(int, set(_ROW.findall(xml))), default=0)
    letters = max(set(_COLUMN.findall(xml)), key=lambda name: (len(name), name), default=b"")
    reach = _number_of(letters.decode())
    return replace(
        _overlay(xml, styles),
        rows=last,
        columns=reach,
        hidden_rows=_hidden_rows(xml),
        hidden_columns=_hidden_columns(xml, reach),
    )


def _hidden_rows(xml: bytes) -> tuple[int, ...]:
    """The rows with cells that are hidden, by hand or by a filter."""
    hidden = (tag for tag in _HIDDEN_ROW.findall(xml) if not tag.endswith(b"/>"))
    return tuple(int(found) for tag in hidden if (found := _attribute(tag, b"r")).isdecimal())


def _hidden_columns(xml: bytes, reach: int) -> tuple[str, ...]:
    """The letters of the hidden columns, as far as the sheet has cells."""
    found: list[str] = []
    for tag in _HIDDEN_COLUMN.findall(xml):
        first, last = _attribute(tag, b"min"), _attribute(tag, b"max")
        if first.isdecimal() and last.isdecimal():
            found += [letters_of(number) for number in range(int(first), min(int(last), reach) + 1)]
    return tuple(found)


def letters_of(number: int) -> str:
    """1 → "A", 28 → "AB"."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _overlay(xml: bytes, styles: dict[str, str]) -> Overlay:
    if not _has_special_cells(xml, styles):
        return Overlay()
    texts: dict[tuple[int, int], str] = {}
    errors: list[tuple[int, str]] = []
    for attributes, raw in _values_of(xml):
        if b't="e"' in attributes:
            errors.append((_place(attributes)[0], raw))
        elif (text := _restyled(attributes, raw, styles)) is not None:
            texts[_place(attributes)] = text
    return Overlay(texts, tuple(errors[:_MAX_ERRORS]))


def _has_special_cells(xml: bytes, styles: dict[str, str]) -> bool:
    return b't="e"' in xml or any(b's="%s"' % index.encode() in xml for index in styles)


def _values_of(xml: bytes) -> Iterator[tuple[bytes, str]]:
    """The attributes and the raw value of every cell that holds one."""
    for attributes, inner in _CELL.findall(xml):
        value = _VALUE.search(inner)
        if value is not None and not attributes.endswith(b"/"):
            yield attributes, value.group(1).decode("utf-8", "replace")


def _restyled(attributes: bytes, raw: str, styles: dict[str, str]) -> str | None:
    code = styles.get(_attribute(attributes, b"s"))
    if code is None or (b't="' in attributes and b't="n"' not in attributes):
        return None
    return _shown(raw, code)


def _place(attributes: bytes) -> tuple[int, int]:
    """ "BC12" → (12, 54)."""
    reference = _attribute(attributes, b"r")
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :] or 0), _number_of(letters) - 1


def _number_of(letters: str) -> int:
    """ "A" → 1, "AB" → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def as_shown(value: str, code: str) -> str | None:
    """The text that a number format shows where it differs from the value: leading zeros, midnight.

    None for all other formats and values.
    """
    return _shown(value, code) if _is_special(code) else None


def _shown(value: str, code: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return None
    if _CLOCK.fullmatch(code):
        return _MIDNIGHTS.get(number)
    if number != int(number) or number < 0:
        return None
    pattern = code.split(";")[0].replace("\\", "")
    digits = str(int(number)).zfill(pattern.count("0"))
    if "-" not in pattern:
        return digits
    return _hyphenated(digits, pattern)


def _hyphenated(digits: str, pattern: str) -> str:
    groups = [len(group) for group in pattern.split("-")]
    pieces: list[str] = []
    for size in reversed(groups[1:]):
        pieces.insert(0, digits[-size:])
        digits = digits[:-size]
    return "-".join([digits, *pieces])
