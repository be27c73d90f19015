"""The page that describes `/api/v1`, in a real Chromium: drawn from this site alone, under its policy."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("TEDORI_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture
def page():
    """A page of Chromium, or a skip that says how to name one."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here (set TEDORI_CHROMIUM)")
    with sync_playwright() as tools:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = opened.new_page()
        page.set_default_timeout(90_000)
        yield page
        opened.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_description_is_drawn_from_this_site_alone(page, live_server, monkeypatch):
    # Playwright keeps an event loop in this thread; our own queries here are not async.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(f"{live_server.url}/api/v1/docs", wait_until="commit")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    page.wait_for_selector(".opblock")
    assert page.locator(".opblock").count() >= 12
    assert page.get_by_text("データセットの一覧").first.is_visible()
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []
    assert said == []
    page.locator(".opblock-summary", has_text="/api/v1/datasets").first.click()
    assert page.get_by_text("The standard datasets, with publishers").is_visible()
