"""Eras begin and end on their days."""

from __future__ import annotations

from datetime import date

import pytest

from tedori.vocabulary.eras import era_of, western_date, written


@pytest.mark.parametrize(
    ("era", "year", "month", "day", "found"),
    [
        ("令和", 1, 5, 1, date(2019, 5, 1)),
        ("令和", 1, 4, 30, None),
        ("平成", 31, 4, 30, date(2019, 4, 30)),
        ("平成", 31, 5, 1, date(2019, 5, 1)),
        ("平成", 32, 1, 1, None),
        ("昭和", 64, 1, 7, date(1989, 1, 7)),
        ("S", 58, 2, 29, None),
        ("㍽", 1, 7, 30, date(1912, 7, 30)),
        ("令和", 0, 1, 1, None),
    ],
)
def test_days_of_eras(era, year, month, day, found):
    assert western_date(era_of(era), year, month, day) == found


def test_days_are_written_with_their_era():
    assert written(date(2019, 5, 1)) == "令和元年5月1日"
    assert written(date(2019, 4, 30)) == "平成31年4月30日"
    with pytest.raises(ValueError, match="before 明治"):
        written(date(1800, 1, 1))
