"""Where tables begin and end in delimited text."""

from __future__ import annotations

import pytest

from tedori.engines.tabular.reading.tests.files import (
    HEADER,
    PLAIN,
    ROWS,
    cells_of,
    codes_of,
    lines,
    reading_of,
    table_of,
)

WIDTH = HEADER.count(",")
ENGLISH = (
    "localGovernmentCode,identifier,organizationName,name,fullAddress,latitude,longitude,phoneNumber,remarks"
)
EXPECTED = [row.split(",") for row in ROWS]


def pad(*cells: str) -> str:
    return ",".join(cells) + "," * (WIDTH + 1 - len(cells))


@pytest.mark.req("O02")
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_proved_by_regular_rows(delimiter):
    table = table_of(PLAIN.replace(",", delimiter))
    assert table.source.delimiter == delimiter
    assert table.source.format == ("tsv" if delimiter == "\t" else "csv")
    assert cells_of(table) == EXPECTED


def test_commas_in_the_text_of_a_tab_file_do_not_mislead():
    text = lines("番号\t名称\t説明", *(f"{i}\t施設{i}\t赤、白,青,黒,{i}" for i in range(9)))
    assert table_of(text).source.delimiter == "\t"


@pytest.mark.parametrize(
    "preamble",
    [
        (),
        ("千代田区 公共施設一覧",),
        (pad("千代田区 公共施設一覧"), pad("令和5年4月1日現在"), pad()),
        (
            pad("#LINK"),
            pad("#lang", "ja"),
            pad("#license", "http://example.jp/by/4.0/"),
            pad("#file_name", "0001"),
        ),
        (pad("作成日", "2023-04-01"), pad("担当課", "政策経営部"), pad("連絡先", "03-1234-5678"), pad()),
        (pad("Ver1"),),
        ("sep=,",),
        (pad("←データの項目名を入力してください"), pad("1行目は消さないでください")),
        (pad("必須", "必須", "必須", "必須", "任意", "任意", "任意", "任意", "任意"),),
        (",".join(str(i + 1) for i in range(WIDTH + 1)),),
    ],
)
def test_the_header_is_found_below_any_preamble(preamble):
    table = table_of(lines(*preamble, HEADER, *ROWS))
    assert table.source.header_row == len(preamble) + 1
    assert table.header == tuple(HEADER.split(","))
    assert cells_of(table) == EXPECTED
    assert table.frame["_row"].to_list() == [len(preamble) + 2 + i for i in range(3)]
    assert any("見出しと判断" in sentence for sentence in table.source.because)


@pytest.mark.parametrize(
    ("below", "code"),
    [
        (
            ENGLISH,
            "annotation-row",
        ),
        ("必須,必須,必須,必須,推奨,推奨,推奨,任意,任意", "annotation-row"),
        ("文字列,文字列,文字列,文字列,文字列,数値,数値,文字列,文字列", "annotation-row"),
        (
            "半角で入力してください,番号を入力,自治体名を記入してください,名称を入力,,,,ハイフンありで入力,",
            "annotation-row",
        ),
        ("記入例,1,千代田区,千代田会館,東京都千代田区九段南1-6-17,35.69,139.75,03-0000-0000,", "example-row"),
        (HEADER, "repeated-header"),
    ],
)
def test_rows_that_explain_the_header_are_set_aside(below, code):
    table = table_of(lines(HEADER, below, *ROWS))
    assert table.source.header_row == 1
    assert [(finding.code, finding.row) for finding in table.aside] == [(code, 2)]
    assert cells_of(table) == EXPECTED


def test_the_japanese_row_is_the_header_even_under_the_english_one():
    table = table_of(lines(ENGLISH, HEADER, *ROWS))
    assert table.source.header_row == 2
    assert table.header == tuple(HEADER.split(","))


