"""Rows about permits, support, population, and the list of the open data itself."""

from __future__ import annotations

import random

from tedori.services.datasets.demo.rows.blocks import (
    company_number,
    day,
    dice_of,
    names,
    place,
    publisher,
)
from tedori.services.datasets.demo.towns import Town, phone, spot
from tedori.services.datasets.demo.words import PLACE_HEADS, Word, kanji_number, person, words

Rows = list[dict[str, str]]
SHOPS = words("""
食堂 ショクドウ Diner
ベーカリー ベーカリー Bakery
珈琲店 コーヒーテン Coffee
寿司 スシ Sushi
弁当店 ベントウテン Lunch_Shop
商店 ショウテン Store
""")
TRADES = {
    "食堂": "飲食店営業",
    "ベーカリー": "菓子製造業",
    "珈琲店": "飲食店営業",
    "寿司": "飲食店営業",
    "弁当店": "飲食店営業",
    "商店": "食肉販売業",
}
GRANTS = (
    ("子育て応援給付金", "18歳までの子どもを養育する世帯", "子ども1人につき1万円を給付する"),
    ("住宅用太陽光設備補助金", "住宅を所有し居住する個人", "設置費用の一部を補助する"),
    ("生ごみ処理機購入費助成", "区域内に住所を有する世帯", "購入費の2分の1を助成する"),
    ("中小企業デジタル化支援金", "区域内に事業所をもつ中小企業者", "機器の導入費を補助する"),
    ("高齢者補聴器購入助成", "65歳以上で聴力に課題がある方", "補聴器の購入費を助成する"),
    ("出産準備給付金", "妊娠の届出をした方", "妊婦1人につき5万円を給付する"),
    ("商店街装飾灯補助金", "商店街振興組合", "電気料金の一部を補助する"),
    ("私道整備助成金", "私道の所有者", "舗装費用の9割を助成する"),
    ("ブロック塀撤去助成", "塀の所有者", "撤去費用を助成する"),
    ("奨学資金貸付", "高校や大学に進学する方", "学資を無利子で貸し付ける"),
)
AGES = tuple(f"{low}-{low + 4}歳" for low in range(0, 85, 5)) + ("85歳以上",)
TITLES = {
    "public_facility": "公共施設一覧",
    "evacuation_space": "指定緊急避難場所一覧",
    "aed": "AED設置箇所一覧",
    "public_toilet": "公衆トイレ一覧",
    "hospital": "医療機関一覧",
    "care_service": "介護サービス事業所一覧",
    "preschool": "子育て施設一覧",
    "population": "地域・年齢別人口",
    "event": "イベント一覧",
    "tourism": "観光施設一覧",
    "cultural_property": "文化財一覧",
    "fire_hydrant": "消防水利施設一覧",
    "public_wireless_lan": "公衆無線LANアクセスポイント一覧",
    "food_business_all": "食品等営業許可・届出一覧",
    "school_lunch": "学校給食献立情報",
    "school_district": "小中学校通学区域情報",
    "support_system": "支援制度（給付金）情報",
    "emergency_radio": "防災行政無線設置一覧",
    "educational_institution": "教育機関一覧",
    "parking": "公営駐車場一覧",
    "bicycle_parking": "公営駐輪場一覧",
    "polling_place": "投票所一覧",
    "garbage_separation": "ゴミの分別方法一覧",
    "baby_station": "赤ちゃんの駅一覧",
    "garbage_collection_point": "ゴミ集積場所一覧",
    "tourism_point": "観光ポイント一覧",
    "open_data_list": "オープンデータ一覧",
}


def _shop(town: Town, dice) -> tuple[Word, Word]:
    head, tail = dice.choice(PLACE_HEADS), dice.choice(SHOPS)
    return head + tail, tail


def food(town: Town) -> Rows:
    """食品等営業許可・届出一覧; some holders are persons, which is what the privacy gate must notice."""
    dice, result = dice_of(town, "food_business_all"), []
    for number in range(1, (12, 40, 120, 220)[town.home.size - 1] * town.home.scale + dice.randint(1, 60)):
        name, tail = _shop(town, dice)
        where, company = spot(town.home, town.quarters, dice), dice.random() < 0.7
        begin = dice.randint(2018, 2025)
        first = day(dice, first=2003, last=begin - 1)
        month = f"{dice.randint(1, 12):02d}"
        parts = place(where)
        row = (
            publisher(town, number)
            | parts
            | names(name, prefix="施設名称")
            | {
                "施設所在地_都道府県": parts["所在地_都道府県"],
                "施設所在地_市区町村": parts["所在地_市区町村"],
                "施設所在地_町字": parts["所在地_町字"],
                "施設所在地_番地以下": parts["所在地_番地以下"],
                "施設方書": parts["建物名等(方書)"],
                "施設所在地": parts["所在地_連結表記"],
                "営業の種類": TRADES[tail.text],
                "業態": tail.text,
                "施設電話番号": phone(town.home, dice) if dice.random() < 0.8 else "",
                "法人名": f"株式会社{name.text}" if company else person(dice).text,
                "法人番号": company_number(dice) if company else "",
                "許可番号": f"{begin - 2018 + 30}{town.home.name[0]}衛食第{dice.randint(1, 9999)}号",
                "初回許可年月日": first,
                "許可年月日": f"{begin}-{month}-01",
                "許可開始日": f"{begin}-{month}-01",
                "許可満了日": f"{begin + 6}-{month}-28",
                "申請区分": dice.choice(("新規", "継続", "継続", "変更")),
                "郵便番号": where.quarter.postcode,
            }
        )
        result.append(row)
    return result


