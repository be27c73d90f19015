"""What several columns show together: exchanged columns, values of an older layout, one value in cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tedori.engines.tabular.mapping.contents import Profile, classes, in_list
from tedori.engines.tabular.values import Definition, Edition, Item
from tedori.vocabulary.folding import fold, narrow

INFORMATIVE = frozenset(
    [
        "kana",
        "address",
        "latitude",
        "longitude",
        "phone",
        "url",
        "postcode",
        "email",
        "code-municipality",
        "date",
        "time",
        "prefecture",
    ]
)
_SPANS = (("開始日", "終了日"), ("許可開始日", "許可満了日"), ("受付開始日", "受付終了日"))
Test = Callable[[Profile, Profile, Item, Item], tuple[str, bool] | None]
_OUTER_CODE = re.compile(r"0\d{1,4}")
_DIGITS = re.compile(r"\d{2,5}")
_PIECE = re.compile(r"\d{2,5}|[-ー−‐()]")
_DAY = re.compile(r"\d{4}[-/]\d\d[-/]\d\d")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two columns whose contents stand under each other's heading, and why we think so."""

    one: int
    other: int
    because: str
    certain: bool


def positional_fit(items: Sequence[int | None], content: np.ndarray) -> tuple[float, int]:
    """How well columns suit the items at their positions: mean over informative columns, and their number."""
    scores = [
        content[column, item]
        for column, item in enumerate(items[: content.shape[0]])
        if item is not None and abs(content[column, item]) > 0.05
    ]
    return (float(np.mean(scores)), len(scores)) if scores else (0.0, 0)


def edition_positions(edition: Edition, definition: Definition) -> list[int | None]:
    """The item (by position in the definition) of each column of an edition."""
    places = {item.name: place for place, item in enumerate(definition.items)}
    return [places.get(name) if name else None for name in edition.items]


def layout_of_values(
    definition: Definition, content: np.ndarray, named: Sequence[int | None], has_header: bool
) -> tuple[list[int | None], frozenset[int]] | None:
    """The items that the values follow although the headings say something else (or nothing).

    With them the columns about which equally good layouts disagree: there a person must look.
    """
    now, seen = positional_fit(named, content)
    if has_header and (seen < 3 or now > 0.35):
        return None
    layouts = [*_layouts(definition, content.shape[0], has_header), *_shifted(named if has_header else ())]
    fits = [(*positional_fit(positions, content), positions) for positions in layouts]
    # The sum, not the mean: a layout must not win by leaving out columns that tell something.
    ranked = sorted(
        ((round(fit * told, 2), fit, positions) for fit, told, positions in fits if told >= 4),
        key=lambda one: -one[0],
    )
    if not ranked or ranked[0][1] < max(0.6, now + 0.35):
        return None
    best = ranked[0][2]
    rivals = [positions for total, _, positions in ranked[1:] if total == ranked[0][0]]
    return best, frozenset(c for rival in rivals for c in range(content.shape[0]) if rival[c] != best[c])


def _layouts(definition: Definition, width: int, has_header: bool) -> Iterator[list[int | None]]:
    for edition in definition.editions:
        positions = edition_positions(edition, definition)
        if len(positions) - width >= (-2 if has_header else 0):
            yield (positions + [None] * width)[:width]


def _shifted(named: Sequence[int | None]) -> Iterator[list[int | None]]:
    """From some column on, the values stand one or two columns too far left or right."""
    line = list(named)
    for start in range(len(line)):
        for by in (1, 2):
            yield (line[:start] + line[start + by :] + [None] * by)[: len(line)]
            yield (line[:start] + [None] * by + line[start:-by])[: len(line)]


def exchanges(definition: Definition, taken: dict[int, int], seen: Sequence[Profile]) -> list[Exchange]:
    """Pairs of assigned columns whose contents are certainly, or probably, each other's."""
    column_of = {item: column for column, item in taken.items()}
    found = []
    for one, other, test in _pairs(definition.items):
        if one in column_of and other in column_of:
            a, b = column_of[one], column_of[other]
            verdict = test(seen[a], seen[b], definition.items[one], definition.items[other])
            if verdict:
                found.append(Exchange(a, b, verdict[0], verdict[1]))
    return found


def _pairs(items: tuple[Item, ...]) -> Iterator[tuple[int, int, Test]]:
    """Pairs of items (by position) whose columns are exchanged now and then, with the test that shows it."""
    latitudes, longitudes = (
        [p for p, i in enumerate(items) if i.kind == k] for k in ("latitude", "longitude")
    )
    yield from ((a, b, _latitude_longitude) for a, b in zip(latitudes, longitudes, strict=False))
    names = {item.name: place for place, item in enumerate(items)}
    known = [(a, b, test) for a, b, test in _named_pairs(items) if a in names and b in names]
    yield from ((names[a], names[b], test) for a, b, test in known)


