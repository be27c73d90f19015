"""The period that a file speaks of, as far as its name or its rows say so."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

# Items that say as of when a row holds; what merely happens on a day (an event) says nothing about the file.
AS_OF = ("調査年月日", "基準日", "更新日", "データ更新日", "最終更新日")
_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])(?:[-_.月]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年度?|(?=[^\d]|$))")
_ERA = re.compile(r"(?:令和|(?<![A-Za-z])[Rr])(元|\d{1,2})(?:年度?)?(?:[-_.]?(0?[1-9]|1[0-2])月?)?(?!\d)")


def period_of(name: str, frame: pl.DataFrame | None = None) -> str:
    """`2025-04-01`, `2025-04`, `2025`, or "" when nothing says it: rows first, then the file name."""
    return _from_rows(frame) or _from_name(name)


def _from_rows(frame: pl.DataFrame | None) -> str:
    for item in AS_OF if frame is not None else ():
        if item in frame.columns and frame[item].null_count() < frame.height:
            return str(frame[item].drop_nulls().max())
    return ""


def _of_era(year: str, month: str | None) -> str:
    """A year of Reiwa, and its month if it is named."""
    number = 1 if year == "元" else int(year)
    return f"{2018 + number}" + (f"-{int(month):02d}" if month else "")


def _from_name(name: str) -> str:
    text = unicodedata.normalize("NFKC", name)
    if found := _MONTH.search(text):
        return "-".join(part for part in found.groups() if part)
    if found := _ERA.search(text):
        return _of_era(*found.groups())
    found = _YEAR.search(text)
    return found[1] if found else ""
