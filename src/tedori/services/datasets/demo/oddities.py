"""Oddities: what goes wrong with a whole file at once, such as exchanged columns or shifted values."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from tedori.services.datasets.demo.cells import Sheet
from tedori.services.datasets.demo.headings import Column
from tedori.services.datasets.demo.homes import Home
from tedori.services.datasets.demo.truth import TrueColumn

LATITUDES = (
    "緯度",
    "教育機関_緯度",
    "公営駐車場_緯度",
    "公営駐輪場_緯度",
    "投票所_緯度",
    "赤ちゃんの駅_緯度",
    "ゴミ集積場所_緯度",
    "観光ポイント_緯度",
    "防災行政無線_緯度",
)
LONGITUDES = tuple(name.replace("緯度", "経度") for name in LATITUDES)
EXCHANGED = (
    ("ゴミの品目", "分別区分"),
    ("名称", "名称_カナ"),
    ("施設名称", "施設名称_カナ"),
    ("学校名称", "学校名称_カナ"),
)


def _point(sheet: Sheet) -> tuple[int, int] | None:
    """The indices of latitude and longitude, when both are written plainly."""
    lat, lon = sheet.find(*LATITUDES), sheet.find(*LONGITUDES)
    if lat is None or lon is None or not sheet.rows:
        return None
    plain = all(sheet.cells[at] == sheet.truths[at] for at in (lat, lon))
    return (lat, lon) if plain else None


def exchanged_names(sheet: Sheet, home: Home, dice: random.Random) -> bool:
    """Two columns stand under each other's heading."""
    for one, other in EXCHANGED:
        left, right = sheet.find(one), sheet.find(other)
        if left is None or right is None:
            continue
        sheet.cells[left], sheet.cells[right] = sheet.cells[right], sheet.cells[left]
        sheet.truths[left], sheet.truths[right] = sheet.truths[right], sheet.truths[left]
        a, b = sheet.columns[left], sheet.columns[right]
        sheet.columns[left] = Column(TrueColumn(a.true.header, (other,), clear=False), other)
        sheet.columns[right] = Column(TrueColumn(b.true.header, (one,), clear=False), one)
        return True
    return False


def exchanged_point(sheet: Sheet, home: Home, dice: random.Random) -> bool:
    """Latitude stands under longitude and the other way round, in the whole file."""
    return _exchange(sheet, range(sheet.rows))


def exchanged_rows(sheet: Sheet, home: Home, dice: random.Random) -> bool:
    """Latitude and longitude are exchanged in some rows."""
    return _exchange(sheet, dice.sample(range(sheet.rows), max(1, sheet.rows // 20)))


def _exchange(sheet: Sheet, rows: range | list[int]) -> bool:
    found = _point(sheet)
    if not found:
        return False
    lat, lon = found
    for row in rows:
        north, east = sheet.truths[lat][row], sheet.truths[lon][row]
        if north and east:
            sheet.put(row, lat, east, true=north, defect="point:exchanged", grade="certain")
            sheet.put(row, lon, north, true=east, defect="point:exchanged", grade="certain")
    if len(rows) == sheet.rows:
        _either(sheet, found)
    return True


def _either(sheet: Sheet, found: tuple[int, int]) -> None:
    """Both columns may be taken for either item, since heading and content disagree everywhere."""
    both = tuple(sheet.columns[at].source for at in found)
    for at in found:
        true = replace(sheet.columns[at].true, items=both, clear=False)
        sheet.columns[at] = replace(sheet.columns[at], true=true)


def zero_point(sheet: Sheet, home: Home, dice: random.Random) -> bool:
    """Unknown positions are written as 0,0."""
    found = _point(sheet)
    if not found:
        return False
    for row in dice.sample(range(sheet.rows), max(1, sheet.rows // 12)):
        for at in found:
            sheet.put(row, at, "0", true="", defect="point:zero", grade="certain")
    return True


def one_point(sheet: Sheet, home: Home, dice: random.Random) -> bool:
    """Every row carries the position of the municipality's middle."""
    found = _point(sheet)
    if not found or sheet.rows < 5:
        return False
    for row in range(sheet.rows):
        for at, value in zip(found, (home.lat, home.lon), strict=True):
            sheet.put(
                row, at, f"{value:.6f}", true=sheet.truths[at][row], defect="point:all-the-same", grade="lost"
            )
    return True


def old_datum(sheet: Sheet, home: Home, dice: random.Random) -> bool:
    """Positions in the datum that was used until 2002, as the heading says."""
    found = _point(sheet)
    if not found:
        return False
    for at in found:
        true = replace(sheet.columns[at].true, header=sheet.columns[at].true.header + "（日本測地系）")
        sheet.columns[at] = replace(sheet.columns[at], true=true)
    for row in range(sheet.rows):
        _put_in_old_datum(sheet, row, found)
    return True


def _put_in_old_datum(sheet: Sheet, row: int, found: tuple[int, int]) -> None:
    values = [sheet.truths[at][row] for at in found]
    if all(values):
        for at, old, true in zip(found, tokyo_datum(*map(float, values)), values, strict=True):
            sheet.put(row, at, f"{old:.6f}", true=true, defect="point:old-datum", grade="certain")


def tokyo_datum(lat: float, lon: float) -> tuple[float, float]:
    """A position of the world datum in the Tokyo datum; good to about a metre in Tokyo."""
    return (
        lat + 0.00010696 * lat - 0.000017467 * lon - 0.0046020,
        lon + 0.000046047 * lat + 0.000083049 * lon - 0.010041,
    )


def shifted(sheet: Sheet, home: Home, dice: random.Random) -> bool:
    """The heading has gained a second column (法人番号), the values have not: all stand one to the left."""
    if (
        len(sheet.columns) < 8
        or sheet.find("法人番号") is not None
        or sheet.columns[0].source.startswith("@")
    ):
        return False
    headers = [column.true.header for column in sheet.columns]
    headers.insert(1, "法人番号")
    moved = []
    for number, header in enumerate(headers[:-1]):
        content = sheet.columns[number]
        moved.append(replace(content, true=TrueColumn(header, content.true.items, clear=number == 0)))
    last = TrueColumn(headers[-1], sheet.columns[-1].true.items, clear=False)
    sheet.columns = [*moved, Column(last, "@empty")]
    sheet.cells.append([""] * sheet.rows)
    sheet.truths.append([""] * sheet.rows)
    return True


ODDITIES: tuple[tuple[float, str, Callable[[Sheet, Home, random.Random], bool]], ...] = (
    (0.012, "exchanged-columns", exchanged_names),
    (0.008, "exchanged-point", exchanged_point),
    (0.020, "exchanged-rows", exchanged_rows),
    (0.040, "zero-point", zero_point),
    (0.008, "one-point", one_point),
    (0.006, "old-datum", old_datum),
    (0.006, "shifted", shifted),
)


def spoil(sheet: Sheet, *, home: Home, dice: random.Random) -> None:
    """Let at most one oddity befall the file."""
    roll = dice.random()
    for share, name, befall in ODDITIES:
        if roll < share:
            if befall(sheet, home, dice):
                sheet.oddities.append(name)
            return
        roll -= share
