"""Which character separates the cells, proved by the regularity of the rows that it makes."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

CANDIDATES = (",", "\t", ";", "|")
NAMES = {",": "コンマ", "\t": "タブ", ";": "セミコロン", "|": "縦棒"}
ENGLISH = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
_SAMPLE_RECORDS = 400


@dataclass(frozen=True, slots=True)
class Delimiter:
    """The separator, how many cells most rows have, and the sentence that says why."""

    character: str
    columns: int
    because: str


def decide(head: str) -> Delimiter:
    """Decide on the separator from the first part of a text; a comma for a single column.

    Every candidate splits the text; the winner is the one whose most frequent row width (at least two
    cells) explains the largest share of the rows, wider rows breaking ties.
    """
    best, score = Delimiter(",", 1, "区切り文字がないので1列の表として読む (no delimiter: one column)"), 0.0
    for character in CANDIDATES:
        if character not in head:
            continue
        columns, share = regularity(head, character)
        weight = share * (1 + min(columns, 60) / 120)
        if columns >= 2 and weight > score:
            why = (
                f"{NAMES[character]}で区切ると{share:.0%}の行が{columns}列になる "
                f"(split at {ENGLISH[character]}, {share:.0%} of the rows have {columns} cells)"
            )
            best, score = Delimiter(character, columns, why), weight
    return best


def regularity(head: str, character: str) -> tuple[int, float]:
    """The most frequent width and the share of non-blank rows that have it."""
    widths: Counter[int] = Counter()
    try:
        for count, row in enumerate(csv.reader(head.splitlines(keepends=True), delimiter=character)):
            if count >= _SAMPLE_RECORDS:
                break
            if row and any(row):
                widths[len(row)] += 1
    except csv.Error:
        return _regularity_of_lines(head, character)
    return _top(widths)


def _regularity_of_lines(head: str, character: str) -> tuple[int, float]:
    lines = head.splitlines()[:_SAMPLE_RECORDS]
    return _top(Counter(line.count(character) + 1 for line in lines if line.strip()))


def _top(widths: Counter[int]) -> tuple[int, float]:
    """Prefer real tables over the many one-cell lines of a long preamble."""
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 1, 0.0
    width = max(wide, key=lambda candidate: (wide[candidate], candidate))
    return width, wide[width] / sum(widths.values())
