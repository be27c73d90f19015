"""What a single cell looks like: a value, a heading, or a word of explanation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_VALUE = re.compile(
    r"""
    [-+]?[\d,]+(?:\.\d+)?(?:[eE][-+]?\d+)?%?            # numbers
    | [-+]?\.\d+
    | \d{1,4}[-/.年]\d{1,2}(?:[-/.月](?:\d{1,2}日?)?)?(?:[ T].*)?   # dates
    | (?:明治|大正|昭和|平成|令和|[MTSHR])\s?\d{1,2}[年./-].*
    | \d{1,2}[:時]\d{0,2}.{0,12}                             # times
    | \(?0\d{1,4}\)?[-(]?\d{1,4}[-)]?\d{3,4}.{0,12}           # phones
    | 〒?\d{3}-\d{4}
    | https?://.+ | www\..+
    | [\w.+-]+@[\w-]+\.[\w.]+
    | [-+]?\d{1,3}\.\d+\s*[,、 ]\s*[-+]?\d{1,3}\.\d+          # positions
    | .*[都道府県].*[市区町村].*\d.*                            # addresses
    | .{1,20}[市区町村].{1,30}\d+(?:-|番|丁目).*
    | [○×◯✕〇△◎●有無]
    | (?:TRUE|FALSE|true|false|null|NULL|-+|―|ー)
    """,
    re.X,
)
_MARKS = re.compile(r"[\s　※＊*★☆◆◇●○■□▼▲（()）【】\[\]「」<>＜＞:：・_\-ー‐－/／、,.。'’\"“”]+")


@lru_cache(maxsize=8192)
def is_value(cell: str) -> bool:
    """Whether a cell looks like data rather than a name of data: numbers, dates, phones, URLs, addresses."""
    text = unicodedata.normalize("NFKC", cell).strip()
    return len(text) <= 200 and _VALUE.fullmatch(text) is not None


@lru_cache(maxsize=8192)
def folded(cell: str) -> str:
    """A cell without width, case, white space and decoration, for comparing words."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", cell)).casefold()


_KINDS = (
    ("number", re.compile(r"[-+]?[\d,]*\.?\d+(?:[eE][-+]?\d+)?%?")),
    (
        "date",
        re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月].*|\d{1,2}/\d{1,2}/\d{4}|[明大昭平令]\S{1,2}\d{1,2}年.*"),
    ),
    ("time", re.compile(r"\d{1,2}:\d{2}.*")),
    ("phone", re.compile(r"\(?0\d{1,4}\)?[-(]?\d{1,4}[-)]\d{3,4}.*")),
    ("url", re.compile(r"https?://.*")),
    ("mark", re.compile(r"[○×◯✕〇△◎●有無可不]")),
    ("kana", re.compile(r"[ァ-ヺー・\s]+")),
    ("address", re.compile(r".*[市区町村都道府県].*\d.*")),
)


@lru_cache(maxsize=16384)
def kind_of(cell: str) -> str:
    """The coarse kind of a cell: number, date, time, phone, url, mark, kana, address, text or ""."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if not text:
        return ""
    for name, pattern in _KINDS:
        if pattern.fullmatch(text):
            return name
    return "text"
