"""Invented words with their readings, from which every name of the demo world is put together."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One name: as written, in full-width kana, in Latin letters."""

    text: str
    kana: str
    roman: str

    def __add__(self, other: Word) -> Word:
        return Word(self.text + other.text, self.kana + other.kana, f"{self.roman} {other.roman}".strip())


def words(table: str) -> tuple[Word, ...]:
    """Read a table of words: one per line, `text kana roman`; "_" in the Latin column stands for a space."""
    rows = (line.split() for line in table.strip().splitlines())
    return tuple(Word(text, kana, roman.replace("_", " ")) for text, kana, roman in rows)


QUARTER_HEADS = words("""
花霞 ハナガスミ Hanagasumi
星見 ホシミ Hoshimi
風待 カザマチ Kazamachi
月影 ツキカゲ Tsukikage
若苗 ワカナエ Wakanae
澄川 スミカワ Sumikawa
萌木 モエギ Moegi
朝凪 アサナギ Asanagi
夕映 ユウバエ Yubae
鈴懸 スズカケ Suzukake
白露 シラツユ Shiratsuyu
霧里 キリサト Kirisato
雪柳 ユキヤナギ Yukiyanagi
葉隠 ハガクレ Hagakure
山吹 ヤマブキ Yamabuki
水鏡 ミズカガミ Mizukagami
日向 ヒナタ Hinata
空木 ウツギ Utsugi
梅香 バイコウ Baiko
桐生野 キリュウノ Kiryuno
竹取 タケトリ Taketori
虹橋 ニジハシ Nijihashi
露草 ツユクサ Tsuyukusa
稲穂 イナホ Inaho
麦秋 バクシュウ Bakushu
東雲野 シノノメノ Shinonomeno
""")
QUARTER_TAILS = words("""
町 チョウ cho
台 ダイ dai
ヶ丘 ガオカ gaoka
原 ハラ hara
本町 ホンチョウ honcho
南 ミナミ minami
""")
PLACE_HEADS = words("""
あおば アオバ Aoba
ひばり ヒバリ Hibari
さくら草 サクラソウ Sakuraso
けやき ケヤキ Keyaki
すずらん スズラン Suzuran
かわせみ カワセミ Kawasemi
もみじ モミジ Momiji
こだま コダマ Kodama
ほたる ホタル Hotaru
つばさ ツバサ Tsubasa
なぎさ ナギサ Nagisa
ひかり ヒカリ Hikari
みどり ミドリ Midori
たんぽぽ タンポポ Tampopo
くすのき クスノキ Kusunoki
やまびこ ヤマビコ Yamabiko
せせらぎ セセラギ Seseragi
あさひ アサヒ Asahi
""")
SURNAMES = words("""
田中 タナカ Tanaka
山本 ヤマモト Yamamoto
中村 ナカムラ Nakamura
小林 コバヤシ Kobayashi
加藤 カトウ Kato
吉田 ヨシダ Yoshida
佐々木 ササキ Sasaki
松本 マツモト Matsumoto
井上 イノウエ Inoue
雨宮 アマミヤ Amamiya
""")
GIVEN_NAMES = words("""
一花 イチカ Ichika
蒼太 ソウタ Sota
千尋 チヒロ Chihiro
直人 ナオト Naoto
美和 ミワ Miwa
健吾 ケンゴ Kengo
由紀 ユキ Yuki
隆 タカシ Takashi
""")
BUILDINGS = ("ハナガスミビル", "星見プラザ", "あおば会館", "けやきコート", "ひかりタワー", "セセラギ第2ビル")
HEADQUARTERS = ("総務課", "企画課", "防災課", "福祉課", "生涯学習課", "環境課", "土木課", "市民課")
KANJI_DIGITS = "〇一二三四五六七八九"


def kanji_number(number: int) -> str:
    """A number from 1 to 99 as 丁目 are written: 12 → 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else KANJI_DIGITS[tens] + "十"
    return head + (KANJI_DIGITS[ones] if ones else "")


def person(chance: random.Random) -> Word:
    """An invented person's name."""
    family, given = chance.choice(SURNAMES), chance.choice(GIVEN_NAMES)
    return Word(f"{family.text} {given.text}", f"{family.kana} {given.kana}", f"{given.roman} {family.roman}")


def is_person(text: str) -> bool:
    """Whether a text is one of the invented persons' names."""
    family, _, given = text.partition(" ")
    return any(family == one.text for one in SURNAMES) and any(given == one.text for one in GIVEN_NAMES)