def support(town: Town) -> Rows:
    """支援制度（給付金）情報."""
    dice, result = dice_of(town, "support_system"), []
    for number, (title, whom, what) in enumerate(GRANTS, start=1):
        section = dice.choice(("子ども家庭課", "環境課", "産業課", "福祉課"))
        result.append(
            {
                "全国地方公共団体コード": town.home.code,
                "地方公共団体名": town.home.name,
                "制度所管組織": f"{town.home.name}{section}",
                "支援制度ID": f"G{town.home.code}{number:03d}",
                "支援制度種別": "給付" if "給付" in title else "助成",
                "タイトル（制度名）": f"{town.home.name}{title}",
                "対象者": whom,
                "対象地域": town.home.name,
                "制度概要": f"{what}。",
                "内容": f"{what}。予算の範囲内で行う。",
                "利用・申請方法": dice.choice(("電子申請", "窓口へ申請書を提出", "郵送")),
                "募集時期": "通年",
                "受付開始日": f"2026-04-{dice.randint(1, 20):02d}",
                "受付終了日": f"2027-03-{dice.randint(1, 31):02d}",
                "お問い合わせ先": section,
                "電子申請URL": f"{town.home.web}/apply/{number}",
                "公開日": day(dice, first=2023, last=2025),
                "連絡先名称": section,
                "連絡先電話番号": phone(town.home, dice),
                "郵便番号": town.facilities[0].spot.quarter.postcode,
                "連絡先住所": town.facilities[0].spot.full,
                "URL": f"{town.home.web}/grants/{number}.html",
                "キーワード": ";".join(dice.sample(("子育て", "環境", "住まい", "仕事", "高齢者"), 2)),
            }
        )
    return result


def _chome(number: int) -> str:
    return f"{kanji_number(number)}丁目" if number else ""


def _people(dice: random.Random, *, most: int) -> dict[str, int]:
    """How many men and women of each age live in one 町丁目."""
    return {f"{age}の{sex}": dice.randint(3, most) for age in AGES for sex in ("男性", "女性")}


def population(town: Town) -> Rows:
    """地域・年齢別人口: one row per 町丁目; the sums are right."""
    dice, result = dice_of(town, "population"), []
    for quarter in town.quarters:
        for chome in range(1, quarter.chomes + 1) or (0,):
            people = _people(dice, most=30 + 40 * town.home.size)
            men = sum(count for item, count in people.items() if item.endswith("男性"))
            women = sum(people.values()) - men
            result.append(
                {
                    "全国地方公共団体コード": town.home.code,
                    "地域コード": f"{quarter.number:03d}{chome:03d}",
                    "地方公共団体名": town.home.name,
                    "調査年月日": "2026-10-01",
                    "地域名": quarter.name.text + _chome(chome),
                    "総人口": str(men + women),
                    "男性": str(men),
                    "女性": str(women),
                    **{item: str(count) for item, count in people.items()},
                    "世帯数": str((men + women) * 10 // 21),
                }
            )
    return result


def open_data(town: Town) -> Rows:
    """オープンデータ一覧: one row per dataset that the municipality really delivers here."""
    dice, result = dice_of(town, "open_data_list"), []
    for number, (slug, title) in enumerate(TITLES.items(), start=1):
        updated = day(dice, first=2024, last=2025)
        file = f"{town.home.code}_{slug}"
        result.append(
            {
                "全国地方公共団体コード": town.home.code,
                "データセット_ID": f"{town.home.code}{number:04d}",
                "地方公共団体名": town.home.name,
                "データセット_タイトル": title,
                "データセット_概要": f"{town.home.name}の{title}です。",
                "データセット_キーワード": ";".join((title[:2], town.home.name)),
                "データセット_分類": dice.choice(("行財政", "防災", "福祉・医療")),
                "データセット_公開日": day(dice, first=2018, last=2023),
                "データセット_最終更新日": updated,
                "データセット_言語": "日本語",
                "データセット_URL": f"{town.home.web}/opendata/{slug}",
                "データセット_更新頻度": dice.choice(("年1回", "随時", "月1回")),
                "データセット_準拠する標準": "自治体標準オープンデータセット",
                "データセット_対象地域": town.home.name,
                "データセット_連絡先名称": "情報政策課",
                "データセット_連絡先電話番号": phone(town.home, dice),
                "ファイル_タイトル": title,
                "ファイル_ダウンロードURL": f"{town.home.web}/opendata/{file}.csv",
                "ファイル形式": "CSV",
                "ファイル_ライセンス": "CC BY 4.0",
                "ファイル_最終更新日": updated,
                "ファイル_言語": "日本語",
                "ファイル_API対応有無": dice.choice(("無", "無", "有")),
            }
        )
    return result


MAKERS = {
    "food_business_all": food,
    "support_system": support,
    "population": population,
    "open_data_list": open_data,
}