PREAMBLES = [
    ("千代田区 施設一覧", "作成：情報政策課", "更新日,2026/4/1", ""),
    ("#lang,ja", "#license,CC BY 4.0", "名称,施設一覧", ""),
    ("データ名：施設一覧", "作成日:2026-04-01", "担当課,政策経営部,電話番号,03-1234-5678"),
    ("項目,内容", "作成者,情報政策課", "更新日,2026年4月1日", "", ""),
    ("# 施設一覧", "# 出典,千代田区", "# 更新日,2026-04-01"),
]


@pytest.mark.req("O02")
@pytest.mark.parametrize("preamble", PREAMBLES)
@pytest.mark.parametrize("header", [HEADER, ENGLISH, ENGLISH.replace("latitude", "中学校区")])
@pytest.mark.parametrize("wide", [False, True])
def test_lines_of_keys_and_values_above_any_header_are_a_preamble(preamble, header, wide):
    above = [pad(*line.split(",")) if wide else line for line in preamble]
    table = table_of(lines(*above, header, *ROWS))
    assert table.source.header_row == len(preamble) + 1
    assert cells_of(table) == EXPECTED


@pytest.mark.parametrize(
    "header",
    [
        "#property,name,classification,note",
        "#property,prefCode,surveyDate,male,woman,man1,woman1,man2,woman2",
        "#property,name,address,flood_L1,flood_L2,stormSurge,tunami,fire",
    ],
)
def test_a_few_groups_above_identifiers_are_not_the_header(header):
    width = header.count(",") + 1
    groups = ["基本情報", *[""] * (width // 2 - 1), "詳細情報", *[""] * (width - width // 2 - 1)]
    rows = [",".join(str(row * 10 + column) for column in range(width)) for row in range(6)]
    assert table_of(lines(",".join(groups), header, *rows)).source.header_row == 2


def test_a_row_of_groups_above_an_english_header_is_not_its_japanese_twin():
    groups = pad("基本情報", "", "", "", "詳細情報")
    table = table_of(lines(groups, ENGLISH, *ROWS))
    assert cells_of(table) == EXPECTED
    assert [name.rpartition("_")[2] for name in table.header] == ENGLISH.split(",")


def test_line_breaks_in_header_cells_are_joined_and_counted_as_lines():
    text = 'ID,"名称\n（正式）","電話\r\n番号","opening\nhours",備考\r\n'
    text += '1,本庁,03-1,9:00,\r\n2,"支所\n別館",03-2,9:00,\r\n3,分室,03-3,9:00,\r\n'
    table = table_of("千代田区の施設,,,,\r\n" + text)
    assert table.header == ("ID", "名称（正式）", "電話番号", "opening hours", "備考")
    assert table.source.header_row == 2
    assert table.frame["_row"].to_list() == [6, 7, 9]
    assert cells_of(table)[1][1] == "支所\n別館"


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        (
            ("番号,名称,所在地,,,連絡先,", ",,都道府県,市区町村,町字,電話番号,FAX番号"),
            (
                "番号",
                "名称",
                "所在地_都道府県",
                "所在地_市区町村",
                "所在地_町字",
                "連絡先_電話番号",
                "連絡先_FAX番号",
            ),
        ),
        (
            ("属性,属性,属性,位置,位置,連絡先,連絡先", "番号,名称,区分,緯度,経度,電話番号,FAX番号"),
            (
                "属性_番号",
                "属性_名称",
                "属性_区分",
                "位置_緯度",
                "位置_経度",
                "連絡先_電話番号",
                "連絡先_FAX番号",
            ),
        ),
    ],
)
def test_two_header_rows_are_joined(rows, header):
    body = [f"{i},施設{i},東京都,千代田区,麹町{i},03-1234-{i:04d},03-1235-{i:04d}" for i in range(1, 6)]
    if "区分" in header[2]:
        body = [f"{i},施設{i},区立,35.{i},139.{i},03-1234-{i:04d},03-1235-{i:04d}" for i in range(1, 6)]
    table = table_of(lines(*rows, *body))
    assert table.header == header
    assert table.source.header_row == 1
    assert table.frame["_row"].to_list() == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("tail", "codes"),
    [
        ((pad(),) * 987, []),
        ((pad(), pad("※令和5年4月1日現在")), ["note-row"]),
        ((pad("（注）休館日は施設により異なります"), pad("出典：千代田区")), ["note-row", "note-row"]),
        ((pad("合計", "", "", "", "", "3", "4"),), ["total-row"]),
        ((pad("131016", "", "千代田区"), pad("131016", "", "千代田区")), ["template-row", "template-row"]),
        ((pad(), pad("お問い合わせ先：政策経営部"), pad("電話 03-1234-5678")), ["note-row", "note-row"]),
    ],
)
def test_the_end_of_the_data_is_found(tail, codes):
    table = table_of(lines(HEADER, *ROWS, *tail))
    assert cells_of(table) == EXPECTED
    assert codes_of(table.aside) == codes


