"""A publisher sees in the browser that notifications did not arrive, and has them sent again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.installation import complaints

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live-subscribers")]
LIST = "/live/subscriptions/"
STAGE = """
import django; django.setup()
from tedori.services.live.models import Notification, Subscription, Tenant
tenant, _ = Tenant.objects.get_or_create(name="", defaults={"created_at": ""})
at = "2026-11-22T00:00:00.000000Z"
address = "http://192.0.2.1/notify/" + "long" * 20
document = '{"id": "urn:sub:1", "type": "Subscription", "subscriptionName": "避難所の掲示板", ' \
    '"entities": [{"type": "https://example.org/Shelter"}], "notification": {"endpoint": {"uri": "%s"}}}'
row = Subscription.objects.create(tenant=tenant, urn="urn:sub:1", owner="131016", by="token:1",
    document=document % address, contexts='{"q": null, "notify": null}', created_at=at, modified_at=at,
    last_success=at, last_failure=at)
for number in range(3):
    Notification.objects.create(key=f"urn:{number}", subscription=row, endpoint=address, state="dead",
        body="{}", attempts=1, at=at, due_at=at, reason="answered 410")
"""


@pytest.fixture(scope="module")
def staged(installation):
    """A subscription of Chiyoda's with three notifications that were given up."""
    subprocess.run([sys.executable, "-c", STAGE], env=installation.environment, check=True, timeout=100)


@pytest.mark.req("F09")
def test_a_publisher_drops_one_notification_sends_the_others_again_and_pauses(staged, visit):
    page = visit(LIST, as_="suzuki", java_script_enabled=False)
    page.get_by_role("link", name="避難所の掲示板").click()
    page.get_by_role("cell", name="answered 410").first.wait_for()
    assert page.get_by_role("cell", name="answered 410").count() == 3
    page.locator("input[name=letters]").first.check()
    page.locator("#id_reason").fill("古い内容のため")
    page.get_by_role("button", name="捨てる").click()
    page.get_by_text("通知を1件捨てました。").wait_for()
    page.locator("#id_switch-reason").fill("受け口の工事")
    page.get_by_role("button", name="止める").click()
    page.get_by_text("購読を止めました。").wait_for()
    page.get_by_label("届かなかった通知のすべて").check()
    page.locator("#id_reason").fill("工事のあとで送る")
    page.get_by_role("button", name="送り直す").click()
    page.get_by_text("通知を2件送り直します。").wait_for()
    assert page.locator("dt:text-is('送信待ち') + dd").inner_text() == "2"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_pages_are_accessible_and_fit(staged, visit, language, width):
    page = visit(language + LIST, as_="suzuki", width=width)
    found = complaints(page)
    page.locator("main table a").first.click()
    assert found + complaints(page) == []
    assert visit.said == []
