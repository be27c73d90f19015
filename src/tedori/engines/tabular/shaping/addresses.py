"""Splitting of whole addresses into parts, only where the beginning is certain; vectorised."""

from __future__ import annotations

import re
from collections import Counter

import polars as pl

from tedori.engines.tabular.mapping.contents import sample
from tedori.vocabulary.addresses import CITY, PREFECTURE

PARTS = ("prefecture", "city", "town", "house-number")
_DIGIT = "[0-9０-９]"
_DASH = "[-‐－ー−–―の]"
_CHOME = f"[^0-9０-９]*?(?:{_DIGIT}{{1,2}}|[一二三四五六七八九十]{{1,3}})丁目"
_HOUSE = f"{_DIGIT}{{1,5}}(?:(?:{_DASH}|番地?{_DASH}?|番{_DASH}?){_DIGIT}{{1,5}})*(?:号|番地|番)?"
# Without 丁目 only a number that is plainly a 番地 is taken: 本町1-2-3 may be 本町一丁目2番3号.
_BANCHI = f"{_DIGIT}{{1,5}}(?:番地?(?:{_DASH}?{_DIGIT}{{1,4}})?号?|{_DASH}{_DIGIT}{{1,4}}番地)?"
_REST = f"(?:({_CHOME})(?:\\s*({_HOUSE})\\s*$)?|([^0-9０-９]{{1,12}}?)({_BANCHI})\\s*$)?"
ENOUGH = 0.3


def known_city(column: pl.Series) -> tuple[str, ...]:
    """The municipalities with which at least `ENOUGH` of the sampled addresses begin, as written."""
    values = sample(column)
    if not values:
        return ()
    found = pl.Series(values).str.strip_chars().str.extract(f"^{PREFECTURE}?({CITY})", 1)
    counts = Counter(v for v in found.to_list() if v)
    return tuple(name for name, times in counts.items() if times >= ENOUGH * len(values))


def parts(column: str, cities: tuple[str, ...]) -> dict[str, pl.Expr]:
    """The expressions for each part of the address in a column; null where a part is not certain.

    One pass over the text. A municipality counts when many addresses of the column begin with it, or else
    when its prefecture stands before it.
    """
    if cities:
        names = "|".join(re.escape(name) for name in sorted(cities, key=len, reverse=True))
        pattern = f"^\\s*({PREFECTURE})?(?:({names})\\s*{_REST})?"
    else:
        pattern = f"^\\s*(?:({PREFECTURE})(?:({CITY})\\s*{_REST})?)?"
    found = pl.col(column).str.extract_groups(pattern).struct
    field = {place: found.field(str(place)).replace("", None) for place in range(1, 7)}
    return {
        "prefecture": field[1],
        "city": field[2],
        "town": pl.coalesce(field[3], field[5]),
        "house-number": pl.coalesce(field[4], field[6]),
    }
