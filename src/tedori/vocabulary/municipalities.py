"""The 62 municipalities of Tokyo, the prefectures of Japan, and the check digit of their official codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

Kind = Literal["prefecture", "ward", "city", "town", "village"]
WEIGHTS = (6, 5, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A prefecture or municipality: six-digit code with check digit, names, and its place on a tile map.

    `column` and `row` count from 0, west to east and north to south; the islands stand apart below.
    They are None for prefectures.
    """

    code: str
    name: str
    kana: str
    english: str
    kind: Kind
    column: int | None = None
    row: int | None = None

    @property
    def prefecture(self) -> str:
        """The first two digits of the code, which name the prefecture."""
        return self.code[:2]

    @property
    def full_name(self) -> str:
        """The name with the prefecture before it."""
        return self.name if self.kind == "prefecture" else PREFECTURE_NAMES[self.prefecture] + self.name


def check_digit(five: str) -> str:
    """The sixth digit that belongs to the first five of an official code."""
    if len(five) != 5 or not (five.isascii() and five.isdigit()):
        raise ValueError(f"five digits expected, not {five!r}")
    rest = sum(int(digit) * weight for digit, weight in zip(five, WEIGHTS, strict=True)) % 11
    return str((11 - rest) % 10)


def with_check_digit(five: str) -> str:
    """The six-digit code of a five-digit one."""
    return five + check_digit(five)


def is_valid_code(code: str) -> bool:
    """Whether a text is six digits of an existing prefecture whose last digit is the right check digit."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return False
    return code[:2] in PREFECTURE_NAMES and check_digit(code[:5]) == code[5]


def complete_code(text: str) -> str | None:
    """The six-digit code behind a text that lost its leading zero or its check digit, or None.

    A text of six digits must carry the right check digit. With five digits both readings are tried
    (check digit lost; leading zero lost); when both could be, the one that is a code we know wins,
    and when neither is known the answer is None, because it would be a guess.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) == 6:
        return text if is_valid_code(text) else None
    if len(text) == 4:
        return _existing(with_check_digit(f"0{text}"))
    if len(text) == 2:
        return _existing(with_check_digit(f"{text}000"))
    return _of_five(text) if len(text) == 5 else None


def _existing(code: str) -> str | None:
    return code if is_valid_code(code) else None


def _of_five(text: str) -> str | None:
    without_check = _existing(with_check_digit(text))
    without_zero = _existing(f"0{text}")
    if without_check is None or without_zero is None:
        return without_check or without_zero
    known = [code for code in (without_check, without_zero) if code in BY_CODE]
    return known[0] if len(known) == 1 else None


def find(name_or_code: str) -> Municipality | None:
    """The municipality or prefecture with this code or this name (with or without its prefecture)."""
    if name_or_code in BY_CODE:
        return BY_CODE[name_or_code]
    return _by_name().get(name_or_code)


def tiles() -> Iterator[tuple[int, int, Municipality]]:
    """Column, row and municipality of the tile map of Tokyo."""
    for place in TOKYO:
        if place.column is not None and place.row is not None:
            yield place.column, place.row, place


@cache
def _by_name() -> MappingProxyType[str, Municipality]:
    names = {place.name: place for place in (*PREFECTURES, *TOKYO)}
    names.update({place.full_name: place for place in TOKYO})
    return MappingProxyType(names)


_PREFECTURES = """
01 北海道 ほっかいどう Hokkaido|02 青森県 あおもりけん Aomori|03 岩手県 いわてけん Iwate
04 宮城県 みやぎけん Miyagi|05 秋田県 あきたけん Akita|06 山形県 やまがたけん Yamagata
07 福島県 ふくしまけん Fukushima|08 茨城県 いばらきけん Ibaraki|09 栃木県 とちぎけん Tochigi
10 群馬県 ぐんまけん Gunma|11 埼玉県 さいたまけん Saitama|12 千葉県 ちばけん Chiba
13 東京都 とうきょうと Tokyo|14 神奈川県 かながわけん Kanagawa|15 新潟県 にいがたけん Niigata
16 富山県 とやまけん Toyama|17 石川県 いしかわけん Ishikawa|18 福井県 ふくいけん Fukui
19 山梨県 やまなしけん Yamanashi|20 長野県 ながのけん Nagano|21 岐阜県 ぎふけん Gifu
22 静岡県 しずおかけん Shizuoka|23 愛知県 あいちけん Aichi|24 三重県 みえけん Mie
25 滋賀県 しがけん Shiga|26 京都府 きょうとふ Kyoto|27 大阪府 おおさかふ Osaka
28 兵庫県 ひょうごけん Hyogo|29 奈良県 ならけん Nara|30 和歌山県 わかやまけん Wakayama
31 鳥取県 とっとりけん Tottori|32 島根県 しまねけん Shimane|33 岡山県 おかやまけん Okayama
34 広島県 ひろしまけん Hiroshima|35 山口県 やまぐちけん Yamaguchi|36 徳島県 とくしまけん Tokushima
37 香川県 かがわけん Kagawa|38 愛媛県 えひめけん Ehime|39 高知県 こうちけん Kochi
40 福岡県 ふくおかけん Fukuoka|41 佐賀県 さがけん Saga|42 長崎県 ながさきけん Nagasaki
43 熊本県 くまもとけん Kumamoto|44 大分県 おおいたけん Oita|45 宮崎県 みやざきけん Miyazaki
46 鹿児島県 かごしまけん Kagoshima|47 沖縄県 おきなわけん Okinawa
"""

