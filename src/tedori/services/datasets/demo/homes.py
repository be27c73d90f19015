"""The 62 municipalities as stages of the demo world: where they lie and how large they play."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from tedori.vocabulary.municipalities import TOKYO, TOKYO_PREFECTURE

# Six-digit code, latitude and longitude of a point well inside, and how far (km) one may walk from it
# in any direction without leaving the municipality. Rounded; measured on public outlines.
_CENTRES = """
131016 35.686 139.753 1.5
131024 35.666 139.776 1.1
131032 35.652 139.741 1.8
131041 35.697 139.718 1.4
131059 35.720 139.750 1.3
131067 35.712 139.785 1.2
131075 35.721 139.822 1.2
131083 35.667 139.821 2.2
131091 35.614 139.722 1.5
131105 35.637 139.697 1.0
131113 35.579 139.701 2.2
131121 35.638 139.633 2.7
131130 35.671 139.697 1.3
131148 35.701 139.676 1.1
131156 35.699 139.618 2.2
131164 35.731 139.713 1.1
131172 35.774 139.722 1.3
131181 35.737 139.781 1.0
131199 35.766 139.689 1.6
131202 35.747 139.592 2.2
131211 35.779 139.795 2.5
131229 35.742 139.851 2.2
131237 35.704 139.888 2.1
132012 35.663 139.260 4.5
132021 35.717 139.413 1.5
132039 35.710 139.570 1.0
132047 35.686 139.575 1.3
132055 35.800 139.265 3.5
132063 35.672 139.484 1.8
132071 35.708 139.371 1.5
132080 35.652 139.551 1.5
132098 35.578 139.443 2.6
132101 35.699 139.507 1.2
132110 35.730 139.467 1.2
132128 35.665 139.396 2.1
132136 35.758 139.474 1.5
132144 35.709 139.455 0.9
132152 35.683 139.440 1.1
132187 35.734 139.340 1.2
132195 35.637 139.574 1.0
132209 35.748 139.428 1.6
132217 35.773 139.509 0.9
132225 35.752 139.517 1.2
132233 35.753 139.375 1.4
132241 35.635 139.448 1.7
132250 35.634 139.489 1.6
132276 35.763 139.314 1.2
132284 35.733 139.191 2.4
132292 35.737 139.549 1.6
133035 35.776 139.350 1.7
133051 35.754 139.232 1.4
133078 35.732 139.107 3.8
133086 35.820 139.034 5.7
133612 34.736 139.400 4.1
133621 34.522 139.278 0.9
133639 34.358 139.261 1.5
133647 34.221 139.153 1.6
133817 34.087 139.525 3.3
133825 33.877 139.601 2.1
134015 33.091 139.814 2.8
134023 32.457 139.766 1.0
134210 27.060 142.209 1.3
"""
KM_PER_DEGREE = 111.0
GROUND = "131041"


@dataclass(frozen=True, slots=True)
class Home:
    """One municipality: true names and code, centre, reach in km, size (1 village … 4 ward), area code."""

    code: str
    name: str
    kana: str
    roman: str
    lat: float
    lon: float
    reach: float
    size: int
    area: str

    @property
    def scale(self) -> int:
        """How many times longer its longest lists are; two places stand for the really large ones."""
        return 10 if self.code in {"131121", "132012"} else 1

    @property
    def web(self) -> str:
        """The address of its invented site; `.example` can belong to nobody."""
        return f"https://www.{self.roman.split()[0].lower().replace('-', '')}.tokyo.example"


def _size(code: str) -> int:
    return 4 if code < "132000" else 3 if code < "133000" else 2 if code in {"133035", "133051"} else 1


def _area(code: str) -> str:
    """The area code that its telephone numbers begin with."""
    if code < "132000":
        return "03"
    return (
        "042" if code < "133600" else "04992" if code < "133810" else "04994" if code < "134010" else "04996"
    )


def katakana(text: str) -> str:
    """Hiragana turned into katakana."""
    return "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in text)


def homes() -> tuple[Home, ...]:
    """All 62, in the order of their codes."""
    centres = {code: rest for code, *rest in (line.split() for line in _CENTRES.strip().splitlines())}
    return tuple(
        Home(
            code=place.code,
            name=place.name,
            kana=katakana(place.kana),
            roman=place.english,
            lat=float(centres[place.code][0]),
            lon=float(centres[place.code][1]),
            reach=float(centres[place.code][2]),
            size=_size(place.code),
            area=_area(place.code),
        )
        for place in sorted(TOKYO, key=lambda one: one.code)
    )


def bureau() -> Home:
    """東京都 itself, which publishes datasets of its own; its facilities stand in 新宿区."""
    ground = next(home for home in homes() if home.code == GROUND)
    return replace(
        ground, code=TOKYO_PREFECTURE.code, name="東京都", kana="トウキョウト", roman="Tokyo Metropolis"
    )


def ground_of(home: Home) -> Home:
    """The municipality on whose ground a publisher's facilities stand: itself, except for 東京都."""
    return home if home.code != TOKYO_PREFECTURE.code else next(one for one in homes() if one.code == GROUND)


def chance(*parts: object) -> random.Random:
    """The dice of one purpose: the same parts always fall the same way, on every machine."""
    return random.Random("/".join(str(part) for part in parts))  # noqa: S311 - a play, not a secret
