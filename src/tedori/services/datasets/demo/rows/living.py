"""Rows about daily life: waste, parking, hydrants."""

from __future__ import annotations

import random

from tedori.services.datasets.demo.rows.blocks import (
    dice_of,
    entity,
    place,
    publisher,
)
from tedori.services.datasets.demo.towns import Town, spot
from tedori.services.datasets.demo.words import Word

Rows = list[dict[str, str]]
WASTE = {
    "燃やすごみ": (
        "アイスの棒",
        "紙おむつ",
        "生ごみ",
        "割りばし",
        "ゴム手袋",
        "落ち葉",
        "ぬいぐるみ",
        "革靴",
        "カーペット片",
        "油紙",
    ),
    "燃やさないごみ": (
        "フライパン",
        "陶器",
        "ガラスのコップ",
        "かさ",
        "電球",
        "包丁",
        "針金",
        "鏡",
        "やかん",
        "植木鉢",
    ),
    "資源": (
        "新聞紙",
        "雑誌",
        "段ボール",
        "ペットボトル",
        "空き缶",
        "空きびん",
        "牛乳パック",
        "古着",
        "食品トレイ",
        "菓子箱",
    ),
    "粗大ごみ": (
        "自転車",
        "ふとん",
        "いす",
        "机",
        "本棚",
        "扇風機",
        "掃除機",
        "スキー板",
        "物干しざお",
        "ベビーカー",
    ),
    "有害ごみ": ("乾電池", "蛍光管", "水銀体温計", "ライター", "スプレー缶"),
}
COLLECTION = {"可燃ごみ": "月木", "不燃ごみ": "第2・第4水曜", "資源": "金", "プラスチック": "火"}
HYDRANTS = ("消火栓", "消火栓", "消火栓", "防火水そう", "プール", "井戸", "河川・溝等")


def separation(town: Town) -> Rows:
    """ゴミの分別方法一覧."""
    dice, result = dice_of(town, "garbage_separation"), []
    pairs = [(thing, sort) for sort, things in WASTE.items() for thing in things]
    number = 0
    for extra in ("", "（大）", "（小）", "（使用済み）")[: town.home.size]:
        for thing, sort in pairs:
            number += 1
            result.append(
                publisher(town, number)
                | {
                    "ゴミの品目": thing + extra,
                    "分別区分": sort,
                    "注意点": dice.choice(("", "", "水気を切って出す", "ひもで十字に縛る", "中身を使い切る")),
                    **_fee(sort, dice),
                    "備考": "",
                }
            )
    return result


def _fee(sort: str, dice: random.Random) -> dict[str, str]:
    """Only bulky waste costs something."""
    if sort != "粗大ごみ":
        return {"料金種別": "無料", "料金": "", "料金備考": ""}
    return {"料金種別": "有料", "料金": str(dice.randint(2, 12) * 200), "料金備考": "処理券を貼る"}


def collection(town: Town) -> Rows:
    """ゴミ集積場所一覧."""
    dice, result = dice_of(town, "garbage_collection_point"), []
    for number in range(1, (15, 40, 90, 140)[town.home.size - 1] + dice.randint(1, 30)):
        where = spot(town.home, town.quarters, dice)
        title = where.quarter.name + Word(f"集積所{number}", f"シュウセキジョ{number}", f"Point {number}")
        kinds = dice.sample(sorted(COLLECTION), 2)
        row = entity(town, "ゴミ集積場所", number=number, title=title, spot=where)
        row |= {
            "ゴミ集積場所_説明": f"{where.town}{where.block}先",
            "ゴミ集積場所_ゴミ種類": ";".join(kinds),
            "ゴミ集積場所_ゴミ収集日": ";".join(COLLECTION[kind] for kind in kinds),
        }
        result.append(row)
    return result


def parking(town: Town) -> Rows:
    """公営駐車場一覧."""
    dice, result = dice_of(town, "parking"), []
    for one in town.of("office", "park", "gym", "library", "museum", "station", "hall"):
        room = dice.randint(5, 120)
        title = one.name + Word("駐車場", "チュウシャジョウ", "Parking")
        row = entity(town, "公営駐車場", number=one.number, title=title, spot=one.spot)
        row |= {
            "公営駐車場_説明": f"{one.name.text}の利用者用",
            "公営駐車場_車種": dice.choice(("普通車", "普通車;二輪車")),
            "公営駐車場_最大駐車台数": str(room),
            "公営駐車場_利用可能台数": str(max(1, room - dice.randint(0, 5))),
            "公営駐車場_付帯設備": dice.choice(("", "充電設備", "車椅子用区画")),
        }
        result.append(row)
    return result


def bicycles(town: Town) -> Rows:
    """公営駐輪場一覧."""
    dice, result = dice_of(town, "bicycle_parking"), []
    for one in town.of("station", "library", "hall", "office", "gym", "park"):
        title = one.name + Word("自転車駐車場", "ジテンシャチュウシャジョウ", "Bicycle Parking")
        paid = dice.random() < 0.5
        row = entity(town, "公営駐輪場", number=one.number, title=title, spot=one.spot)
        row |= {
            "公営駐輪場_説明": f"{one.spot.town}の自転車駐車場",
            "公営駐輪場_屋内外": dice.choice(("屋内", "屋外")),
            "公営駐輪場_最大駐輪台数": str(dice.randint(2, 60) * 10),
            "サービス曜日": "月火水木金土日",
            "開始時刻": "04:30",
            "終了時刻": dice.choice(("23:30", "22:00")),
            "日時備考": dice.choice(("", "年末年始も利用可")),
            "料金種別": "有料" if paid else "無料",
            "料金": "100" if paid else "",
            "料金備考": "1日1回" if paid else "",
            "決済種別": "現金;電子マネー" if paid else "",
        }
        result.append(row)
    return result


def hydrants(town: Town) -> Rows:
    """消防水利施設一覧."""
    dice, result = dice_of(town, "fire_hydrant"), []
    for number in range(1, (20, 70, 140, 220)[town.home.size - 1] * town.home.scale + dice.randint(1, 50)):
        kind = dice.choice(HYDRANTS)
        row = publisher(town, number) | place(spot(town.home, town.quarters, dice))
        row |= {
            "種別": kind,
            "口径": dice.choice(("75", "100", "150", "200")) if kind == "消火栓" else "",
            "備考": dice.choice(("", "", "", "地下式", "40立方メートル")),
        }
        result.append(row)
    return result


MAKERS = {
    "garbage_separation": separation,
    "garbage_collection_point": collection,
    "parking": parking,
    "bicycle_parking": bicycles,
    "fire_hydrant": hydrants,
}
