"""Rows about care and medicine: businesses that are not the municipality's own."""

from __future__ import annotations

from tedori.services.datasets.demo.rows.blocks import (
    REMARKS,
    company_number,
    contact,
    dice_of,
    names,
    place,
    publisher,
)
from tedori.services.datasets.demo.towns import Town, phone, spot
from tedori.services.datasets.demo.words import PLACE_HEADS, SURNAMES, Word, words

Rows = list[dict[str, str]]
CARE = words("""
訪問介護ステーション ホウモンカイゴステーション Home_Care
デイサービス デイサービス Day_Service
ケアプランセンター ケアプランセンター Care_Planning
訪問看護ステーション ホウモンカンゴステーション Home_Nursing
特別養護老人ホーム トクベツヨウゴロウジンホーム Nursing_Home
グループホーム グループホーム Group_Home
""")
SERVICES = {
    "訪問介護ステーション": "訪問介護",
    "デイサービス": "通所介護;地域密着型通所介護",
    "ケアプランセンター": "居宅介護支援",
    "訪問看護ステーション": "訪問看護;訪問リハビリテーション",
    "特別養護老人ホーム": "介護老人福祉施設;短期入所生活介護",
    "グループホーム": "認知症対応型共同生活介護",
}
MEDICINE = words("""
内科クリニック ナイカクリニック Internal_Clinic
こどもクリニック コドモクリニック Children's_Clinic
整形外科 セイケイゲカ Orthopedics
歯科医院 シカイイン Dental_Clinic
眼科 ガンカ Eye_Clinic
総合病院 ソウゴウビョウイン General_Hospital
""")
BRANCHES = {
    "内科クリニック": "内科;消化器内科",
    "こどもクリニック": "小児科;アレルギー科",
    "整形外科": "整形外科;リハビリテーション科",
    "歯科医院": "歯科;小児歯科",
    "眼科": "眼科",
    "総合病院": "内科;外科;小児科;整形外科;救急科",
}
SHORTER = {"歯科医院": "歯科診療所", "総合病院": "病院"}


def _basics(town: Town, name: Word, *, number: int, slug: str, dice) -> dict[str, str]:
    """The shared blocks of a business: its own address, telephone and fax."""
    where, line = spot(town.home, town.quarters, dice), phone(town.home, dice)
    shared = contact(town.home, phone=line, postcode=where.quarter.postcode, slug=slug, dice=dice)
    if shared["URL"]:
        shared["URL"] = f"https://{slug.replace('_', '-')}{number}.example/"
    return {
        **publisher(town, number),
        **place(where),
        **shared,
        "法人番号": company_number(dice),
        "FAX番号": f"{line[:-4]}{dice.randrange(10000):04d}" if dice.random() < 0.6 else "",
        "備考": dice.choice(REMARKS),
    }


def care(town: Town) -> Rows:
    """介護サービス事業所一覧."""
    dice, result = dice_of(town, "care_service"), []
    for number in range(1, (5, 12, 40, 75)[town.home.size - 1] + dice.randint(0, 8)):
        tail, head = dice.choice(CARE), dice.choice(PLACE_HEADS)
        row = _basics(town, head, number=number, slug="care_service", dice=dice)
        row |= names(head + tail, prefix="介護サービス事業所名称")
        row |= {
            "実施サービス": SERVICES[tail.text],
            "法人の名称": f"株式会社{head.text}ケア",
            "事業所番号": f"13{dice.randrange(10**8):08d}",
            "利用可能曜日": dice.choice(("月火水木金", "月火水木金土")),
            "利用可能曜日特記事項": dice.choice(("", "", "祝日も営業")),
            "定員": str(dice.randint(2, 20) * 5),
        }
        result.append(row)
    return result


def hospital(town: Town) -> Rows:
    """医療機関一覧."""
    dice, result = dice_of(town, "hospital"), []
    for number in range(1, (2, 10, 45, 80)[town.home.size - 1] + dice.randint(1, 8)):
        tail, head = dice.choice(MEDICINE), dice.choice((*SURNAMES, *PLACE_HEADS))
        big = tail.text == "総合病院"
        row = _basics(town, head, number=number, slug="hospital", dice=dice) | names(head + tail)
        row |= {
            "医療機関の種類": SHORTER.get(tail.text, "一般診療所"),
            "法人の名称": f"医療法人社団{head.text}会",
            "医療機関コード": f"13{dice.randrange(10**8):08d}",
            "診療曜日": dice.choice(("月火水木金土", "月火木金土")),
            "診療開始時間": "09:00",
            "診療終了時間": dice.choice(("17:00", "18:30", "19:00")),
            "診療日時特記事項": dice.choice(("", "木曜午後は休診", "土曜は午前のみ")),
            "診療科目": BRANCHES[tail.text],
            "時間外における対応": "救急外来で対応" if big else "",
            "病床数": str(dice.randint(2, 30) * 10) if big else "0",
            "災害拠点分類": "救護所" if big else "",
        }
        result.append(row)
    return result


MAKERS = {"care_service": care, "hospital": hospital}
