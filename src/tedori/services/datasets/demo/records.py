"""The records of the demo world's datasets: what they are, who stewards them, under which licence."""

from __future__ import annotations

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.actions.cards import CardDraft
from tedori.services.datasets.demo.homes import Home

# English title, granularity, update cycle.
ABOUT = {
    "public_facility": ("Public facilities", "施設", "年1回"),
    "cultural_property": ("Cultural properties", "文化財", "年1回"),
    "evacuation_space": ("Designated emergency evacuation sites", "避難場所", "随時"),
    "population": ("Population by area and age", "町丁目", "月1回"),
    "preschool": ("Childcare facilities", "施設", "年1回"),
    "open_data_list": ("List of open data", "データセット", "随時"),
    "public_wireless_lan": ("Public Wi-Fi access points", "アクセスポイント", "年1回"),
    "aed": ("AED locations", "設置箇所", "年2回"),
    "care_service": ("Care service providers", "事業所", "月1回"),
    "hospital": ("Medical institutions", "医療機関", "月1回"),
    "tourism": ("Tourist facilities", "施設", "年1回"),
    "event": ("Events", "イベント", "随時"),
    "public_toilet": ("Public toilets", "トイレ", "年1回"),
    "fire_hydrant": ("Fire hydrants and water sources", "水利", "年1回"),
    "food_business_all": ("Food business permits", "営業許可", "月1回"),
    "school_lunch": ("School lunch menus", "料理", "月1回"),
    "school_district": ("School districts", "学校", "年1回"),
    "support_system": ("Support programmes and benefits", "制度", "随時"),
    "emergency_radio": ("Disaster-prevention loudspeakers", "子局", "年1回"),
    "educational_institution": ("Educational institutions", "学校", "年1回"),
    "parking": ("Municipal car parks", "駐車場", "年1回"),
    "bicycle_parking": ("Municipal bicycle parks", "駐輪場", "年1回"),
    "polling_place": ("Polling places", "投票所", "選挙ごと"),
    "garbage_separation": ("How to sort waste", "品目", "年1回"),
    "baby_station": ("Baby stations", "施設", "年1回"),
    "garbage_collection_point": ("Waste collection points", "集積場所", "年2回"),
    "tourism_point": ("Sights", "地点", "年1回"),
}
STEWARDS = {"131016": "佐藤花子", "132012": "高橋美咲", "130001": "田中健"}


def card(slug: str, home: Home) -> CardDraft:
    """The record of one dataset of one publisher."""
    title, (english, granularity, cycle) = standard()[slug].name, ABOUT[slug]
    return CardDraft(
        title=f"{home.name} {title}",
        title_en=f"{english}, {home.roman}",
        description=f"{home.name}の{title}です。デモ用に作られた架空のデータです。",
        description_en=f"{english} of {home.roman}. Invented for the demo world.",
        steward=STEWARDS.get(home.code, f"{home.name} 情報政策課"),
        steward_contact=f"opendata@{home.web[12:]}",
        granularity=granularity,
        update_cycle=cycle,
        licence="CC-BY-4.0",
        keywords=(title, home.name),
    )
