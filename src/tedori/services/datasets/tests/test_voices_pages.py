"""What the public says: uses are moderated, wishes are answered in public, use is counted without names."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tedori.kernel.cases.queries import cases
from tedori.services.datasets.actions.viewing import import_views
from tedori.services.datasets.actions.voices import count_uses
from tedori.services.datasets.models import Request, Reuse, UsageDay
from tedori.services.datasets.queries.usage import days, methods
from tedori.services.datasets.rules.views import ViewsUnreadable, read_views
from tedori.services.datasets.tests.factories import CHIYODA, NOW

pytestmark = pytest.mark.django_db
USE = {
    "title": "近くのAED", "address": "https://example.org/aed", "author": "シビックテック東京", "kind": "app",
    "description": "いちばん近い AED を示す", "datasets": ["aed"],
}  # fmt: skip
WISH = {
    "title": "公園の遊具",
    "organisation": CHIYODA,
    "purpose": "遊び場さがしに使う",
    "occasion": "第3回ラウンドテーブル",
}


def secret_link(answer) -> str:
    found = re.search(r'href="http://[^/]+(/reports/link/[^"]+)"', answer.content.decode())
    assert found, answer.content.decode()[:400]
    return found[1]


@pytest.mark.req("O09")
def test_a_proposed_use_waits_is_agreed_to_and_then_links_app_and_dataset(client, desk):
    link = secret_link(client.post("/datasets/reuse/new/", USE))
    assert "近くのAED" not in client.get("/datasets/reuse/").content.decode()
    found = Reuse.objects.get()
    tokyo = desk("tanaka")
    assert "確認待ち" in tokyo.get("/datasets/reuse/").content.decode()
    shown = tokyo.post(
        f"/datasets/reuse/{found.pk}/", {"visible": "yes", "reason": "掲載しました。ありがとうございます。"}
    )
    assert shown.status_code == 302
    client.logout()
    gallery = client.get("/datasets/reuse/").content.decode()
    assert 'href="https://example.org/aed"' in gallery
    assert 'href="/datasets/aed/"' in gallery
    assert "ありがとうございます" in client.get(link).content.decode()


def test_a_municipality_does_not_moderate_the_gallery(client, desk):
    client.post("/datasets/reuse/new/", USE)
    answer = desk("sato").post(
        f"/datasets/reuse/{Reuse.objects.get().pk}/", {"visible": "yes", "reason": "x"}
    )
    assert answer.status_code == 403
    assert not Reuse.objects.get().visible


def test_a_use_has_a_page_of_its_own_once_it_is_shown(client, desk):
    client.post("/datasets/reuse/new/", USE)
    found = Reuse.objects.get()
    page = f"/datasets/reuse/{found.pk}/"
    assert client.get(page).status_code == 404
    assert client.post(page, {"visible": "yes", "reason": "x"}).status_code in {401, 403}
    assert client.get("/datasets/reuse/999/").status_code == 404
    tokyo = desk("tanaka")
    assert tokyo.get(f"/datasets/reuse/case/{found.case}/").headers["Location"] == page
    assert "掲載する" in tokyo.get(page).content.decode()
    tokyo.post(page, {"visible": "yes", "reason": "ありがとうございます。"})
    client.logout()
    text = client.get(page).content.decode()
    assert "シビックテック東京" in text and 'href="/datasets/aed/"' in text
    assert "掲載を取りやめる" not in text


def test_a_use_without_a_dataset_is_sent_back_with_a_reason(client, people):
    answer = client.post("/datasets/reuse/new/", USE | {"datasets": []})
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Reuse.objects.exists()


@pytest.mark.req("X15")
def test_a_wish_gets_its_owners_answer_a_day_and_the_dataset_that_came_of_it(client, desk):
    link = secret_link(client.post("/datasets/requests/new/", WISH))
    wish = Request.objects.get()
    assert "まだ回答がありません" in client.get(f"/datasets/requests/{wish.pk}/").content.decode()
    steward = desk("sato")
    answer = {"to": "accepted", "text": "年度内に公開します", "release_on": "2027-03-31", "slug": ""}
    steward.post(f"/datasets/requests/{wish.pk}/", answer)
    released = {"to": "released", "text": "公開しました", "release_on": "", "slug": "public_facility"}
    steward.post(f"/datasets/requests/{wish.pk}/", released)
    client.logout()
    record = client.get("/datasets/requests/?format=csv").content.decode("utf-8-sig")
    for told in ("公園の遊具", "公開済み", "2027-03-31", "公共施設一覧", "第3回ラウンドテーブル"):
        assert told in record
    assert "公開しました" in client.get(link).content.decode()


def test_a_wish_says_nothing_of_who_asked(client, desk):
    resident = desk("yamamoto")
    resident.post("/datasets/requests/new/", WISH)
    client.logout()
    wish = Request.objects.get()
    pages = client.get("/datasets/requests/").content + client.get(f"/datasets/requests/{wish.pk}/").content
    assert "山本" not in pages.decode()


def test_only_the_owner_answers(client, desk):
    client.post("/datasets/requests/new/", WISH)
    wish = Request.objects.get()
    other = desk("takahashi")
    assert "回答を公開する" not in other.get(f"/datasets/requests/{wish.pk}/").content.decode()
    refused = other.post(f"/datasets/requests/{wish.pk}/", {"to": "declined", "text": "だめ"})
    assert refused.status_code == 403
    assert Request.objects.get().state == "open"


def test_the_case_of_a_wish_leads_to_the_wish(client, desk):
    client.post("/datasets/requests/new/", WISH)
    case = cases(kind="datasets.request")[0]
    answer = desk("sato").get(f"/datasets/requests/case/{case.id}/")
    assert answer["Location"] == f"/datasets/requests/{Request.objects.get().pk}/"


@pytest.mark.req("D25")
def test_use_is_counted_per_day_and_names_nobody(client):
    today = date.today()  # noqa: DTZ011 - the page shows the last days of the reader's calendar
    count_uses({("aed", "page", today): 3, ("aed", "api", today): 5, ("hospital", "page", today): 1})
    found = days(since=today)
    assert dict(found[0].counts) == {"page": 4, "api": 5}
    assert dict(days("aed", since=today)[0].counts) == {"page": 3, "api": 5}
    assert {field.name for field in UsageDay._meta.fields} == {
        "id",
        "dataset",
        "day",
        "kind",
        "count",
        "method",
    }
    assert client.get("/datasets/usage/?dataset=aed").status_code == 200


@pytest.mark.req("D25")
def test_page_views_come_in_with_the_way_they_were_counted(desk):
    file = SimpleUploadedFile("pv.csv", '日付,数\n2026-04-01,200\n2026/04/02,"1,100"\n'.encode("cp932"))
    answer = desk("tanaka").post(
        "/datasets/usage/import/", {"file": file, "method": "アクセス解析のPV（職員を除く）"}
    )
    assert answer.status_code == 302
    assert [dict(one.counts) for one in days(since=date(2026, 4, 1))] == [{"views": 200}, {"views": 1100}]
    assert methods() == ("アクセス解析のPV（職員を除く）",)


def test_imported_views_take_the_place_of_the_same_days(people):
    for count in (200, 240):
        import_views({("", date(2026, 4, 1)): count}, method="PV", by=people["tanaka"], at=NOW)
    assert UsageDay.objects.get().count == 240


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("日付,数\n四月一日,3", 2),
        ("日付,数\n2026-04-01,多数", 2),
        ("日付,データセット,数\n2026-04-01,aed,3\n2026-04-02,nothing,3", 3),
        ("日付\n2026-04-01", 2),
    ],
)
def test_a_line_that_is_no_count_is_named(text, line):
    with pytest.raises(ViewsUnreadable) as caught:
        read_views(text.encode(), known=frozenset({"aed"}))
    assert caught.value.fields["line"] == line


def test_views_may_name_datasets_and_are_added_up():
    text = "日付,データセット,数\n2026-04-01,aed,3\n2026-04-01,aed,4\n\n"
    assert read_views(text.encode(), known=frozenset({"aed"})) == {("aed", date(2026, 4, 1)): 7}
