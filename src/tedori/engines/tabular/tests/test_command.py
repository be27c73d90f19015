"""`tedori standardise` from end to end: outputs, exit codes, bad input."""

import argparse
import json
from datetime import date

import jsonschema
import polars as pl
import pytest

from tedori.engines.tabular import command, pipeline, reporting
from tedori.engines.tabular.repairing import undo
from tedori.engines.tabular.values import Decisions

pytestmark = pytest.mark.req("O03")
TODAY = date(2026, 11, 22)
HEAD = (
    "全国地方公共団体コード,ID,地方公共団体名,名称,名称_カナ,所在地_連結表記,緯度,経度,設置位置,電話番号,"
    "利用可能曜日,開始時間,終了時間,小児対応設備の有無,備考"
)
ROWS = (
    "131016,1,千代田区,千代田会館,チヨダカイカン,東京都千代田区九段南1-6-17,35.693889,139.753611,1階受付,"
    "03-3263-0001,月火水木金,9:00,17:30,有,",
    "131016,2,千代田区,昌平小学校,ショウヘイショウガッコウ,千代田区外神田３ー４ー７,35.702778,139.770556,職員室前,"
    "（03）3251-0448,月～金,8時30分,17時,○,=cmd|'/C calc'!A0",
    "131016,3,千代田区,麹町図書館,コウジマチトショカン,千代田区麹町2-8,139.741,35.685,1階,0332345678,毎日,9:00,21:00,無,",
    "131016,4,千代田区,神保町区民館,ジンボウチョウクミンカン,千代田区神田神保町2-40,0,0,1階,03-3263-0741,毎日,9:00,22:00,無,",
)


def aed(folder, *, name="aed.csv", rows=ROWS, encoding="utf-8-sig"):
    path = folder / name
    path.write_bytes("\r\n".join([HEAD, *rows, ""]).encode(encoding))
    return path


def run(*arguments):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([*map(str, arguments), "--today", "2026-11-22"]))