# five digits, name, reading, English name, column and row on the tile map
_TOKYO = """
13101 千代田区 ちよだく Chiyoda 14 4|13102 中央区 ちゅうおうく Chuo 15 4
13103 港区 みなとく Minato 14 5|13104 新宿区 しんじゅくく Shinjuku 12 4
13105 文京区 ぶんきょうく Bunkyo 13 3|13106 台東区 たいとうく Taito 14 3
13107 墨田区 すみだく Sumida 15 3|13108 江東区 こうとうく Koto 16 4
13109 品川区 しながわく Shinagawa 14 6|13110 目黒区 めぐろく Meguro 13 5
13111 大田区 おおたく Ota 14 7|13112 世田谷区 せたがやく Setagaya 12 5
13113 渋谷区 しぶやく Shibuya 13 4|13114 中野区 なかのく Nakano 11 4
13115 杉並区 すぎなみく Suginami 11 5|13116 豊島区 としまく Toshima 12 3
13117 北区 きたく Kita 13 2|13118 荒川区 あらかわく Arakawa 14 2
13119 板橋区 いたばしく Itabashi 12 2|13120 練馬区 ねりまく Nerima 11 3
13121 足立区 あだちく Adachi 15 1|13122 葛飾区 かつしかく Katsushika 15 2
13123 江戸川区 えどがわく Edogawa 16 3|13201 八王子市 はちおうじし Hachioji 3 5
13202 立川市 たちかわし Tachikawa 5 4|13203 武蔵野市 むさしのし Musashino 10 4
13204 三鷹市 みたかし Mitaka 10 5|13205 青梅市 おうめし Ome 2 3
13206 府中市 ふちゅうし Fuchu 8 5|13207 昭島市 あきしまし Akishima 4 4
13208 調布市 ちょうふし Chofu 9 5|13209 町田市 まちだし Machida 5 7
13210 小金井市 こがねいし Koganei 9 4|13211 小平市 こだいらし Kodaira 7 3
13212 日野市 ひのし Hino 5 5|13213 東村山市 ひがしむらやまし Higashimurayama 7 2
13214 国分寺市 こくぶんじし Kokubunji 7 4|13215 国立市 くにたちし Kunitachi 6 4
13218 福生市 ふっさし Fussa 4 3|13219 狛江市 こまえし Komae 10 6
13220 東大和市 ひがしやまとし Higashiyamato 6 3|13221 清瀬市 きよせし Kiyose 8 2
13222 東久留米市 ひがしくるめし Higashikurume 9 2|13223 武蔵村山市 むさしむらやまし Musashimurayama 5 3
13224 多摩市 たまし Tama 6 6|13225 稲城市 いなぎし Inagi 8 6
13227 羽村市 はむらし Hamura 3 3|13228 あきる野市 あきるのし Akiruno 3 4
13229 西東京市 にしとうきょうし Nishitokyo 9 3|13303 瑞穂町 みずほまち Mizuho 4 2
13305 日の出町 ひのでまち Hinode 2 4|13307 檜原村 ひのはらむら Hinohara 1 4
13308 奥多摩町 おくたままち Okutama 1 3|13361 大島町 おおしままち Oshima 8 9
13362 利島村 としまむら Toshima-mura 9 9|13363 新島村 にいじまむら Niijima 10 9
13364 神津島村 こうづしまむら Kozushima 11 9|13381 三宅村 みやけむら Miyake 12 9
13382 御蔵島村 みくらじまむら Mikurajima 13 9|13401 八丈町 はちじょうまち Hachijo 14 9
13402 青ヶ島村 あおがしまむら Aogashima 15 9|13421 小笠原村 おがさわらむら Ogasawara 16 9
"""

_KINDS: dict[str, Kind] = {"区": "ward", "市": "city", "町": "town", "村": "village"}


def _entries(text: str) -> Iterator[list[str]]:
    for entry in text.strip().replace("\n", "|").split("|"):
        yield entry.split(" ")


PREFECTURES: tuple[Municipality, ...] = tuple(
    Municipality(with_check_digit(f"{two}000"), name, kana, english, "prefecture")
    for two, name, kana, english in _entries(_PREFECTURES)
)
PREFECTURE_NAMES: dict[str, str] = {place.code[:2]: place.name for place in PREFECTURES}
TOKYO_PREFECTURE = PREFECTURES[12]
TOKYO: tuple[Municipality, ...] = tuple(
    Municipality(with_check_digit(five), name, kana, english, _KINDS[name[-1]], int(column), int(row))
    for five, name, kana, english, column, row in _entries(_TOKYO)
)
BY_CODE: MappingProxyType[str, Municipality] = MappingProxyType(
    {place.code: place for place in (*PREFECTURES, *TOKYO)}
)
