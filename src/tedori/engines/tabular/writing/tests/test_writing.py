"""What is written: harmless cells, every format, whole files or none, and the way back."""

import errno
import json
import os
from dataclasses import replace

import fastexcel
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.tabular import writing
from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.values import (
    ColumnMatch,
    PlaceGuess,
    Recognition,
    Report,
    Source,
    Table,
)
from tedori.engines.tabular.wording import finding
from tedori.engines.tabular.writing import OutputRefused, atomically, harmless, neutral

pytestmark = pytest.mark.req("O06")
FRAME = pl.DataFrame(
    {
        "名称": ["=cmd|'/C calc'!A0", "区民館", None],
        "緯度": ["35.69", None, "x"],
        "経度": ["139.75", None, "1"],
        "extra:メモ": ["@SUM(A1)", "-5", 'a,"b"\n'],
        "_row": [2, 3, 4],
    }
)


def test_formulas_are_made_harmless_and_numbers_left_alone():
    plain = ["+81 3-1234-5678", "-5", "-5.0", "a=b", "", None, "長い文字列です=1"]
    run = ["=1+1", "+cmd", "-お知らせ", "@a", "\tx", "＝A1"]
    texts, expected = plain + run, plain + [f"'{text}" for text in run]
    assert harmless(pl.DataFrame({"a": texts}))["a"].to_list() == expected
    assert [neutral(text) for text in texts] == expected


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=6))
def test_cells_and_frames_are_made_harmless_alike(texts):
    frame = pl.DataFrame({"a": pl.Series(texts, dtype=pl.String)})
    assert harmless(frame)["a"].to_list() == [neutral(text) for text in texts]
    assert harmless(frame.slice(1))["a"].to_list() == [neutral(text) for text in texts[1:]]


def test_csv_is_utf8_with_bom_and_crlf(tmp_path):
    raw = writing.write_csv(tmp_path / "a.csv", FRAME).read_bytes()
    assert raw.startswith("\ufeff名称,緯度,経度,メモ\r\n".encode())
    assert b"'=cmd|" in raw
    assert b"'@SUM" in raw
    assert raw.count(b"\r\n") == 4


def test_xlsx_holds_texts_only(tmp_path):
    path = writing.write_xlsx(tmp_path / "a.xlsx", FRAME)
    sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
    assert sheet["名称"].to_list()[0] == "'=cmd|'/C calc'!A0"
    assert sheet.columns == ["名称", "緯度", "経度", "メモ"]


def test_xlsx_refuses_more_rows_than_a_sheet_holds(tmp_path):
    with pytest.raises(OutputRefused) as caught:
        writing.write_xlsx(tmp_path / "a.xlsx", pl.DataFrame({"a": pl.repeat("x", 1_048_576, eager=True)}))
    assert caught.value.code == "too-many-rows"
    assert list(tmp_path.iterdir()) == []


def test_geojson_has_a_feature_per_row_and_no_invented_place(tmp_path):
    data = json.loads(writing.write_geojson(tmp_path / "a.geojson", FRAME, definition("aed")).read_bytes())
    places = [one["geometry"] for one in data["features"]]
    assert places == [{"type": "Point", "coordinates": [139.75, 35.69]}, None, None]
    assert data["features"][1]["properties"]["名称"] == "区民館"
    assert json.loads(writing.write_geojson(tmp_path / "b.geojson", FRAME).read_bytes()) == data


def test_parquet_holds_the_values_as_they_are(tmp_path):
    back = pl.read_parquet(writing.write_parquet(tmp_path / "a.parquet", FRAME))
    assert back["名称"].to_list() == FRAME["名称"].to_list()


def test_what_stood_there_stays_when_writing_fails(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(OutputRefused) as caught, atomically(path) as draft:
        draft.write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert caught.value.code == "disk-full"
    assert "空き容量" in caught.value.message.ja
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_nothing_half_written_stays_when_the_program_stops(tmp_path):
    with pytest.raises(KeyboardInterrupt), atomically(tmp_path / "a.txt") as draft:
        draft.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_in_words():
    full = "/dev/full"
    if not os.path.exists(full):  # noqa: PTH110
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OutputRefused) as caught:
        writing.files.folder(writing.files.Path(full) / "out")
    assert caught.value.code == "not-a-folder"


