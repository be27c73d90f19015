"""Encodings are proved, double encodings undone, damage told with its row."""

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

EXPECTED = [row.split(",") for row in ROWS]
KANA = lines("番号,ﾌﾘｶﾞﾅ,電話番号", "1,ﾁﾖﾀﾞﾎｹﾝｼﾞｮ,03-5211-8161", "2,ｶﾝﾀﾞｼｭｯﾁｮｳｼﾞｮ,03-3864-8931")


def eucjp_with_vendor_characters(text: str) -> bytes:
    """EUC-JP as Windows and UNIX vendors extended it: CP932 cells moved into the EUC rows."""
    out = bytearray()
    for character in text:
        try:
            out += character.encode("euc_jp")
        except UnicodeEncodeError:
            lead, trail = character.encode("cp932")
            row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 1
            cell = trail - 0x9E if trail >= 0x9F else trail - 0x3F - (trail > 0x7F)
            out += bytes((row + (trail >= 0x9F) + 0xA0, cell + 0xA0))
    return bytes(out)


def as_cp1252(data: bytes) -> str:
    undefined = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    return "".join(chr(b) if b in undefined else bytes((b,)).decode("cp1252") for b in data)


@pytest.mark.req("O02")
@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16le"),
        ("utf-16-le", "utf-16le"),
        ("utf-16-be", "utf-16be"),
        ("utf-32", "utf-32"),
        ("cp932", "cp932"),
    ],
)
@pytest.mark.parametrize("head", ["", "x" * 30000])
def test_every_encoding_is_recognised_even_behind_a_long_ascii_head(codec, label, head):
    rows = [HEADER, *ROWS[:1], *(f"131016,9,,{head},,,,," for _ in range(bool(head))), *ROWS[1:]]
    table = table_of(lines(*rows), codec)
    assert table.source.encoding == label
    assert table.header == tuple(HEADER.split(","))
    assert [row for row in cells_of(table) if row[1] != "9"] == EXPECTED


def test_long_ascii_text_before_the_first_japanese_byte_does_not_mislead():
    text = lines("id,name,note", *(f"{i},facility {i},none" for i in range(5000)), "5001,ﾎｹﾝｾﾝﾀｰ①髙,あり")
    table = table_of(text, "cp932")
    assert table.source.encoding == "cp932"
    assert cells_of(table)[-1] == ["5001", "ﾎｹﾝｾﾝﾀｰ①髙", "あり"]


def test_half_width_kana_is_cp932_and_not_eucjp():
    table = table_of(KANA, "cp932")
    assert table.source.encoding == "cp932"
    assert cells_of(table)[0][1] == "ﾁﾖﾀﾞﾎｹﾝｼﾞｮ"


def test_eucjp_with_vendor_characters_is_read():
    table = table_of(eucjp_with_vendor_characters(PLAIN))
    assert table.source.encoding == "euc-jp"
    assert cells_of(table) == EXPECTED


def test_plain_eucjp_is_read():
    text = PLAIN.replace("髙", "高").replace("①", "1")
    assert table_of(text, "euc_jp").source.encoding == "euc-jp"


def test_jis_escape_sequences_are_read():
    text = PLAIN.replace("髙", "高").replace("①", "1")
    assert table_of(text, "iso2022_jp").source.encoding == "iso-2022-jp"


@pytest.mark.parametrize("really", ["cp932", "utf-8"])
@pytest.mark.parametrize("read_as", ["latin-1", "cp1252"])
def test_double_encoding_is_undone_and_told(really, read_as):
    original = PLAIN.encode(really)
    garbled = original.decode("latin-1") if read_as == "latin-1" else as_cp1252(original)
    reading = reading_of(garbled.encode("utf-8"))
    assert cells_of(reading.tables[0]) == EXPECTED
    assert reading.tables[0].source.encoding == "utf-8"
    assert "double-encoding-undone" in codes_of(reading.findings)
    assert any("元に戻した" in sentence for sentence in reading.tables[0].source.because)


def test_utf8_read_as_cp932_is_undone_where_it_is_reversible():
    text = lines("名称,所在", "あいう,かき")
    reading = reading_of(text.encode("utf-8").decode("cp932", errors="ignore").encode("utf-8"))
    assert reading.tables
    assert {"double-encoding-undone", "garbled"} & set(codes_of(reading.findings))


def test_western_text_is_left_alone():
    table = table_of(lines("name,note", "Café Crème,déjà vu à Orléans", "Zoë,naïve façade"))
    assert cells_of(table)[0] == ["Café Crème", "déjà vu à Orléans"]


def test_lost_characters_are_told_with_their_row():
    table = table_of(lines(HEADER, ROWS[0], ROWS[1].replace("和泉", "\ufffd\ufffd"), ROWS[2]))
    lost = [finding for finding in table.findings if finding.code == "replacement-character"]
    assert [finding.row for finding in lost] == [3]
    assert lost[0].severity == "error"


def test_one_line_in_another_encoding_is_read_and_told():
    data = lines(HEADER, ROWS[0]).encode() + lines(ROWS[1]).encode("cp932") + lines(ROWS[2]).encode()
    reading = reading_of(data)
    assert cells_of(reading.tables[0]) == EXPECTED
    mixed = [finding for finding in reading.findings if finding.code == "mixed-encoding"]
    assert [finding.row for finding in mixed] == [3]


def test_utf8_lines_in_a_cp932_file_are_noticed():
    data = (
        lines(HEADER, ROWS[0]).encode("cp932")
        + lines(ROWS[1]).encode("utf-8")
        + lines(ROWS[2]).encode("cp932")
    )
    reading = reading_of(data)
    assert cells_of(reading.tables[0]) == EXPECTED


def test_a_row_of_invalid_bytes_is_set_aside_with_its_number():
    data = lines(HEADER, ROWS[0]).encode() + b"131016,2,\xff\xfe\x80,,,,,,\r\n" + lines(ROWS[2]).encode()
    table = table_of(data)
    assert [(finding.code, finding.row) for finding in table.aside] == [("invalid-bytes", 3)]
    assert cells_of(table) == [EXPECTED[0], EXPECTED[2]]


@pytest.mark.parametrize(("codec", "cut"), [("utf-8", 4), ("cp932", 1), ("utf-16", 1)])
def test_a_file_cut_off_inside_a_character_keeps_all_other_rows(codec, cut):
    data = lines(HEADER, *ROWS, "131016,4,千代田区,九段保育園").rstrip().encode(codec)
    table = table_of(data[:-cut])
    assert [(finding.code, finding.row) for finding in table.aside] == [("cut-off", 5)]
    assert cells_of(table) == EXPECTED


def test_bytes_of_no_encoding_are_refused_in_both_languages():
    reading = reading_of(bytes(range(0x80, 0x100)) * 50)
    assert reading.refusal.code in ("unknown-encoding", "not-a-table")
    assert reading.refusal.message.ja
    assert reading.refusal.message.en


def test_nul_characters_are_removed_and_counted():
    reading = reading_of(PLAIN.replace("九段北", "九段\x00北"))
    assert cells_of(reading.tables[0]) == EXPECTED
    assert "null-characters" in codes_of(reading.findings)


def test_private_use_characters_are_told():
    reading = reading_of(PLAIN.encode("cp932").replace("和".encode("cp932"), b"\xf0\x40"))
    assert "private-characters" in codes_of(reading.findings)