def test_numbered_but_empty_form_lines_are_no_data():
    rows = [f"{i},品目{i},可燃ごみ,袋に入れて" for i in range(1, 8)]
    table = table_of(lines("番号,品名,分別区分,出し方", *rows, *(f"{i},,," for i in range(8, 20))))
    assert table.frame.height == 7
    assert codes_of(table.aside) == ["template-row"] * 12


def test_blank_rows_between_rows_are_skipped_and_told():
    table = table_of(lines(HEADER, ROWS[0], pad(), "", *ROWS[1:]))
    assert table.frame["_row"].to_list() == [2, 5, 6]
    assert codes_of(table.findings) == ["blank-rows"]


def test_a_row_with_too_many_cells_is_set_aside_and_a_short_one_padded():
    table = table_of(lines(HEADER, ROWS[0], ROWS[1] + ",x,y", "131016,3,千代田区"))
    assert [(finding.code, finding.row) for finding in table.aside] == [("too-many-cells", 3)]
    assert [(finding.code, finding.row) for finding in table.findings] == [("too-few-cells", 4)]
    assert cells_of(table)[1] == ["131016", "3", "千代田区", *[""] * 6]


def test_duplicate_and_blank_headers_become_distinct_and_are_told():
    table = table_of(lines("番号,名称,備考,備考,", "1,本庁,a,b,c", "2,支所,d,e,f"))
    assert table.header == ("番号", "名称", "備考", "備考_2", "列5")
    assert codes_of(table.findings) == ["unnamed-column", "duplicate-header"]


def test_unnamed_empty_columns_are_dropped():
    table = table_of(lines("番号,名称,,", "1,本庁,,", "2,支所,,"))
    assert table.header == ("番号", "名称")


@pytest.mark.parametrize(
    "rows",
    [
        ("131016,1,千代田区,35.69,139.75", "131016,2,千代田区,35.68,139.74", "131016,3,中央区,35.67,139.77"),
        (
            "1,2023-04-01,09:00,03-1234-5678",
            "2,2023-04-02,09:30,03-1234-5679",
            "3,2023-04-03,10:00,03-1234-5670",
        ),
    ],
)
def test_data_from_the_first_line_have_no_header(rows):
    table = table_of(lines(*rows))
    assert table.source.header_row is None
    assert table.frame.height == 3
    assert table.header[0] == "列1"
    assert codes_of(table.findings) == ["no-header"]


def test_a_header_alone_is_a_table_without_rows_and_says_so():
    table = table_of(lines(HEADER))
    assert table.frame.height == 0
    assert table.header == tuple(HEADER.split(","))
    assert codes_of(table.findings) == ["no-rows"]
    assert table.findings[0].severity == "error"


def test_years_as_column_names_are_a_header():
    table = table_of(lines("地区,2020年,2021年,2022年", "麹町,100,110,120", "神田,200,210,220", "番町,1,2,3"))
    assert table.source.header_row == 1


