"""The format is decided from the content, and what is no table is refused with a reason and a way out."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tedori.engines.tabular.reading import Limits, read, read_bytes
from tedori.engines.tabular.reading.tests.files import (
    HEADER,
    PLAIN,
    ROWS,
    cells_of,
    lines,
    reading_of,
    workbook,
)

SHEET = [HEADER.split(","), *(row.split(",") for row in ROWS)]
WORKBOOK = workbook(None, 一覧=SHEET)


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return target.getvalue()


def ole(*streams: str) -> bytes:
    """The beginning of an OLE file with these stream names in its directory."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + names.ljust(1024, b"\x00")


@pytest.mark.req("O02")
@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (PLAIN.encode(), "csv"),
        (PLAIN.replace(",", "\t").encode("utf-16"), "tsv"),
        (WORKBOOK, "xlsx"),
        (zipped(data__csv=PLAIN.encode("cp932")), "zip"),
        (
            b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}',
            "geojson",
        ),
    ],
)
def test_a_wrong_name_does_not_matter(data, format_, tmp_path):
    path = tmp_path / "131016_public_facility.csv"
    path.write_bytes(data)
    reading = read(path)
    assert reading.refusal is None
    assert reading.tables[0].source.format == format_


REFUSED = [
    (b"", "empty-file"),
    (b"\xef\xbb\xbf\r\n \r\n", "empty-file"),
    (b"\x00" * 4096, "empty-file"),
    (b"<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>", "html-page"),
    ("\ufeff<html><head><title>ページが見つかりません</title>".encode(), "html-page"),
    ("<html lang=ja><title>エラー</title>".encode("cp932"), "html-page"),
    ("<!doctype html><title>お探しのページ</title>".encode("utf-16"), "html-page"),
    (b'<?xml version="1.0"?><rdf:RDF></rdf:RDF>', "not-a-table"),
    (b"%PDF-1.7\n" + bytes(range(256)), "not-a-table"),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not-a-table"),
    (bytes(range(256)) * 64, "not-a-table"),
    (ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "encrypted-workbook"),
    (ole("Root Entry", "WordDocument"), "not-a-table"),
    (ole("Root Entry", "Workbook"), "broken-workbook"),
    (WORKBOOK[: len(WORKBOOK) // 2], "broken-workbook"),
    (WORKBOOK[:100], "broken-workbook"),
    (zipped(word__xml=b"x")[:40], "broken-archive"),
    (zipped(**{"[Content_Types]__xml": b"<x/>", "word/document__xml": b"<x/>"}), "not-a-table"),
    (b'{"type": "FeatureCollection", "features": [{"type"', "broken-json"),
    (b'{"error": "not found"}', "json-not-a-table"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED)
def test_what_is_no_table_is_refused_with_a_reason(data, code):
    reading = reading_of(data)
    assert not reading.tables
    assert reading.refusal.code == code
    assert len(reading.refusal.message.ja) > 15
    assert re.sub("“.*”", "", reading.refusal.message.en).isascii()
    assert reading.sha256


def test_the_title_of_an_error_page_is_named():
    reading = reading_of("<html><title>ページが見つかりません</title>".encode())
    assert "ページが見つかりません" in reading.refusal.message.ja


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert read(tmp_path / "nothing.csv").refusal.code == "file-missing"
    assert read(tmp_path).refusal.code == "file-missing"


def test_a_file_above_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "big.csv"
    path.write_text(PLAIN)
    reading = read(path, limits=Limits(file=10))
    assert reading.refusal.code == "too-large"
    assert reading.sha256 == ""


@pytest.mark.parametrize("cut", range(0, len(WORKBOOK), 397))
def test_a_workbook_cut_anywhere_never_crashes(cut):
    reading = reading_of(WORKBOOK[:cut])
    assert reading.refusal is not None


@pytest.mark.parametrize("cut", range(1, 500, 23))
def test_a_text_cut_anywhere_never_crashes(cut):
    for codec in ("utf-8", "cp932", "utf-16", "euc_jp"):
        text = PLAIN.replace("髙", "高").replace("①", "1")
        reading = read_bytes(text.encode(codec)[:cut], name="cut.csv")
        assert reading.refusal is not None or reading.tables


def test_a_plain_text_file_with_prose_is_no_table_that_anyone_believes():
    reading = reading_of(lines("これは説明です。", "表ではありません。", "ご注意ください。"))
    table = reading.tables[0]
    assert len(table.header) == 1


def test_one_column_is_a_table():
    reading = reading_of(lines("施設名", "本庁舎", "麹町出張所", "富士見出張所"))
    assert reading.tables[0].header == ("施設名",)
    assert [row[0] for row in cells_of(reading.tables[0])] == ["本庁舎", "麹町出張所", "富士見出張所"]


@pytest.mark.parametrize("first", ["葛飾区", "彻", "㱁"])
def test_a_character_whose_bytes_hold_a_bracket_does_not_make_a_text_json(first):
    text = lines(f"{first} 施設一覧", *PLAIN.splitlines())
    for encoding in ("utf-16-le", "utf-16-be"):
        mark = "\ufeff".encode(encoding)
        assert reading_of(mark + text.encode(encoding)).tables[0].source.header_row == 2
