"""Rows about schools, districts, school meals and childcare; all hang on the town's schools."""

from __future__ import annotations

from datetime import date, timedelta

from tedori.services.datasets.demo.rows.blocks import (
    company_number,
    day,
    dice_of,
    facility_row,
    flag,
    hours,
    own_number,
    yes_no,
)
from tedori.services.datasets.demo.towns import Facility, Town

Rows = list[dict[str, str]]
LUNCH_START = date(2026, 10, 1)
DISHES = (
    ("麦ごはん", "大麦", 330, 6.2, 0.9, ""),
    ("わかめごはん", "わかめ", 352, 6.8, 1.1, ""),
    ("コッペパン", "小麦粉", 270, 8.4, 4.1, "小麦;乳"),
    ("牛乳", "牛乳", 137, 6.8, 7.8, "乳"),
    ("鮭の塩焼き", "さけ", 118, 15.2, 5.9, "さけ"),
    ("鶏のから揚げ", "鶏もも肉", 241, 14.9, 15.3, "小麦;鶏肉"),
    ("肉じゃが", "じゃがいも", 183, 8.3, 6.2, "小麦;大豆"),
    ("豚汁", "豚肉", 121, 6.6, 5.4, "豚肉;大豆"),
    ("小松菜のおひたし", "こまつな", 24, 2.1, 0.4, "小麦;大豆"),
    ("みかん", "みかん", 34, 0.5, 0.1, ""),
    ("カレーライス", "豚肉", 612, 17.8, 18.4, "小麦;乳;豚肉"),
    ("切干大根の煮物", "切干しだいこん", 66, 2.4, 2.6, "小麦;大豆"),
)
STAGE = {"primary": ("B1", "1503"), "junior": ("C1", "1504")}


def school_code(town: Town, school: Facility) -> str:
    """An invented 学校コード in the official form: stage, prefecture, founder, six digits."""
    return f"{STAGE[school.kind.key][0]}13299{int(town.home.code[2:5]):03d}{school.number:04d}"


def _school(town: Town, school: Facility) -> dict[str, str]:
    """The block that school datasets begin with."""
    return {
        "情報の管理主体_全国地方公共団体コード": town.home.code,
        "学校ID": f"S{town.home.code}{school.number:03d}",
        "学校コード": school_code(town, school),
        "学校所在地_都道府県名": "東京都",
        "学校所在地_市区町村名": town.home.name,
        "学校所在地_全国地方公共団体コード": town.home.code,
        "学校名称": school.name.text,
        "学校名称_カナ": school.name.kana,
    }


def lunch(town: Town) -> Rows:
    """学校給食献立情報: some schools, some days, four dishes a day."""
    dice, result = dice_of(town, "school_lunch"), []
    days = [
        LUNCH_START + timedelta(days=n) for n in range(14) if (LUNCH_START + timedelta(days=n)).weekday() < 5
    ]
    for school in town.of("primary", "junior")[:3]:
        for at in days:
            for number, dish in enumerate(dice.sample(DISHES, 4 if town.home.size > 1 else 2), start=1):
                result.append(_dish(town, school, at=at, number=number, dish=dish))
    return result


