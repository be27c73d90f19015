"""What the values of a column look like, and how well that suits an item of some kind."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from tedori.engines.tabular.definitions import value_patterns
from tedori.engines.tabular.values import CodeList
from tedori.vocabulary.municipalities import PREFECTURES, complete_code, is_valid_code

SAMPLE = 40
HEAD = 2000

_PREFECTURES = "|".join(p.name for p in PREFECTURES)
_COMPILED = tuple(
    (name, re.compile("|".join(patterns).replace("{prefectures}", _PREFECTURES)))
    for name, patterns in value_patterns().items()
)
_KANJI = re.compile(r"[一-鿿々]")
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿々]")
_FLOATED = re.compile(r"\d+\.0")
_COORDINATES = frozenset({"latitude", "longitude", "point"})
_LOOK_LIKE_COORDINATES = frozenset({"phone", "address", "house", "date", "town"})
_NO_WORDS = frozenset({"number", "url", "email", "latitude", "longitude", "point"})

# kind -> (value classes that speak for it, further ones that it bears)
_SUITS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    kind: (frozenset(strong.split()), frozenset(bears.split()))
    for kind, strong, bears in (
        ("kana", "kana", "english integer"),
        ("english", "english", "integer"),
        ("code-municipality", "municipality", "integer"),
        ("code-town", "house", "integer"),
        ("integer", "integer", "number flag serial"),
        ("number", "number integer", "flag"),
        ("date", "date", "serial integer text"),
        ("time", "time", "integer yes-no number"),
        ("weekdays", "weekdays", "text yes-no"),
        ("phone", "phone", "text integer yes-no"),
        ("extension", "integer", "text house"),
        ("postcode", "postcode", "integer"),
        ("url", "url", "text"),
        ("email", "email", "text"),
        ("latitude", "latitude", "bare-latitude zero"),
        ("longitude", "longitude", "bare-longitude zero"),
        ("yes-no", "yes-no", "flag text integer"),
        ("flag", "flag yes-no", "integer text"),
        ("corporate-number", "corporate", "number"),
        ("address", "address prefecture", "city town text"),
        ("prefecture", "prefecture", ""),
        ("city", "city", "town"),
        ("town", "town", "city text kanji"),
        ("house-number", "house integer", "text date"),
    )
}
_TEXT_BEARS_NOT = frozenset({"latitude", "longitude", "point", "email"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What a column's sampled values are: `share` of them per class, `values` in the order of the file."""

    filled: float
    n: int
    share: dict[str, float]
    values: tuple[str, ...]
    distinct: float
    mean_length: float


@lru_cache(maxsize=131072)
def classes(value: str) -> frozenset[str]:
    """All classes that a single value could be of; never empty."""
    text = unicodedata.normalize("NFKC", value).strip()
    if _FLOATED.fullmatch(text):
        text = text[:-2]  # a spreadsheet's 131016.0
    if len(text) > 200:
        return frozenset({"text", "long"})
    found = {name for name, pattern in _COMPILED if pattern.fullmatch(text)}
    if found & _COORDINATES:
        found -= _LOOK_LIKE_COORDINATES
    if text.isascii() and text.isdigit():
        return frozenset(found - {"address"} | _digit_classes(text))
    return frozenset(found | _script_classes(text, found)) - ({"address"} if text.isascii() else set())


def _script_classes(text: str, found: set[str]) -> set[str]:
    """Whether a text that is no plain number has kanji, and whether it is words at all."""
    kanji = {"kanji"} if _KANJI.search(text) else set()
    if found & _NO_WORDS:
        return kanji
    return kanji | ({"text"} if _JAPANESE.search(text) or "english" in found else {"sign"})


def _digit_classes(text: str) -> set[str]:
    found = set()
    if len(text) == 13:
        found.add("corporate")
    if complete_code(text) is not None and len(text) in (5, 6):
        found.add("municipality")
    if text.strip("0") == "":
        found.add("zero")
    return found


