"""The publisher's code and name are filled where the municipality is known, and nowhere else."""

from __future__ import annotations

import polars as pl
import pytest

from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.repairing import repair
from tedori.engines.tabular.values import PlaceGuess

CODE, NAME = "全国地方公共団体コード", "地方公共団体名"
CHIYODA = PlaceGuess("131016", "千代田区", 0.9)


def done(codes, names, place=CHIYODA, slug="aed"):
    frame = pl.DataFrame(
        {
            CODE: pl.Series(codes, dtype=pl.String),
            NAME: pl.Series(names, dtype=pl.String),
            "_row": range(2, len(codes) + 2),
        }
    )
    return repair(frame, definition(slug), place=place)


@pytest.mark.req("O04")
@pytest.mark.parametrize(
    ("names", "after"),
    [
        ((None, None), ("千代田区", "千代田区")),
        (("千代田区", None), ("千代田区", "千代田区")),
        (("東京都千代田区", None), ("東京都千代田区", "東京都千代田区")),
        (("千代田区", "中央区", None), ("千代田区", "中央区", None)),
        (("中央区", None), ("中央区", None)),
    ],
)
def test_empty_names_are_filled_as_the_other_rows_write_them(names, after):
    assert tuple(done([None] * len(names), names).frame[NAME]) == after


def test_every_filled_cell_is_a_repair_with_its_reason():
    found = done([None, "131016"], [None, None])
    assert found.frame[CODE].to_list() == ["131016", "131016"]
    listed = found.repairs.select("row", "item", "before", "after", "rule").rows()
    assert (2, CODE, None, "131016", "publisher-known") in listed
    assert len(listed) == 3


@pytest.mark.parametrize(
    "place",
    [PlaceGuess(None, "高松市", 0.9), PlaceGuess("131016", "千代田区", 0.6), PlaceGuess(None, None, 0.0)],
)
def test_nothing_is_filled_where_the_municipality_is_not_surely_known(place):
    found = done([None], [None], place)
    assert found.frame[NAME].to_list() == [None]
    assert not found.repairs.height


def test_a_code_whose_name_nobody_knows_fills_the_code_alone():
    found = done([None], [None], PlaceGuess("372013", None, 0.99))
    assert (found.frame[CODE][0], found.frame[NAME][0]) == ("372013", None)


def test_the_code_of_the_location_is_not_the_publishers():
    frame = pl.DataFrame({"所在地_全国地方公共団体コード": pl.Series([None], dtype=pl.String), "_row": [2]})
    assert repair(frame, definition("aed"), place=CHIYODA).frame.item(0, 0) is None