def _dish(town: Town, school: Facility, *, at: date, number: int, dish: tuple) -> dict[str, str]:
    name, food, energy, protein, fat, allergens = dish
    menu = f"M{at:%Y%m%d}"
    return _school(town, school) | {
        "対象学年": "1;2;3;4;5;6" if school.kind.key == "primary" else "1;2;3",
        "レコードID": f"{menu}{school.number:03d}{number:02d}",
        "提供年月日": at.isoformat(),
        "献立ID": menu,
        "料理ID": f"D{DISHES.index(dish) + 1:03d}",
        "料理名称": name,
        "同一料理内通し番号": "1",
        "食品名称（独自）": food,
        "分量": str(40 + 5 * number),
        "エネルギー": str(energy),
        "たんぱく質": f"{protein:.1f}",
        "脂質": f"{fat:.1f}",
        "食塩相当量": f"{energy / 400:.1f}",
        "カルシウム": str(energy // 3),
        "アレルゲン情報公開・非公開": "1",
        "アレルゲン品目": allergens,
    }


def district(town: Town) -> Rows:
    """小中学校通学区域情報: every quarter belongs to one school of each stage."""
    dice, result = dice_of(town, "school_district"), []
    for stage in ("primary", "junior"):
        schools = town.of(stage)
        shares = {school.number: [] for school in schools}
        for number, quarter in enumerate(town.quarters):
            shares[schools[number % len(schools)].number].append(quarter.name.text)
        for school in schools:
            result.append(
                _school(town, school)
                | {
                    "行政サービス拠点種別": STAGE[stage][1],
                    "通学区域_登録年月日": day(dice, first=1990, last=2015),
                    "通学区域の住所": ";".join(shares[school.number]),
                    "特記事項": "隣接校を選択できる" if dice.random() < 0.2 else "",
                }
            )
    return result


def institution(town: Town) -> Rows:
    """教育機関一覧."""
    dice, result = dice_of(town, "educational_institution"), []
    for school in town.of("primary", "junior"):
        result.append(
            {
                "教育機関_学校コード": school_code(town, school),
                "教育機関_学校種": STAGE[school.kind.key][0],
                "教育機関_都道府県番号": "13",
                "教育機関_設置区分": "2",
                "教育機関_設置者情報": town.home.name,
                "教育機関_本分校": "1",
                "教育機関_学校名": school.name.text,
                "教育機関_学校名カナ表記": school.name.kana,
                "教育機関_学校略称": school.name.text.replace("学校", ""),
                "教育機関_学校所在地（市区町村）": town.home.name,
                "教育機関_学校所在地（町字）": school.spot.town,
                "教育機関_学校所在地（番地以下）": school.spot.block,
                "教育機関_郵便番号": school.spot.quarter.postcode,
                "教育機関_緯度": f"{school.spot.lat:.6f}",
                "教育機関_経度": f"{school.spot.lon:.6f}",
                "教育機関_連絡先名称": f"{town.home.name}教育委員会",
                "教育機関_連絡先電話番号": school.phone,
                "教育機関_属性情報設定年月日": day(dice, first=2019, last=2024),
                "教育機関_旧学校調査番号": str(dice.randint(1000, 9999)),
            }
        )
    return result


def preschool(town: Town) -> Rows:
    """子育て施設一覧."""
    dice, result = dice_of(town, "preschool"), []
    labels = {"nursery": "保育園", "kinder": "幼稚園", "children": "児童館（児童センター）"}
    for number, one in enumerate(town.of(*labels), start=1):
        row = facility_row(town, one, number=number, slug="preschool", dice=dice) | hours(one, dice)
        private = one.kind.key == "kinder"
        row |= {
            "種別": labels[one.kind.key],
            "FAX番号": one.phone[:-1] + str((int(one.phone[-1]) + 1) % 10),
            "法人番号": company_number(dice) if private else own_number(town.home),
            "団体名": "学校法人あおば学園" if private else town.home.name,
            "認可等年月日": one.since,
            "収容定員": str(dice.randint(4, 30) * 5),
            "受入年齢": "3歳から5歳" if private else "0歳から5歳",
            "一時預かりの有無": yes_no(dice, 0.5),
            "病児保育の有無": yes_no(dice, 0.15),
            "アクセス方法": f"{one.spot.quarter.name.text}バス停から徒歩{dice.randint(1, 9)}分",
            "駐車場情報": dice.choice(("なし", "3台", "")),
            "授乳室": flag(dice, 0.5),
            "おむつ替えコーナー": flag(dice, 0.7),
        }
        result.append(row)
    return result


MAKERS = {
    "school_lunch": lunch,
    "school_district": district,
    "educational_institution": institution,
    "preschool": preschool,
}
