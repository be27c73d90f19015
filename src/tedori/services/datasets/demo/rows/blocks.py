"""The blocks of items that many datasets share: who publishes, where it stands, whom to call."""

from __future__ import annotations

import random

from tedori.services.datasets.demo.homes import Home, chance
from tedori.services.datasets.demo.towns import Facility, Spot, Town
from tedori.services.datasets.demo.words import Word

CLOSED_NOTES = ("年末年始を除く", "祝日は休館", "第3月曜日は休館", "")
REMARKS = ("", "", "", "", "", "工事のため一部休止", "台帳で確認済み", "令和6年度に改修", "詳細は窓口へ")


def dice_of(town: Town, slug: str) -> random.Random:
    """The dice of one dataset in one town."""
    return chance(town.seed, town.home.code, slug)


def corporate_number(twelve: str) -> str:
    """A 法人番号: twelve digits with their check digit in front."""
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(twelve)))
    return str(9 - total % 9) + twelve


def own_number(home: Home) -> str:
    """The 法人番号 that follows from a municipality's code."""
    return corporate_number(f"000020{home.code}")


def company_number(dice: random.Random) -> str:
    """The 法人番号 of nobody: a right check digit before a number range that is not given out."""
    return corporate_number(f"99{dice.randrange(10**10):010d}")


def publisher(town: Town, number: int) -> dict[str, str]:
    """Who publishes the row, and its ID."""
    return {
        "全国地方公共団体コード": town.home.code,
        "ID": f"{town.home.code}{number:05d}",
        "地方公共団体名": town.home.name,
    }


def names(name: Word, *, prefix: str = "名称") -> dict[str, str]:
    """名称, its kana and its Latin letters; older books say _英語 where newer ones say _英字."""
    return {
        prefix: name.text,
        f"{prefix}_カナ": name.kana,
        f"{prefix}_英字": name.roman,
        f"{prefix}_英語": name.roman,
    }


def place(spot: Spot) -> dict[str, str]:
    """Where it stands."""
    return {
        "所在地_全国地方公共団体コード": spot.home.code,
        "町字ID": spot.town_id,
        "所在地_連結表記": spot.full,
        "所在地_都道府県": "東京都",
        "所在地_市区町村": spot.home.name,
        "所在地_町字": spot.town,
        "所在地_番地以下": spot.block,
        "建物名等(方書)": spot.building,
        **point(spot),
    }


def point(spot: Spot) -> dict[str, str]:
    """緯度 and 経度, decimal degrees with six decimals."""
    return {"緯度": f"{spot.lat:.6f}", "経度": f"{spot.lon:.6f}"}


def contact(home: Home, *, phone: str, postcode: str, slug: str, dice: random.Random) -> dict[str, str]:
    """Whom to call or write."""
    return {
        "電話番号": phone,
        "内線番号": str(dice.randint(2000, 4999)) if dice.random() < 0.1 else "",
        "連絡先メールアドレス": f"{slug.replace('_', '-')}@{home.web[12:]}" if dice.random() < 0.3 else "",
        "連絡先FormURL": f"{home.web}/form/{slug}" if dice.random() < 0.2 else "",
        "郵便番号": postcode,
        "URL": f"{home.web}/{slug}/{dice.randint(100, 999)}.html" if dice.random() < 0.7 else "",
    }


def hours(facility: Facility, dice: random.Random, *, notes: str = "利用可能日時特記事項") -> dict[str, str]:
    """When it is open."""
    return {
        "利用可能曜日": facility.kind.days,
        "開始時間": facility.kind.opens,
        "終了時間": facility.kind.closes,
        notes: dice.choice(CLOSED_NOTES) if facility.kind.days else "",
    }


def facility_row(
    town: Town, facility: Facility, *, number: int, slug: str, dice: random.Random
) -> dict[str, str]:
    """All shared blocks of a row about a facility."""
    return {
        **publisher(town, number),
        **names(facility.name),
        **place(facility.spot),
        **contact(
            town.home, phone=facility.phone, postcode=facility.spot.quarter.postcode, slug=slug, dice=dice
        ),
        "備考": dice.choice(REMARKS),
    }


def yes_no(dice: random.Random, share: float) -> str:
    """有 or 無."""
    return "有" if dice.random() < share else "無"


def flag(dice: random.Random, share: float) -> str:
    """1, or empty for no."""
    return "1" if dice.random() < share else ""


def day(dice: random.Random, *, first: int = 2005, last: int = 2025) -> str:
    """A date between two years, YYYY-MM-DD."""
    return f"{dice.randint(first, last)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"


def clock(dice: random.Random, *, first: int, last: int) -> str:
    """A full or half hour, HH:MM."""
    return f"{dice.randint(first, last):02d}:{dice.choice((0, 0, 30)):02d}"


def entity(town: Town, name: str, *, number: int, title: Word, spot: Spot) -> dict[str, str]:
    """The block that every dataset of the data-model type begins with."""
    return {
        f"{name}_全国地方公共団体コード": town.home.code,
        "施設_ID": f"F{town.home.code}{number:04d}",
        f"{name}_ID": f"{town.home.code}{number:05d}",
        f"{name}_名称": title.text,
        f"{name}_名称（カナ）": title.kana,
        f"{name}_名称（英字）": title.roman,
        f"{name}_緯度": f"{spot.lat:.6f}",
        f"{name}_経度": f"{spot.lon:.6f}",
        f"{name}_座標参照系": "JGD2011",
        f"{name}_座標参照系コード": "EPSG:6668",
    }
