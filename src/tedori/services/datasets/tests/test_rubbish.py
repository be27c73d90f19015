"""Rubbish sent to the pages of real records: refused or ignored, never a failure, and nothing half done."""

from __future__ import annotations

import pytest

from tedori.services.datasets.actions.deciding import decide
from tedori.services.datasets.actions.sources import add_source
from tedori.services.datasets.actions.voices import Use, Wish, ask, propose_use
from tedori.services.datasets.models import Card, Decision, Part, Reuse, Version
from tedori.services.datasets.tests.factories import CHIYODA, NOW, TOKYO, aed_file
from tedori.services.datasets.tests.test_desk import doubt, private_file
from tests.rubbish import broken, one_by_one, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(desk):
    """A browser of who may do everything, in which a failure is an answer."""
    browser = desk("tanaka")
    browser.raise_request_exception = False
    return browser


@pytest.fixture
def records(send, carded, people, settings):
    """One of each: a draft, a table with a question, a decision, a source, a use, a wish."""
    settings.TEDORI_FETCH_PRIVATE = "yes"
    draft = send(aed_file())
    asked = send(private_file(), name="private.csv")
    part = Part.objects.get(delivery=asked.delivery)
    source = add_source(
        kind="url", address="http://127.0.0.1:9/", organisation=TOKYO, by=people["tanaka"], at=NOW
    )
    use = propose_use(
        Use(title="地図", address="https://example.org", author="伊藤", datasets=("aed",)),
        by=people["yamamoto"],
        at=NOW,
    )
    wish = ask(Wish(title="トイレ", purpose="遊び場", organisation=CHIYODA), by=people["yamamoto"], at=NOW)
    return {
        "draft": draft, "asked": asked, "part": part, "source": source, "use": use, "wish": wish,
        "version": Version.objects.get(),
    }  # fmt: skip


def test_rubbish_breaks_no_page_of_a_real_record(records, browser, people):
    part, version = records["part"], records["version"]
    decide(
        part=part.pk, answers={doubt(part, "privacy")["id"]: "withhold"}, by=people["sato"], at=NOW, seen=1
    )
    pages = (
        f"/desk/deliveries/{records['draft'].delivery}/",
        f"/desk/deliveries/{records['asked'].delivery}/",
        f"/desk/deliveries/{records['draft'].delivery}/progress",
        f"/desk/deliveries/{records['draft'].delivery}/again",
        f"/desk/deliveries/{records['draft'].delivery}/original",
        f"/desk/versions/{version.pk}/",
        f"/desk/versions/{version.pk}/return/",
        f"/desk/versions/{version.pk}/return/x",
        f"/desk/cards/aed/{CHIYODA}/",
        f"/desk/cards/nothing/{CHIYODA}/",
        "/desk/cards/aed/nobody/",
        f"/desk/sources/{records['source']}/",
        "/desk/decisions/",
        "/datasets/quality/targets/aed/",
        f"/datasets/reuse/{Reuse.objects.get().pk}/",
        f"/datasets/requests/{records['wish'].request}/",
        f"/datasets/aed/{CHIYODA}/",
    )
    assert broken(answer for page in pages for answer in visit(browser, page)) == []
    assert Version.objects.get(pk=version.pk).state == "draft"
    assert Card.objects.count() == 1


def test_a_form_with_one_wrong_field_decides_nothing(records, browser):
    part = records["part"]
    name = f"doubt-{doubt(part, 'privacy')['id']}"
    sent = {"part": str(part.pk), "seen": str(part.revision), name: "withhold"}
    page = f"/desk/deliveries/{records['asked'].delivery}/"
    assert broken(one_by_one(browser, page, sent)) == []
    assert not Decision.objects.exists()


def test_a_step_with_one_wrong_field_breaks_nothing(records, browser):
    version = records["version"]
    sent = {"step": "publish", "seen": str(version.revision + 1), "confirmed": "x", "reason": "x"}
    assert broken(one_by_one(browser, f"/desk/versions/{version.pk}/", sent)) == []
