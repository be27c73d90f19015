"""What each kind of item becomes, and what is left alone."""

import polars as pl
import pytest

from tedori.engines.tabular.repairing.cells import change
from tedori.engines.tabular.repairing.kinds import Known, rule_of
from tedori.engines.tabular.values import CodeList, Item

pytestmark = pytest.mark.req("O03")


def table(text):
    rows = [line.split("|") for line in text.strip().splitlines()]
    return [(before.strip(" "), after.strip(" ")) for before, after in rows]


def repaired(kind, values, *, name="項目", codes=None, many=False, known=()):
    item = Item(name=name, kind=kind, codes=codes, many=many)
    column = pl.Series(values, dtype=pl.String)
    done = change(column, rule_of(item, column, known=Known(known)))
    return column.to_list() if done is None else done.column.to_list()


def check(kind, text, **more):
    pairs = table(text)
    found = {before: repaired(kind, [before], **more)[0] or "" for before, _ in pairs}
    assert found == dict(pairs)


def test_dates_become_days_of_the_common_calendar():
    check(
        "date",
        """
        令和5年3月1日      | 2023-03-01
        令和元年5月1日     | 2019-05-01
        R5.3.1             | 2023-03-01
        h31.4.30           | 2019-04-30
        昭和64年1月7日     | 1989-01-07
        平成元年1月8日     | 1989-01-08
        2023（令和5）年3月1日 | 2023-03-01
        ２０２３／４／１   | 2023-04-01
        2023年4月1日(土)   | 2023-04-01
        2023-4-1 00:00:00  | 2023-04-01
        20230401           | 2023-04-01
        45016              | 2023-03-31
        3/31/2023          | 2023-03-31
        昭和45年           | 1970
        平成2年4月         | 1990-04
        """,
    )


def test_dates_that_prove_nothing_stay_as_written():
    check(
        "date",
        """
        平成31年5月1日 | 平成31年5月1日
        昭和64年1月8日 | 昭和64年1月8日
        令和0年1月1日  | 令和0年1月1日
        2023年2月30日  | 2023年2月30日
        4月頃          | 4月頃
        4/5/2023       | 4/5/2023
        5989           | 5989
        明治4年3月1日  | 明治4年3月1日
        """,
    )


def test_small_serials_are_dates_beside_five_digit_ones():
    assert repaired("date", ["22196", "5989"]) == ["1960-10-07", "1916-05-24"]


def test_month_before_day_is_proven_by_another_row():
    assert repaired("date", ["4/5/2023", "4/25/2023"]) == ["2023-04-05", "2023-04-25"]
    assert repaired("date", ["4/5/2023", "4/25/2023", "25/4/2023"])[0] == "4/5/2023"


def test_times_become_hours_and_minutes():
    check(
        "time",
        """
        9:00         | 09:00
        9時30分      | 09:30
        ９：３０     | 09:30
        0930         | 09:30
        930          | 09:30
        午後5時半    | 17:30
        17時         | 17:00
        0.375        | 09:00
        0.354166667  | 08:30
        24:00        | 24:00
        17:30:00     | 17:30:00
        9時から17時  | 9時から17時
        25:00        | 25:00
        9            | 9
        午後13時     | 午後13時
        終日         | 終日
        """,
    )


def test_weekdays_run_from_monday():
    check(
        "weekdays",
        """
        月～金             | 月火水木金
        月曜日から金曜日   | 月火水木金
        月・水・金         | 月水金
        毎日               | 月火水木金土日
        日月火水木金土     | 月火水木金土日
        平日               | 月火水木金
        土日祝             | 土日祝
        12345              | 12345
        木曜定休           | 木曜定休
        """,
    )


def test_telephone_numbers_get_their_hyphens_from_the_numbering_plan():
    check(
        "phone",
        """
        （０３）５２５３ー５１１１  | 03-5253-5111
        0352535111                  | 03-5253-5111
        03-52535111                 | 03-5253-5111
        03.5253.5111                | 03-5253-5111
        352535111                   | 03-5253-5111
        0422515131                  | 0422-51-5131
        0499221441                  | 04992-2-1441
        042-251-5131                | 042-251-5131
        0420659553                  | 0420659553
        09012345678                 | 090-1234-5678
        0120444444                  | 0120-444-444
        08001234567                 | 0800-123-4567
        +81-3-5253-5111             | 03-5253-5111
        03-5253-5111（代表）        | 03-5253-5111
        03-5253-5111（内線123）     | 03-5253-5111 内線123
        03-5253-5111、03-5253-5112  | 03-5253-5111 / 03-5253-5112
        5253-5111                   | 5253-5111
        03-5253                     | 03-5253
        3.52E+08                    | 3.52E+08
        -                           |
        """,
    )


