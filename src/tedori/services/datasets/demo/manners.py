"""Manners: how a house writes whole columns of dates, telephones, addresses, against the standard's way.

A manner takes the true value and gives what is written and how surely the truth follows from it. Manners
decide that from the writing alone, never by asking a repairing tool.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tedori.services.datasets.demo.truth import Grade
from tedori.services.datasets.demo.words import kanji_number

Written = tuple[str, Grade]
ERAS = ((date(2019, 5, 1), "令和", "R"), (date(1989, 1, 8), "平成", "H"), (date(1926, 12, 25), "昭和", "S"))
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
WIDE_ASCII = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
NARROW_KANA = dict(
    zip(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォッャュョー・",
        "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰ･",
        strict=True,
    )
)
NARROW_KANA |= dict(
    zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", (a + "ﾞ" for a in "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ"), strict=True)
)
NARROW_KANA |= dict(zip("パピプペポ", (a + "ﾟ" for a in "ﾊﾋﾌﾍﾎ"), strict=True))
EXCEL_DAY_ZERO = date(1899, 12, 30)
WEEK = "月火水木金土日"
# What stands between the first and the last of several days in a row, and behind them.
SPANS = {"range": ("～", ""), "long": ("曜日から", "曜日")}
YES_NO: dict[str, tuple[str, str, Grade]] = {
    "aru": ("あり", "なし", "certain"),
    "marks": ("○", "×", "certain"),
    "digits": ("1", "0", "open"),
}


def _era(day: date) -> tuple[str, str, int]:
    first, long, short = next(era for era in ERAS if day >= era[0])
    return long, short, day.year - first.year + 1


def _date(value: str, manner: str) -> Written:
    day = date.fromisoformat(value)
    long, short, year = _era(day)
    ways = {
        "slash": f"{day.year}/{day.month}/{day.day}",
        "era": f"{long}{'元' if year == 1 else year}年{day.month}月{day.day}日",
        "short-era": f"{short}{year}.{day.month}.{day.day}",
        "serial": str((day - EXCEL_DAY_ZERO).days),
        "kanji": f"{day.year}年{day.month}月{day.day}日",
    }
    return ways.get(manner, f"{day:%Y%m%d}"), "certain"


def _time(value: str, manner: str) -> Written:
    hour, minute = (int(part) for part in value.split(":"))
    rest = f"{minute}分" if minute else ""
    ways: dict[str, Written] = {
        "no-zero": (f"{hour}:{minute:02d}", "certain"),
        "kanji": (f"{hour}時{rest}", "certain"),
        "wide": (f"{hour}：{minute:02d}".translate(WIDE), "certain"),
        "half-day": (f"{'午前' if hour < 12 else '午後'}{hour % 12}時{rest}", "certain"),
    }
    return ways.get(manner, (f"{value}:00", "open"))


def _phone(value: str, manner: str) -> Written:
    area, local, number = value.split("-")
    bare = value.replace("-", "")
    # Only behind a known area code can lost hyphens and zeros be put back.
    without_hyphens: Grade = "certain" if area == "03" else "open"
    ways: dict[str, Written] = {
        "brackets": (f"({area}){local}-{number}", "open"),
        "wide": (value.translate(WIDE), "certain"),
        "bare": (bare, without_hyphens),
        "spaced": (f"{area} {local} {number}", "certain"),
        "lost-zero": (bare[1:], without_hyphens),
        "dots": (value.replace("-", "."), "certain"),
    }
    return ways.get(manner, (f"{area}({local}){number}", "certain"))


def _postcode(value: str, manner: str) -> Written:
    hyphened = f"{value[:3]}-{value[3:]}"
    match manner:
        case "hyphen":
            return hyphened, "open"
        case "mark":
            return f"〒{hyphened}", "certain"
        case _:
            return hyphened.translate(WIDE), "certain"


def _weekdays(days: str, manner: str) -> Written | None:
    if manner == "dots":
        return "・".join(days), "certain"
    if manner == "digits":
        return "".join(str(WEEK.index(day) + 1) for day in days), "open"
    between, after = SPANS[manner]
    unbroken = len(days) > 2 and days in WEEK
    return (f"{days[0]}{between}{days[-1]}{after}", "certain") if unbroken else None


def _yes_no(value: str, manner: str) -> Written:
    yes, no, grade = YES_NO[manner]
    return yes if value == "有" else no, grade


def _flag(value: str, manner: str) -> Written:
    return {"marks": "○", "yes": "有", "float": "1.0"}[manner], "certain" if manner != "yes" else "open"


def _integer(value: str, manner: str) -> Written | None:
    match manner:
        case "comma" if len(value) > 3:
            return f"{int(value):,}", "certain"
        case "wide":
            return value.translate(WIDE), "certain"
        case "unit" if len(value) < 4:
            return f"{value}名", "open"
    return None


def _kana(value: str, manner: str) -> Written:
    if manner == "half":
        return "".join(NARROW_KANA.get(letter, letter) for letter in value), "certain"
    return "".join(chr(ord(one) - 0x60) if "ァ" <= one <= "ヴ" else one for one in value), "open"


def _code(value: str, manner: str) -> Written:
    return (value[:5], "certain") if manner == "short" else (f"{value}.0", "certain")


def _block(value: str, manner: str) -> Written | None:
    match manner:
        case "wide":
            return value.translate(WIDE), "certain"
        case "long-vowel" if "-" in value:
            return value.translate(WIDE).replace("－", "ー"), "certain"
        case "dash" if "-" in value:
            return value.replace("-", "−"), "certain"
        case "japanese" if value.count("-") == 1:
            first, second = value.split("-")
            return f"{first}番{second}号", "certain"
    return None


def _town(value: str, manner: str) -> Written | None:
    for number in range(12, 0, -1):
        if value.endswith(f"{kanji_number(number)}丁目"):
            digits = str(number).translate(WIDE) if manner == "wide" else str(number)
            return value.removesuffix(f"{kanji_number(number)}丁目") + f"{digits}丁目", "open"
    return None


def _address(value: str, manner: str) -> Written | None:
    """An address written another way; open, because the standard leaves the wording to the house."""
    town, block = _at_first_digit(value)
    match manner:
        case "wide":
            return town + block.translate(WIDE), "open"
        case "long-vowel" if "-" in block:
            return town + block.translate(WIDE).replace("－", "ー"), "open"
        case "japanese" if block.count("-") == 1:
            first, second = block.split("-")
            return f"{town}{first}番{second}号", "open"
        case "digits":
            other = _town(town, "digits")
            return (other[0] + block, "open") if other else None
    return None


def _at_first_digit(address: str) -> tuple[str, str]:
    """The town and the block number behind it."""
    cut = next((at for at, letter in enumerate(address) if letter in "0123456789"), len(address))
    return address[:cut], address[cut:]


def _point(value: str, manner: str) -> Written:
    match manner:
        case "dms":
            seconds = round(float(value) * 3600, 1)
            whole, minutes = int(seconds // 3600), int(seconds // 60 % 60)
            return f"{whole}°{minutes:02d}′{seconds - whole * 3600 - minutes * 60:04.1f}″", "certain"
        case "no-point":
            return value.replace(".", ""), "certain"
        case "wide":
            return value.translate(WIDE_ASCII), "certain"
        case _:
            return f"{value} ", "certain"


def _corporate(value: str, manner: str) -> Written:
    if manner == "exponent":
        return f"{float(value):.5E}".replace("E+", "E+"), "lost"
    return value.translate(WIDE), "certain"


def _list(value: str, manner: str) -> Written | None:
    if ";" not in value:
        return None
    mark = {"comma": "、", "wide": "；", "slash": "/"}[manner]
    return value.replace(";", mark), "certain" if manner != "slash" else "open"


def _url(value: str, manner: str) -> Written:
    return (value.translate(WIDE_ASCII), "certain") if manner == "wide" else (f" {value} ", "certain")


MANNERS: dict[str, Callable[[str, str], Written | None]] = {
    "date": _date,
    "time": _time,
    "phone": _phone,
    "postcode": _postcode,
    "weekdays": _weekdays,
    "yes-no": _yes_no,
    "flag": _flag,
    "integer": _integer,
    "kana": _kana,
    "code": _code,
    "block": _block,
    "town": _town,
    "address": _address,
    "lat": _point,
    "lon": _point,
    "corporate": _corporate,
    "list": _list,
    "url": _url,
}
STYLE_KEY = {"lat": "point", "lon": "point"}


def write(value: str, kind: str, manner: str) -> Written:
    """Write a true value in a manner; a value to which the manner does not apply stays as it is."""
    written = MANNERS[kind](value, manner) if manner and value else None
    return written or (value, "certain")
