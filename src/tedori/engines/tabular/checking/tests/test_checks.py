"""What the checks say about values, columns, rows and places."""

from datetime import date

import polars as pl
import pytest
from shapely.geometry import box

from tedori.engines.tabular.checking import check
from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.scanning import suspects
from tedori.engines.tabular.values import PlaceGuess
from tedori.engines.tabular.wording import ROWS_PER_CAUSE, WORDINGS, finding

pytestmark = pytest.mark.req("O04")
PLACE = PlaceGuess("131016", "千代田区", 1.0)
TODAY = date(2026, 11, 22)


def frame(**columns):
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return table.with_columns(pl.int_range(2, pl.len() + 2).cast(pl.Int64).alias("_row"))


def found(slug="aed", *, boundary=None, **columns):
    table, book = frame(**columns), definition(slug)
    asked = suspects(table, book)
    findings = check(table, book, place=PLACE, today=TODAY, boundary=boundary, suspects=asked)
    assert findings == check(table, book, place=PLACE, today=TODAY, boundary=boundary)
    return {(one.code, one.item, one.row) for one in findings if not one.code.startswith("required")}


def test_values_that_do_not_fit_their_kind_are_named_with_their_row():
    assert found(
        電話番号=["03-1234-5678", "5253-5111", "x"],
        法人番号=["8000020131016", "5.22001E+12", "8000020131017"],
        全国地方公共団体コード=["131016", "131016", "131017"],
        開始時間=["09:00", "25:00", "朝"],
        URL=["https://a.jp/", "www.a.jp", None],
        小児対応設備の有無=["有", "△", None],
    ) == {
        ("phone-without-area", "電話番号", 3),
        ("phone-unreadable", "電話番号", 4),
        ("exponent-damaged", "法人番号", 3),
        ("corporate-number-wrong", "法人番号", 4),
        ("code-unreadable", "全国地方公共団体コード", 4),
        ("code-mixed", "全国地方公共団体コード", None),
        ("time-impossible", "開始時間", 3),
        ("time-unreadable", "開始時間", 4),
        ("url-unreadable", "URL", 3),
        ("not-in-list", "小児対応設備の有無", 3),
    }


def test_dates_in_the_future_and_impossible_ones_are_named():
    assert found(
        "cultural_property",
        文化財指定日=["2020-01-01", "2027-01-01", "平成31年5月1日", "2023年2月30日", "4/5/2023", "4月頃"],
    ) == {
        ("date-future", "文化財指定日", 3),
        ("era-impossible", "文化財指定日", 4),
        ("date-impossible", "文化財指定日", 5),
        ("date-ambiguous", "文化財指定日", 6),
        ("date-unreadable", "文化財指定日", 7),
    }


def test_an_event_may_lie_ahead_but_not_end_before_it_starts():
    assert found("event", 開始日=["2027-01-01", "2027-02-01"], 終了日=["2027-01-02", "2027-01-31"]) == {
        ("date-order", "終了日", 3)
    }


def test_numbers_outside_their_range_are_named():
    assert found("public_toilet", 男性トイレ総数=["3", "5000", "約40"]) == {
        ("out-of-range", "男性トイレ総数", 3),
        ("number-unreadable", "男性トイレ総数", 4),
    }


def test_formulas_lost_characters_and_spreadsheet_errors_are_named_in_every_column():
    assert found(備考=["=cmd|'/C calc'!A0", "文字\ufffd", "#REF!", "a=b"]) == {
        ("formula", "備考", 2),
        ("replacement-character", "備考", 3),
        ("error-value", "備考", 4),
    }
    assert ("formula", "extra:メモ", 2) in found(**{"extra:メモ": ["=1+1", "x"]})


def test_ids_are_unique_and_rows_not_repeated():
    assert found(ID=["1", "2", "2"], 名称=["a", "b", "b"]) == {
        ("duplicate", "ID", 4),
        ("duplicate-rows", None, 4),
    }


def test_mandatory_items_are_demanded():
    book = definition("aed")
    table = frame(名称=["a", None, "b"], 全国地方公共団体コード=["131016"] * 3)
    codes = {(one.code, one.item, one.row) for one in check(table, book, place=PLACE, today=TODAY)}
    assert ("required-empty", "名称", 3) in codes
    assert ("required-missing", "所在地_連結表記", None) in codes


def test_points_abroad_half_points_and_points_far_from_the_others_are_named():
    near = [f"35.69{n}" for n in range(10)]
    assert found(緯度=[*near, "48.85", "35.7", "34.34"], 経度=["139.75"] * 10 + ["2.35", None, "134.04"]) == {
        ("coordinate-abroad", "緯度", 12),
        ("coordinate-half", "緯度", 13),
        ("coordinate-far", "緯度", 14),
    }


def test_a_boundary_tells_what_stands_outside_and_leaves_the_edge_alone():
    area = box(139.73, 35.66, 139.78, 35.70)
    table = {"緯度": ["35.68", "35.7005", "35.75"], "経度": ["139.75"] * 3}
    assert found(**table, boundary=area) == {("coordinate-outside", "緯度", 4)}


def test_all_rows_on_one_point_are_noticed():
    names = [f"施設{n}" for n in range(6)]
    assert found(名称=names, 緯度=["35.69"] * 6, 経度=["139.75"] * 6) == {
        ("coordinate-one-point", "緯度", None)
    }


def test_other_municipalities_in_the_address_are_only_mentioned():
    table = frame(所在地_市区町村=["千代田区", "港区"], 全国地方公共団体コード=["131016", "131032"])
    findings = check(table, definition("aed"), place=PLACE, today=TODAY)
    told = {one.code: one.severity for one in findings}
    assert told["place-disagrees"] == "info"
    assert told["code-mixed"] == "warning"


def test_an_old_datum_that_is_declared_is_mentioned():
    codes = found("polling_place", 投票所_座標参照系コード=["EPSG:4301", "EPSG:6668"])
    assert {code for code, _, _ in codes} == {"datum-declared"}


def test_thousands_of_the_same_finding_are_counted_not_listed():
    findings = check(
        frame(郵便番号=["x"] * (ROWS_PER_CAUSE + 5)), definition("aed"), place=PLACE, today=TODAY
    )
    named = [one for one in findings if one.code == "postcode-unreadable"]
    assert len(named) == ROWS_PER_CAUSE
    assert [one.value for one in findings if one.code == "more"] == ["postcode-unreadable 5"]


def test_a_table_without_rows_is_said_to_be_empty():
    table = frame(名称=[])
    assert [one.code for one in check(table, definition("aed"), place=PLACE, today=TODAY)] == ["no-rows"]


def test_every_finding_has_both_languages():
    facts = dict.fromkeys(
        ["value", "item", "count", "low", "high", "lat", "lon", "place", "distance", "other", "about"], "1"
    )
    for code in WORDINGS:
        one = finding(code, **{name: fact for name, fact in facts.items() if name != "item"}, item="名称")
        assert one.message.ja
        assert one.message.en
        assert one.message.en.isascii() or any(letter in one.message.en for letter in "名称月火�–")
