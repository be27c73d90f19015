"""Files at the door: whole or not at all, known again, refused with a reason, never disturbing others."""

from __future__ import annotations

import errno
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tedori.kernel.events.models import OutboxEvent
from tedori.kernel.organisations.models import User
from tedori.kernel.organisations.rules import Forbidden
from tedori.services.datasets.actions import storing
from tedori.services.datasets.actions.receiving import receive
from tedori.services.datasets.actions.storing import safe_name
from tedori.services.datasets.models import Delivery, Part, Version
from tedori.services.datasets.rules.errors import NothingSent, StorageFull, TooLarge
from tedori.services.datasets.tests.factories import (
    AED_HEADER,
    CHIYODA,
    HACHIOJI,
    NOW,
    aed_file,
    aed_rows,
    csv_of,
)

BACKEND = "django.contrib.auth.backends.ModelBackend"
pytestmark = pytest.mark.django_db


def kept(home) -> list[str]:
    """Every file below the data folder's deliveries."""
    return sorted(path.name for path in (home / "deliveries").rglob("*") if path.is_file())


def upload(browser, *files: tuple[str, bytes], path: str = "/desk/intake/"):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return browser.post(path, {"files": sent, "organisation": CHIYODA}, follow=True)


# --- storing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("aed.csv", "aed.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sato\\AED一覧.xlsx", "AED一覧.xlsx"),
        ("a\x00b?.csv", "a_b_.csv"),
        ("..", "file"),
        ("", "file"),
    ],
)
def test_a_name_cannot_lead_out_of_its_folder(given, safe):
    assert safe_name(given) == safe


def test_a_long_name_keeps_its_ending():
    found = safe_name("施設" * 200 + ".csv")
    assert found.endswith(".csv")
    assert len(found.encode()) <= 200


def test_the_same_bytes_are_known_again_for_one_organisation_only(people):
    data = aed_file()
    first = receive(iter([data]), name="a.csv", organisation=CHIYODA, by=people["sato"], at=NOW)
    again = receive(iter([data]), name="b.csv", organisation=CHIYODA, by=people["sato"], at=NOW)
    other = receive(iter([data]), name="a.csv", organisation=HACHIOJI, by=people["takahashi"], at=NOW)
    assert (first.new, again.new, other.new) == (True, False, True)
    assert again.delivery == first.delivery != other.delivery
    assert OutboxEvent.objects.filter(topic="datasets.file_received").count() == 2


def test_an_upload_cut_off_halfway_leaves_nothing(people, home):
    def torn():
        yield aed_file()[:100]
        raise ConnectionResetError("the browser went away")

    with pytest.raises(ConnectionResetError):
        receive(torn(), name="aed.csv", organisation=CHIYODA, by=people["sato"], at=NOW)
    assert kept(home) == []
    assert not Delivery.objects.exists()


def test_a_full_disk_keeps_nothing_of_the_file_and_everything_before(people, home, monkeypatch):
    receive(iter([aed_file()]), name="before.csv", organisation=CHIYODA, by=people["sato"], at=NOW)
    monkeypatch.setattr(storing.os, "fsync", _full)
    with pytest.raises(StorageFull):
        receive(iter([aed_file(3)]), name="after.csv", organisation=CHIYODA, by=people["sato"], at=NOW)
    assert kept(home) == ["before.csv"]
    assert Delivery.objects.count() == 1


def _full(_handle):
    raise OSError(errno.ENOSPC, "no space left on device")


def test_too_large_and_empty_files_are_refused(people, home, settings):
    settings.TEDORI_MAX_UPLOAD = 1000
    with pytest.raises(TooLarge):
        receive(iter([b"x" * 600, b"x" * 600]), name="a.csv", organisation=CHIYODA, by=people["sato"], at=NOW)
    with pytest.raises(NothingSent):
        receive(iter([b""]), name="a.csv", organisation=CHIYODA, by=people["sato"], at=NOW)
    assert kept(home) == []


