"""Rows about what one visits: cultural property, sights, events."""

from __future__ import annotations

from datetime import date, timedelta

from tedori.services.datasets.demo.rows.blocks import (
    REMARKS,
    clock,
    contact,
    day,
    dice_of,
    entity,
    names,
    own_number,
    place,
    publisher,
)
from tedori.services.datasets.demo.towns import Town, phone, spot
from tedori.services.datasets.demo.words import PLACE_HEADS, SURNAMES, Word, words

Rows = list[dict[str, str]]
TREASURES = words("""
木造観音像 モクゾウカンノンゾウ Wooden_Kannon
旧家住宅主屋 キュウケジュウタクオモヤ Old_Residence
絵馬 エマ Votive_Tablet
獅子舞 シシマイ Lion_Dance
石造宝塔 セキゾウホウトウ Stone_Tower
古文書 コモンジョ Old_Documents
""")
SIGHTS = words("""
展望台 テンボウダイ Observatory
渓谷 ケイコク Valley
庭園 テイエン Garden
ものづくり館 モノヅクリカン Craft_Hall
稲荷神社 イナリジンジャ Inari_Shrine
朝市 アサイチ Morning_Market
""")
SIGHT_CODES = {
    "展望台": "0203",
    "渓谷": "0106",
    "庭園": "1003",
    "ものづくり館": "0801",
    "稲荷神社": "0701",
    "朝市": "2599",
}
EVENTS = words("""
春まつり ハルマツリ Spring_Festival
防災訓練 ボウサイクンレン Disaster_Drill
読み聞かせ会 ヨミキカセカイ Story_Time
健康教室 ケンコウキョウシツ Health_Class
星空観察会 ホシゾラカンサツカイ Stargazing
フリーマーケット フリーマーケット Flea_Market
""")


def _count(town: Town, *counts: int) -> range:
    return range(1, counts[town.home.size - 1] + 1)


def treasures(town: Town) -> Rows:
    """文化財一覧."""
    dice, result = dice_of(town, "cultural_property"), []
    for number in _count(town, 10, 18, 35, 50):
        name = dice.choice(town.quarters).name + dice.choice(TREASURES)
        where = spot(town.home, town.quarters, dice)
        row = publisher(town, number) | names(name) | place(where)
        row |= contact(
            town.home,
            phone=phone(town.home, dice),
            postcode=where.quarter.postcode,
            slug="cultural_property",
            dice=dice,
        )
        row |= {
            "文化財分類": dice.choice(("有形文化財", "民俗文化財", "記念物", "有形文化財;建造物")),
            "種類": dice.choice(("彫刻", "建造物", "工芸品", "古文書")),
            "場所名称": f"{where.quarter.name.text}資料室",
            "員数（数）": str(dice.randint(1, 12)),
            "員数（単位）": dice.choice(("躯", "棟", "点", "基")),
            "法人番号": own_number(town.home),
            "所有者等": town.home.name,
            "文化財指定日": day(dice, first=1955, last=2020),
            "概要": f"{where.town}に伝わる{name.text}。",
            "説明": f"江戸後期の作と伝わる。{name.text}は地域の催しで公開される。",
            "備考": dice.choice(REMARKS),
        }
        result.append(row)
    return result


def tourism(town: Town) -> Rows:
    """観光施設一覧."""
    dice, result = dice_of(town, "tourism"), []
    for number in _count(town, 12, 15, 25, 35):
        tail, head = dice.choice(SIGHTS), dice.choice(PLACE_HEADS)
        where, line = spot(town.home, town.quarters, dice), phone(town.home, dice)
        row = publisher(town, number) | names(head + tail) | place(where)
        row |= contact(town.home, phone="", postcode=where.quarter.postcode, slug="tourism", dice=dice)
        row |= {
            "POIコード": SIGHT_CODES[tail.text],
            "利用可能曜日": "月火水木金土日",
            "開始時間": clock(dice, first=8, last=10),
            "終了時間": clock(dice, first=16, last=18),
            "料金(基本)": dice.choice(("無料", "300", "500")),
            "料金(詳細)": dice.choice(("", "中学生以下無料")),
            "説明": f"{where.town}の{tail.text}。四季の眺めが楽しめる。",
            "説明_英語": f"A {tail.roman.lower()} in {where.quarter.name.roman}.",
            "アクセス方法": f"{where.quarter.name.text}駅から徒歩{dice.randint(3, 25)}分",
            "駐車場情報": dice.choice(("あり", "なし")),
            "連絡先名称": f"{town.home.name}観光協会",
            "連絡先電話番号": line,
            "備考": dice.choice(REMARKS),
            "法人番号": own_number(town.home),
        }
        del row["電話番号"]
        result.append(row)
    return result


def events(town: Town) -> Rows:
    """イベント一覧, held at the town's own facilities."""
    dice, result = dice_of(town, "event"), []
    halls = town.of("hall", "library", "park", "gym")
    for number in _count(town, 10, 20, 40, 60):
        tail, one = dice.choice(EVENTS), dice.choice(halls)
        begin = date(2026, 11, 1) + timedelta(days=dice.randrange(200))
        name = one.spot.quarter.name + tail
        row = publisher(town, number) | names(name, prefix="イベント名") | place(one.spot)
        row |= {
            "開始日": begin.isoformat(),
            "終了日": (begin + timedelta(days=dice.choice((0, 0, 0, 1)))).isoformat(),
            "開始時間": clock(dice, first=9, last=14),
            "終了時間": clock(dice, first=15, last=20),
            "概要": f"{tail.text}を行います。",
            "説明": f"{one.name.text}で{tail.text}を行います。どなたでも参加できます。",
            "料金(基本)": dice.choice(("無料", "無料", "500")),
            "主催者": f"{town.home.name}{one.section}",
            "場所名称": one.name.text,
            "定員": str(dice.randint(1, 20) * 10),
            "連絡先名称": f"{town.home.name}{one.section}",
            "連絡先電話番号": one.phone,
            "アクセス方法": f"{one.spot.quarter.name.text}駅から徒歩{dice.randint(2, 15)}分",
            "参加申込方法": dice.choice(("申込不要", "電話で申込み", "電子申請")),
            "参加申込終了日": (begin - timedelta(days=7)).isoformat() if dice.random() < 0.5 else "",
            "URL": f"{town.home.web}/event/{number}.html",
            "法人番号": own_number(town.home),
            "対象者": dice.choice(("どなたでも", "区内在住の方", "小学生と保護者")),
            "備考": dice.choice(REMARKS),
        }
        result.append(row)
    return result


def points(town: Town) -> Rows:
    """観光ポイント一覧."""
    dice, result = dice_of(town, "tourism_point"), []
    for number in _count(town, 10, 14, 22, 30):
        head, tail = dice.choice((*PLACE_HEADS, *SURNAMES)), dice.choice(SIGHTS)
        where = spot(town.home, town.quarters, dice)
        row = entity(
            town,
            "観光ポイント",
            number=number,
            title=Word(head.text + tail.text, head.kana + tail.kana, f"{head.roman} {tail.roman}"),
            spot=where,
        )
        row |= {
            "観光ポイント_説明": f"{where.town}にある見どころ",
            "種別情報(POIコード)": SIGHT_CODES[tail.text],
            "アクセス方法": f"{where.quarter.name.text}停留所から徒歩{dice.randint(1, 12)}分",
            "URL": f"{town.home.web}/sight/{number}.html",
            "備考": dice.choice(REMARKS),
        }
        result.append(row)
    return result


MAKERS = {
    "cultural_property": treasures,
    "tourism": tourism,
    "event": events,
    "tourism_point": points,
}
