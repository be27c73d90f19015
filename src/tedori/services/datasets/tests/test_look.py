"""The public pages in a real Chromium: nothing for axe to say, nothing wider than a small phone."""

from __future__ import annotations

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tedori.services.datasets.tests.factories import CHIYODA, TOKYO
from tedori.services.datasets.tests.publications import CHIYODA_AED, publish_aed, publish_rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = os.environ.get("TEDORI_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
PAGES = (
    "/", "/datasets/?q=aed", "/datasets/aed/", f"/en/datasets/aed/{CHIYODA}/",
    "/datasets/quality/", "/en/datasets/quality/aed/", "/datasets/requests/new/", "/styleguide",
)  # fmt: skip


@pytest.fixture
def site(live_server, monkeypatch):
    """A served site with a few published versions."""
    # Playwright keeps an event loop in this thread; our own queries here are not async.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    publish_aed()
    publish_rows(CHIYODA_AED, code=TOKYO)
    return live_server.url


@pytest.fixture
def browser():
    """Chromium, or a skip that says how to name one."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here (set TEDORI_CHROMIUM)")
    with sync_playwright() as tools:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


def complaints(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.req("U19")
def test_pages_are_accessible_and_fit_a_phone_of_360_pixels(browser, site):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in PAGES:
        assert page.goto(site + address).status == 200, address
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) == 0, address
        assert complaints(page) == [], address
        assert said == [], address


def test_the_keyboard_skips_to_the_content_opens_the_menu_and_searches(browser, site):
    page = browser.new_page(viewport={"width": 360, "height": 740})
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


def test_everything_is_there_without_javascript(browser, site):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/datasets/aed/{CHIYODA}/")
    assert page.get_by_role("rowheader", name="九段図書館").is_visible()
    assert page.get_by_role("link", name="品質", exact=True).first.is_visible()
    assert not page.locator("[data-map]").is_visible()


def test_the_map_shows_the_places_of_the_list(browser, site):
    page = browser.new_page()
    page.goto(f"{site}/datasets/aed/{CHIYODA}/")
    page.locator(".map path").first.wait_for()
    assert page.locator(".map path").count() == 2
    page.locator(".map path").first.click()
    assert page.locator(".leaflet-popup-content").inner_text() in {"千代田区役所", "九段図書館"}