TABLE = Table(
    Source("古い.csv", "0" * 64, "csv", "cp932", ",", None, 2),
    ("施設名", "ＴＥＬ", "メモ"),
    pl.DataFrame(
        {"c0": ["区民館", "𠮷野館"], "c1": ["（03）1234-5678", None], "c2": ["=1+1", "髙"], "_row": [3, 4]}
    ),
    preamble=(("千代田区の施設", "", ""),),
)
BACK = pl.DataFrame(
    {
        "名称": ["区民館", "𠮷野館"],
        "電話番号": ["03-1234-5678", None],
        "extra:メモ": ["=1+1", "髙"],
        "_row": [3, 4],
    }
)


def told():
    return Report(
        source=TABLE.source,
        recognition=Recognition("aed", "free", 1.0),
        place=PlaceGuess("131016", "千代田区", 1.0),
        columns=(
            ColumnMatch(0, "施設名", ("名称",), "accepted", 1.0),
            ColumnMatch(1, "ＴＥＬ", ("電話番号",), "accepted", 1.0),
            ColumnMatch(2, "メモ", (), "unmapped", 0.0),
        ),
        rows_read=2,
        rows_written=2,
        rows_aside=0,
        repairs=pl.DataFrame(
            [(3, "電話番号", "（03）1234-5678", "03-1234-5678", "width+phone-layout")],
            schema=["row", "item", "before", "after", "rule"],
            orient="row",
        ),
        findings=(finding("required-empty", row=4, item="電話番号", count=1),),
        completeness=(),
    )


def test_the_municipality_gets_its_own_layout_back_with_the_repairs():
    text = writing.feedback(TABLE, told(), BACK).decode("cp932")
    assert text.split("\r\n") == [
        "千代田区の施設,,",
        "施設名,ＴＥＬ,メモ",
        "区民館,03-1234-5678,'=1+1",
        "&#134071;野館,,髙",
        "",
    ]


def test_the_fix_list_names_row_column_and_what_to_do():
    fixes = writing.fix_list(told())
    assert fixes.columns == ["行", "列", "項目", "内容", "直し方", "重さ"]
    told_change = "「（03）1234-5678」→「03-1234-5678」"
    rule = "全角の英数字を半角に・電話番号の書き方"
    assert fixes.row(0) == (3, "ＴＥＬ", "電話番号", told_change, rule, "修正済み")
    assert fixes.row(1)[:3] == (4, "ＴＥＬ", "電話番号")
    assert writing.fix_list(told(), repairs=False).height == 1
    assert writing.fix_list(told(), "en").columns[0] == "row"


def test_rows_keep_their_lines_and_exchanged_columns_come_back_in_order():
    table = replace(
        TABLE,
        source=replace(TABLE.source, header_row=4),
        header=("施設名", "緯度", "経度"),
        frame=pl.DataFrame(
            {"c0": ["区民館", "図書館"], "c1": ["139.7", "139.8"], "c2": ["35.6", "35.7"], "_row": [5, 8]}
        ),
    )
    because = ("緯度と経度の値が入れ替わっている (exchanged)",)
    report = replace(
        told(),
        source=table.source,
        columns=(
            ColumnMatch(0, "施設名", ("名称",), "accepted", 1.0),
            ColumnMatch(1, "緯度", ("経度",), "accepted", 0.95, because, "exchanged"),
            ColumnMatch(2, "経度", ("緯度",), "accepted", 0.95, because, "exchanged"),
        ),
    )
    columns = {
        "名称": ["区民館", "図書館"],
        "緯度": ["35.6", "35.7"],
        "経度": ["139.7", "139.8"],
        "_row": [5, 8],
    }
    assert writing.feedback(table, report, pl.DataFrame(columns)).decode("cp932").split("\r\n") == [
        "千代田区の施設,,", "", "", "施設名,緯度,経度", "区民館,35.6,139.7", "", "", "図書館,35.7,139.8", "",
    ]  # fmt: skip
    fixes = writing.fix_list(report).rows()
    done = ("緯度と経度の値が入れ替わっている", "列の入れ替えを戻しました", "修正済み")
    assert (4, "緯度", "経度", *done) in fixes
    # 電話番号 was repaired, but this file has no such column.
    assert not [row for row in fixes if row[1] == "電話番号" and row[5] == "修正済み"]
    assert "exchanged" in writing.fix_list(report, "en")["what"]
