"""A large file of 28 columns for measuring speed: one ward's public Wi-Fi, some cells untidy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from tedori.engines.tabular.definitions import definition
from tedori.services.datasets.demo.homes import homes
from tedori.services.datasets.demo.words import PLACE_HEADS, QUARTER_HEADS, QUARTER_TAILS, kanji_number

CACHE = Path(__file__).parent.parent / ".peers" / "files"
KINDS = (
    ("図書館", "トショカン", "Library"),
    ("公民館", "コウミンカン", "Hall"),
    ("駅前広場", "エキマエヒロバ", "Plaza"),
)
WIDE = {str(digit): chr(0xFF10 + digit) for digit in range(10)} | {"-": "－"}
WARD = "131121"
WEIGHTS = np.array([1, 2] * 6)


def big_file(rows: int) -> Path:
    """The file with so many rows; made once, always the same."""
    path = CACHE / f"wireless-{rows}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        _frame(rows).write_csv(draft, include_bom=True, line_terminator="\r\n")
        draft.rename(path)
    return path


def _texts(dice: np.random.Generator, choices: list[str], rows: int) -> pl.Series:
    return pl.Series(choices).gather(dice.integers(0, len(choices), rows))


def _corporate(dice: np.random.Generator, rows: int) -> pl.Series:
    """法人番号 with right check digits."""
    digits = dice.integers(0, 10, (rows, 12))
    digits[:, :2] = 9
    check = 9 - (digits[:, ::-1] * WEIGHTS).sum(axis=1) % 9
    numbers = check * 10**12 + (digits * 10 ** np.arange(11, -1, -1)).sum(axis=1)
    return pl.Series(numbers).cast(pl.String)


def _frame(rows: int) -> pl.DataFrame:
    dice = np.random.default_rng(28)
    home = next(place for place in homes() if place.code == WARD)
    towns = [head.text + tail.text for head in QUARTER_HEADS for tail in QUARTER_TAILS]
    spread = dice.uniform(-0.015, 0.015, (2, rows))
    lat, lon = home.lat + spread[0], home.lon + spread[1]
    kind = dice.integers(0, len(KINDS), rows)
    head = dice.integers(0, len(PLACE_HEADS), rows)
    number = pl.Series(np.arange(1, rows + 1)).cast(pl.String)
    frame = pl.DataFrame(
        {
            "code": pl.repeat(home.code, rows, eager=True),
            "corporate": _corporate(dice, rows),
            "number": number,
            "city": pl.repeat(home.name, rows, eager=True),
            "head": pl.Series([word.text for word in PLACE_HEADS]).gather(head),
            "kana": pl.Series([word.kana for word in PLACE_HEADS]).gather(head),
            "roman": pl.Series([word.roman for word in PLACE_HEADS]).gather(head),
            "kind": pl.Series([one[0] for one in KINDS]).gather(kind),
            "kind_kana": pl.Series([one[1] for one in KINDS]).gather(kind),
            "kind_roman": pl.Series([one[2] for one in KINDS]).gather(kind),
            "town": _texts(dice, towns, rows)
            + _texts(dice, [f"{kanji_number(n)}丁目" for n in range(1, 7)], rows),
            "town_id": pl.Series(dice.integers(1, 150, rows) * 1000 + dice.integers(1, 7, rows)).cast(
                pl.String
            ),
            "first": pl.Series(dice.integers(1, 60, rows)).cast(pl.String),
            "second": pl.Series(dice.integers(1, 60, rows)).cast(pl.String),
            "lat": pl.Series(np.round(lat, 6)).cast(pl.String),
            "lon": pl.Series(np.round(lon, 6)).cast(pl.String),
            "local": pl.Series(dice.integers(0, 1000, rows)).cast(pl.String).str.zfill(3),
            "line": pl.Series(dice.integers(0, 10000, rows)).cast(pl.String).str.zfill(4),
            "post": pl.Series(dice.integers(1000901, 1000999, rows)).cast(pl.String),
            "untidy": pl.Series(dice.random(rows)),
        }
    )
    return _columns(frame)


def _columns(frame: pl.DataFrame) -> pl.DataFrame:
    """The 28 items out of their parts; items without a value stay empty, as in real files."""
    block = pl.concat_str("first", pl.lit("-"), "second")
    phone = pl.concat_str(pl.lit("03-0"), "local", pl.lit("-"), "line")
    untidy = pl.col("untidy")
    made = {
        "全国地方公共団体コード": pl.col("code"),
        "法人番号": pl.col("corporate"),
        "ID": pl.concat_str("code", pl.lit("-"), "number"),
        "地方公共団体名": pl.col("city"),
        "名称": pl.concat_str("head", "kind", "number"),
        "名称_カナ": pl.concat_str("kana", "kind_kana"),
        "名称_英語": pl.concat_str("roman", pl.lit(" "), "kind_roman", pl.lit(" "), "number"),
        "所在地_全国地方公共団体コード": pl.col("code"),
        "町字ID": pl.col("town_id").str.zfill(7),
        "所在地_連結表記": pl.concat_str(pl.lit("東京都"), "city", "town", block),
        "所在地_都道府県": pl.lit("東京都"),
        "所在地_市区町村": pl.col("city"),
        "所在地_町字": pl.col("town"),
        "所在地_番地以下": pl.when(untidy < 0.1).then(_wide(block)).otherwise(block),
        "緯度": pl.col("lat"),
        "経度": pl.col("lon"),
        "設置者": pl.concat_str("city", pl.lit("情報政策課")),
        "電話番号": pl.when(untidy > 0.9).then(_wide(phone)).otherwise(phone),
        "郵便番号": pl.when(untidy < 0.2).then(pl.concat_str(pl.lit("〒"), "post")).otherwise("post"),
        "SSID": pl.lit("Setagaya_Free_Wi-Fi"),
        "提供エリア": pl.when(untidy < 0.05).then(pl.lit("1階ロビー ")).otherwise(pl.lit("館内全域")),
        "URL": pl.concat_str(pl.lit("https://www.setagaya.tokyo.example/wifi/"), "number"),
    }
    names = [item.name for item in definition("public_wireless_lan").items]
    empty = pl.lit(None, dtype=pl.String)
    return frame.select(made.get(name, empty).alias(name) for name in names)


def _wide(expression: pl.Expr) -> pl.Expr:
    return expression.str.replace_many(list(WIDE), list(WIDE.values()))
