"""Long files: the fast way and the careful way say the same, and irregular rows are found among many."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from tedori.engines.tabular.reading import Limits, bulk, chunks, read
from tedori.engines.tabular.reading.tests.files import HEADER, cells_of, codes_of, lines

CAREFUL = Limits()
FAST = replace(CAREFUL, careful=1000)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Many pieces even for a file of a test's size."""
    monkeypatch.setattr(chunks, "SIZE", 4096)


def rows(count: int, *, quoted: bool = False) -> list[str]:
    note = '"要予約、\n土日は休み, 祝日も"' if quoted else "要予約"
    return [
        f"131016,{i},千代田区,施設{i},東京都千代田区麹町{i},35.{i:05d},139.{i:05d},03-1234-{i:04d},"
        + (note if i % 7 == 0 else "")
        for i in range(1, count + 1)
    ]


def both(tmp_path, data: bytes):
    """The same file read the fast and the careful way; the fast way must have been possible."""
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    fast, careful = read(path, limits=FAST), read(path, limits=CAREFUL)
    assert fast.refusal is None
    assert careful.refusal is None
    return fast, careful


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_ways_agree(tmp_path, codec, quoted, end):
    data = lines("公共施設一覧,,,,,,,,", "", HEADER, *rows(400, quoted=quoted), end=end).encode(codec)
    fast, careful = both(tmp_path, data)
    assert fast.tables[0].frame.equals(careful.tables[0].frame)
    assert fast.tables[0].header == careful.tables[0].header
    assert fast.tables[0].preamble == careful.tables[0].preamble
    assert fast.sha256 == careful.sha256 == hashlib.sha256(data).hexdigest()
    ours, theirs = fast.tables[0].source, careful.tables[0].source
    assert (ours.encoding, ours.delimiter, ours.header_row, ours.format, ours.sha256) == (
        theirs.encoding, theirs.delimiter, theirs.header_row, theirs.format, theirs.sha256,
    )  # fmt: skip
    assert fast.tables[0].frame.height == 400


def test_the_fast_way_is_really_taken(tmp_path, monkeypatch):
    slow = []
    monkeypatch.setattr(chunks, "_slow", lambda *args, **named: slow.append(args))
    path = tmp_path / "file.csv"
    path.write_bytes(lines(HEADER, *rows(300, quoted=True)).encode("cp932"))
    assert read(path, limits=FAST).tables[0].frame.height == 300
    assert not slow


@pytest.mark.parametrize(
    ("at", "row", "aside", "told"),
    [
        (150, "131016,x,千代田区,長い行,,,,,,余分,余分", ["too-many-cells"], []),
        (150, "131016,x,千代田区", [], ["too-few-cells"]),
        (150, "", [], ["blank-rows"]),
        (150, ",,,,,,,,", [], ["blank-rows"]),
        (150, HEADER, ["repeated-header"], []),
        (0, "記入例,1,千代田区,千代田会館,東京都,35.6,139.7,03-0000-0000,", ["example-row"], []),
        (300, "※令和5年4月1日現在,,,,,,,,", ["note-row"], []),
        (300, "合計,,,,,300,300,,", ["total-row"], []),
        (150, "131016,x,千代田区,失\ufffdた,東京都,35.1,139.1,03-1,", [], ["replacement-character"]),
        (150, '131016,x,千代田区,管 3" 用,東京都,35.1,139.1,03-1,', [], []),
    ],
)
def test_one_irregular_row_among_many_is_found(tmp_path, at, row, aside, told):
    body = rows(300)
    body.insert(at, row)
    fast, careful = both(tmp_path, lines(HEADER, *body).encode())
    for reading in (fast, careful):
        table = reading.tables[0]
        assert [(f.code, f.row) for f in table.aside] == [(code, at + 2) for code in aside]
        assert codes_of(table.findings) == told
    assert cells_of(fast.tables[0]) == cells_of(careful.tables[0])
    assert fast.tables[0].frame["_row"].to_list() == careful.tables[0].frame["_row"].to_list()


def test_a_bad_byte_far_inside_is_found_by_the_careful_way(tmp_path):
    data = lines(HEADER, *rows(300)).encode()
    at = data.find("施設200".encode())
    path = tmp_path / "file.csv"
    path.write_bytes(data[:at] + b"\xff\xfe" + data[at:])
    reading = read(path, limits=FAST)
    assert [(f.code, f.row) for f in reading.tables[0].aside] == [("invalid-bytes", 201)]
    assert reading.tables[0].frame.height == 299


def test_an_unclosed_quotation_mark_far_inside_costs_one_row_at_most(tmp_path):
    body = rows(300)
    body[149] = '131016,150,千代田区,"閉じない,東京都,35.1,139.1,03-1,'
    path = tmp_path / "file.csv"
    path.write_bytes(lines(HEADER, *body).encode())
    table = read(path, limits=FAST).tables[0]
    assert table.frame.height >= 299
    assert "unclosed-quote" in codes_of(table.findings)


def test_double_encoding_is_undone_in_long_files_too(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(lines(HEADER, *rows(300)).encode("cp932").decode("latin-1").encode())
    reading = read(path, limits=FAST)
    assert cells_of(reading.tables[0])[0][2] == "千代田区"
    assert codes_of(reading.findings) == ["double-encoding-undone"]


def test_a_long_file_that_is_no_text_goes_the_other_way(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"%PDF-1.4" + bytes(range(256)) * 100)
    assert read(path, limits=FAST).refusal.code == "not-a-table"
    assert bulk.read.__doc__
