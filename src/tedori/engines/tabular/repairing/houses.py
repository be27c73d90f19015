"""House numbers: 1番2号 is 1-2."""

from __future__ import annotations

import re

from tedori.engines.tabular.repairing.cells import Outcome, Rule
from tedori.engines.tabular.repairing.texts import DASH, KANA, LINE_DIRTY, LINES, SPACE, WIDTH, tidy

PLAIN = re.compile(r"^([0-9]+(?:-[0-9]+)*)(?:番地?|号)?$")
BLOCK = re.compile(r"^([0-9]+)番(?:地の?)?([0-9]+)(?:号|(?=$))$")
DIRTY = rf"{LINE_DIRTY}|[0-9][ー－−‐‑‒–—―─ｰ﹣]+[0-9]|[0-9](?:番地?|号)(?:[0-9]|$)"


def rule() -> Rule:
    """Give the rule of a column of house numbers."""
    return Rule(dirty=DIRTY, tidy=tidy(SPACE, LINES, KANA, WIDTH, DASH, SPACE), mend=mend, keep=True)


def mend(value: str) -> Outcome:
    """Judge one house number; what holds more than a number is left as written."""
    number = house_number(value)
    return Outcome(number, "house-number") if number and number != value else Outcome(value)


def house_number(text: str) -> str | None:
    """Write a house number as 1-2; None when the text holds anything else."""
    found = PLAIN.match(text)
    if found:
        return found.group(1)
    found = BLOCK.match(text)
    return f"{found.group(1)}-{found.group(2)}" if found else None
