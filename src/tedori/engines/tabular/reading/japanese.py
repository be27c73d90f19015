"""How much a decoded text looks like Japanese that a person wrote, for choosing between encodings."""

from __future__ import annotations

import re

_SAMPLE = 6000
# Weights per character class: what a municipal file holds often counts, what only wrong decoding makes costs.
_CLASSES = (
    (re.compile("[ぁ-ゖァ-ヺー]"), 1.0),
    (re.compile("[、。「」『』（）・～〜：／－！？　％＆＋＝①-⑳㈱㈲№℡〒々〇]"), 1.0),
    (re.compile("[０-９Ａ-Ｚａ-ｚ]"), 1.0),
    (re.compile("[一-龥﨑髙]"), 0.6),
    (re.compile("[ｦ-ﾟ]"), 0.25),
    (re.compile("[｡-･]"), -1.0),
    (re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]"), -4.0),
    (re.compile("[Ѐ-ӿ─-╿Ͱ-Ͽ\u00a0-\u00ff]"), -0.5),
)
_FREQUENT = re.compile(
    "[一二三四五六七八九十日月年市区町村都県府道丁目番地号東西南北中央上下大小本山川田野木原島橋公園学校小中高保育"
    "幼稚園所館場病院医会社株式有限合同法人団体施設名称住電話緯経度備考駅前新内外開始終了時間曜利用可能水火金土社福"
    "祉協議会民生活文化財体育図書保健]"
)
_KANA_RUN = re.compile("[ｦ-ﾟ]{2,}")
_VOICED = re.compile("[ﾞﾟ]")
_VOICED_RIGHT = re.compile("[ｳｶ-ﾄﾊ-ﾎ]ﾞ|[ﾊ-ﾎ]ﾟ")


def plausibility(text: str) -> float:
    """Mean weight of the non-ASCII characters of a sample; about 1 for good Japanese, below 0 for garbage."""
    sample = re.sub(r"[\x00-\x7f]+", "", text)[:_SAMPLE]
    if not sample:
        return 0.0
    total = sum(weight * len(pattern.findall(sample)) for pattern, weight in _CLASSES)
    total += 0.6 * len(_FREQUENT.findall(sample))
    return (total + _half_width_bonus(sample)) / len(sample)


def _half_width_bonus(sample: str) -> float:
    """Half-width kana count when their voicing marks stand where Japanese allows them."""
    runs = "".join(_KANA_RUN.findall(sample))
    voiced = len(_VOICED.findall(runs))
    right = len(_VOICED_RIGHT.findall(runs))
    if voiced and right == voiced:
        return 0.5 * len(runs)
    return -0.5 * (voiced - right)
