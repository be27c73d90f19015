"""Workbooks: the right sheets, values as a person sees them, merged headers, formulas."""

from __future__ import annotations

import pytest

from tedori.engines.tabular.reading.tests.files import HEADER, ROWS, cells_of, codes_of, reading_of, workbook

SHEET = [HEADER.split(","), *(row.split(",") for row in ROWS)]
COVER = [["公共施設一覧"], [], ["作成", "千代田区"], ["更新日", "2023-04-01"]]
NOTES = [["項目名", "説明"], ["名称", "施設の名称を記入"], ["緯度", "10進数で記入"]]


def only(data: bytes):
    reading = reading_of(data)
    assert reading.refusal is None, reading.refusal
    assert len(reading.tables) == 1
    return reading.tables[0]


def test_values_are_what_a_person_sees():
    def fill(book):
        sheet = book.add_worksheet("一覧")
        sheet.write_row(
            0,
            0,
            [
                "番号",
                "コード",
                "指定日",
                "和暦",
                "開館",
                "閉館",
                "更新",
                "数量",
                "割合",
                "可否",
                "連番",
                "郵便",
            ],
        )
        formats = ("000000", "yyyy/m/d", 'ggge"年"m"月"d"日"', "h:mm", "[h]:mm", "yyyy/m/d h:mm", "000-0000")
        code, day, era, clock, long, stamp, post = (book.add_format({"num_format": f}) for f in formats)
        for row in (1, 2):
            sheet.write_number(row, 0, row)
            sheet.write_number(row, 1, 11002, code)
            sheet.write_number(row, 2, 45016, day)
            sheet.write_number(row, 3, 5989, era)
            sheet.write_number(row, 4, 0.375, clock)
            sheet.write_number(row, 5, 1.0, long if row == 1 else clock)
            sheet.write_number(row, 6, 45016.5 + 0.5 / 24, stamp)
            sheet.write_number(row, 7, 0.1)
            sheet.write_number(row, 8, 45016)
            sheet.write_boolean(row, 9, True)
            sheet.write_formula(row, 10, "=A2+1", None, 7)
            sheet.write_number(row, 11, 1000001, post)

    table = only(workbook(fill))
    assert cells_of(table)[0] == [
        *("1", "011002", "2023-03-31", "1916-05-24", "09:00", "24:00", "2023-03-31 12:30"),
        *("0.1", "45016", "TRUE", "7", "100-0001"),
    ]
    assert cells_of(table)[1][5] == "24:00"


def test_formula_errors_are_told_with_their_row():
    def fill(book):
        sheet = book.add_worksheet("一覧")
        sheet.write_row(0, 0, ["番号", "名称", "人口"])
        sheet.write_row(1, 0, [1, "麹町"])
        sheet.write_formula(1, 2, "=A1/0", None, "#DIV/0!")
        sheet.write_row(2, 0, [2, "神田", 300])

    table = only(workbook(fill))
    assert [(f.code, f.row, f.value) for f in table.findings] == [("error-cell", 2, "#DIV/0!")]


def test_rows_and_columns_keep_their_place_when_the_table_starts_late():
    rows = [[], ["", "公共施設一覧"], [], *([["", *row] for row in SHEET])]
    table = only(workbook(None, 一覧=rows))
    assert table.source.header_row == 4
    assert table.frame["_row"].to_list() == [5, 6, 7]
    assert table.header == tuple(HEADER.split(","))


@pytest.mark.parametrize("aside", ["表紙", "説明", "記入例", "コード表", "選択肢", "項目定義書", "見本"])
def test_sheets_beside_the_data_are_left_out_and_told(aside):
    example = SHEET if aside in ("記入例", "見本") else NOTES if aside != "表紙" else COVER
    reading = reading_of(workbook(None, **{aside: example, "データ": SHEET}))
    assert [table.source.sheet for table in reading.tables] == ["データ"]
    assert [finding.value for finding in reading.findings] == [aside]
    assert cells_of(reading.tables[0]) == [row.split(",") for row in ROWS]


