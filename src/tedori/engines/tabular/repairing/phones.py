"""Telephone numbers to 03-1234-5678, with hyphens where the numbering plan puts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import phonenumbers
import polars as pl

from tedori.engines.tabular.repairing.cells import Outcome, Rule
from tedori.engines.tabular.repairing.texts import DASHED, KANA, SPACE, SYMBOL, Tidying, tidy

ONE = (
    r"0[0-9]-[0-9]{4}-[0-9]{4}|0[0-9]{2}-[0-9]{3}-[0-9]{4}|0[0-9]{3}-[0-9]{2}-[0-9]{4}|0[0-9]{4}-[0-9]-[0-9]{4}"
    r"|0[2-9]0-[0-9]{4}-[0-9]{4}|0120-[0-9]{3}-[0-9]{3}|0570-[0-9]{3}-[0-9]{3}|0800-[0-9]{3}-[0-9]{4}"
    r"|0990-[0-9]{3}-[0-9]{3}"
)
EXTENSION = r"(?: 内線[0-9]+)?"
CANONICAL = rf"^(?:{ONE}){EXTENSION}(?: / (?:{ONE}){EXTENSION})*$"
SINGLE = re.compile(rf"^(?:{ONE})$")
BULK = (
    r"^(?:0[0-9]{9}|0[2-9]0[0-9]{8}|\(?0[0-9]{1,4}[)-][0-9]{4,8}|\(?0[0-9]{1,4}[)-]?[0-9]{1,4}[)-][0-9]{4})$"
)

LABEL = re.compile(r"^(?:(?:TEL|Tel|tel|T|電話番号|電話|代表電話|代表|☎|℡)[:.]? ?)")
CHIEF = re.compile(r" ?\((?:代表?|大代表|直通|代表電話)\)$| (?:代表|直通)$")
INNER = re.compile(r"[,(]? ?(?:\(?内線|内|ext\.?|Ext\.?) ?[:.]?(?:番号)? ?(\d{1,6})\)?$")
BETWEEN = re.compile(r"(?:\r?\n|[、,;・]| ?/ ?| ?又は ?| ?または ?|　)+")
# 04 is the area code of 所沢 and 飯能 (04-29), 鴨川 (04-70) and 柏 (04-71) only.
SHORT_AREAS = {"0429", "0470", "0471"}
NOTHING = {"-", "--", "---", "なし", "無し", "無", "ー", "―", "該当なし", "ナシ"}


def rule() -> Rule:
    """Give the rule of a column of telephone numbers."""
    return Rule(canonical=CANONICAL, tidy=Spelling(tidy(KANA, SYMBOL, DASHED, SPACE)), mend=mend)


@dataclass(frozen=True, slots=True)
class Spelling:
    """Widths and dashes; over whole columns also the plain numbers, which `mend` would take one by one."""

    steps: Tidying

    def on(self, text: str) -> tuple[str | None, str | None]:
        """Tidy one text."""
        return self.steps.on(text)

    def over(self, values: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Tidy a column and split plain numbers by their area code."""
        return _split_plain(*self.steps.over(values))


def _split_plain(spelled: pl.Series, names: pl.Series) -> tuple[pl.Series, pl.Series]:
    frame = pl.DataFrame({"text": spelled, "names": names})
    # Brackets, dots and blanks already say where the parts are.
    parted = pl.col("text").str.replace_all(r"[()\-. ]+", "-").str.strip_chars("-")
    written = parted.str.contains(rf"^(?:{ONE})$") & (parted != pl.col("text"))
    frame = _named(frame, pl.when(written).then(parted), written)
    frame = frame.with_columns(digits=pl.col("text").str.replace_all(r"[^0-9]", ""))
    plain = pl.col("text").str.contains(BULK) & ~pl.col("text").str.contains(CANONICAL)
    heads = frame.filter(plain)["digits"].str.head(6).unique()
    if not heads.len():
        return frame["text"], frame["names"]
    area = {head: found for head in heads if (found := area_length(head))}
    frame = frame.with_columns(split=_split(area))
    frame = _named(frame, pl.col("split"), plain & pl.col("split").str.contains(rf"^(?:{ONE})$"))
    return frame["text"], frame["names"]


def _named(frame: pl.DataFrame, value: pl.Expr, hit: pl.Expr) -> pl.DataFrame:
    """Put `value` where it was hit and note the rule."""
    rule = pl.concat_str(["names", pl.lit("phone-layout")], separator="+", ignore_nulls=True)
    hit = hit.fill_null(False)
    return frame.with_columns(
        text=pl.when(hit).then(value).otherwise("text"), names=pl.when(hit).then(rule).otherwise("names")
    )


