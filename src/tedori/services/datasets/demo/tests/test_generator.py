"""The generated files: the same from the same seed, and what the truth says about them is true."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from functools import cache

import pytest
from python_calamine import load_workbook

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.demo.drafts import BEFORE, Draft, draft
from tedori.services.datasets.demo.generator import SEED, UNSEEN_SEED, Order, drafts, generate
from tedori.services.datasets.demo.homes import bureau, homes
from tedori.services.datasets.demo.rows import MAKERS
from tedori.services.datasets.demo.towns import town
from tedori.services.datasets.demo.truth import Truth

SLICE = ("131016", "131091", "132021", "133035", "134023")


@cache
def slice_of_the_world() -> tuple[Draft, ...]:
    return tuple(made for code in SLICE for made in drafts(SEED, code))


def grid_of(made: Draft) -> list[list[str]]:
    """The file's rows, read with the true encoding and nothing but the standard library and calamine."""
    truth, data = made.truth, made.data
    if made.name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(archive.namelist()[0])
    if truth.format == "xlsx":
        sheet = load_workbook(io.BytesIO(data)).get_sheet_by_name(truth.sheet)
        above = sheet.start[0] if sheet.start else 0
        return [[]] * above + [[str(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
    text = data.decode({"utf-16le": "utf-16"}.get(truth.encoding, truth.encoding))
    if is_doubly_encoded(text):
        text = text.encode("latin-1").decode("cp932")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=truth.delimiter))


def is_doubly_encoded(text: str) -> bool:
    return all(ord(letter) < 256 for letter in text) and any(ord(letter) > 127 for letter in text)


def record_of(truth: Truth) -> int:
    """The header's index among the records; only data may come after line breaks inside cells."""
    return truth.header_row - 1


@pytest.mark.req("O01")
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    definition = standard()["aed"]
    home = homes()[0]
    one, again = (draft(definition, town(home, 5)) for _ in range(2))
    other = draft(definition, town(home, 6))
    assert one.data == again.data
    assert one.truth == again.truth
    assert one.data != other.data
    assert UNSEEN_SEED != SEED


def test_every_dataset_and_every_municipality_has_a_file_with_true_codes(tmp_path):
    assert set(MAKERS) == set(standard())
    assert len(homes()) == 62
    count = generate(Order(tmp_path, codes=("134023",), earlier=False), processes=1)
    assert count == len(standard())
    assert len((tmp_path / "truth" / "134023.jsonl").read_text().splitlines()) == count


def test_the_metropolis_has_datasets_of_its_own_on_the_ground_of_a_ward():
    made = list(drafts(SEED, bureau().code))
    assert {one.truth.code for one in made} == {"130001"}
    addresses = [row for one in made for row in one.table.get("所在地_連結表記", [])]
    assert addresses
    assert all(address.startswith("東京都新宿区") for address in addresses)


def test_the_heading_stands_at_the_true_row_in_the_true_encoding():
    for made in slice_of_the_world():
        if made.truth.format == "geojson" or "two-row-header" in made.truth.oddities:
            continue
        row = grid_of(made)[record_of(made.truth)]
        expected = [column.header for column in made.truth.columns]
        assert [cell.strip() for cell in row[: len(expected)]] == [one.strip() for one in expected], made.name


def test_changed_cells_are_written_as_the_truth_says_and_all_others_are_true():
    looked_at = 0
    for made in slice_of_the_world():
        truth = made.truth
        if truth.format != "csv":
            continue
        grid = grid_of(made)
        changes = {(change.row, change.item): change for change in truth.changes}
        places = {column.items[0]: at for at, column in enumerate(truth.columns) if len(column.items) == 1}
        for item, values in made.table.items():
            if item not in places:
                continue
            for row, true in enumerate(values):
                written = grid[truth.rows[row] - 1][places[item]]
                change = changes.get((row, item))
                assert written == (change.written if change else true), (made.name, item, row)
                looked_at += 1
    assert looked_at > 20_000


def test_most_values_are_fine_and_every_grade_of_defect_occurs():
    cells = sum(len(made.truth.rows) * len(made.truth.columns) for made in slice_of_the_world())
    grades = Counter(change.grade for made in slice_of_the_world() for change in made.truth.changes)
    assert set(grades) == {"certain", "open", "lost"}
    assert 0.01 < sum(grades.values()) / cells < 0.2


def test_datasets_hang_together():
    built = town(homes()[0], SEED)
    rows = {slug: maker(built) for slug, maker in MAKERS.items()}
    schools = {row["学校名称"] for row in rows["school_district"]}
    assert {row["学校名称"] for row in rows["school_lunch"]} <= schools
    assert schools <= {row["名称"] for row in rows["public_facility"]}
    own = [row for row in rows["evacuation_space"] if row["市区町村コード"] == built.home.code]
    assert {row["名称"] for row in own} <= {row["名称"] for row in rows["public_facility"]}
    assert len(own) < len(rows["evacuation_space"])
    assert {row["ファイル_ダウンロードURL"].rsplit("_", 1)[-1] for row in rows["open_data_list"]}


def test_last_years_file_is_the_same_house_with_fewer_rows():
    definition, built = standard()["public_facility"], town(homes()[0], SEED)
    now, before = draft(definition, built), draft(definition, built, when=BEFORE)
    assert before.truth.edition == now.truth.edition
    assert len(before.truth.rows) < len(now.truth.rows)