def test_nobody_sends_files_for_another_organisation(people):
    for name in ("takahashi", "yamamoto"):
        with pytest.raises(Forbidden):
            receive(iter([aed_file()]), name="a.csv", organisation=CHIYODA, by=people[name], at=NOW)
    receive(iter([aed_file()]), name="a.csv", organisation=CHIYODA, by=people["tanaka"], at=NOW)


# --- the browser's door ----------------------------------------------------------------------------------


def test_several_files_come_in_one_form_and_one_bad_one_disturbs_none(desk, home):
    page = upload(desk("sato"), ("one.csv", aed_file(5)), ("two.csv", aed_file(6)), ("one.csv", aed_file(5)))
    assert page.status_code == 200
    assert Delivery.objects.count() == 2
    assert "以前に受け取っています" in page.content.decode()


def test_a_form_that_announces_too_much_is_turned_away_unread(desk, settings, home):
    settings.TEDORI_MAX_UPLOAD = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = upload(desk("sato"), ("big.csv", b"x" * 5000))
    assert page.status_code == 413
    assert "送られたデータが大きすぎます" in page.content.decode()
    assert kept(home) == []


def test_the_form_needs_its_token(people, client):
    browser = type(client)(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(username="sato"), backend=BACKEND)
    page = browser.post("/desk/intake/", {"files": [SimpleUploadedFile("a.csv", b"x")]})
    assert page.status_code == 403


def test_a_form_without_a_file_says_so(desk):
    assert desk("sato").post("/desk/intake/", {"organisation": CHIYODA}).status_code == 400


def xlsx() -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([AED_HEADER, *aed_rows(4)]):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def slipping_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../evil.csv", aed_file())
    return target.getvalue()


HTML = "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>見つかりません</body></html>"
UNREADABLE = {
    "binary.csv": bytes(range(256)) * 40,
    "truncated.xlsx": xlsx()[:700],
    "notfound.csv": HTML.encode(),
    "locked.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    "blank.csv": b"\r\n\r\n\r\n",
}


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_an_unreadable_file_says_why_and_disturbs_nothing(send, desk, name):
    good = send(aed_file(), name="good.csv")
    bad = send(UNREADABLE[name], name=name)
    row = Delivery.objects.get(pk=bad.delivery)
    assert row.state == "refused"
    assert row.refusal_ja
    assert row.refusal_en
    assert not Version.objects.filter(part__delivery=bad.delivery).exists()
    assert Delivery.objects.get(pk=good.delivery).state == "ready"
    page = desk("sato").get(f"/desk/deliveries/{bad.delivery}/")
    assert row.refusal_ja in page.content.decode()


def test_a_header_alone_publishes_nothing(send):
    receipt = send(csv_of(AED_HEADER, []), name="header.csv")
    assert Delivery.objects.get(pk=receipt.delivery).state in {"refused", "review", "ready"}
    assert not Version.objects.filter(rows__gt=0).exists()


def test_a_zip_that_leads_outside_writes_nothing_there(send, home):
    send(slipping_zip(), name="slip.zip")
    assert not list(home.parent.rglob("evil.csv"))


def test_two_datasets_in_one_workbook_become_two_tables(send):
    import xlsxwriter

    target = io.BytesIO()
    toilets = [
        "全国地方公共団体コード",
        "ID",
        "名称",
        "所在地_連結表記",
        "緯度",
        "経度",
        "男性トイレ_総数",
        "女性トイレ_総数",
    ]
    place = "東京都千代田区丸の内1-1"
    rows = [(CHIYODA, str(n), f"第{n}トイレ", place, "35.68", "139.76", "2", "2") for n in range(5)]
    with xlsxwriter.Workbook(target) as book:
        for name, table in (("AED", [AED_HEADER, *aed_rows(5)]), ("トイレ", [toilets, *rows])):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
    receipt = send(target.getvalue(), name="both.xlsx")
    found = Part.objects.filter(delivery=receipt.delivery).values_list("dataset", flat=True)
    assert sorted(found) == ["aed", "public_toilet"]


def test_the_original_comes_back_byte_for_byte(send, desk):
    data = aed_file()
    receipt = send(data)
    answer = desk("sato").get(f"/desk/deliveries/{receipt.delivery}/original")
    assert b"".join(answer.streaming_content) == data
