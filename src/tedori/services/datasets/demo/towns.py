"""Invents what stands in a municipality: quarters, addresses, telephone numbers and facilities."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

from tedori.services.datasets.demo.homes import KM_PER_DEGREE, Home, chance, ground_of
from tedori.services.datasets.demo.words import (
    BUILDINGS,
    HEADQUARTERS,
    PLACE_HEADS,
    QUARTER_HEADS,
    QUARTER_TAILS,
    Word,
    kanji_number,
    words,
)


@dataclass(frozen=True, slots=True)
class Quarter:
    """One 町 of a municipality with its number, how many 丁目 it has (0: none) and its middle."""

    name: Word
    number: int
    chomes: int
    postcode: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Spot:
    """One address and its position; `block` is the part after the 町字, such as 2-13."""

    home: Home
    quarter: Quarter
    chome: int
    block: str
    building: str
    lat: float
    lon: float

    @property
    def town(self) -> str:
        """町字 with 丁目 in kanji."""
        return self.quarter.name.text + (f"{kanji_number(self.chome)}丁目" if self.chome else "")

    @property
    def town_id(self) -> str:
        """町字ID: four digits for the 町, three for the 丁目."""
        return f"{self.quarter.number:04d}{self.chome:03d}"

    @property
    def full(self) -> str:
        """所在地_連結表記."""
        return f"東京都{self.home.name}{self.town}{self.block}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of facility: how it is called, its POI code and category, how many per size, when it is open."""

    key: str
    word: Word
    poi: str
    label: str
    counts: tuple[int, int, int, int]
    days: str
    opens: str
    closes: str


def _kinds(table: str) -> tuple[Kind, ...]:
    rows = (line.split() for line in table.strip().splitlines())
    return tuple(
        Kind(
            key,
            words(f"{text} {kana} {roman}")[0],
            poi,
            label,
            tuple(int(one) for one in counts.split(",")),
            days.replace("-", ""),
            opens.replace("-", ""),
            closes.replace("-", ""),
        )
        for key, text, kana, roman, poi, label, counts, days, opens, closes in rows
    )


KINDS = _kinds("""
branch 出張所 シュッチョウジョ Branch_Office 1304 行政 2,2,4,8 月火水木金 08:30 17:15
hall 公民館 コウミンカン Community_Hall 1307 集会 3,4,6,9 月火水木金土日 09:00 21:30
library 図書館 トショカン Library 1512 文化 1,1,4,7 火水木金土日 09:00 20:00
gym 体育館 タイイクカン Gymnasium 1110 スポーツ 1,1,2,4 月火水木金土日 09:00 22:00
primary 小学校 ショウガッコウ Elementary_School 1503 教育 2,4,12,18 月火水木金 08:15 16:45
junior 中学校 チュウガッコウ Junior_High_School 1504 教育 2,2,6,9 月火水木金 08:15 16:45
nursery 保育園 ホイクエン Nursery_School 1402 子育て 2,3,9,16 月火水木金土 07:15 18:15
kinder 幼稚園 ヨウチエン Kindergarten 1501 子育て 1,1,4,6 月火水木金 09:00 14:00
children 児童館 ジドウカン Children's_Center 1403 子育て 1,2,5,9 月火水木金土 09:00 18:00
welfare 福祉センター フクシセンター Welfare_Center 1499 福祉 2,2,4,6 月火水木金土 08:30 17:00
park 公園 コウエン Park 1003 公園 5,7,14,20 - - -
museum 郷土資料館 キョウドシリョウカン Local_Museum 0801 文化 1,1,1,2 火水木金土日 09:00 17:00
clinic 保健センター ホケンセンター Health_Center 1606 福祉 1,1,2,3 月火水木金 08:30 17:00
station 駅前広場 エキマエヒロバ Station_Plaza 3719 交通 1,1,3,6 - - -
""")


OFFICES = {
    "都": Word("都庁", "トチョウ", "Metropolitan Government Building"),
    "区": Word("区役所", "クヤクショ", "City Office"),
    "市": Word("市役所", "シヤクショ", "City Office"),
    "町": Word("町役場", "マチヤクバ", "Town Office"),
    "村": Word("村役場", "ムラヤクバ", "Village Office"),
}


@dataclass(frozen=True, slots=True)
class Facility:
    """One public facility; `number` counts from 1 within the municipality."""

    number: int
    kind: Kind
    name: Word
    spot: Spot
    phone: str
    section: str
    since: str