def _named_pairs(items: tuple[Item, ...]) -> Iterator[tuple[str, str, Test]]:
    for item in items:
        base = re.sub("(?:_カナ|（カナ）|カナ表記)$", "", item.name)
        if base != item.name:
            yield base, item.name, _name_kana
        if item.codes is not None and item.codes.name == "garbage-class":
            yield "ゴミの品目", item.name, _thing_class
    yield from ((first, last, _first_last) for first, last in _SPANS)


def _latitude_longitude(a: Profile, b: Profile, _one: Item, _other: Item) -> tuple[str, bool] | None:
    wrong = min(a.share.get("longitude", 0), b.share.get("latitude", 0))
    right = max(a.share.get("latitude", 0), b.share.get("longitude", 0))
    if wrong >= 0.8 and right <= 0.2:
        return (
            "緯度の列に経度の値、経度の列に緯度の値 (latitude and longitude hold each other's values)",
            True,
        )
    return None


def _name_kana(a: Profile, b: Profile, _one: Item, _other: Item) -> tuple[str, bool] | None:
    reads = a.n >= 3 and a.share.get("kanji", 0) <= 0.05 and a.share.get("kana", 0) >= 0.9
    if reads and b.share.get("kanji", 0) >= 0.6:
        return "名称の列がカナばかりで、カナの列に漢字 (name and reading hold each other's values)", True
    return None


def _thing_class(a: Profile, b: Profile, _one: Item, other: Item) -> tuple[str, bool] | None:
    if other.codes is None or a.n < 5:
        return None
    wrong, right = _class_like(a, other), _class_like(b, other)
    if wrong >= 0.6 and right <= 0.25 and b.distinct > a.distinct:
        return "品目の列に分別区分、分別区分の列に品目 (item and class hold each other's values)", True
    return None


def _class_like(seen: Profile, item: Item) -> float:
    assert item.codes is not None
    return max(in_list(item.codes, seen.values), seen.share.get("class-word", 0.0))


def _first_last(a: Profile, b: Profile, _one: Item, _other: Item) -> tuple[str, bool] | None:
    if a.n < 5 or a.n != b.n:
        return None
    pairs = [(narrow(x), narrow(y)) for x, y in zip(a.values, b.values, strict=True)]
    days = [x > y for x, y in pairs if _DAY.fullmatch(x) and _DAY.fullmatch(y)]
    if len(days) >= 5 and sum(days) >= 0.9 * len(days):
        return "開始が終了より後の行がほとんど (most rows begin after they end)", False
    return None


def phone_cells(header: Sequence[str], seen: Sequence[Profile], column: int) -> tuple[int, ...]:
    """The columns after a phone column that hold the rest of the number, when it is spread over cells."""
    if not _all(seen[column], _OUTER_CODE):
        return ()
    stem = fold(header[column]).rstrip("1")
    group: list[int] = []
    for following in range(column + 1, min(column + 5, len(header))):
        named = fold(header[following])
        if (named and not named.startswith(stem)) or not _all(seen[following], _PIECE):
            break
        group.append(following)
    digits = sum(_all(seen[c], _DIGITS) for c in group)
    return tuple(group) if digits == 2 else ()


def _all(seen: Profile, pattern: re.Pattern[str]) -> bool:
    fits = sum(1 for value in seen.values if pattern.fullmatch(narrow(value)))
    return seen.n > 0 and fits >= 0.9 * seen.n


def is_point(seen: Profile) -> bool:
    """Whether a column holds a pair of coordinates in each cell."""
    told = [value for value in seen.values if any(c.isdigit() for c in value)]
    return bool(told) and sum("point" in classes(value) for value in told) >= 0.7 * len(told)


RANGE = re.compile(
    r"(\d{1,2}[:時]\d{0,2}分?)\s*(?:[-~〜～ー−–―]|から|→)\s*(?:翌)?(\d{1,2}[:時]\d{0,2}分?)(?:まで)?"
)


def is_hours(seen: Profile) -> bool:
    """Whether every cell is a plain range of hours such as 9:00～17:00."""
    return seen.n > 0 and all(RANGE.fullmatch(narrow(value)) for value in seen.values)


def is_mostly(seen: Profile, wanted: str) -> bool:
    """Whether most sampled values are of a class."""
    return seen.n > 0 and sum(wanted in classes(value) for value in seen.values) >= 0.7 * seen.n