def told(out):
    document = json.loads((out / "report.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, json.loads(reporting.SCHEMA.read_text(encoding="utf-8")))
    return document


def test_one_file_becomes_a_standard_dataset_with_its_report(tmp_path, capsys):
    out = tmp_path / "out"
    assert run(aed(tmp_path, encoding="cp932"), "--out", out) == 0
    document = told(out)
    assert document["dataset"]["slug"] == "aed"
    assert document["municipality"]["code"] == "131016"
    assert (document["source"]["encoding"], document["source"]["header_row"]) == ("cp932", 1)
    assert document["rows"] == {"read": 4, "written": 4, "set_aside": 0}
    data = pl.read_csv(out / "standard.csv", infer_schema=False)
    assert data["電話番号"].to_list() == ["03-3263-0001", "03-3251-0448", "03-3234-5678", "03-3263-0741"]
    assert data["所在地_連結表記"][1] == "東京都千代田区外神田3-4-7"
    assert data.select("緯度", "経度").row(2) == ("35.685", "139.741")
    assert data.select("緯度", "経度").row(3) == (None, None)
    assert data["備考"][1] == "'=cmd|'/C calc'!A0"
    assert "aed" in capsys.readouterr().out
    names = {one.name for one in out.iterdir()}
    assert {"standard.csv", "repairs.csv", "fixes.csv", "report.json", "report.html", "report.txt"} <= names
    assert not any(name.startswith(".") for name in names)


def test_the_repairs_lead_back_to_the_file_as_it_was(tmp_path):
    (result,) = pipeline.standardise(aed(tmp_path), today=TODAY)
    before = undo(result.frame, result.report.repairs)
    assert before["所在地_連結表記"][1] == "千代田区外神田３ー４ー７"
    assert before["緯度"].to_list() == ["35.693889", "35.702778", "139.741", "0"]


def test_several_files_get_a_folder_each_and_the_worst_code_counts(tmp_path, capsys):
    good, empty = aed(tmp_path), tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert run(good, empty, tmp_path / "missing.csv", "--out", tmp_path / "out") == 2
    assert told(tmp_path / "out" / "aed.csv")["exit_code"] == 0
    assert told(tmp_path / "out" / "empty.csv")["refusal"]
    assert told(tmp_path / "out" / "missing.csv")["exit_code"] == 2
    written = capsys.readouterr()
    assert "empty.csv" in written.err
    assert "missing.csv" in written.err
    assert "aed.csv" in written.out


def test_files_of_one_name_do_not_overwrite_each_other(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert run(aed(tmp_path / "a"), aed(tmp_path / "b"), "--out", tmp_path / "out") == 0
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"aed.csv", "aed.csv-2"}


def test_every_format_can_be_asked_for(tmp_path):
    formats = [part for form in ("csv", "xlsx", "geojson", "parquet") for part in ("--format", form)]
    assert run(aed(tmp_path), "--out", tmp_path / "out", *formats) == 0
    assert len(list((tmp_path / "out").glob("standard.*"))) == 4


def test_a_header_without_rows_is_unusable_and_says_so(tmp_path, capsys):
    assert run(aed(tmp_path, rows=()), "--out", tmp_path / "out") == 2
    assert capsys.readouterr().err
    assert told(tmp_path / "out")["exit_code"] == 2


def test_a_page_of_html_named_csv_is_unusable_and_says_so(tmp_path, capsys):
    page = tmp_path / "404.csv"
    page.write_text("<!DOCTYPE html><html><body><h1>Not Found</h1></body></html>", encoding="utf-8")
    assert run(page, "--out", tmp_path / "out") == 2
    assert "404.csv" in capsys.readouterr().err


def test_a_municipality_that_nobody_knows_needs_review(tmp_path):
    rows = ["1,1,,会館,カイカン,南町1-1,35.69,139.75,1階,03-3263-0001,月火水木金,09:00,17:30,有,"] * 3
    out = tmp_path / "out"
    assert run(aed(tmp_path, rows=rows), "--out", out, "--dataset", "aed") == 1
    assert "municipality-unknown" in {one["code"] for one in told(out)["findings"]}
    assert "municipality" in told(out)["decisions"]


def test_a_table_that_is_no_standard_dataset_needs_review(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("品名,単価\nりんご,100\nみかん,200\n", encoding="utf-8")
    out = tmp_path / "out"
    assert run(other, "--out", out) == 1
    assert told(out)["dataset"]["slug"] is None
    assert not (out / "standard.csv").exists()


def test_likely_names_of_people_stop_until_a_person_decides(tmp_path):
    path = aed(tmp_path, rows=[ROWS[0].removesuffix(",") + ",責任者：佐藤花子"])
    (result,) = pipeline.standardise(path, today=TODAY)
    assert "privacy-name" in {one.code for one in result.report.findings}
    assert reporting.exit_code(result.report) == 1
    decided = Decisions(privacy={"備考": True})
    (result,) = pipeline.standardise(path, today=TODAY, decisions=decided)
    assert reporting.exit_code(result.report) == 0


def test_what_people_decided_is_not_asked_again(tmp_path):
    decided = Decisions(dataset="aed", municipality="131032")
    (result,) = pipeline.standardise(aed(tmp_path), today=TODAY, decisions=decided)
    assert (result.report.place.code, result.report.place.name) == ("131032", "港区")
    assert result.report.recognition.confidence == 1.0


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path, capsys):
    blocked = tmp_path / "out"
    blocked.write_text("in the way", encoding="utf-8")
    assert run(aed(tmp_path), "--out", blocked) == 2
    assert "out" in capsys.readouterr().err
    assert blocked.read_text(encoding="utf-8") == "in the way"


def test_a_table_of_towns_fills_the_parts_of_addresses(tmp_path):
    towns = tmp_path / "towns.csv"
    towns.write_text(
        "市区町村コード,町字名,町字ID,緯度,経度\n131016,外神田三丁目,0011003,35.70,139.77\n", encoding="utf-8"
    )
    rows = [ROWS[1].replace("３ー４ー７", "３丁目４ー７")]
    out = tmp_path / "out"
    run(aed(tmp_path, rows=rows), "--out", out, "--towns", towns)
    data = pl.read_csv(out / "standard.csv", infer_schema=False)
    parts = data.select("所在地_町字", "所在地_番地以下", "町字ID").row(0)
    assert parts == ("外神田三丁目", "4-7", "0011003")
    assert run(aed(tmp_path), "--out", out, "--towns", tmp_path / "aed.csv") == 2


def test_a_boundary_is_read_from_geojson(tmp_path):
    corners = [[139.7, 35.6], [139.8, 35.6], [139.8, 35.69], [139.7, 35.69], [139.7, 35.6]]
    area = {"type": "Polygon", "coordinates": [corners]}
    file = tmp_path / "area.geojson"
    file.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": area}), encoding="utf-8")
    run(aed(tmp_path), "--out", tmp_path / "out", "--boundary", file)
    rows = {one["row"] for one in told(tmp_path / "out")["findings"] if one["code"] == "coordinate-outside"}
    assert rows == {2, 3}
    file.write_text("{}", encoding="utf-8")
    assert run(aed(tmp_path), "--out", tmp_path / "out", "--boundary", file) == 2


REAL = (
    "101_公共施設一覧/122033_101_public_facility.csv",
    "104_地域・年齢別人口/122033_104_population.csv",
)


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_standardised_and_lead_back(shared, name):
    path = shared / "data/municipal/ichikawa/open_data" / name
    if not path.is_file():
        pytest.skip("this real file is not beside the project")
    (result,) = pipeline.standardise(path, today=TODAY)
    assert result.report.place.code == "122033"
    again = undo(result.frame, result.report.repairs)
    assert again.height == result.report.rows_written
    assert reporting.exit_code(result.report) in {0, 1}