@dataclass(frozen=True, slots=True)
class Town:
    """Everything that stands in one municipality."""

    home: Home
    seed: int
    quarters: tuple[Quarter, ...]
    facilities: tuple[Facility, ...]

    def of(self, *keys: str) -> tuple[Facility, ...]:
        """The facilities of these kinds."""
        return tuple(one for one in self.facilities if one.kind.key in keys)


def move(home: Home, dice: random.Random, *, lat: float, lon: float, km: float) -> tuple[float, float]:
    """A point at most `km` from another one, rounded to six decimals, never outside the home's reach."""
    angle, far = dice.uniform(0, 2 * math.pi), km * math.sqrt(dice.random())
    north = lat + far * math.sin(angle) / KM_PER_DEGREE
    east = lon + far * math.cos(angle) / (KM_PER_DEGREE * math.cos(math.radians(lat)))
    return round(north, 6), round(east, 6)


def quarters(home: Home, seed: int) -> tuple[Quarter, ...]:
    """The invented 町 of a municipality."""
    dice = chance(seed, home.code, "quarters")
    names = [head + tail for head in QUARTER_HEADS for tail in QUARTER_TAILS]
    chosen = dice.sample(names, 4 + 5 * home.size)
    prefix = {"03": f"1{int(home.code[3:5]):02d}", "042": f"20{int(home.code[4]):d}"}.get(home.area, "100")
    result = []
    for number, name in enumerate(chosen, start=1):
        lat, lon = move(home, dice, lat=home.lat, lon=home.lon, km=home.reach * 0.6)
        chomes = dice.choice((0, 2, 3, 4, 5, 6)) if home.size > 1 else dice.choice((0, 0, 0, 3))
        closed = Word(name.text, name.kana, name.roman.replace(" ", ""))
        result.append(Quarter(closed, number, chomes, f"{prefix}09{number:02d}", lat, lon))
    return tuple(result)


def _block(chome: int, dice: random.Random) -> tuple[int, ...]:
    """The numbers behind the town; one without 丁目 counts its lots through, sometimes with branches."""
    if chome:
        return dice.randint(1, 40), dice.randint(1, 30)
    lot = dice.randint(1, 2400)
    return (lot, dice.randint(1, 12)) if dice.random() < 0.4 else (lot,)


def spot(home: Home, among: tuple[Quarter, ...], dice: random.Random) -> Spot:
    """An invented address in one of the quarters."""
    quarter = dice.choice(among)
    lat, lon = move(home, dice, lat=quarter.lat, lon=quarter.lon, km=home.reach * 0.25)
    chome = dice.randint(1, quarter.chomes) if quarter.chomes else 0
    parts = _block(chome, dice)
    building = f"{dice.choice(BUILDINGS)}{dice.randint(1, 9)}階" if dice.random() < 0.12 else ""
    return Spot(home, quarter, chome, "-".join(str(part) for part in parts), building, lat, lon)


def phone(home: Home, dice: random.Random) -> str:
    """A telephone number whose local part begins with 0, so that it can be nobody's."""
    rest = 10 - len(home.area) - 4 - 1
    local = str(dice.randrange(10**rest)).zfill(rest) if rest else ""
    return f"{home.area}-0{local}-{dice.randrange(10000):04d}"


def _names(kind: Kind, count: int, among: tuple[Quarter, ...], dice: random.Random) -> list[Word]:
    """Different names for the facilities of one kind."""
    heads = [quarter.name for quarter in among] + list(PLACE_HEADS)
    if kind.key in {"primary", "junior"}:
        ordinals = [Word(f"第{n}", f"ダイ{n}", f"No.{n}") for n in range(1, 5)]
        heads = [quarter.name for quarter in among] + ordinals + list(PLACE_HEADS)
    return [head + kind.word for head in dice.sample(heads, count)]


def town(home: Home, seed: int) -> Town:
    """Build the town of one municipality; the same seed always builds the same town."""
    among, dice = quarters(home, seed), chance(seed, home.code, "facilities")
    office = Word(home.name[:-1], home.kana[:-1] if home.size > 2 else home.kana[:-2], home.roman)
    office += OFFICES[home.name[-1]]
    office_kind = replace(KINDS[0], key="office", poi="1303" if home.size < 3 else "1302")
    plan = [(office_kind, office)]
    for kind in KINDS:
        plan += [(kind, name) for name in _names(kind, kind.counts[home.size - 1], among, dice)]
    facilities = tuple(
        Facility(
            number=number,
            kind=kind,
            name=name,
            spot=spot(ground_of(home), among, dice),
            phone=phone(home, dice),
            section=dice.choice(HEADQUARTERS),
            since=f"{dice.randint(1955, 2022)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
        )
        for number, (kind, name) in enumerate(plan, start=1)
    )
    return Town(home, seed, among, facilities)
