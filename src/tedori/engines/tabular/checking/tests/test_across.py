"""What one dataset of a municipality says about another."""

import polars as pl
import pytest

from tedori.engines.tabular.checking import across

pytestmark = pytest.mark.req("O04")


def frame(**columns):
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return table.with_columns(pl.int_range(2, pl.len() + 2).cast(pl.Int64).alias("_row"))


def codes(frames, **names):
    return {(one.code, one.value) for one in across(frames, names=names)}


def test_a_shelter_far_from_the_facility_of_the_same_name_is_named():
    facilities = frame(
        名称=["千代田区立昌平小学校", "区民館"], 緯度=["35.70", "35.69"], 経度=["139.77", "139.75"]
    )
    shelters = frame(
        名称=["昌平小学校", "区民館", "公園"],
        緯度=["35.72", "35.6901", "35.6"],
        経度=["139.77", "139.75", "139.7"],
    )
    assert codes({"public_facility": facilities, "evacuation_space": shelters}) == {
        ("across-far", "昌平小学校")
    }


def test_schools_of_districts_and_menus_are_looked_up_in_the_list_of_schools():
    schools = frame(教育機関_学校名=["昌平小学校", "麹町小学校"])
    districts = frame(学校名称=["千代田区立昌平小学校", "九段小学校"])
    menus = frame(学校名称=["昌平小学校"])
    found = codes({"educational_institution": schools, "school_district": districts, "school_lunch": menus})
    assert found == {("across-missing", "九段小学校")}


def test_the_list_of_open_data_and_the_files_are_compared_both_ways():
    listing = frame(データセット_タイトル=["AED設置箇所一覧", "公衆トイレ一覧", "議会だより"])
    names = {"aed": "AED設置箇所一覧", "public_toilet": "公衆トイレ一覧", "event": "イベント一覧"}
    found = codes({"open_data_list": listing, "aed": frame(名称=["a"]), "event": frame(名称=["b"])}, **names)
    assert found == {("across-unlisted", "イベント一覧"), ("across-no-file", "公衆トイレ一覧")}


def test_nothing_is_said_when_there_is_nothing_to_compare():
    assert codes({"aed": frame(名称=["a"])}) == set()
