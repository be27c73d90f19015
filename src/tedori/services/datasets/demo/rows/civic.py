"""Rows about public facilities and what hangs on them: shelters, AED, toilets, polling places and so on."""

from __future__ import annotations

from tedori.services.datasets.demo.homes import homes
from tedori.services.datasets.demo.rows.blocks import (
    dice_of,
    entity,
    facility_row,
    flag,
    hours,
    own_number,
    yes_no,
)
from tedori.services.datasets.demo.towns import Facility, Town, quarters, spot
from tedori.services.datasets.demo.words import Word

Rows = list[dict[str, str]]
ACCESS = (
    "車椅子可",
    "車椅子貸出",
    "ツエ貸出",
    "バリアフリートイレ",
    "スロープ、エレベータ、エスカレータ",
    "点字ブロック等の移動支援",
    "点字や読上による支援",
    "盲導犬・介助犬、聴導犬同伴",
    "字幕",
    "筆談対応",
    "優先駐車場",
    "オストメイト対応トイレ",
    "授乳室",
    "おむつ替えコーナー",
    "飲食可否",
    "ベビーカー貸出",
    "ベビーカー利用",
)
HAZARDS = {
    "洪水": 0.5,
    "崖崩れ、土石流及び地滑り": 0.4,
    "高潮": 0.3,
    "地震": 0.9,
    "津波": 0.25,
    "大規模な火事": 0.5,
    "内水氾濫": 0.35,
    "火山現象": 0.05,
}
AED_PLACES = ("1階受付", "正面玄関", "体育館入口", "事務室前", "職員室横", "2階ロビー")


def public_facility(town: Town) -> Rows:
    """公共施設一覧."""
    dice, result = dice_of(town, "public_facility"), []
    for one in town.facilities:
        row = facility_row(town, one, number=one.number, slug="public_facility", dice=dice)
        row |= hours(one, dice, notes="利用可能時間特記事項")
        row |= {
            "POIコード": one.kind.poi,
            "法人番号": own_number(town.home),
            "団体名": f"{town.home.name}{one.section}",
            "説明": f"{one.spot.town}にある{one.kind.word.text}です。",
            "名称_通称": one.name.text[:4] if dice.random() < 0.1 else "",
            "アクセス方法": f"{one.spot.quarter.name.text}駅から徒歩{dice.randint(2, 18)}分",
        }
        row |= {item: flag(dice, 0.35) for item in ACCESS}
        result.append(row)
    return result


def _shelters(town: Town) -> tuple[Facility, ...]:
    return town.of("primary", "junior", "park", "hall")


def evacuation_space(town: Town) -> Rows:
    """指定緊急避難場所一覧; a few stand legitimately in the next municipality."""
    dice, result = dice_of(town, "evacuation_space"), []
    for number, one in enumerate(_shelters(town), start=1):
        row = facility_row(town, one, number=number, slug="evacuation_space", dice=dice)
        people = dice.randint(8, 250) * 10
        row |= {f"災害種別_{name}": flag(dice, share) for name, share in HAZARDS.items()}
        row |= {
            "市区町村コード": one.spot.home.code,
            "標高": f"{dice.uniform(1, 90):.1f}",
            "指定避難所との重複": flag(dice, 0.6),
            "想定収容人数": f"{people}人" if dice.random() < 0.3 else str(people),
            "対象となる町会・自治会": ";".join(f"{one.spot.quarter.name.text}{n}町会" for n in (1, 2)),
        }
        result.append(row)
    if town.home.size == 4:
        result.append(_abroad(town, number=len(result) + 1, like=result[0]))
    return result


def _abroad(town: Town, *, number: int, like: dict[str, str]) -> dict[str, str]:
    """A shelter of this municipality on the other's ground."""
    dice = dice_of(town, "abroad")
    other = min(
        (home for home in homes() if home.code != town.home.code),
        key=lambda home: (home.lat - town.home.lat) ** 2 + (home.lon - town.home.lon) ** 2,
    )
    away = spot(other, quarters(other, town.seed), dice)
    return like | {
        "ID": f"{town.home.code}{number:05d}",
        "名称": f"{away.quarter.name.text}河川敷公園",
        "名称_カナ": f"{away.quarter.name.kana}カセンジキコウエン",
        "名称_英字": f"{away.quarter.name.roman} Riverside Park",
        "所在地_全国地方公共団体コード": other.code,
        "市区町村コード": other.code,
        "町字ID": away.town_id,
        "所在地_連結表記": away.full,
        "所在地_市区町村": other.name,
        "所在地_町字": away.town,
        "所在地_番地以下": away.block,
        "建物名等(方書)": "",
        "郵便番号": away.quarter.postcode,
        "緯度": f"{away.lat:.6f}",
        "経度": f"{away.lon:.6f}",
    }


