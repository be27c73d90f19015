"""Numbers: thousands separators, full-width digits, and units that only count things."""

from __future__ import annotations

import re
from collections.abc import Callable

from tedori.engines.tabular.repairing.cells import Outcome, Rule
from tedori.engines.tabular.repairing.codes import EXPONENT
from tedori.engines.tabular.repairing.texts import DASHED, SPARSE, SYMBOL, tidy

INTEGER = r"^(?:0|-?[1-9][0-9]*)$"
NUMBER = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
THOUSANDS = re.compile(r"^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
# Units that change nothing when they are left out. Lengths and weights are not among them, because the item
# may be counted in another unit.
COUNTED = re.compile(
    r"^(-?[\d,.]+)(?:人|名|台|基|個|箇所|か所|カ所|ヶ所|床|世帯|件|棟|室|口|穴|器|枚|本|歳|回|校|園|戸)$"
)
UNITS = {
    "口径": r"(?:mm|ミリ|㎜|ミリメートル)",
    "標高": r"(?:m|メートル)",
    "高度の値": r"(?:m|メートル)",
    "料金": r"円",
    "エネルギー": r"(?:kcal|キロカロリー)",
    "カルシウム": "mg",
    "マグネシウム": "mg",
    "鉄": "mg",
    "亜鉛": "mg",
    "たんぱく質": "g",
    "脂質": "g",
    "食塩相当量": "g",
    "炭水化物": "g",
    "食物繊維": "g",
    "分量": "g",
}
NOTHING = {"-", "--", "---", "ー", "―", "…"}


def rule(*, whole: bool, item: str) -> Rule:
    """Give the rule of a column of numbers; `whole` for integers."""
    return Rule(
        canonical=INTEGER if whole else NUMBER,
        tidy=tidy(SYMBOL, SPARSE, DASHED),
        mend=mender(whole=whole, item=item),
    )


def mender(*, whole: bool, item: str) -> Callable[[str], Outcome]:
    """Give the judge of one number of this item."""
    canonical, unit = INTEGER if whole else NUMBER, _unit_of(item)

    def mend(value: str) -> Outcome:
        if value in NOTHING:
            return Outcome(None, "dash-means-empty")
        if EXPONENT.match(value):
            return Outcome(value, doubt="exponent-damaged")
        bare, name = _bare(value, unit)
        shaped = _shaped(bare, whole=whole)
        readable = shaped != value and re.fullmatch(canonical, shaped)
        return Outcome(shaped, name) if readable else Outcome(value, doubt="number-unreadable")

    return mend


def _unit_of(item: str) -> str | None:
    return next((unit for name, unit in UNITS.items() if item.startswith(name)), None)


def _bare(value: str, unit: str | None) -> tuple[str, str]:
    """Take unit and thousands separators off, and name what was done."""
    bare, name = _without_unit(value, unit)
    if THOUSANDS.match(bare):
        return bare.replace(",", ""), name or "thousands"
    return bare, name or "number-layout"


def _without_unit(value: str, unit: str | None) -> tuple[str, str | None]:
    counted = COUNTED.match(value)
    if counted:
        return counted.group(1), "unit"
    if unit and re.search(rf"\d{unit}$", value):
        return re.sub(rf"{unit}$", "", value), "unit"
    return value, None


def _shaped(text: str, *, whole: bool) -> str:
    """Write 007 as 7, +5 as 5, .5 as 0.5 and, for integers, 12.0 as 12."""
    text = text.lstrip("+") if re.fullmatch(r"\+\d+(?:\.\d+)?", text) else text
    if whole:
        text = re.sub(r"^(-?\d+)\.0+$", r"\1", text)
    text = re.sub(r"^(-?)\.(?=\d+$)", r"\g<1>0.", text)
    text = re.sub(r"^(-?)0+(?=\d)", r"\1", text)
    return "0" if re.fullmatch(r"-0", text) else re.sub(r"(?<=\d)\.$", "", text)
