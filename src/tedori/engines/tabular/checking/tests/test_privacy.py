"""The privacy gate: what stops, what passes, and how little of it is shown."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.tabular.checking import masked, privacy
from tedori.engines.tabular.checking.privacy import names_pattern, noteworthy
from tedori.engines.tabular.checking.surnames import SURNAMES
from tedori.engines.tabular.definitions import definition
from tedori.engines.tabular.scanning import suspects
from tedori.engines.tabular.values import Decisions

pytestmark = pytest.mark.req("O03")


def stops(slug="food_business_all", *, decisions=None, **columns):
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    table = table.with_columns(pl.int_range(2, pl.len() + 2).cast(pl.Int64).alias("_row"))
    book = definition(slug)
    found = privacy(table, book, decisions, suspects=suspects(table, book))
    assert found == privacy(table, book, decisions)
    assert all(one.severity == "error" for one in found)
    return {(one.code, one.item) for one in found}, found


def test_names_of_sole_traders_stop_and_companies_pass():
    codes, _ = stops(法人名=["株式会社山田商店", "佐藤 花子", "医療法人社団田中会"])
    assert codes == {("privacy-name", "法人名")}
    assert stops(法人名=["株式会社山田商店", "有限会社佐藤", "学校法人鈴木学園", None])[0] == set()
    assert stops(施設名称=["高橋書店", "田中屋", "ひかり食堂", "中野区立図書館"])[0] == set()


def test_headings_of_people_are_watched_in_columns_that_are_no_items_too():
    codes, _ = stops(**{"extra:代表者氏名": ["狩野 一廣", "徳願寺"], "extra:園長": ["五百蔵一郎", None]})
    assert codes == {("privacy-name", "代表者氏名"), ("privacy-name", "園長")}
    assert stops(**{"extra:所有者等": ["市川市ほか", "法華経寺", "葛飾八幡宮", "個人蔵"]})[0] == set()


def test_names_after_a_title_are_found_in_free_text():
    assert stops(備考=["責任者：鈴木一郎", "担当は総務課"])[0] == {("privacy-name", "備考")}


def test_mobile_numbers_stop_in_any_column_and_land_lines_pass():
    codes, _ = stops(
        施設電話番号=["03-1234-5678", "090-1234-5678"], **{"extra:連絡": ["０８０１２３４５６７８", None]}
    )
    assert codes == {("privacy-mobile", "施設電話番号"), ("privacy-mobile", "連絡")}
    plain = ["0120-123-456", "0800-123-4567", "35.090123", "https://a.jp/?id=09012345678"]
    assert stops(備考=plain)[0] == set()


def test_private_mail_addresses_stop_and_those_of_offices_pass():
    codes, _ = stops(連絡先メールアドレス=["kikaku@city.example.lg.jp", "hanako.sato@gmail.com"])
    assert codes == {("privacy-mail", "連絡先メールアドレス")}
    assert stops(連絡先メールアドレス=["kikaku@city.example.lg.jp"])[0] == set()


def test_values_are_never_shown_in_full():
    _, found = stops(法人名=["佐藤 花子"], 備考=["hanako.sato@gmail.com"], 施設電話番号=["090-1234-5678"])
    told = " ".join(f"{one.message.ja}{one.message.en}{one.value}" for one in found)
    assert not any(secret in told for secret in ("花子", "hanako.sato", "1234-5678"))
    assert len(found) == 3
    assert masked("佐藤花子") == "佐…"


def test_a_person_may_let_a_column_pass():
    allowed = Decisions(privacy={"法人名": True, "連絡": True})
    assert stops(法人名=["佐藤 花子"], decisions=allowed, **{"extra:連絡": ["090-1234-5678"]})[0] == set()
    refused = Decisions(privacy={"法人名": False})
    assert stops(法人名=["佐藤 花子"], decisions=refused)[0] == {("privacy-name", "法人名")}


@given(
    title=st.sampled_from(["", "代表:", "担当者　", "店主は"]),
    surname=st.sampled_from(sorted(SURNAMES)),
    blank=st.sampled_from(["", " ", "　", "  "]),
    given_name=st.text("一龠々花子ぁんァヶー", max_size=6),
    heading=st.sampled_from(["備考", "代表者氏名", "法人名", "屋号", "名称"]),
)
def test_the_first_look_misses_no_name_that_the_closer_look_finds(title, surname, blank, given_name, heading):
    text = pl.Series([f"{title}{surname}{blank}{given_name}"])
    closer, first = text.str.contains(names_pattern(heading)), text.str.contains(noteworthy(heading))
    assert first[0] or not closer[0]
