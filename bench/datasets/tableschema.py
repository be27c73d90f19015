"""A standard dataset as a Table Schema, so that frictionless checks what the engine checks, and nothing more.

Everything comes from the definition and from the engine's own patterns. Values that the engine repairs
(full-width digits, 〒 before a postcode) pass here too, so frictionless is spared from listing them. What has
no word in a Table Schema stays with the engine alone: check digits, dates in the future, points far from the
others, the publisher's code and name.
"""

from __future__ import annotations

from tedori.engines.tabular.checking.cellwise import SPREADSHEET_ERROR
from tedori.engines.tabular.checking.privacy import FREE_MAIL, MOBILE, TEXT_KINDS, names_pattern
from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.repairing.points import LATITUDES, LONGITUDES
from tedori.engines.tabular.values import Definition, Item

NUMBERS = {"latitude": LATITUDES, "longitude": LONGITUDES}
FORMATS = {"url": "uri", "email": "email"}
# What the engine can read as the kind; \d takes full-width digits, as the engine does.
READABLE = {
    "code-municipality": r"\d{6}",
    "code-town": r"\d{7}",
    "corporate-number": r"\d{13}",
    "extension": r"[\d#*]+(?:-\d+)*",
    "phone": r"[0０][\d()（） /－-]*",
    "postcode": r"〒?\d{3}-?\d{4}",
}
STRANGE = rf"(?!.*\ufffd)(?!{SPREADSHEET_ERROR.replace('^', '')})(?![=＝][^=\s])"
PRIVATE = rf"(?!.*(?:{MOBILE}))(?!.*{FREE_MAIL.replace('(?i)', '(?i:', 1)}))"
CHECKS = "types, required, unique, ranges, patterns, repeated rows, half points, lost characters, privacy"


def table_schema(slug: str) -> dict[str, object]:
    """The fields of a dataset with types, formats and constraints."""
    return {"fields": [_field(item) for item in definition(slug).items]}


def checklist(slug: str) -> dict[str, object]:
    """What concerns whole rows: repeated ones, and points of which half is missing."""
    checks: list[dict[str, str]] = [{"type": "duplicate-row"}]
    lat, lon = (_of_kind(definition(slug), kind) for kind in NUMBERS)
    if lat and lon:
        checks.append({"type": "row-constraint", "formula": f"({lat} == None) == ({lon} == None)"})
    return {"checks": checks}


def _of_kind(book: Definition, kind: str) -> str | None:
    return next((item.name for item in book.items if item.kind == kind), None)


def _field(item: Item) -> dict[str, object]:
    constraints: dict[str, object] = {"required": item.demand == "必須", "unique": item.unique}
    low, high = NUMBERS.get(item.kind, (item.low, item.high))
    if _is_number(item):
        constraints |= {"minimum": low, "maximum": high}
    elif item.kind not in FORMATS:
        constraints["pattern"] = _pattern(item)
    if item.codes and item.codes.closed and not item.many:
        constraints["enum"] = list(item.codes.values)
    kept = {name: value for name, value in constraints.items() if value not in (None, False)}
    kind = "number" if _is_number(item) else "string"
    return {"name": item.name, "type": kind, "format": FORMATS.get(item.kind, "default"), "constraints": kept}


def _is_number(item: Item) -> bool:
    return item.kind in NUMBERS or item.kind in {"integer", "number"}


def _pattern(item: Item) -> str:
    if item.kind in READABLE:
        return READABLE[item.kind] if item.kind != "phone" else f"{PRIVATE}{READABLE['phone']}"
    names = f"(?!{names_pattern(item.name)})" if item.kind in TEXT_KINDS else ""
    return f"{STRANGE}{PRIVATE}{names}.*"
