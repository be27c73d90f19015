"""Which kind of value an item holds, told from its name; on purpose not asked of any engine."""

from __future__ import annotations

import re
from functools import cache

FLAGS = frozenset(("指定避難所との重複",))
LISTS = frozenset(
    (
        "実施サービス",
        "診療科目",
        "アレルゲン品目",
        "対象学年",
        "通学区域の住所",
        "対象となる町会・自治会",
        "キーワード",
        "文化財分類",
        "データセット_キーワード",
    )
)
_RULES = (
    ("text", r"備考|特記事項|における対応|座標参照系|高度の|ごみ|ゴミ収集日|対象期間|員数"),
    ("kana", r"カナ"),
    ("code", r"全国地方公共団体コード|市区町村コード"),
    ("corporate", r"^法人番号$"),
    ("phone", r"電話番号$|FAX番号$"),
    ("postcode", r"郵便番号"),
    ("url", r"URL$"),
    ("yes-no", r"有無$"),
    ("flag", r"^災害種別_"),
    ("weekdays", r"曜日$"),
    ("time", r"(開始|終了)(時間|時刻)$"),
    ("date", r"年月日|(開始|終了|指定|満了|更新|公開)日$|廃止日$"),
    ("lat", r"緯度$"),
    ("lon", r"経度$"),
    ("block", r"番地以下）?$"),
    ("town", r"町字）?$"),
    ("address", r"連結表記$|^連絡先住所$"),
    (
        "integer",
        r"総人口|男性$|女性$|世帯数|収容定員|^定員$|病床数|台数$|トイレ総数|トイレ数|口径|エネルギー",
    ),
)
RULES = tuple((kind, re.compile(pattern)) for kind, pattern in _RULES)


@cache
def kind_of(item: str) -> str:
    """The kind of value that an item holds."""
    if item in FLAGS:
        return "flag"
    if item in LISTS:
        return "list"
    return next((kind for kind, pattern in RULES if pattern.search(item)), "text")
