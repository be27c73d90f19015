"""The comparable values of an attribute: what the index table holds and what a query compares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.values import Attribute

_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)"
_TIME = re.compile(rf"({_DAY})?(T)?({_CLOCK})(?:[.,](\d{{1,9}}))?Z", re.ASCII)
_DATE = re.compile(_DAY, re.ASCII)
LINKS = ("Relationship", "ListRelationship")


class Scalar(NamedTuple):
    """One comparable value.

    `kind`: n number, s text, t date-time, date or time, b boolean (in `text`: true, false), u URI of a
    relationship, v vocabulary IRI, l text in language `lang`, o anything else (existence only).
    """

    kind: str
    number: float | None = None
    text: str | None = None
    instant: str | None = None
    lang: str | None = None


OTHER = Scalar("o")


def instant(text: str) -> str | None:
    """The sortable form of a UTC date-time, date or time (clause 4.6.3), None for any other text.

    Date-times start with a digit, dates with D and times with T, so that one type never lies between two
    values of another: `2026-04-01T09:00:00.000000Z`, `D2026-04-01`, `T09:00:00.000000Z`.
    """
    if len(text) > 35:
        return None
    if _DATE.fullmatch(text):
        return f"D{text}"
    found = _TIME.fullmatch(text)
    if not found or bool(found[1]) != bool(found[2]):
        return None
    return f"{found[1] or ''}T{found[3]}.{(found[4] or '')[:6]:0<6}Z"


def sound(text: str, *, where: str) -> str:
    """The text itself; BadRequestData for what no database can hold: NUL and halves of characters."""
    if "\0" in text or not text.isascii() and any("\ud800" <= mark <= "\udfff" for mark in text):
        raise bad_request("A text holds a character that is none", detail=ascii(text[:80]), where=where)
    return text


def scalars(attribute: Attribute) -> tuple[Scalar, ...]:
    """All comparable values of one instance, never empty: arrays give one per element."""
    return of_value(attribute.kind, attribute.value) or (OTHER,)


def of_value(kind: str, value: Any, trail: Sequence[Sequence[str]] = ()) -> tuple[Scalar, ...]:
    """The values of an instance of this kind, or of the part of it that the trail leads to (maybe none)."""
    if kind == "LanguageProperty":
        return tuple(_languages(value, trail[0] if trail else ("*",))) if len(trail) < 2 else ()
    if trail:
        value, found = _part(value, trail)
        if not found:
            return ()
    letter = "u" if kind in LINKS else "v" if kind == "VocabProperty" else "s"
    elements = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(_scalar(element, letter) for element in elements) or (OTHER,)


def _scalar(value: Any, letter: str) -> Scalar:
    if isinstance(value, dict) and "@value" in value:
        value = value["@value"]
    if isinstance(value, bool):
        return Scalar("b", text="true" if value else "false")
    if isinstance(value, (int, float)):
        return Scalar("n", number=float(value))
    if not isinstance(value, str):
        return OTHER
    moment = instant(value) if letter == "s" else None
    return Scalar("t" if moment else letter, text=value, instant=moment)


def _languages(value: Any, wanted: Sequence[str]) -> Iterator[Scalar]:
    for lang, texts in value.items() if isinstance(value, dict) else ():
        if lang in wanted or "*" in wanted:
            for text in texts if isinstance(texts, (list, tuple)) else (texts,):
                yield Scalar("l", text=text, lang=lang) if isinstance(text, str) else OTHER


def _part(value: Any, trail: Sequence[Sequence[str]]) -> tuple[Any, bool]:
    for keys in trail:
        key = next((key for key in keys if isinstance(value, dict) and key in value), None)
        if key is None:
            return None, False
        value = value[key]
    return value, True


def column(moment: str) -> tuple[str, str]:
    """Bounds (included, excluded) of the sortable texts of the same type: date-times, dates or times."""
    return {"D": ("D", "E"), "T": ("T", "U")}.get(moment[0], ("0", ":"))
