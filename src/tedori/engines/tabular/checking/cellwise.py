"""Checks of single values: type, code list, range, future dates, lost characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from tedori.engines.tabular.checking.rows import by_row, present, where
from tedori.engines.tabular.repairing.cells import Rule, judged, odd
from tedori.engines.tabular.repairing.codes import CORPORATE
from tedori.engines.tabular.repairing.kinds import Known, rule_of
from tedori.engines.tabular.values import Definition, Finding, Item
from tedori.vocabulary.municipalities import is_valid_code

# Days that lie in the past by their nature; the end of a permit or an event does not.
PAST = re.compile(
    r"指定日|認可|許可年月日|初回許可|廃業年月日|公開日|最終更新日|調査年月日|登録年月日|設定年月日|提供開始済"
)
UNTYPED = {
    "text",
    "kana",
    "english",
    "list",
    "prefecture",
    "city",
    "town",
    "house-number",
    "building",
    "address",
}
LOST = r"\u{fffd}"
SPREADSHEET_ERROR = r"^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!)$|^#{4,}$"
STRANGE = rf"{LOST}|{SPREADSHEET_ERROR}|^[=＝][^=\s]"
CODE_LENGTH = 6


def check(
    frame: pl.DataFrame,
    definition: Definition,
    *,
    known: Known,
    today: date,
    suspects: Mapping[str, pl.Series],
) -> list[Finding]:
    """Check every value of every item against its kind."""
    findings: list[Finding] = []
    for item in definition.items:
        if present(frame, (item.name,)):
            findings += _typed(frame, item, known=known, among=suspects.get(item.name))
            findings += _check_digits(frame, item)
            findings += _future(frame, item, today=today)
    findings += _ranges(frame, definition)
    for name in present(frame, (name for name in frame.columns if name != "_row")):
        findings += _strange(frame, name, among=suspects.get(name))
    return findings


def _typed(frame: pl.DataFrame, item: Item, *, known: Known, among: pl.Series | None) -> list[Finding]:
    """Report what the rule of the kind cannot read, with the reason that the rule gives."""
    if _is_untouched(among) or _is_free(item):
        return []
    if item.kind in {"latitude", "longitude"}:
        return _coordinate(frame, item)
    column = frame[item.name]
    rule = rule_of(item, column, known=known)
    if rule is None:
        return []
    at = odd(column, rule, among=among)
    return _doubts(frame, item, at, rule) if at.len() else []


def _is_untouched(among: pl.Series | None) -> bool:
    """Whether the look at all values has found nothing that needs another."""
    return among is not None and not among.len()


def _is_free(item: Item) -> bool:
    """Whether anything at all may stand in an item."""
    return item.kind in UNTYPED and item.codes is None


def _doubts(frame: pl.DataFrame, item: Item, at: pl.Series, rule: Rule) -> list[Finding]:
    if rule.mend is None:
        return []
    found = pl.DataFrame({"row": frame["_row"].gather(at), "value": frame[item.name].gather(at)})
    verdicts = judged(found["value"], rule.mend).filter(pl.col("doubt").is_not_null())
    joined = found.join(verdicts.select("value", "doubt"), on="value", maintain_order="left")
    findings = []
    for (code,), part in joined.group_by("doubt", maintain_order=True):
        findings += by_row(code, item.name, part.select("row", "value"))
    return findings


def _check_digits(frame: pl.DataFrame, item: Item) -> list[Finding]:
    """Report codes that look right but whose check digit is wrong."""
    column = frame[item.name]
    if item.kind == "corporate-number":
        wrong = ~_corporate_holds(column) & column.str.contains(CORPORATE)
        code = "corporate-number-wrong"
    elif item.kind == "code-municipality":
        words = column.drop_nulls().unique()
        bad = [word for word in words if len(word) == CODE_LENGTH and not is_valid_code(word)]
        wrong, code = column.is_in(bad), "code-unreadable"
    else:
        return []
    return by_row(code, item.name, where(frame, wrong, value=column)) if wrong.any() else []


def _corporate_holds(column: pl.Series) -> pl.Series:
    """Compute the check digit of corporate numbers over a whole column, three digits at a time."""
    number = column.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    groups = [number // 1000**place % 1000 for place in range(4)]
    total = sum(_WEIGHED[place % 2][group] for place, group in enumerate(groups))
    return pl.Series(number // 10**12 == 9 - total % 9)


def _weighed(weights: tuple[int, int, int]) -> np.ndarray:
    number = np.arange(1000)
    return sum(number // 10**place % 10 * weight for place, weight in enumerate(weights))


# Digits count once and twice by turns, from the last one on.
_WEIGHED = (_weighed((1, 2, 1)), _weighed((2, 1, 2)))


def _coordinate(frame: pl.DataFrame, item: Item) -> list[Finding]:
    column = frame[item.name]
    mask = column.is_not_null() & column.cast(pl.Float64, strict=False).is_null()
    return by_row("coordinate-unreadable", item.name, where(frame, mask, value=column)) if mask.any() else []


def _ranges(frame: pl.DataFrame, definition: Definition) -> list[Finding]:
    """Report numbers outside their range; all columns are asked at once."""
    limited = [item for item in definition.items if item.name in frame.columns and _is_limited(item)]
    away = frame.select([_beyond(item).alias(item.name) for item in limited])
    return [one for item in limited if away[item.name].any() for one in _range(frame, item, away[item.name])]


def _is_limited(item: Item) -> bool:
    return item.kind in {"integer", "number"} and (item.low is not None or item.high is not None)


def _limits(item: Item) -> tuple[float, float]:
    low = item.low if item.low is not None else float("-inf")
    return low, item.high if item.high is not None else float("inf")


def _beyond(item: Item) -> pl.Expr:
    low, high = _limits(item)
    return ~pl.col(item.name).cast(pl.Float64, strict=False).is_between(low, high)


def _range(frame: pl.DataFrame, item: Item, mask: pl.Series) -> list[Finding]:
    low, high = _limits(item)
    found = where(frame, mask, value=frame[item.name])
    return by_row("out-of-range", item.name, found.with_columns(low=pl.lit(low), high=pl.lit(high)))


def _future(frame: pl.DataFrame, item: Item, *, today: date) -> list[Finding]:
    if item.kind != "date" or not PAST.search(item.name):
        return []
    column = frame[item.name]
    mask = (column > today.isoformat()) & column.str.contains(r"^[0-9]{4}(?:-[0-9]{2}){0,2}$")
    return by_row("date-future", item.name, where(frame, mask, value=column)) if mask.any() else []


def _strange(frame: pl.DataFrame, name: str, *, among: pl.Series | None) -> list[Finding]:
    """Report lost characters, spreadsheet errors and formulas, in columns that are no items too."""
    if _is_untouched(among):
        return []
    at = odd(frame[name], Rule(dirty=STRANGE), among=among)
    if not at.len():
        return []
    found = pl.DataFrame({"row": frame["_row"].gather(at), "value": frame[name].gather(at)})
    kinds = (
        ("replacement-character", pl.col("value").str.contains(LOST)),
        ("error-value", pl.col("value").str.contains(SPREADSHEET_ERROR)),
        ("formula", pl.col("value").str.contains("^[=＝]")),
    )
    return [one for code, holds in kinds for one in by_row(code, name, found.filter(holds))]
