"""The messy file of the journeys: what a ward office might really send, every value invented."""

from __future__ import annotations

PLACES = ("麹町", "九段", "神田", "飯田橋", "番町", "富士見", "淡路", "錦")
KINDS = ("区民館", "図書館", "児童館")
FAMILIES = ("佐々木", "渡辺", "小林", "中村", "加藤", "吉田", "山田", "斎藤")
GIVEN = ("一郎", "花子", "健太", "美咲", "翔太", "直子", "大輔", "陽子")
HEADER = (
    "No.", "施設名称", "フリガナ", "住所", "緯度", "経度", "ＴＥＬ", "担当者氏名", "車いす", "駐車台数",
)  # fmt: skip
PREAMBLE = (("千代田区 公共施設一覧（抜粋）",), ("令和7年4月1日現在",), ())
NAMES = tuple(f"{place}{kind}" for place in PLACES for kind in KINDS)


def _row(number: int, name: str) -> tuple[str, ...]:
    return (
        str(number),
        name,
        "",
        f"東京都千代田区丸の内{1 + number % 3}丁目{number}-{number}",
        # Longitude stands under the heading of latitude, and the other way round.
        f"{139.75 + number / 2000:.6f}",
        f"{35.68 + number / 3000:.6f}",
        f"03（5211）{1000 + number}",
        f"{FAMILIES[number % 8]} {GIVEN[number // 2 % 8]}",
        "あり" if number % 3 else "なし",
        str(number * 3),
    )


def messy_file() -> bytes:
    """A list of facilities in CP932 below three lines of preamble.

    Its coordinates are exchanged, one column is doubtful (車いす), one holds the names of people, and
    telephone numbers are written with wide brackets.
    """
    rows = [_row(number, name) for number, name in enumerate(NAMES, start=1)]
    lines = [
        *((*line, *("",) * (len(HEADER) - len(line))) if line else ("",) for line in PREAMBLE),
        HEADER,
        *rows,
    ]
    return "".join(",".join(line) + "\r\n" for line in lines).encode("cp932")
