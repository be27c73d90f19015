"""Japanese search without a dictionary: folds writing variants and scores where the words stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

# Katakana ァ…ヶ lie 0x60 above their hiragana.
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# The share of a word's pairs of characters that a text must hold to count as a near hit.
NEAR = 0.6


def fold(text: str) -> str:
    """The text with widths, cases and the two kana made equal."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA)


def terms(query: str) -> tuple[str, ...]:
    """The words of a query, folded; full-width spaces part words too."""
    return tuple(fold(query).split())


def score(wanted: Sequence[str], fields: Sequence[tuple[float, str]]) -> float:
    """How well folded `fields` (weight, text) answer all words; 0 when one word is nowhere.

    >>> score(("といれ",), [(5.0, "公衆といれ一覧"), (1.0, "といれの場所")])
    5.0
    """
    total = 0.0
    for word in wanted:
        best = max((_hit(word, weight, text) for weight, text in fields), default=0.0)
        if best == 0:
            return 0.0
        total += best
    return total


def _hit(word: str, weight: float, text: str) -> float:
    if word in text:
        return weight * (1.5 if text.startswith(word) else 1.0)
    return weight * 0.3 * _likeness(word, text)


def _likeness(word: str, text: str) -> float:
    """The share of a word's letter pairs that the text holds; 0 below NEAR, for short and for Latin words.

    Pairs of kanji say much, pairs of Latin letters little: Hachioji would answer to Chiyoda.
    """
    if len(word) < 4 or word.isascii():
        return 0.0
    pairs = [word[place : place + 2] for place in range(len(word) - 1)]
    share = sum(pair in text for pair in pairs) / len(pairs)
    return share if share >= NEAR else 0.0
