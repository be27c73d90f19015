"""Reads page views that another tool counted: a day, perhaps a dataset, and a number per line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words

WHOLE = ""
"""Stands for the whole catalogue where a line names no dataset."""


class ViewsUnreadable(UserError):
    """A line that is not a day and a number."""

    code = "views-unreadable"
    words = Words(
        _("{line}行目を読めません: {text}"),
        _("列を 日付（2026-04-01 の形）, 数 または 日付, データセット, 数 にしてください。"),
    )


def read_views(data: bytes, *, known: frozenset[str]) -> Mapping[tuple[str, date], int]:
    """Counts per (dataset, day); `known` are the datasets that may be named. Raises ViewsUnreadable.

    The first line is a heading. Lines for the same dataset and day are added up.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp932", errors="replace")
    counts: dict[tuple[str, date], int] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if number > 1 and any(cell.strip() for cell in row):
            slug, day, count = _line(row, number, known)
            counts[slug, day] = counts.get((slug, day), 0) + count
    return counts


def _counted(slug: str, known: frozenset[str]) -> bool:
    return slug == WHOLE or slug in known


def _line(row: list[str], number: int, known: frozenset[str]) -> tuple[str, date, int]:
    cells = [cell.strip() for cell in row]
    slug = cells[1] if len(cells) == 3 else WHOLE
    plain = cells[-1].replace(",", "")
    try:
        day = date.fromisoformat(cells[0].replace("/", "-"))
    except ValueError as error:
        raise ViewsUnreadable(line=number, text=",".join(row)[:80]) from error
    if len(cells) not in {2, 3} or not plain.isdecimal() or not _counted(slug, known):
        raise ViewsUnreadable(line=number, text=",".join(row)[:80])
    return slug, day, int(plain)