def test_a_hidden_sheet_is_not_read():
    def fill(book):
        book.add_worksheet("一覧").write_row(0, 0, ["番号", "名称", "住所"])
        book.get_worksheet_by_name("一覧").write_row(1, 0, [1, "本庁", "九段南"])
        hidden = book.add_worksheet("旧データ")
        hidden.hide()
        for number, row in enumerate(SHEET):
            hidden.write_row(number, 0, row)

    reading = reading_of(workbook(fill))
    assert [table.source.sheet for table in reading.tables] == ["一覧"]
    assert codes_of(reading.findings) == ["sheet-ignored"]


def test_two_datasets_in_one_workbook_are_two_tables():
    aed = [
        ["ID", "名称", "設置位置", "緯度", "経度", "電話番号"],
        *([i, f"AED{i}", "1階", 35.6, 139.7, "03-1"] for i in range(5)),
    ]
    reading = reading_of(workbook(None, 公共施設=SHEET, AED=aed, Sheet3=[]))
    assert [table.source.sheet for table in reading.tables] == ["公共施設", "AED"]
    assert [table.frame.height for table in reading.tables] == [3, 5]


def test_merged_headers_are_joined():
    def fill(book):
        sheet = book.add_worksheet("一覧")
        sheet.merge_range(0, 0, 0, 6, "千代田区 施設一覧")
        for column, name in ((0, "番号"), (1, "名称")):
            sheet.merge_range(1, column, 2, column, name)
        sheet.merge_range(1, 2, 1, 4, "所在地")
        sheet.merge_range(1, 5, 1, 6, "連絡先")
        sheet.write_row(2, 2, ["都道府県", "市区町村", "町字", "電話番号", "FAX番号"])
        for row in range(3, 9):
            sheet.write_row(
                row, 0, [row - 2, f"施設{row}", "東京都", "千代田区", f"麹町{row}", f"03-1234-000{row}", ""]
            )

    table = only(workbook(fill))
    assert table.header == (
        *("番号", "名称", "所在地_都道府県", "所在地_市区町村", "所在地_町字"),
        *("連絡先_電話番号", "連絡先_FAX番号"),
    )
    assert table.source.header_row == 2
    assert table.frame["_row"].to_list() == list(range(4, 10))
    assert table.preamble == (("千代田区 施設一覧",),)


def test_blank_form_rows_below_the_records_are_not_data():
    rows = [*SHEET, *([["131016", i, "千代田区"] for i in range(4, 40)])]
    table = only(workbook(None, 一覧=rows))
    assert table.frame.height == 3
    assert set(codes_of(table.aside)) == {"template-row"}


def test_an_empty_workbook_is_refused():
    assert reading_of(workbook(None, Sheet1=[])).refusal.code == "no-table"


def test_a_stray_cell_at_the_far_end_is_refused_and_not_laid_out():
    def fill(book):
        sheet = book.add_worksheet("一覧")
        for number, row in enumerate(SHEET):
            sheet.write_row(number, 0, row)
        sheet.write(1048575, 16383, "x")

    reading = reading_of(workbook(fill))
    assert reading.refusal.code == "sheet-too-vast"
    assert "一覧" in reading.refusal.message.ja


@pytest.mark.parametrize("at", range(60))
def test_a_damaged_workbook_never_crashes(at):
    data = bytearray(workbook(None, 一覧=SHEET))
    for step in range(12):
        data[(at * 7919 + step * 104729) % len(data)] ^= 0x5A
    reading = reading_of(bytes(data))
    assert (reading.refusal is None) == bool(reading.tables)


@pytest.mark.req("O02")
def test_hidden_rows_and_columns_are_read_and_told():
    def fill(book):
        sheet = book.add_worksheet("一覧")
        for number, row in enumerate(SHEET):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("C:D", None, None, {"hidden": True})

    reading = reading_of(workbook(fill), name="a.xlsx")
    table = reading.tables[0]
    assert table.frame.height == len(ROWS)
    assert len(table.header) == HEADER.count(",") + 1
    told = {one.code: one for one in (*reading.findings, *table.findings)}
    assert told["hidden-rows"].row == 3
    assert told["hidden-columns"].value == "C、D"
    assert {told["hidden-rows"].severity, told["hidden-columns"].severity} == {"warning"}