def aed(town: Town) -> Rows:
    """AED設置箇所一覧."""
    dice, result = dice_of(town, "aed"), []
    for number, one in enumerate((f for f in town.facilities if f.kind.days), start=1):
        row = facility_row(town, one, number=number, slug="aed", dice=dice) | hours(one, dice)
        row |= {
            "設置位置": dice.choice(AED_PLACES),
            "法人番号": own_number(town.home),
            "団体名": f"{town.home.name}{one.section}",
            "小児対応設備の有無": yes_no(dice, 0.7),
        }
        result.append(row)
    return result


def wireless(town: Town) -> Rows:
    """公衆無線LANアクセスポイント一覧."""
    dice, result = dice_of(town, "public_wireless_lan"), []
    ssid = f"{town.home.roman.split()[0]}_Free_Wi-Fi"
    chosen = town.of("office", "library", "hall", "museum", "station", "branch")
    for number, one in enumerate(chosen, start=1):
        row = facility_row(town, one, number=number, slug="public_wireless_lan", dice=dice)
        row |= {
            "設置者": town.home.name,
            "SSID": ssid,
            "法人番号": own_number(town.home),
            "提供エリア": dice.choice(("1階ロビー", "館内全域", "閲覧室", "2階会議室前")),
        }
        result.append(row)
    return result


def _seats(dice, *, none: float = 0.0) -> dict[str, int]:
    """How many of each fixture a toilet has."""
    men, women, shared = dice.randint(1, 5), dice.randint(1, 6), int(dice.random() < none)
    old_men, old_women = dice.randint(0, 1), dice.randint(0, 2)
    return {
        "男性トイレ総数": men + old_men + 2,
        "男性トイレ数（小便器）": men,
        "男性トイレ数（和式）": old_men,
        "男性トイレ数（洋式）": 2,
        "女性トイレ総数": women + old_women,
        "女性トイレ数（和式）": old_women,
        "女性トイレ数（洋式）": women,
        "男女共用トイレ総数": shared,
        "男女共用トイレ数（和式）": 0,
        "男女共用トイレ数（洋式）": shared,
        "バリアフリートイレ数": dice.randint(0, 2),
    }


def toilets(town: Town) -> Rows:
    """公衆トイレ一覧."""
    dice, result = dice_of(town, "public_toilet"), []
    for number, one in enumerate(town.of("park", "station"), start=1):
        row = facility_row(town, one, number=number, slug="public_toilet", dice=dice)
        name = one.name + Word("公衆トイレ", "コウシュウトイレ", "Public Toilet")
        seats = _seats(dice, none=0.3)
        row |= {
            "名称": name.text,
            "名称_カナ": name.kana,
            "名称_英語": name.roman,
            "設置位置": dice.choice(("北側入口", "中央広場", "管理棟横", "")),
            "利用開始時間": "06:00",
            "利用終了時間": dice.choice(("20:00", "22:00")),
        }
        row |= {item: str(count) for item, count in seats.items()}
        row |= {
            item: yes_no(dice, 0.5)
            for item in (
                "車椅子使用者用トイレ有無",
                "乳幼児用設備設置トイレ有無",
                "オストメイト設置トイレ有無",
            )
        }
        result.append(row)
    return result


def polling(town: Town) -> Rows:
    """投票所一覧."""
    dice, result = dice_of(town, "polling_place"), []
    for number, one in enumerate(town.of("primary", "junior", "hall", "office"), start=1):
        row = entity(town, "投票所", number=one.number, title=one.name, spot=one.spot)
        early = one.kind.key == "office"
        row |= {
            "投票所_説明": f"{one.spot.town}の区域",
            "投票所_投票所区分": "期日前投票所" if early else "投票所",
            "投票所_投票区名": f"第{number}投票区",
            "備考": dice.choice(("", "", "土足可", "スロープあり")),
        }
        result.append(row)
    return result


def radio(town: Town) -> Rows:
    """防災行政無線設置一覧."""
    result = []
    for one in town.of("primary", "junior", "park", "office"):
        title = one.name + Word("屋外子局", "オクガイシキョク", "Loudspeaker")
        row = entity(town, "防災行政無線", number=one.number, title=title, spot=one.spot)
        row |= {
            "設備_ID": f"R{one.number:04d}",
            "防災行政無線_説明": "固定系屋外拡声子局",
            "設置地区": one.spot.quarter.name.text,
        }
        result.append(row)
    return result


def baby_station(town: Town) -> Rows:
    """赤ちゃんの駅一覧."""
    dice, result = dice_of(town, "baby_station"), []
    for one in town.of("children", "library", "hall", "clinic", "nursery"):
        row = entity(town, "赤ちゃんの駅", number=one.number, title=one.name, spot=one.spot)
        row |= {
            "赤ちゃんの駅_説明": "授乳とおむつ替えができます",
            "授乳室": flag(dice, 0.8),
            "おむつ替えコーナー": flag(dice, 0.9),
            "備考": dice.choice(("", "", "調乳用のお湯あり")),
        }
        result.append(row)
    return result


MAKERS = {
    "public_facility": public_facility,
    "evacuation_space": evacuation_space,
    "aed": aed,
    "public_wireless_lan": wireless,
    "public_toilet": toilets,
    "polling_place": polling,
    "emergency_radio": radio,
    "baby_station": baby_station,
}
