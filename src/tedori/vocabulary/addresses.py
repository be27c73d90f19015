"""How a Japanese address begins: patterns for prefectures and municipalities.

The patterns are plain enough for Python's `re` and for engines without look-around.
"""

from __future__ import annotations

from tedori.vocabulary.municipalities import PREFECTURES, TOKYO

PREFECTURE = "(?:" + "|".join(place.name for place in PREFECTURES) + ")"
# Names with 市, 区, 町 or 村 inside them, which a plain search for the first of these would cut short.
_TRICKY = """
四日市市 廿日市市 野々市市 十日町市 大町市 町田市 武蔵村山市 東村山市 羽村市
村山市 村上市 大村市 田村市 余市町 市川市 市原市 市川三郷町 市川町 市貝町 玉村町
"""
_DESIGNATED = """
札幌市 仙台市 さいたま市 千葉市 横浜市 川崎市 相模原市 新潟市 静岡市 浜松市
名古屋市 京都市 大阪市 堺市 神戸市 岡山市 広島市 北九州市 福岡市 熊本市
"""
_TOWNS = "|".join(sorted((place.name for place in TOKYO), key=len, reverse=True))
CITY = (
    "(?:"
    + "|".join(f"{city}[^0-9０-９\\s市区町村]{{1,5}}区" for city in _DESIGNATED.split())
    + f"|{_TOWNS}|"
    + "|".join(_TRICKY.split())
    + "|[^0-9０-９\\s]{1,5}?郡[^0-9０-９\\s]{1,6}?[町村]"
    + "|[^0-9０-９\\s]{1,6}?[市区町村]"
    + ")"
)
