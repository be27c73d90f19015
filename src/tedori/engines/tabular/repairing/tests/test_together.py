"""What several columns prove together: points, addresses, opening hours, towns, the old datum."""

import polars as pl
import pytest

from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.repairing import Gazetteer, Town, repair, undo
from tedori.engines.tabular.values import Decisions, PlaceGuess

pytestmark = pytest.mark.req("O03")
AED = definition("aed")
PLACE = PlaceGuess("131016", "千代田区", 1.0)


def frame(**columns):
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return table.with_columns(pl.int_range(2, pl.len() + 2).cast(pl.Int64).alias("_row"))


def values(done, *names):
    return [list(row) for row in done.frame.select(names).iter_rows()]


def points(*pairs):
    return frame(緯度=[lat for lat, _ in pairs], 経度=[lon for _, lon in pairs])


def test_points_are_put_right():
    given = points(
        ("35.693889", "139.753611"),
        ("139.753611", "35.693889"),
        ("35度41分38秒", "東経139度45分13秒"),
        ("35689487", "139753611"),
        ("３５．６９３８８９", "139.753611°"),
        ("35.693889,139.753611", None),
        ("0", "0.0"),
        ("45.1,2", "x"),
    )
    done = repair(given, AED, place=PLACE)
    assert values(done, "緯度", "経度") == [
        ["35.693889", "139.753611"],
        ["35.693889", "139.753611"],
        ["35.693889", "139.753611"],
        ["35.689487", "139.753611"],
        ["35.693889", "139.753611"],
        ["35.693889", "139.753611"],
        [None, None],
        ["45.1,2", "x"],
    ]
    assert {one.code for one in done.findings} == {"coordinate-zero", "coordinate-exchanged"}
    assert undo(done.frame, done.repairs).equals(given)


def test_an_address_gets_its_prefecture_from_the_place_and_its_parts_from_the_address():
    given = frame(
        所在地_連結表記=["千代田区丸の内1-1", "東京都 千代田区 大手町2-2", "港区芝1-1", "高松市番町1-1"],
        所在地_都道府県=[None] * 4,
        所在地_市区町村=[None] * 4,
        所在地_全国地方公共団体コード=[None] * 4,
    )
    done = repair(given, AED, place=PLACE)
    assert values(done, "所在地_連結表記", "所在地_都道府県", "所在地_市区町村") == [
        ["東京都千代田区丸の内1-1", "東京都", "千代田区"],
        ["東京都千代田区大手町2-2", "東京都", "千代田区"],
        ["港区芝1-1", None, None],
        ["高松市番町1-1", None, None],
    ]


def test_a_joined_address_and_a_house_number_follow_from_the_other_parts():
    given = frame(
        所在地_連結表記=[None, "東京都千代田区丸の内一丁目1番2号", "東京都千代田区丸の内一丁目1-2 3階"],
        所在地_都道府県=["東京都"] * 3,
        所在地_市区町村=["千代田区"] * 3,
        所在地_町字=["丸の内一丁目"] * 3,
        所在地_番地以下=["1-2", None, None],
    )
    done = repair(given, AED, place=PLACE)
    assert values(done, "所在地_連結表記", "所在地_番地以下") == [
        ["東京都千代田区丸の内一丁目1-2", "1-2"],
        ["東京都千代田区丸の内一丁目1番2号", "1-2"],
        ["東京都千代田区丸の内一丁目1-2 3階", None],
    ]


def test_towns_are_looked_up_where_a_table_is_supplied():
    towns = Gazetteer({"131016": (Town("丸の内二丁目", "0030002"), Town("丸の内", "0030000"))})
    given = frame(
        所在地_連結表記=["東京都千代田区丸の内2丁目3-4", "東京都千代田区丸の外1-1"],
        所在地_町字=[None, None],
        所在地_番地以下=[None, None],
        町字ID=[None, None],
    )
    done = repair(given, AED, place=PLACE, gazetteer=towns)
    assert values(done, "所在地_町字", "所在地_番地以下", "町字ID") == [
        ["丸の内二丁目", "3-4", "0030002"],
        [None, None, None],
    ]


def old(lat, lon):
    return f"{lat - 0.003236:.6f}", f"{lon + 0.003222:.6f}"


def test_the_old_datum_is_shifted_only_with_proof():
    spots = [(35.67 + n / 1000, 139.74 + n / 1000) for n in range(25)]
    given = points(*[old(*spot) for spot in spots]).with_columns(
        所在地_連結表記=pl.Series([f"東京都千代田区町{n}号町1-1" for n in range(25)])
    )
    towns = Gazetteer({"131016": tuple(Town(f"町{n}号町", None, *spots[n]) for n in range(25))})
    done = repair(given, AED, place=PLACE, gazetteer=towns)
    shifted = [(float(lat), float(lon)) for lat, lon in values(done, "緯度", "経度")]
    assert all(abs(a - c) < 1e-4 and abs(b - d) < 1e-4 for (a, b), (c, d) in zip(shifted, spots, strict=True))
    assert "datum-shifted" in {one.code for one in done.findings}
    assert repair(given, AED, place=PLACE).repairs.filter(pl.col("rule") == "tokyo-datum").height == 0
    assert repair(given, AED, place=PLACE, old_datum=True).repairs["rule"].to_list()[-1] == "tokyo-datum"


def test_all_day_needs_both_times():
    done = repair(frame(開始時間=["終日", "終日"], 終了時間=["24時間", "17:00"]), AED, place=PLACE)
    assert values(done, "開始時間", "終了時間") == [["00:00", "24:00"], ["終日", "17:00"]]


def test_words_that_people_approved_are_used():
    decisions = Decisions(vocabulary={"設置位置": {"１Ｆ": "1階"}})
    done = repair(frame(設置位置=["１Ｆ", "２Ｆ"]), AED, place=PLACE, decisions=decisions)
    assert values(done, "設置位置") == [["1階"], ["2F"]]
    assert done.repairs["rule"].to_list() == ["vocabulary", "width"]


def test_extra_columns_are_left_as_they_are():
    given = frame(名称=["a"]).with_columns(pl.lit("　ＡＢＣ").alias("extra:メモ"))
    assert repair(given, AED, place=PLACE).frame["extra:メモ"].to_list() == ["　ＡＢＣ"]


def test_many_rows_are_repaired_as_few_are():
    numbers = [f"（03）{n:04d}-{n % 977:04d}" for n in range(3000)]
    done = repair(frame(電話番号=numbers), AED, place=PLACE)
    assert done.repairs.height == 3000
    assert done.frame["電話番号"][7] == "03-0007-0007"
