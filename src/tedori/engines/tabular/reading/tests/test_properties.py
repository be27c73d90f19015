"""Round trips of random tables through encodings, delimiters, preambles and line ends."""

from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tedori.engines.tabular.reading import Limits, read, read_bytes
from tedori.engines.tabular.reading.tests.files import cells_of

NAMES = [
    *("全国地方公共団体コード", "ID", "名称", "名称_カナ", "所在地_連結表記", "緯度", "経度", "電話番号"),
    *("郵便番号", "定員", "開始時間", "URL", "備考", "区分", "面積", "設置者", "利用可能曜日", "概要"),
]
PREAMBLES = ([], ["施設一覧"], ["施設一覧", "令和5年4月1日現在", ""], ["#LINK", "#lang,ja"], ["Ver1"])
KANJI = st.text(
    alphabet="東京都千代田区九段南保育園第一小学校センターほけんしょ①髙ﾎｹﾝ", min_size=1, max_size=12
)
NOTE = st.text(alphabet='東京区内あいう,;\t"\n 012', max_size=16).map(str.strip)
FIGURE = st.integers(0, 10**6).map(str)
PLACE = st.floats(20, 46, allow_nan=False).map(lambda value: f"{value:.6f}")


@st.composite
def tables(draw):
    """A header and rows: the first column counts, the others hold one kind of value each."""
    header = ["番号", *draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=9, unique=True))]
    kinds = [draw(st.sampled_from((KANJI, FIGURE, PLACE, NOTE))) for _ in header[1:]]
    kinds[0] = KANJI
    rows = draw(st.lists(st.tuples(*kinds), min_size=2, max_size=12))
    return header, [[str(i + 1), *row] for i, row in enumerate(rows)]


def written(header, rows, *, delimiter, end, preamble) -> str:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator=end)
    for line in preamble:
        target.write(line.replace(",", delimiter) + end)
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=tables(),
    delimiter=st.sampled_from([",", "\t", ";"]),
    end=st.sampled_from(["\n", "\r\n"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le"]),
    preamble=st.sampled_from(PREAMBLES),
)
def test_what_was_written_is_read_back(table, delimiter, end, codec, preamble):
    header, rows = table
    data = written(header, rows, delimiter=delimiter, end=end, preamble=preamble).encode(codec)
    reading = read_bytes(data, name="x.csv")
    assert reading.refusal is None
    found = reading.tables[0]
    assert found.source.delimiter == delimiter
    assert found.source.header_row == len(preamble) + 1
    assert list(found.header) == header
    assert cells_of(found) == rows
    at = len(preamble) + 2
    for row, number in zip(rows, found.frame["_row"].to_list(), strict=True):
        assert number == at
        at += 1 + sum(cell.count("\n") for cell in row)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400))
def test_no_bytes_crash_the_reading(data):
    reading = read_bytes(data, name="x")
    assert (reading.refusal is None) == bool(reading.tables)


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(alphabet='あ漢,;\t"\n\r\x00#1e.-(※例計', max_size=200),
    codec=st.sampled_from(["utf-8", "cp932"]),
)
def test_no_text_crashes_the_reading(text, codec):
    reading = read_bytes(text.encode(codec), name="x")
    for table in reading.tables:
        assert table.frame.width == len(table.header) + 1
        assert len(set(table.header)) == len(table.header)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables(), codec=st.sampled_from(["utf-8", "cp932"]))
def test_the_fast_way_reads_the_same(table, codec, tmp_path_factory):
    header, rows = table
    path = tmp_path_factory.mktemp("fast") / "x.csv"
    path.write_bytes(written(header, rows, delimiter=",", end="\r\n", preamble=[]).encode(codec))
    fast, careful = read(path, limits=Limits(careful=1)), read(path)
    assert cells_of(fast.tables[0]) == cells_of(careful.tables[0])
    assert fast.tables[0].header == careful.tables[0].header