def test_postcodes_addresses_of_pages_and_mail():
    check("postcode", "〒100-0001 | 1000001\n１００ー０００１ | 1000001\n1000001 | 1000001\n100 | 100")
    check(
        "url",
        """
        ｈｔｔｐｓ：／／ａ．ｊｐ／ | https://a.jp/
        ttps://a.jp/               | https://a.jp/
        https//a.jp/               | https://a.jp/
        https://a.jp/区役所        | https://a.jp/区役所
        www.a.jp                   | www.a.jp
        """,
    )
    check("email", "info＠a.lg.jp | info@a.lg.jp\ninfo(at)a.lg.jp | info@a.lg.jp\ninfo | info")
    check("extension", "内線123 | 123\n123、124 | 123 / 124\n２１ | 21\n受付 | 受付")


def test_codes_lean_on_their_check_digit():
    check(
        "code-municipality",
        """
        13101    | 131016
        92011    | 092011
        131016.0 | 131016
        131017   | 131017
        1.31E+05 | 1.31E+05
        12203    | 12203
        """,
    )
    assert repaired("code-municipality", ["12203"], known={"122033"}) == ["122033"]
    check(
        "corporate-number",
        """
        ８００００２０１３１０１６ | 8000020131016
        8000-0201-31016            | 8000020131016
        8000020131016.0            | 8000020131016
        8000020131017-             | 8000020131017-
        5.22001E+12                | 5.22001E+12
        """,
    )
    check("code-town", "0008-001 | 0008001\n0008001 | 0008001\n81 | 81")


def test_numbers_lose_only_what_counts_nothing():
    check(
        "integer",
        """
        1,234  | 1234
        ４０人 | 40
        40 人  | 40
        12.0   | 12
        007    | 7
        10 20  | 10 20
        約40   | 約40
        40/12  | 40/12
        80cm   | 80cm
        1E+05  | 1E+05
        -      |
        """,
    )
    check("number", "150mm | 150\n80cm | 80cm\nφ150 | φ150", name="口径")
    check("number", "12.5m | 12.5", name="標高")


def test_yes_and_no_follow_the_convention_of_the_item():
    check("yes-no", "○ | 有\n× | 無\nあり | 有\nTRUE | 有\n0 | 無\n△ | △\n不明 | 不明")
    check("flag", "○ | 1\n有 | 1\n1.0 | 1\n× |\n無 |\n-  |\n△ | △")


def test_words_of_a_closed_list_are_recognised_and_of_an_open_one_left_to_people():
    closed = CodeList("c", ("防火水そう", "プール"), {"防火水槽": "防火水そう"})
    assert repaired("text", ["防火水槽", " プール", "川"], codes=closed) == ["防火水そう", "プール", "川"]
    opened = CodeList("o", ("可燃ごみ",), {"燃やすごみ": "可燃ごみ"}, closed=False)
    assert repaired("text", ["燃やすごみ", "可燃ごみ　"], codes=opened) == ["燃やすごみ", "可燃ごみ"]
    several = CodeList("s", ("内科", "外科"))
    assert repaired("list", ["内科、外科", "内科;歯科"], codes=several, many=True) == [
        "内科;外科",
        "内科;歯科",
    ]


def test_lists_are_joined_by_semicolons_outside_brackets():
    check("list", "甲会、乙会 | 甲会;乙会\n甲（一、二） | 甲（一、二）\n甲；乙 | 甲;乙")


def test_texts_keep_their_kanji_and_symbols():
    check(
        "text",
        """
        　ＡＥＤ設置（１階）　 | AED設置（1階）
        ｾﾝﾀｰ                   | センター
        神社①㈱～             | 神社①㈱～
        """,
        name="名称",
    )
    assert repaired("text", ["建造物\n歴史資料"], name="種類") == ["建造物\n歴史資料"]
    assert repaired("kana", ["ちよだ　せんた－"]) == ["チヨダ　センター"]


def test_addresses_and_house_numbers_get_hyphens_between_digits_only():
    check("address", "南大野１ー４４ー５センター | 南大野1-44-5センター")
    check("house-number", "１番２号 | 1-2\n12番地 | 12\n12番地3 | 12-3\n3-1 1F | 3-1 1F\n3−1 | 3-1")
