"""The page that describes `/api/v1`, in a real Chromium: drawn from this site alone, under its policy."""

from __future__ import annotations

import pytest


@pytest.fixture
def page(chromium):
    """A page of Chromium that has patience with a large description."""
    page = chromium.new_page()
    page.set_default_timeout(90_000)
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queries_beside_chromium")
def test_the_description_is_drawn_from_this_site_alone(page, live_server):
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
