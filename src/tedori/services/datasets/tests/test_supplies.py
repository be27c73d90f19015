"""What an adopter supplies reaches the engine that runs behind an upload."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from tedori.services.datasets.models import Part, Version
from tedori.services.datasets.queries.health import supplies
from tedori.services.datasets.queries.supplies import means
from tedori.services.datasets.tests.factories import AED_HEADER, aed_rows, csv_of
from tedori.services.datasets.tests.test_api_outlines import areas

pytestmark = pytest.mark.django_db

TOWNS = """
全国地方公共団体コード,町字ID,町字名,緯度,経度
131016,0001001,丸の内一丁目,35.68,139.76
131016,0001002,丸の内二丁目,35.68,139.76
"""
CODES = """
団体コード,"都道府県名
（漢字）","市区町村名
（漢字）"
122033,千葉県,市川市
130001,東京都,
131016,東京都,千代田区
"""


@pytest.fixture
def supply(tmp_path):
    """Import a table as the adopter would."""

    def _supply(kind: str, content: str | bytes) -> None:
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.strip().encode())
        call_command("datasets", kind, str(path))

    return _supply


def test_without_supplies_the_engine_goes_on_without_them(home):
    found = means(home)
    assert (found.codes, found.gazetteer, found.boundaries) == ({}, None, {})


def test_a_nationwide_list_names_the_municipalities_outside(supply, home):
    supply("codes", CODES)
    assert means(home).codes == {"122033": "千葉県市川市", "131016": "東京都千代田区"}


def test_the_towns_split_addresses_behind_an_upload(supply, send, home):
    supply("towns", TOWNS)
    header = tuple("住所" if name == "所在地_連結表記" else name for name in AED_HEADER)
    send(csv_of(header, [(*row[:4], "千代田区丸の内一丁目2番3号", *row[5:]) for row in aed_rows(3)]))
    part = Part.objects.get()
    told = json.loads((home / part.report).read_text(encoding="utf-8"))
    assert "町字ID" in {one["item"] for one in told["repairs"]["items"]}


def test_the_areas_find_the_points_outside_behind_an_upload(supply, send, home):
    supply("outlines", areas(("13101", 139.73, 35.67, 139.78, 35.70)))
    rows = aed_rows(6)
    rows[0] = (*rows[0][:5], "35.5", "139.5", *rows[0][7:])
    send(csv_of(AED_HEADER, rows))
    report = json.loads((home / Version.objects.get().report).read_text(encoding="utf-8"))
    (outside,) = [one for one in report["findings"] if one["code"] == "coordinate-outside"]
    assert "千代田区" in outside["message"]["ja"]


def test_a_table_that_is_read_anew_when_it_changes(supply, home):
    supply("codes", CODES)
    means(home)
    supply("codes", CODES.replace("市川市", "市川市（新）"))
    assert means(home).codes["122033"] == "千葉県市川市（新）"


def test_the_doctor_says_what_is_there_and_what_cannot_be_read(supply, home):
    supply("codes", CODES)
    (found,) = supplies()
    assert (found.code, found.level) == ("supplies", "ok")
    assert str(found.what).endswith("取り込んでいない表：towns, outlines。")
    (home / "supplies" / "towns.csv").write_text("broken")
    (found,) = supplies()
    assert (found.code, found.level) == ("supplies-unreadable", "error")


@pytest.mark.parametrize("kind", ["towns", "codes"])
def test_another_table_is_refused_and_changes_nothing(kind, supply, home):
    supply("codes", CODES)
    supply("towns", TOWNS)
    before = means(home)
    with pytest.raises(CommandError, match="c|d"):
        supply(kind, "あれ,これ\n1,2")
    assert means(home) == before