def _split(area: dict[str, int]) -> pl.Expr:
    """Give area code, exchange and number joined by hyphens; the last part has four digits."""
    digits, length = pl.col("digits"), pl.col("digits").str.len_bytes().cast(pl.Int64)
    # Free-dial and shared-cost numbers of ten digits are 4-3-3.
    special = digits.str.contains(r"^(?:0120|0570|0990)") & (length == 10)
    by_plan = digits.str.head(6).replace_strict(area, default=None, return_dtype=pl.Int64)
    # Of the numbers with eleven digits only the free ones (0800) have four digits in front.
    eleven = pl.when(digits.str.starts_with("0800")).then(pl.lit(4)).otherwise(pl.lit(3))
    first = pl.when(length == 11).then(eleven).otherwise(by_plan)
    last = pl.when(special).then(pl.lit(3)).otherwise(pl.lit(4))
    return pl.concat_str(
        [
            digits.str.slice(0, first), pl.lit("-"), digits.str.slice(first, length - first - last),
            pl.lit("-"), digits.str.slice(length - last, last),
        ]
    )  # fmt: skip


@cache
def area_length(head: str) -> int | None:
    """Tell how long the area code is of a number that starts with these six digits; None if unknown.

    The answer comes from the numbering plan in the phonenumbers package; several numbers with the same start
    are asked, because the plan sometimes decides by a later digit.
    """
    # Tokyo and Osaka own every number of ten digits that starts like this.
    if head[:2] in {"03", "06"}:
        return 2
    answers = {_asked(head + tail) for tail in ("1111", "2345", "5000", "9876")} - {None}
    return next(iter(answers)) if len(answers) == 1 and _given_out(head, *answers) else None


def _given_out(head: str, length: int | None) -> bool:
    """Tell whether such a number can exist: the package is generous about exchanges and about 04."""
    return length is not None and head[length] not in "01" and (length > 2 or head[:4] in SHORT_AREAS)


def _asked(digits: str) -> int | None:
    """Ask the plan; numbers that it does not give out prove nothing."""
    number = phonenumbers.parse(digits, "JP")
    if not phonenumbers.is_valid_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return len(written.split("-")[0])


def mend(value: str) -> Outcome:
    """Judge one cell: one or several numbers with labels, extensions and every kind of separator."""
    if value in NOTHING:
        return Outcome(None, "dash-means-empty")
    text = LABEL.sub("", value).replace("℡", "")
    numbers = [_number(part.strip()) for part in BETWEEN.split(text) if part.strip()]
    if not numbers or None in numbers:
        return Outcome(value, doubt=_doubt(value))
    return Outcome(" / ".join(number for number in numbers if number), "phone-layout")


def _doubt(value: str) -> str:
    digits = re.sub(r"\D", "", value)
    if re.match(r"^\d\.\d+E\+?\d+$", value, re.IGNORECASE):
        return "exponent-damaged"
    if 6 <= len(digits) <= 8 and not digits.startswith("0"):
        return "phone-without-area"
    return "phone-unreadable"


def _number(text: str) -> str | None:
    text = CHIEF.sub("", LABEL.sub("", text))
    inner = INNER.search(text)
    if inner:
        text = CHIEF.sub("", text[: inner.start()].strip())
    number = _plain(text)
    if number is None:
        return None
    return f"{number} 内線{inner.group(1)}" if inner else number


def _plain(text: str) -> str | None:
    """Write one number with hyphens, or None when the plan does not prove where they go."""
    if SINGLE.match(text):
        return text
    if not re.fullmatch(r"\+?[0-9()\- .]+", text):
        return None
    text = re.sub(r"^\+81[- ]?\(?0?\)?[- ]?", "0", text)
    written = "-".join(part for part in re.split(r"[()\- .]+", text) if part)
    if SINGLE.match(written):
        return written
    return _by_plan(written.replace("-", ""))


def _by_plan(digits: str) -> str | None:
    if re.fullmatch("[1-9][0-9]{8}", digits):
        return _restored(digits)
    first = _front(digits) if re.fullmatch("0[0-9]{9,10}", digits) else None
    if first is None:
        return None
    last = 3 if re.fullmatch("0(?:120|570|990)[0-9]{6}", digits) else 4
    written = f"{digits[:first]}-{digits[first:-last]}-{digits[-last:]}"
    return written if SINGLE.match(written) else None


def _front(digits: str) -> int | None:
    """Tell how many digits stand before the first hyphen."""
    if len(digits) == 11:
        return 4 if digits.startswith("0800") else 3
    return area_length(digits[:6])


def _restored(digits: str) -> str | None:
    """Give back the leading zero that a spreadsheet took, when the plan knows the number."""
    sure = digits[0] in "36" or phonenumbers.is_valid_number(phonenumbers.parse("0" + digits, "JP"))
    return _by_plan("0" + digits) if sure else None
