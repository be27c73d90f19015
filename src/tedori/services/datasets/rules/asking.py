"""What a caller of the interfaces may ask for, read from an address and checked before any search."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words

Read = TypeVar("Read")
MOST = 1000
USUAL = 100
LONGEST = 300  # characters of a text to search for
CODE = re.compile(r"[A-Za-z0-9_-]{0,60}")
CURSOR = "cursor=MTMxMDE2HzAwMDE"
BOX = "bbox=139.70,35.66,139.80,35.72"
FORMATS = ("json", "geojson", "csv", "ndjson")
OWN = {"municipality", "bbox", "near", "text", "changed_since", "limit", "cursor", "format", "fields"}


class BadParameter(UserError):
    """A parameter that cannot be understood; `where` names it."""

    code = "bad-parameter"
    words = Words(
        _("パラメータ {name} の値「{value}」を読めません。"), _("{example} のように指定してください。")
    )


class UnknownParameter(UserError):
    """A parameter that is neither one of ours nor an item of the dataset."""

    code = "unknown-parameter"
    words = Words(
        _("パラメータ {name} はありません。"),
        _("項目名か municipality, bbox, near, text, changed_since, limit, cursor, format, fields です。"),
    )


class BadFilter(UserError):
    """A filter that cannot be understood or asks for something that is not offered."""

    code = "bad-filter"
    words = Words(
        _("filter を読めません: {because}"),
        _("CQL2 の形で、例えば \"名称\" LIKE '%図書館%' のように書いてください。"),
    )


@dataclass(frozen=True, slots=True)
class Near:
    """A point in degrees and a distance in metres around it."""

    latitude: float
    longitude: float
    metres: float


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a dataset: which rows, which items, how many, in which format."""

    municipalities: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None
    near: Near | None = None
    text: str = ""
    changed_since: datetime | None = None
    equal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    limit: int = USUAL
    cursor: str = ""
    format: str = "json"


def _only_items(names: Iterable[str], items: Sequence[str]) -> None:
    for name in names:
        if name not in items:
            raise UnknownParameter(name=name, where=name)


def _if_given(read: Callable[[str], Read], said: str | None) -> Read | None:
    return read(said) if said else None


def asked(parameters: Mapping[str, Sequence[str]], *, items: Sequence[str]) -> Ask:
    """The question in an address's parameters; raises BadParameter or UnknownParameter."""
    given = {name: values[-1] for name, values in parameters.items() if name in OWN and values}
    others = {name: tuple(values) for name, values in parameters.items() if name not in OWN}
    _only_items(others, items)
    return Ask(
        municipalities=codes(given.get("municipality", "")),
        box=_if_given(box, given.get("bbox")),
        near=_if_given(near, given.get("near")),
        text=text(given.get("text", "")),
        changed_since=_if_given(moment, given.get("changed_since")),
        equal=others,
        fields=_fields(given.get("fields", ""), items),
        limit=limit(given.get("limit", "")),
        cursor=_cursor(given.get("cursor", ""), counted=bool(given.get("near"))),
        format=_format(given.get("format", "json")),
    )


def codes(text: str) -> tuple[str, ...]:
    """Organisation codes, separated by commas, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def code(name: str, text: str) -> str:
    """A code of a dataset or publisher, which may be empty; raises BadParameter for anything else."""
    if not CODE.fullmatch(text):
        raise BadParameter(name=name, value=text[:40], example=f"{name}=131016", where=name)
    return text


def text(words: str) -> str:
    """Words to search for, of a bearable length."""
    if len(words) > LONGEST:
        raise BadParameter(name="text", value=f"{words[:40]}…", example="text=図書館", where="text")
    return words


def box(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees."""
    numbers = _numbers("bbox", text, BOX)
    if len(numbers) == 6:  # with heights, which no dataset here has
        numbers = (numbers[0], numbers[1], numbers[3], numbers[4])
    right = len(numbers) == 4 and -90 <= numbers[1] <= numbers[3] <= 90
    if not right or any(abs(number) > 180 for number in (numbers[0], numbers[2])):
        raise BadParameter(
            name="bbox", value=text[:80], example="bbox=139.70,35.66,139.80,35.72", where="bbox"
        )
    return numbers


def near(text: str) -> Near:
    """Latitude, longitude and, if given, metres (1,000 otherwise)."""
    example = "near=35.6895,139.6917,500"
    numbers = _numbers("near", text, example)
    if len(numbers) == 2:
        numbers = (*numbers, 1000.0)
    if len(numbers) != 3 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180 or numbers[2] <= 0:
        raise BadParameter(name="near", value=text[:80], example=example, where="near")
    return Near(*numbers)


def moment(text: str) -> datetime:
    """A day or a moment in ISO 8601; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
        # Comparing the ends of time with anything overflows.
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        name, example = "changed_since", "changed_since=2026-04-01"
        raise BadParameter(name=name, value=text[:40], example=example, where=name) from error


def limit(text: str) -> int:
    """How many rows at once: 1 to 1,000, 100 when nothing is said."""
    if not text:
        return USUAL
    found = whole(text)
    if found is None or not 1 <= found <= MOST:
        raise BadParameter(name="limit", value=text[:40], example=f"limit=1…{MOST}", where="limit")
    return found


def whole(text: str) -> int | None:
    """A whole number from 0 to 999,999,999 in plain digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def sealed(cursor: str) -> str:
    """A cursor as it stands in an address."""
    return base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")


def opened(text: str) -> str:
    """The cursor in an address; raises BadParameter when it is not one of ours."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise BadParameter(name="cursor", value=text[:40], example=CURSOR, where="cursor") from error


def _cursor(text: str, *, counted: bool) -> str:
    """The place to go on from: a row's key, or where the nearest come first, how many were given."""
    cursor = opened(text) if text else ""
    if cursor and counted != (whole(cursor) is not None):
        raise BadParameter(name="cursor", value=text[:40], example=CURSOR, where="cursor")
    return cursor


def _numbers(name: str, text: str, example: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise BadParameter(name=name, value=text[:80], example=example, where=name) from error
    if not all(isfinite(number) for number in numbers):
        raise BadParameter(name=name, value=text[:80], example=example, where=name)
    return numbers


def _fields(text: str, items: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part for part in text.split(",") if part))
    for name in names:
        if name not in items:
            raise UnknownParameter(name=name, where="fields")
    return names


def _format(text: str) -> str:
    if text not in FORMATS:
        raise BadParameter(
            name="format", value=text[:40], example=f"format={'|'.join(FORMATS)}", where="format"
        )
    return text
