"""Folding of Japanese texts, so that two spellings of the same heading or name compare as equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SEPARATORS = re.compile(
    r"[\s_\-‐‑‒–—―−・･/／\\:：;,，、.．。'\"`´’‘“”*＊※★☆●■◆◇○◎#＃()\[\]{}<>|「」『』【】〔〕〈〉《》→←]+"
)
_NOTES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕|<[^<>]*>|「[^」]*」")
_MARKS = re.compile(r"[(\[【〔<]\s*(?:必須|任意|推奨|入力必須|半角|全角)[^)\]】〕>]*[)\]】〕>]")
# 26.名称, (3) 住所, 9.0-4歳の男性; but not the 0 of 0-4歳
_NUMBERING = re.compile(r"^\s*[(\[]?\d{1,3}(?:[.)\]:、]|\s)\s*(?=[^\d\s]|\d+(?:-\d+)?歳)")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
# A note in brackets that changes what a column means; without it the heading would mean something else.
_TELLING = re.compile(
    r"カナ|かな|ふりがな|フリガナ|ヨミ|よみ|読み|英|ローマ|通称|略|緯|経|開始|終了|自|至|始|終|から|まで|和式|洋式|小便|"
    r"男|女|歳|月|曜|土|日|祝|数|単位|基本|詳細|コード|番号|名|住所|内線|fax|tel|url|旧|前|後|計",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """One spelling for many: width, case, kana, white space, brackets and separators do not count."""
    normal = _NUMBERING.sub("", _MARKS.sub("", unicodedata.normalize("NFKC", text)))
    return _SEPARATORS.sub("", normal.casefold().translate(_HIRAGANA))


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """The folded text without notes in brackets, such as a unit; notes that tell columns apart stay."""
    normal = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return fold(_NOTES.sub(lambda note: note.group() if _TELLING.search(note.group()) else "", normal))


def narrow(text: str) -> str:
    """The text in NFKC without white space around it."""
    return unicodedata.normalize("NFKC", text).strip()
