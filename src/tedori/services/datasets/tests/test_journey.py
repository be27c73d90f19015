"""The whole way of a file in a real Chromium on a real installation, from a ward office to every reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import ckanapi
import httpx
import pyogrio
import pytest
import rdflib
from playwright.sync_api import Page

from tedori.services.datasets.tests.journeys import NAMES, messy_file
from tests.installation import Installation, Visits, complaints

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("installation"),
    pytest.mark.timeout(600),
    pytest.mark.req("O01", "O02"),
]
RECORD = "/datasets/public_facility/131016/"
REAL = "data/municipal/ichikawa/open_data/101_公共施設一覧/122033_101_public_facility.csv"
WORK = 60_000  # milliseconds that a job may take on a slow machine


@dataclass
class Walk:
    """What the people of the journey saw on their way."""

    address: str
    questions: list[str] = field(default_factory=list)
    version: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str) -> None:
        """Keep what a page says, and what axe says about it."""
        self.seen[name] = page.locator("main").inner_text()
        self.complaints += complaints(page)


@pytest.fixture(scope="module")
def visits(chromium, installation) -> Iterator[Visits]:
    opened = Visits(chromium, installation.address)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def walk(visits, tmp_path_factory) -> Walk:
    """Sato sends the messy file and decides; Suzuki reads the difference, publishes, fetches the fixes."""
    walk = Walk(visits.address)
    sent = tmp_path_factory.mktemp("sent") / "shisetsu.csv"
    sent.write_bytes(messy_file())
    _sato(visits, walk, sent)
    _suzuki(visits, walk)
    return walk


def send(page: Page, file: Path) -> None:
    """Send a file at the intake, and wait until a person is asked or the draft is there."""
    page.goto("/desk/intake/")
    page.set_input_files("input[name=files]", file)
    page.get_by_role("button", name="送る").click()
    page.wait_for_url("**/desk/deliveries/**")
    page.get_by_text("判断してください").or_(
        page.get_by_role("link", name="下書きと差分を見る")
    ).first.wait_for(timeout=WORK)


def _sato(visits: Visits, walk: Walk, sent: Path) -> None:
    page = visits("/desk/", as_="sato")
    walk.look(page, "desk")
    send(page, sent)
    walk.look(page, "delivery")
    walk.questions = page.locator("form.doubts legend").all_inner_texts()
    assert page.get_by_label("車椅子可").is_checked(), "the engine's own choice is proposed"
    page.get_by_label("伏せる").check()
    page.get_by_role("button", name="この内容で決める").click()
    page.get_by_role("link", name="下書きと差分を見る").click(timeout=WORK)
    walk.version = page.url.removeprefix(visits.address)
    walk.look(page, "sato at the draft")
    forced = page.request.post(
        walk.version,
        form={
            "step": "publish",
            "csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.input_value(),
        },
        headers={"Referer": page.url},
    )
    walk.seen["sato forces"] = str(forced.status)


def _suzuki(visits: Visits, walk: Walk) -> None:
    page = visits("/desk/publish/", as_="suzuki")
    walk.look(page, "drafts")
    page.get_by_role("link", name="公共施設一覧").first.click()
    walk.look(page, "suzuki at the draft")
    page.get_by_label("確認した内容").fill("抜粋した一覧に差し替える")
    page.get_by_role("button", name="公開する").click()
    page.get_by_text("公開しました").wait_for()
    page.get_by_role("button", name="返すファイルを作成する").click()
    ready = page.get_by_role("link", name="直したファイル")
    for _ in range(60):
        if ready.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    walk.look(page, "published")
    for name in ("直したファイル", "修正一覧（日本語・CSV）"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        walk.files[name] = Path(download.value.path()).read_bytes()


def test_a_steward_is_asked_only_what_the_engine_cannot_prove(walk):
    assert walk.questions == [
        "列「車いす」はどの項目ですか",
        "「担当者氏名」に個人情報らしい値があります。公開しますか",
    ]


def test_a_steward_cannot_publish_what_a_publisher_must(walk):
    assert "公開は公開責任者が行います。" in walk.seen["sato at the draft"]
    assert walk.seen["sato forces"] == "403"


def test_the_publisher_reads_the_difference_and_confirms_it(walk):
    said = walk.seen["suzuki at the draft"]
    assert f"+{len(NAMES)}\n追加された行" in said
    assert "公開中の版と大きく違います" in said
    assert "公開中" in walk.seen["published"]


def test_the_pages_of_the_way_are_accessible_and_their_consoles_silent(walk, visits):
    assert walk.complaints == []
    assert visits.said == []


@pytest.mark.parametrize(
    ("path", "width", "script", "words"),
    [
        ("/datasets/?q=公共施設+千代田区", 1280, True, "公共施設一覧"),
        ("/datasets/public_facility/", 1280, True, "千代田区"),
        (RECORD, 1280, True, "九段図書館"),
        (RECORD, 360, True, "九段図書館"),
        (f"/en{RECORD}", 360, False, "九段図書館"),
        ("/en/datasets/?q=public+facilities", 1280, False, "Public facilities"),
    ],
)
def test_a_stranger_finds_and_reads_it(walk, visit, path, width, script, words):
    page = visit(path, width=width, java_script_enabled=script)
    assert words in page.locator("main").inner_text()
    if script:
        assert complaints(page) == []
    assert visit.said == []


def test_a_stranger_downloads_the_rows_without_what_was_withheld(walk, visit):
    page = visit(RECORD)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).first.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["名称"] for row in rows} == set(NAMES)
    assert all(35 < float(row["緯度"]) < 36 and 139 < float(row["経度"]) < 140 for row in rows)
    assert all(row["電話番号"].startswith("03-5211-") for row in rows)
    assert not any("担当者" in name for name in rows[0])
    assert "佐々木" not in text


@pytest.mark.req("O08")
def test_programs_read_it_in_every_tongue(walk):
    asked = f"{walk.address}/api/v1/datasets/public_facility/rows?municipality=131016&limit=100"
    answer = httpx.get(asked).json()
    assert {row["名称"] for row in answer["rows"]} == set(NAMES)

    ckan = ckanapi.RemoteCKAN(walk.address)
    package = ckan.action.package_show(id="public_facility-131016")
    assert "千代田区" in package["title"]
    assert {one["format"] for one in package["resources"]} >= {"CSV", "GeoJSON"}

    _, _, points, fields = pyogrio.raw.read(
        f"OAPIF:{walk.address}/ogc",
        layer="public_facility",
        columns=["名称"],
        bbox=(139.7, 35.6, 139.8, 35.8),
    )
    assert set(NAMES) <= set(fields[0])
    assert all(points)

    catalogue = rdflib.Graph().parse(f"{walk.address}/dcat/datasets/public_facility/131016.ttl")
    titles = {str(one) for one in catalogue.objects(None, rdflib.DCTERMS.title)}
    assert any("公共施設一覧" in one for one in titles)
    assert list(catalogue.subjects(rdflib.RDF.type, rdflib.DCAT.Distribution))


@pytest.mark.req("O06")
def test_the_ward_office_gets_its_own_file_back_with_its_fixes(walk):
    before = messy_file().decode("cp932").split("\r\n")
    after = walk.files["直したファイル"].decode("cp932").split("\r\n")
    assert len(after) == len(before)
    assert after[3] == before[3], "its own header, in its own line"
    first = dict(zip(after[3].split(","), after[4].split(","), strict=True))
    assert (first["ＴＥＬ"], first["緯度"][:2], first["経度"][:3]) == ("03-5211-1001", "35", "139")
    fixes = list(csv.DictReader(io.StringIO(walk.files["修正一覧（日本語・CSV）"].decode("utf-8-sig"))))
    assert {"行": "5", "列": "ＴＥＬ"}.items() <= next(one for one in fixes if one["列"] == "ＴＥＬ").items()
    assert [one["行"] for one in fixes if one["列"] == "緯度"] == ["4"]


def test_the_evidence_verifies_and_the_doctor_is_content(walk, installation: Installation):
    assert installation.tedori("evidence", "verify").returncode == 0
    checked = installation.tedori("doctor", check=False)
    assert (checked.returncode, "✗" in checked.stdout) == (0, False), checked.stdout


def test_a_real_file_goes_the_same_way(walk, visits, visit, shared):
    page = visits("/desk/", as_="sato")
    send(page, shared / REAL)
    page.get_by_role("button", name="この内容で決める").click()
    page.get_by_role("link", name="下書きと差分を見る").click(timeout=WORK)
    version = page.url.removeprefix(visits.address)
    page = visits(version, as_="suzuki")
    page.get_by_label("確認した内容").fill("試しに公開する")
    page.get_by_role("button", name="公開する").click()
    page.get_by_text("公開しました").wait_for()
    assert "市川小学校" in visit(RECORD).locator("main").inner_text()
    _, _, points, fields = pyogrio.raw.read(
        f"OAPIF:{walk.address}/ogc", layer="public_facility", columns=["名称"]
    )
    assert "真間小学校" in set(fields[0])
    assert visits.said == []
