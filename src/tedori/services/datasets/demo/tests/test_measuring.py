"""When two values say the same, and that measuring notices what it must notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tedori.engines.tabular import pipeline
from tedori.services.datasets.demo.generator import SEED, drafts
from tedori.services.datasets.demo.measuring import measure
from tedori.services.datasets.demo.sameness import same

SAME = """
緯度            35.681380            35.68138
電話番号        (03)0123-4567        03-0123-4567
電話番号        03-0123-4567|内線12  03-0123-4567
郵便番号        100-0001             1000001
開始時間        09:00:00             09:00
所在地_町字     花霞町2丁目          花霞町二丁目
所在地_連結表記 東京都港区花町２丁目３番４号 東京都港区花町二丁目3-4
地方公共団体名  東京都港区           港区
総人口          120.0                120
"""
DIFFERENT = """
緯度            35.681380            35.681480
緯度            35°40′53″            35.681389
電話番号        030-123-4567         03-0123-4567
電話番号        0301234567           03-0123-4567
郵便番号        〒100-0001           100-0001
名称            花町公園|            花町公園
地方公共団体名  東京都               港区
所在地_連結表記 東京都港区花町2-34   東京都港区花町2-3-4
"""


def pairs(table: str) -> list[tuple[str, str, str]]:
    return [tuple(cell.replace("|", " ") for cell in line.split()) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("item", "one", "other"), pairs(SAME))
def test_the_standards_own_freedoms_count_as_the_same(item, one, other):
    assert same(item, one, other)


@pytest.mark.parametrize(("item", "one", "other"), pairs(DIFFERENT))
def test_a_difference_in_what_is_said_counts(item, one, other):
    assert not same(item, one, other)


def test_a_harmed_cell_and_a_wrong_column_are_noticed(tmp_path):
    made = next(one for one in drafts(SEED, "132012", slugs=("garbage_separation",)))
    path = tmp_path / "file"
    path.write_bytes(made.data)
    result = pipeline.standardise(path, today=date(2026, 11, 20))[0]
    before = measure(made, [result])
    harmed = result.frame.with_columns(pl.lit("別の物").alias("ゴミの品目"))
    after = measure(made, [replace(result, frame=harmed)])
    assert after.wrong >= before.wrong + len(made.truth.rows)
    wrong = tuple(
        replace(match, items=("備考",)) if match.items == ("ゴミの品目",) else match
        for match in result.report.columns
    )
    spoiled = measure(made, [replace(result, report=replace(result.report, columns=wrong))])
    assert spoiled.accepted_right == before.accepted_right - 1
