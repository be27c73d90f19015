"""When two ways of writing a value say the same, so that only real differences count in measurements."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from tedori.services.datasets.demo.kinds import kind_of

# Two positions are the same when no further apart than a tenth of a second of arc allows (1.4 m); what is
# computed from the old datum is known to no better than some metres.
NEAR, NEAR_DATUM = 1.45e-5, 6e-5
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_CHOME = re.compile(r"(\d+)丁目")
_KANJI = {kanji: str(number) for number, kanji in enumerate("一二三四五六七八九", start=1)}
_TIME = re.compile(r"(\d\d:\d\d):00")
_PHONE = re.compile(r"\((0\d+)\)")
_EXTENSION = re.compile(r" 内線\d+$")


def _number(value: str) -> float | None:
    return float(value) if _DECIMAL.fullmatch(value) else None


def _near(one: str, other: str, *, tolerance: float) -> bool:
    a, b = _number(one), _number(other)
    return a is not None and b is not None and abs(a - b) <= tolerance


def town_text(value: str) -> str:
    """町字 with its 丁目 in plain digits."""
    for ten in ("十一", "十二", "十"):
        value = value.replace(f"{ten}丁目", f"{ {'十一': 11, '十二': 12, '十': 10}[ten] }丁目")
    value = re.sub("([一二三四五六七八九])丁目", lambda found: _KANJI[found[1]] + "丁目", value)
    return unicodedata.normalize("NFKC", value)


def address_text(value: str) -> str:
    """An address in one plain way of writing: 丁目 in digits, 番 and 号 as hyphens."""
    value = re.sub("(?<=[0-9０-９])[ー−‐－―](?=[0-9０-９])", "-", town_text(value))
    value = re.sub(r"(\d+)番地?の?(?=\d)", r"\1-", value)
    value = re.sub(r"(\d+)(番地?|号)(?!\d)", r"\1", value)
    return re.sub(r"\s+", "", value)


def phone_text(value: str) -> str:
    """A telephone number with hyphens for brackets; its extension may stand in a column of its own."""
    return _EXTENSION.sub("", _PHONE.sub(r"\1-", value))


def _same_postcode(one: str, other: str) -> bool:
    plain = [re.fullmatch(r"(\d{3})-?(\d{4})", text) for text in (one, other)]
    return all(plain) and plain[0].groups() == plain[1].groups()


def _same_publisher(one: str, other: str) -> bool:
    return one.removeprefix("東京都") == other.removeprefix("東京都")


_BY_KIND: dict[str, Callable[[str, str], bool]] = {
    "lat": lambda one, other: _near(one, other, tolerance=NEAR),
    "lon": lambda one, other: _near(one, other, tolerance=NEAR),
    "integer": lambda one, other: _near(one, other, tolerance=0),
    "postcode": _same_postcode,
    "phone": lambda one, other: phone_text(one) == phone_text(other),
    "time": lambda one, other: _TIME.sub(r"\1", one) == _TIME.sub(r"\1", other),
    "town": lambda one, other: town_text(one) == town_text(other),
    "address": lambda one, other: address_text(one) == address_text(other),
}


def same(item: str, one: str, other: str, *, datum: bool = False) -> bool:
    """Whether two texts say the same for an item; the standard's own freedoms count as the same."""
    if one == other:
        return True
    if datum:
        return _near(one, other, tolerance=NEAR_DATUM)
    if item == "地方公共団体名":
        return _same_publisher(one, other)
    alike = _BY_KIND.get(kind_of(item))
    return alike is not None and alike(one, other)
