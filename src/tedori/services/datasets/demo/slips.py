"""Slips: single cells that went wrong, as careless typing, copying and spreadsheets make them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tedori.services.datasets.demo.manners import WIDE, Written
from tedori.services.datasets.demo.truth import Grade

# A slip gives what is written, how surely the truth follows, and the truth where it is more than the value.
Slip = Callable[[str, random.Random], tuple[str, Grade] | tuple[str, Grade, str]]


def _edge_space(value: str, dice: random.Random) -> Written:
    return dice.choice((f"{value} ", f"　{value}", f"{value}　", f" {value}")), "certain"


def _two_phones(value: str, dice: random.Random) -> tuple[str, Grade, str]:
    other = f"{value[:-4]}{dice.randrange(10000):04d}"
    return f"{value}、{other}", "certain", f"{value} / {other}"


def _extension(value: str, dice: random.Random) -> tuple[str, Grade, str]:
    number = dice.randint(100, 999)
    return f"{value}（内線{number}）", "open", f"{value} 内線{number}"


def _lost_character(value: str, dice: random.Random) -> Written:
    at = dice.randrange(len(value))
    return value[:at] + "\ufffd" + value[at + 1 :], "lost"


def _glued_floor(value: str, dice: random.Random) -> Written:
    return f"{value}{dice.randint(1, 9)}F", "lost"


def _capacity(value: str, dice: random.Random) -> Written:
    return f"{value}/{dice.randint(2, 20)}", "lost"


def _about(value: str, dice: random.Random) -> Written:
    return f"約{value}", "lost"


def _season(value: str, dice: random.Random) -> Written:
    return dice.choice(("4月頃", "毎年1月1日", "未定", "通年")), "lost"


def _around_the_clock(value: str, dice: random.Random) -> Written:
    return dice.choice(("終日", "24時間", "随時")), "lost"


def _comma_point(value: str, dice: random.Random) -> Written:
    return value.replace(".", ","), "open"


def _typo_place(value: str, dice: random.Random) -> Written:
    """The tens digit mistyped: a point abroad."""
    return str(int(value[0]) + 1 if value[0] != "9" else 1) + value[1:], "lost"


def _wide_digits(value: str, dice: random.Random) -> Written:
    return value.translate(WIDE), "certain"


def _wrong_check_digit(value: str, dice: random.Random) -> Written:
    return value[:-1] + str((int(value[-1]) + dice.randint(1, 8)) % 10), "open"


def _no_scheme(value: str, dice: random.Random) -> Written:
    return value.removeprefix("https://"), "open"


SLIPS: dict[str, tuple[tuple[str, Slip], ...]] = {
    "phone": (("edge-space", _edge_space), ("two-numbers", _two_phones), ("extension-glued", _extension)),
    "text": (("edge-space", _edge_space), ("edge-space", _edge_space), ("lost-character", _lost_character)),
    "kana": (("edge-space", _edge_space),),
    "block": (("wide-digits", _wide_digits), ("floor-glued", _glued_floor)),
    "integer": (("capacity-pair", _capacity), ("about", _about), ("edge-space", _edge_space)),
    "date": (("season", _season), ("edge-space", _edge_space)),
    "time": (("around-the-clock", _around_the_clock), ("edge-space", _edge_space)),
    "lat": (("comma-point", _comma_point), ("typing-error", _typo_place)),
    "lon": (("comma-point", _comma_point),),
    "code": (("check-digit", _wrong_check_digit),),
    "url": (("no-scheme", _no_scheme), ("edge-space", _edge_space)),
    "postcode": (("edge-space", _edge_space),),
}


@dataclass(frozen=True, slots=True)
class Slipped:
    """One value that slipped: what is written, what is true then, which defect, and its grade."""

    written: str
    true: str
    defect: str
    grade: Grade


def slip(value: str, kind: str, dice: random.Random) -> Slipped | None:
    """Let one value slip; None when values of its kind never do."""
    choices = SLIPS.get(kind)
    if not choices or not value:
        return None
    name, function = dice.choice(choices)
    written, grade, *true = function(value, dice)
    return Slipped(written, true[0] if true else value, name, grade)
