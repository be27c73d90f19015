"""The public pages in a real Chromium: nothing for axe to say, nothing wider than a small phone."""

from __future__ import annotations

import pytest

from tedori.services.datasets.tests.factories import CHIYODA, TOKYO
from tedori.services.datasets.tests.publications import CHIYODA_AED, publish_aed, publish_rows
from tests.installation import complaints

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("queries_beside_chromium"),
]
PAGES = (
    "/", "/datasets/?q=aed", "/datasets/aed/", f"/en/datasets/aed/{CHIYODA}/",
    "/datasets/quality/", "/en/datasets/quality/aed/", "/datasets/requests/new/", "/styleguide",
)  # fmt: skip


@pytest.fixture
def site(live_server):
    """A served site with a few published versions."""
    publish_aed()
    publish_rows(CHIYODA_AED, code=TOKYO)
    return live_server.url


@pytest.mark.req("U19")
def test_pages_are_accessible_and_fit_a_phone_of_360_pixels(chromium, site):
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in PAGES:
        assert page.goto(site + address).status == 200, address
        assert complaints(page) == [], address
        assert said == [], address


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_the_header_of_who_is_signed_in_is_one_line_on_a_small_phone(chromium, site, client, tanaka, path):
    client.force_login(tanaka, backend="django.contrib.auth.backends.ModelBackend")
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page.goto(site + path)
    assert page.locator(".top-tools form").is_visible()
    assert page.locator(".top-line").bounding_box()["height"] <= 64
    brand, tools = (page.locator(place).bounding_box() for place in (".brand", ".top-tools"))
    assert brand["y"] < tools["y"] + tools["height"] and tools["y"] < brand["y"] + brand["height"]
    assert complaints(page) == []
    page.close()


def test_the_keyboard_skips_to_the_content_opens_the_menu_and_searches(chromium, site):
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{site}/datasets/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    menu = page.get_by_role("button", name="メニュー")
    menu.press("Enter")
    assert page.get_by_role("link", name="品質", exact=True).is_visible()
    page.get_by_label("さがす言葉").fill("ちよだ")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    assert page.get_by_role("heading", level=3).all_text_contents() == ["AED設置箇所一覧 千代田区"]


def test_everything_is_there_without_javascript(chromium, site):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/datasets/aed/{CHIYODA}/")
    assert page.get_by_role("rowheader", name="九段図書館").is_visible()
    assert page.get_by_role("link", name="品質", exact=True).first.is_visible()
    assert not page.locator("[data-map]").is_visible()


def test_the_map_shows_the_places_of_the_list(chromium, site):
    page = chromium.new_page()
    page.goto(f"{site}/datasets/aed/{CHIYODA}/")
    page.locator(".map path").first.wait_for()
    assert page.locator(".map path").count() == 2
    page.locator(".map path").first.click()
    assert page.locator(".leaflet-popup-content").inner_text() in {"千代田区役所", "九段図書館"}
