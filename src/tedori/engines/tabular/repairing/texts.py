"""Widths, spaces, line breaks and dashes: what can be put right without knowing what a text means.

Full NFKC is not used on texts: it would also change old kanji in names (神 to 神), circled numbers and ㈱.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

ALNUM = {chr(c + 0xFEE0): chr(c) for c in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
SYMBOLS = {chr(c + 0xFEE0): chr(c) for c in range(0x21, 0x7F)} | {"\u3000": " ", "\u00a5": "\\"}
DASHES = "ー－−‐‑‒–—―─ｰ﹣"
# Written with the characters themselves, because two kinds of regular expressions read these patterns.
INVISIBLE = "\u200b\ufeff\u200e\u200f"
BLANKS = f"[\\s\u3000\u00a0{INVISIBLE}]"
DIRT = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f" + INVISIBLE
EDGES = rf"^{BLANKS}|{BLANKS}$"
HALF_KANA = re.compile("[｡-ﾟ]+")
LOOSE_MARK = re.compile(".[\u3099\u309a]")
HIRAGANA = {chr(c): chr(c + 0x60) for c in (*range(0x3041, 0x3097), 0x309D, 0x309E)}

TEXT_DIRTY = "[０-９Ａ-Ｚａ-ｚ｡-ﾟ\u3099\u309a" + rf"{DIRT}]|{EDGES}"
LINE_DIRTY = "[０-９Ａ-Ｚａ-ｚ｡-ﾟ\u3099\u309a" + rf"\n\r\t{DIRT}]|{EDGES}"
ENGLISH_DIRTY = "[！-～｡-ﾟ\u3000\u00a0" + rf"{DIRT}]|{EDGES}"


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Single characters that stand for others."""

    table: Mapping[str, str]

    def over(self, text: pl.Expr) -> pl.Expr:
        """Replace in whole columns."""
        return text.str.replace_many(dict(self.table))

    def on(self, text: str) -> str:
        """Replace in one text."""
        return text.translate(_codes(self))


@cache
def _codes(letters: Letters) -> dict[int, str]:
    return {ord(one): other for one, other in letters.table.items()}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression and what its finds become; ${1} is the first group."""

    pattern: str
    into: str = ""

    def over(self, text: pl.Expr) -> pl.Expr:
        """Replace in whole columns."""
        return text.str.replace_all(self.pattern, self.into)

    def on(self, text: str) -> str:
        """Replace in one text."""
        return re.sub(self.pattern, self.into.replace("${1}", r"\g<1>").replace("${2}", r"\g<2>"), text)


@dataclass(frozen=True, slots=True)
class Kana:
    """Half-width kana and loose voicing marks."""

    def over(self, text: pl.Expr) -> pl.Expr:
        """Write them full-width in whole columns."""
        loose = text.str.contains("[｡-ﾟ\u3099\u309a]")
        wide = text.map_batches(_by_value(full_kana), return_dtype=pl.String)
        return pl.when(loose).then(wide).otherwise(text)

    def on(self, text: str) -> str:
        """Write them full-width in one text."""
        return full_kana(text)


@dataclass(frozen=True, slots=True)
class Step:
    """One improvement with the name that repairs carry."""

    name: str
    acts: tuple[Letters | Pattern | Kana, ...]

    def over(self, text: pl.Expr) -> pl.Expr:
        """Improve whole columns."""
        for act in self.acts:
            text = act.over(text)
        return text

    def on(self, text: str) -> str:
        """Improve one text."""
        for act in self.acts:
            text = act.on(text)
        return text


@dataclass(frozen=True, slots=True)
class Tidying:
    """Steps one after the other, for whole columns and for single texts. Nothing left means empty."""

    steps: tuple[Step, ...]

    def over(self, values: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Tidy a column; gives the new values and the names of the steps that changed them."""
        frame = pl.DataFrame({"v0": values})
        for number, step in enumerate(self.steps):
            frame = frame.with_columns(step.over(pl.col(f"v{number}")).alias(f"v{number + 1}"))
        names = [
            pl.when(pl.col(f"v{n}") != pl.col(f"v{n + 1}")).then(pl.lit(step.name))
            for n, step in enumerate(self.steps)
        ]
        last = pl.col(f"v{len(self.steps)}")
        label = pl.concat_str(names, separator="+", ignore_nulls=True)
        frame = frame.select(value=pl.when(last != "").then(last), label=pl.when(label != "").then(label))
        return frame["value"], frame["label"]

    def on(self, text: str) -> tuple[str | None, str | None]:
        """Tidy one text; gives the new text and the names of the steps that changed it."""
        names = []
        for step in self.steps:
            fresh = step.on(text)
            if fresh != text:
                names.append(step.name)
            text = fresh
        return text or None, "+".join(names) or None


def tidy(*steps: Step) -> Tidying:
    """Chain steps."""
    return Tidying(steps)


def full_kana(text: str) -> str:
    """Write the half-width kana of one text full-width."""
    text = HALF_KANA.sub(lambda run: unicodedata.normalize("NFKC", run.group()), text)
    return LOOSE_MARK.sub(lambda pair: unicodedata.normalize("NFC", pair.group()), text)


def _by_value(function: Callable[[str], str]) -> Callable[[pl.Series], pl.Series]:
    def batch(values: pl.Series) -> pl.Series:
        distinct = values.drop_nulls().unique()
        fresh = pl.Series([function(value) for value in distinct], dtype=pl.String)
        return values.replace(distinct, fresh)

    return batch


BETWEEN_DIGITS = Pattern(rf"([0-9])[{DASHES}]+([0-9])", "${1}-${2}")
CLOSED_LINES = Pattern(r"[ 　]*[\r\n\t]+[ 　]*", " ")

# Stray blanks and invisible characters off both ends, and invisible ones everywhere.
SPACE = Step("space", (Pattern(f"[{DIRT}]"), Pattern(f"^{BLANKS}+"), Pattern(f"{BLANKS}+$")))
# Full-width digits and letters half-width; symbols stay.
WIDTH = Step("width", (Letters(ALNUM),))
# Every full-width ASCII character half-width, the ideographic space included.
SYMBOL = Step("width", (Letters(SYMBOLS),))
KANA = Step("kana-width", (Kana(),))
# Line breaks as one blank: whether the parts belong together is not known.
LINES = Step("line-break", (CLOSED_LINES,))
# In addresses nothing stands after the name of a municipality.
ADDRESS_LINES = Step(
    "line-break", (Pattern(r"([都道府県市区町村郡])[ 　]*[\r\n\t]+[ 　]*", "${1}"), CLOSED_LINES)
)
# Every dash between two digits as a hyphen (長音 included); twice, because neighbours share a digit.
DASH = Step("dash", (BETWEEN_DIGITS, BETWEEN_DIGITS))
# Every dash and every blank, in values that hold no words.
DASHED = Step("dash", (Pattern(f"[{DASHES}]", "-"),))
BARE = Step("space", (Pattern(f"{BLANKS}+"),))
# Blanks everywhere but between two digits, where they may part two numbers.
SPARSE = Step(
    "space",
    (*SPACE.acts, Pattern(rf"([^0-9\s]){BLANKS}+", "${1}"), Pattern(rf"{BLANKS}+([^0-9\s])", "${1}")),
)
# Hiragana as katakana and a dash after a katakana as 長音.
KATAKANA = Step("katakana", (Letters(HIRAGANA), Pattern("([ァ-ヺー])[－−‐–—―─]", "${1}ー")))
