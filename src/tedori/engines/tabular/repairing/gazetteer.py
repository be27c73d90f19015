"""The table of 町丁目 that an adopter may supply, and the lookups that it makes possible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

NUMERALS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Town:
    """One 町丁目: its name as the register writes it, its 町字ID if known, and its point."""

    name: str
    town_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Gazetteer:
    """The 町丁目 of municipalities, by six-digit code."""

    towns: Mapping[str, tuple[Town, ...]] = field(default_factory=dict)

    @cached_property
    def _by_name(self) -> dict[str, dict[str, Town]]:
        return {code: _names(towns) for code, towns in self.towns.items()}

    def find(self, code: str, text: str) -> tuple[Town, str] | None:
        """Find the 町丁目 that an address (without prefecture and municipality) starts with, and the rest.

        The longest name wins; a name whose rest goes on with 丁目 or a kanji that belongs to a longer,
        unknown name is not taken.
        """
        names = self._by_name.get(code)
        if not names:
            return None
        spelled = kanji_blocks(text)
        for length in range(min(len(spelled), 24), 0, -1):
            town = names.get(spelled[:length])
            rest = spelled[length:]
            if town and re.fullmatch(r"(?:[0-9(].*|番外地.*|)", rest.lstrip(" 　")):
                return town, rest.lstrip(" 　")
        return None


def _names(towns: Iterable[Town]) -> dict[str, Town]:
    table = {}
    for town in towns:
        table[town.name] = town
        table.setdefault(town.name.replace("大字", "").replace("字", ""), town)
    return table


def kanji_blocks(text: str) -> str:
    """Write 2丁目 as 二丁目, as the register of towns does."""
    return re.sub(r"([0-9]{1,2})丁目", lambda found: kanji_number(int(found.group(1))) + "丁目", text)


def kanji_number(number: int) -> str:
    """Write 1 to 99 in kanji."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else NUMERALS[tens] + "十")
    return head + (NUMERALS[ones] if ones or not tens else "")
