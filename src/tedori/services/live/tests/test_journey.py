"""A developer finds a shelter and writes to it; whoever looks at it sees the change without reloading."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import httpx
import pytest

from tests.installation import complaints

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live-journey"), pytest.mark.timeout(300)]
LIST = "/live/types/EvacuationShelter/?place=131016"
MODELS = ("/live/models/", "/live/models/WaterOutage/", "/live/connect/")
LOOKED_AT = ("/live/", LIST, "/live/types/Toilet/?stale=1", *MODELS)


def issue(visit, limit):
    """The administrator issues a token of Chiyoda's in the browser, limited to types and places."""
    page = visit("/organisations/131016/tokens/", as_="tanaka")
    page.get_by_label("用途").fill(f"避難所システム {limit}")
    page.get_by_label("ライブ情報を書き込む", exact=True).check()
    page.get_by_label("「ライブ情報を書き込む」の範囲").fill(limit)
    page.get_by_role("button", name="発行する").click()
    return page.locator("#secret").inner_text()


def write(installation, token, method, path, body):
    """One call of a program; gives the status."""
    headers = {
        "authorization": f"Bearer {token}",
        "link": f"<{installation.address}/ngsi-ld/v1/jsonldContexts/tedori>; "
        'rel="http://www.w3.org/ns/json-ld#context"',
    }
    return httpx.request(
        method, f"{installation.address}/ngsi-ld/v1{path}", json=body, headers=headers
    ).status_code


def reading(value):
    return {"type": "Property", "value": value, "observedAt": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}


@pytest.mark.req("F09")
def test_a_written_value_appears_on_the_open_page_without_reloading(visit, installation, record_property):
    token = issue(visit, "EvacuationShelter@131016")
    page = visit("/live/")
    page.get_by_role("link", name="避難所", exact=True).click()
    page.get_by_label("地域・組織").select_option(label="千代田区")
    page.get_by_role("button", name="しぼりこむ").click()
    row = page.locator("tr[data-urn]").first
    urn, name = row.get_attribute("data-urn"), row.get_by_role("link").inner_text()
    assert page.locator("tr[data-urn]").count() == page.locator("tr[data-urn*=':131016:']").count()
    page.get_by_text("自動で更新しています").wait_for()
    page.evaluate("window.untouched = true")
    attributes = {"status": reading("open"), "peopleCount": reading(4321)}
    began = time.monotonic()
    assert write(installation, token, "PATCH", f"/entities/{urn}/attrs", attributes) == 204
    row.get_by_text("4,321").wait_for()
    record_property("seconds", round(time.monotonic() - began, 3))
    assert row.get_by_text("開設中").is_visible()
    assert row.get_by_text("たった今").first.is_visible()
    assert page.evaluate("window.untouched")

    row.get_by_role("link", name=name).click()
    page.get_by_text("自動で更新しています").wait_for()
    page.evaluate("window.untouched = true")
    assert write(installation, token, "PATCH", f"/entities/{urn}/attrs", {"status": reading("full")}) == 204
    page.get_by_text("満員", exact=True).first.wait_for()
    page.locator("[data-live-note]").get_by_text("状況 満員").wait_for()
    assert page.evaluate("window.untouched")
    page.reload()
    assert page.get_by_role("cell", name="4,321").first.is_visible()
    toilet = {"id": "urn:ngsi-ld:Toilet:131016:new", "type": "Toilet"}
    assert write(installation, token, "POST", "/entities", toilet) == 403
    assert visit.said == []


def test_members_see_what_is_theirs_as_it_changes_and_strangers_do_not(visit, installation):
    token = issue(visit, "@131016")
    guard = {
        "id": "urn:ngsi-ld:Guard:131016:1",
        "type": "Guard",
        "name": reading("夜間警備"),
        "people": reading(1),
    }
    assert write(installation, token, "POST", "/entities", guard) == 201
    page = visit("/live/types/Guard/", as_="suzuki")
    page.get_by_text("自動で更新しています").wait_for()
    path = f"/entities/{guard['id']}/attrs"
    assert write(installation, token, "PATCH", path, {"people": reading(777)}) == 204
    page.get_by_text("777").wait_for()
    assert "見つかりません" in visit("/live/types/Guard/").locator("main").inner_text()
    visit.said.clear()  # the browser tells of the page that was not found


def test_everything_is_there_without_javascript(visit):
    page = visit(LIST, java_script_enabled=False)
    rows = page.locator("tr[data-urn]")
    assert rows.count() == 4
    assert rows.first.locator("time").first.is_visible()
    assert page.get_by_role("link", name="読み込み直す").is_visible()
    rows.first.get_by_role("link").click()
    assert page.get_by_role("rowheader", name="人数").is_visible()
    assert page.get_by_role("link", name="CSV").is_visible()
    assert page.locator(".chart svg").is_visible()


@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_are_accessible_and_fit_a_phone_of_360_pixels(visit, language):
    page = visit(f"{language}/live/", width=360)
    entity = visit(f"{language}{LIST}").locator("tr[data-urn] a").first.get_attribute("href")
    for path in (*(f"{language}{one}" for one in LOOKED_AT), entity):
        assert page.goto(path).status == 200
        page.wait_for_load_state()
        assert complaints(page) == []
    assert visit.said == []


def test_the_publishers_pages_are_accessible_and_a_decision_is_kept(visit):
    page = visit("/live/publication/", as_="suzuki", width=360)
    assert complaints(page) == []
    page.get_by_role("link", name="避難所").click()
    assert complaints(page) == []
    page.get_by_label("誰でも").check()
    page.get_by_label("理由").fill("住民が避難先を選ぶため")
    page.get_by_role("button", name="保存する").click()
    page.get_by_text("避難所の公開範囲を保存しました。").wait_for()
    page.goto("/live/uses/")
    assert complaints(page) == []
    assert "避難所" in page.locator("main").inner_text()
    assert visit.said == []