def test_an_unclosed_quotation_mark_harms_one_row_only():
    table_rows = [f"{i},施設{i},説明{i}" for i in range(40)]
    table_rows[5] = '5,"施設5,説明5'
    reading = reading_of(lines("番号,名称,説明", *table_rows))
    assert reading.tables[0].frame.height == 40
    assert [(f.code, f.row) for f in reading.findings] == [("unclosed-quote", 7)]


def test_inch_marks_inside_cells_are_plain_characters():
    table = table_of(lines("番号,名称,説明", '1,管,3" パイプ', '2,管,4" パイプと5" パイプ', "3,管,なし"))
    assert cells_of(table)[1] == ["2", "管", '4" パイプと5" パイプ']


def test_rows_quoted_as_a_whole_are_unwrapped():
    reading = reading_of(lines('"番号,名称,住所"', '"1,本庁,千代田区"', '"2,支所,中央区"'))
    assert reading.tables[0].header == ("番号", "名称", "住所")
    assert "wrapped-rows" in codes_of(reading.findings)


def test_a_very_long_cell_is_no_obstacle():
    table = table_of(lines("番号,名称,形", f'1,区域,"POLYGON(({"1 2," * 60000}1 2))"', "2,区域,なし"))
    assert len(cells_of(table)[0][2]) > 200000


def test_line_ends_of_old_macintosh_are_read():
    assert cells_of(table_of(lines(HEADER, *ROWS, end="\r"))) == EXPECTED


def test_ten_thousand_columns_are_refused_with_the_count():
    wide = ",".join(f"列{i}" for i in range(10000))
    reading = reading_of(lines(wide, ",".join("1" * 10000)))
    assert reading.refusal.code == "too-many-columns"
    assert "10,000" in reading.refusal.message.ja


def test_two_tables_below_each_other_are_two_tables():
    aed = [
        "ID,名称,設置位置,緯度,経度,電話番号,,,",
        *(f"{i},AED{i},1階受付,35.6{i},139.7{i},03-1234-000{i},,," for i in range(4)),
    ]
    reading = reading_of(lines("公共施設一覧,,,,,,,,", HEADER, *ROWS, pad(), pad("AED設置箇所一覧"), *aed))
    assert [table.source.header_row for table in reading.tables] == [2, 8]
    assert [table.frame["_row"].to_list() for table in reading.tables] == [[3, 4, 5], [9, 10, 11, 12]]
    assert reading.tables[1].preamble == (("AED設置箇所一覧",),)
    assert reading.tables[1].header == ("ID", "名称", "設置位置", "緯度", "経度", "電話番号")


def test_a_row_of_units_is_an_explanation():
    table = table_of(
        lines("地区,人口,世帯数,面積", ",（人）,（世帯）,（㎡）", "麹町,100,50,1200", "神田,200,90,3400")
    )
    assert codes_of(table.aside) == ["annotation-row"]
    assert table.frame.height == 2


TOTALS = """
地区,施設,利用者数,面積
本町,第一会館,10,100
本町,第二会館,20,200
{}
東町,第三会館,30,300
東町,合計特殊会館,40,400
東町,第四会館,計画中,400
"""


@pytest.mark.req("O02")
@pytest.mark.parametrize(
    "row", ["小計,,30,300", ",小計,30,300", "本町 小計,,30,300", "本町合計,,30,300", "小計（本町）,,30,300"]
)
def test_totals_between_the_rows_are_set_aside_and_told(row):
    table = table_of(lines(*TOTALS.format(row).split("\n")[1:-1]))
    assert codes_of(table.aside) == ["total-row"]
    assert table.aside[0].row == 4
    assert table.frame.height == 5


def test_a_row_whose_name_only_begins_like_a_total_stays():
    table = table_of(lines(*TOTALS.format("計画会館,,30,300").split("\n")[1:-1]))
    assert table.frame.height == 6
