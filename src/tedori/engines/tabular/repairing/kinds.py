"""Which rule belongs to which kind of item."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

import polars as pl

from tedori.engines.tabular.repairing import choices, codes, contacts, dates, houses, numbers, phones, times
from tedori.engines.tabular.repairing.cells import Rule
from tedori.engines.tabular.repairing.texts import (
    ADDRESS_LINES,
    DASH,
    ENGLISH_DIRTY,
    KANA,
    KATAKANA,
    LINE_DIRTY,
    LINES,
    SPACE,
    SYMBOL,
    TEXT_DIRTY,
    WIDTH,
    tidy,
)
from tedori.engines.tabular.values import Item

# Items whose value is one line: a line break inside comes from a cell that was too narrow.
ONE_LINE = re.compile(r"名称|名$|ID$|設置位置|設置者|団体|コード|番号")
CLOSING = re.compile(r"終了|閉|まで")
KATAKANA_DIRTY = LINE_DIRTY.replace("[０", "[ぁ-ゖゝゞ０", 1) + r"|[ァ-ヺー][－−‐–—―─]"
ADDRESS_DIRTY = rf"{LINE_DIRTY}|[0-9][ー－−‐‑‒–—―─ｰ﹣]+[0-9]"


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may lean on besides the value: codes believed in this file."""

    municipalities: Collection[str] = ()


def text_rule(item: Item) -> Rule:
    """Give the rule of a text: widths and blanks, and line breaks in what is one line."""
    if ONE_LINE.search(item.name):
        return Rule(dirty=LINE_DIRTY, tidy=tidy(SPACE, LINES, KANA, WIDTH, SPACE))
    return Rule(dirty=TEXT_DIRTY, tidy=tidy(SPACE, KANA, WIDTH))


def _line(item: Item) -> Rule:
    return Rule(dirty=LINE_DIRTY, tidy=tidy(SPACE, LINES, KANA, WIDTH, SPACE))


def _address(item: Item) -> Rule:
    return Rule(dirty=ADDRESS_DIRTY, tidy=tidy(SPACE, ADDRESS_LINES, KANA, WIDTH, DASH, SPACE))


def _kana(item: Item) -> Rule:
    return Rule(dirty=KATAKANA_DIRTY, tidy=tidy(SPACE, LINES, KANA, WIDTH, KATAKANA, SPACE))


def _english(item: Item) -> Rule:
    return Rule(dirty=ENGLISH_DIRTY, tidy=tidy(SYMBOL, SPACE))


PLAIN: dict[str, Callable[[Item], Rule]] = {
    "text": text_rule,
    "prefecture": _line,
    "city": _line,
    "town": _line,
    "building": _address,
    "address": _address,
    "house-number": lambda item: houses.rule(),
    "kana": _kana,
    "english": _english,
    "code": _line,
    "phone": lambda item: phones.rule(),
    "extension": lambda item: contacts.extension_rule(),
    "email": lambda item: contacts.email_rule(),
    "url": lambda item: contacts.url_rule(),
    "postcode": lambda item: contacts.postcode_rule(),
    "corporate-number": lambda item: codes.corporate_rule(),
    "code-town": lambda item: codes.town_rule(),
    "integer": lambda item: numbers.rule(whole=True, item=item.name),
    "number": lambda item: numbers.rule(whole=False, item=item.name),
    "weekdays": lambda item: times.weekday_rule(),
    "time": lambda item: times.time_rule(closing=bool(CLOSING.search(item.name))),
    "yes-no": lambda item: choices.yes_no_rule(),
    "flag": lambda item: choices.flag_rule(),
    "list": lambda item: choices.list_rule(),
}


def rule_of(item: Item, column: pl.Series, *, known: Known) -> Rule | None:
    """Give the rule of an item's column; None for points, which are repaired in pairs."""
    if item.codes is not None and item.codes.values:
        return choices.listed_rule(item)
    if item.kind == "date":
        return dates.rule(column)
    if item.kind == "code-municipality":
        return codes.municipality_rule(known=known.municipalities)
    if item.kind in {"latitude", "longitude"}:
        return None
    return PLAIN.get(item.kind, text_rule)(item)
