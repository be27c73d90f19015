"""House styles: how one municipality, and one department in it, writes its files."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from tedori.services.datasets.demo.homes import Home, chance

GENERATIONS = {"current": 50, "legacy-2017": 17, "data-model": 10, "english": 6, "free": 17}
CARRIERS = {
    "csv-utf8-bom": 26,
    "csv-cp932": 28,
    "csv-utf8": 16,
    "xlsx": 15,
    "tsv-utf16": 4,
    "zip": 3,
    "xlsx-as-csv": 3,
    "double": 2,
    "tsv-as-xls": 2,
    "geojson": 1,
}
WRITING = {
    "date": {"": 55, "slash": 20, "era": 9, "serial": 5, "kanji": 6, "compact": 3, "short-era": 2},
    "time": {"": 60, "no-zero": 25, "kanji": 6, "wide": 4, "half-day": 2, "seconds": 3},
    "phone": {"": 66, "brackets": 10, "wide": 8, "bare": 5, "spaced": 4, "lost-zero": 2, "dots": 1, "mid": 4},
    "postcode": {"": 50, "hyphen": 35, "mark": 10, "wide": 5},
    "weekdays": {"": 62, "dots": 12, "range": 16, "long": 5, "digits": 5},
    "yes-no": {"": 60, "aru": 15, "marks": 17, "digits": 8},
    "flag": {"": 65, "marks": 22, "yes": 8, "float": 5},
    "integer": {"": 84, "comma": 8, "wide": 3, "unit": 5},
    "kana": {"": 76, "half": 16, "hiragana": 8},
    "code": {"": 87, "short": 9, "float": 4},
    "block": {"": 66, "wide": 12, "long-vowel": 6, "japanese": 10, "dash": 6},
    "address": {"": 70, "wide": 12, "long-vowel": 6, "japanese": 6, "digits": 6},
    "town": {"": 70, "digits": 20, "wide": 10},
    "point": {"": 90, "dms": 4, "no-point": 2, "wide": 2, "spaced": 2},
    "corporate": {"": 92, "exponent": 5, "wide": 3},
    "list": {"": 78, "comma": 10, "wide": 7, "slash": 5},
    "url": {"": 95, "wide": 2, "spaced": 3},
}


@dataclass(frozen=True, slots=True)
class Style:
    """How one file is written: header generation, carrier, manner per kind of value, and carelessness."""

    generation: str
    carrier: str
    manners: dict[str, str]
    care: float
    newline: str
    spoken_name: bool


def pick(dice: random.Random, weights: dict[str, int]) -> str:
    """One key, by weight."""
    return dice.choices(list(weights), list(weights.values()))[0]


def house_style(home: Home, seed: int) -> Style:
    """The style that most departments of a municipality follow."""
    dice = chance(seed, home.code, "style")
    return Style(
        generation=pick(dice, GENERATIONS),
        carrier=pick(dice, CARRIERS),
        manners={kind: pick(dice, weights) for kind, weights in WRITING.items()},
        care=dice.choice((0.2, 0.5, 1.0, 1.0, 2.0, 4.0)),
        newline=dice.choice(("\r\n", "\r\n", "\n")),
        spoken_name=dice.random() < 0.2,
    )


def file_style(home: Home, slug: str, seed: int) -> Style:
    """The style of one file: a department may go its own way."""
    house, dice = house_style(home, seed), chance(seed, home.code, slug, "style")
    manners = {
        kind: pick(dice, WRITING[kind]) if dice.random() < 0.2 else manner
        for kind, manner in house.manners.items()
    }
    generation = pick(dice, GENERATIONS) if dice.random() < 0.22 else house.generation
    carrier = pick(dice, CARRIERS) if dice.random() < 0.25 else house.carrier
    return replace(house, generation=generation, carrier=carrier, manners=manners)