def sample(column: pl.Series) -> tuple[str, ...]:
    """Up to 2·SAMPLE values: the first ones and others in even steps, always the same for the same column."""
    if column.len() > HEAD:
        column = column.drop_nulls()
        column = pl.concat([column.head(HEAD), column.gather_every(max(1, column.len() // HEAD))])
    values = [value for value in column.to_list() if value is not None]
    if len(values) <= 2 * SAMPLE:
        return tuple(values)
    step = (len(values) - SAMPLE) // SAMPLE
    return (*values[:SAMPLE], *values[SAMPLE::step][:SAMPLE])


def profile(column: pl.Series) -> Profile:
    """The profile of one column, from a sample when it is long."""
    values = sample(column)
    counts: Counter[str] = Counter()
    for value, times in Counter(values).items():
        for name in classes(value):
            counts[name] += times
    n = len(values)
    return Profile(
        filled=1 - column.null_count() / column.len() if column.len() else 0.0,
        n=n,
        share={name: count / n for name, count in counts.items()},
        values=values,
        distinct=len(set(values)) / n if n else 0.0,
        mean_length=sum(map(len, values)) / n if n else 0.0,
    )


def profiles(frame: pl.DataFrame, width: int) -> tuple[Profile, ...]:
    """The profiles of the columns c0…c(width-1)."""
    return tuple(profile(frame[f"c{index}"]) for index in range(width))


def suits(kind: str, name: str, codes: CodeList | None, seen: Profile) -> float:
    """From -1 (cannot be) over 0 (says nothing) to 1 (speaks for it): do the values suit an item?"""
    if seen.n == 0:
        return 0.0
    if codes is not None and kind not in ("yes-no", "flag"):
        return _suits_codes(codes, seen)
    if kind not in _SUITS:
        return _suits_text(name, seen)
    strong, bears = _SUITS[kind]
    for_it = _share(seen, strong)
    if for_it >= 0.6:
        return for_it
    if kind in ("date", "url", "phone") and for_it >= 0.3:
        return for_it
    return _weak(kind, for_it, _share(seen, strong | bears))


def _weak(kind: str, for_it: float, borne: float) -> float:
    if borne >= 0.8:
        return min(0.3, for_it)
    return for_it - (1 - borne) if borne < 0.5 else for_it * 0.3 - 0.1


def _share(seen: Profile, wanted: frozenset[str]) -> float:
    shares = [seen.share[name] for name in wanted if name in seen.share]
    if len(shares) <= 1 or max(shares) >= 0.95:
        return max(shares, default=0.0)
    return sum(1 for value in seen.values if classes(value) & wanted) / seen.n


def _suits_codes(codes: CodeList, seen: Profile) -> float:
    known = in_list(codes, seen.values)
    if known >= 0.5:
        return known
    if any(seen.share.get(name, 0) >= 0.7 for name in ("url", "latitude", "longitude", "email", "postcode")):
        return -0.9
    return 0.3 * known if not codes.closed else known - 0.4


def in_list(codes: CodeList, values: Sequence[str]) -> float:
    """The share of values that are in a code list or are a spelling of one; lists in a cell count by part."""
    if not values:
        return 0.0
    allowed = {unicodedata.normalize("NFKC", v) for v in (*codes.values, *codes.spellings, *codes.doubtful)}
    hits = 0
    for value, times in Counter(values).items():
        text = unicodedata.normalize("NFKC", value)
        parts = re.split(r"[;；/／、,，・]", text)
        hits += times * (text.strip() in allowed or any(part.strip() in allowed for part in parts))
    return hits / len(values)


def _suits_text(name: str, seen: Profile) -> float:
    share = seen.share
    typed = max((share.get(other, 0.0) for other in _TEXT_BEARS_NOT), default=0.0)
    if typed >= 0.7:
        return -0.9
    if name.endswith(("名称", "名", "タイトル", "タイトル(制度名)")) and not name.startswith("地方"):
        if max(share.get("url", 0), share.get("number", 0), share.get("date", 0)) >= 0.8 and seen.n >= 3:
            return -0.7
        return 0.2 if share.get("text", 0) >= 0.8 and seen.distinct >= 0.6 else 0.0
    return 0.0


def is_municipality_code(value: str) -> bool:
    """Whether a text is a whole official code with the right check digit."""
    return is_valid_code(unicodedata.normalize("NFKC", value).strip())
