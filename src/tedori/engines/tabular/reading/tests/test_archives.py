"""ZIP archives: members as tables, bombs and slips refused, nothing written to disk."""

from __future__ import annotations

import io
import zipfile

from tedori.engines.tabular.reading import Limits, read_bytes
from tedori.engines.tabular.reading.tests.files import PLAIN, codes_of, reading_of, workbook


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, data in members:
            made.writestr(name, data)
    return target.getvalue()


def test_every_table_inside_is_read_and_the_rest_told():
    data = archive(
        ("施設.csv", PLAIN.encode("cp932")),
        ("aed.xlsx", workbook(None, 一覧=[["ID", "名称", "緯度"], [1, "本庁", 35.6], [2, "支所", 35.7]])),
        ("読んでください.pdf", b"%PDF-1.4 ..."),
        ("__MACOSX/._施設.csv", b"\x00\x05"),
        ("folder/", b""),
    )
    reading = reading_of(data, name="x.zip")
    assert [table.source.path for table in reading.tables] == ["x.zip!/施設.csv", "x.zip!/aed.xlsx"]
    assert {table.source.format for table in reading.tables} == {"zip"}
    assert [table.source.encoding for table in reading.tables] == ["cp932", None]
    assert [(f.code, f.value) for f in reading.findings] == [("member-refused", "読んでください.pdf")]


def test_names_in_cp932_are_restored():
    data = archive(("xxxx.csv", PLAIN.encode())).replace(b"xxxx", "施設".encode("cp932"))
    assert reading_of(data, name="x.zip").tables[0].source.path == "x.zip!/施設.csv"


def test_names_that_leave_the_archive_are_not_read():
    for name in ("../../etc/passwd.csv", "/etc/passwd.csv", "..\\..\\x.csv", "C:\\x.csv", "a/../../x.csv"):
        reading = reading_of(archive((name, PLAIN.encode())))
        assert reading.refusal.code == "archive-unsafe", name
    reading = reading_of(archive(("../x.csv", PLAIN.encode()), ("good.csv", PLAIN.encode())))
    assert len(reading.tables) == 1
    assert codes_of(reading.findings) == ["member-unsafe"]


def test_archives_inside_archives_are_read_to_a_depth():
    inner = archive(("a.csv", PLAIN.encode()))
    assert (
        reading_of(archive(("inner.zip", inner)), name="x.zip").tables[0].source.path
        == "x.zip!/inner.zip!/a.csv"
    )
    deep = archive(("3.zip", archive(("2.zip", archive(("1.zip", inner))))))
    reading = reading_of(deep)
    assert reading.refusal.code == "nothing-inside"


def test_bombs_are_refused_before_they_unpack():
    reading = reading_of(archive(("zeros.csv", b"0" * 60_000_000)))
    assert reading.refusal.code == "archive-bomb"
    small = Limits(unpacked=1000)
    assert (
        read_bytes(archive(("a.csv", PLAIN.encode() * 10)), name="x", limits=small).refusal.code
        == "archive-bomb"
    )
    many = Limits(members=3)
    members = [(f"{i}.csv", PLAIN.encode()) for i in range(4)]
    assert read_bytes(archive(*members), name="x", limits=many).refusal.code == "archive-bomb"


def test_a_lie_about_the_size_is_found_out():
    data = bytearray(archive(("a.csv", PLAIN.encode() * 4000)))
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    reading = reading_of(bytes(data))
    assert reading.refusal is not None
    assert not reading.tables


def test_an_encrypted_member_is_told():
    data = bytearray(archive(("a.csv", PLAIN.encode()), ("b.csv", PLAIN.encode())))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + offset] |= 1
    reading = reading_of(bytes(data))
    assert len(reading.tables) == 1
    assert codes_of(reading.findings) == ["member-refused"]
    assert "パスワード" in reading.findings[0].message.ja


def test_a_damaged_member_does_not_disturb_the_others():
    data = bytearray(archive(("a.csv", PLAIN.encode()), ("b.csv", PLAIN.encode()), method=zipfile.ZIP_STORED))
    data[data.find("千代田".encode()) + 1] ^= 0x10
    reading = reading_of(bytes(data))
    assert len(reading.tables) == 1
    assert codes_of(reading.findings) == ["member-refused"]


def test_an_archive_without_tables_says_what_it_holds():
    reading = reading_of(archive(("photo.jpg", b"\xff\xd8\xff\xe0abc")))
    assert reading.refusal.code == "nothing-inside"
    assert "photo.jpg" in reading.refusal.message.ja
