"""From draft to public and back: refused while something is missing, compared, confirmed, recorded."""

from __future__ import annotations

import pytest

from tedori.kernel.events.models import OutboxEvent
from tedori.kernel.evidence.models import Entry
from tedori.kernel.lake.store import house_lake
from tedori.kernel.organisations.rules import Forbidden
from tedori.services.datasets import queries
from tedori.services.datasets.actions import publishing
from tedori.services.datasets.actions.cards import CardDraft, save_card
from tedori.services.datasets.models import Version
from tedori.services.datasets.rules import errors
from tedori.services.datasets.tests.factories import CHIYODA, HACHIOJI, NOW, aed_file, changed

pytestmark = pytest.mark.django_db


def draft() -> Version:
    return Version.objects.get(state="draft")


@pytest.fixture
def public(send, carded, people) -> Version:
    """千代田区's AED, twelve rows, published by suzuki."""
    send(aed_file(12), name="aed_202603.csv")
    publishing.publish(version=draft().pk, by=people["suzuki"], at=NOW)
    return Version.objects.get(state="published")


@pytest.mark.req("O01", "O02")
def test_a_clean_file_becomes_a_draft_and_then_public(public):
    (found,) = queries.published()
    assert (found.slug, found.organisation, found.number, found.rows) == ("aed", CHIYODA, 1, 12)
    assert found.licence == "CC-BY-4.0"
    assert found.steward == "佐藤花子"
    rows = house_lake().open(found.path).collect()
    assert rows.height == 12
    assert rows["小児対応設備の有無"].to_list() == ["有"] * 12
    assert rows["_lat"].null_count() == 0
    event = OutboxEvent.objects.get(topic="datasets.version_published")
    assert event.payload["path"] == found.path
    assert Entry.objects.filter(action="datasets.publish").count() == 1


@pytest.mark.req("F19", "F10")
def test_publication_waits_for_licence_and_steward(send, people):
    send(aed_file())
    with pytest.raises(errors.LicenceMissing):
        publishing.publish(version=draft().pk, by=people["suzuki"], at=NOW)
    card = CardDraft(title="AED", licence="CC0-1.0")
    save_card(card, slug="aed", organisation=CHIYODA, by=people["sato"], at=NOW)
    with pytest.raises(errors.StewardMissing):
        publishing.publish(version=draft().pk, by=people["suzuki"], at=NOW)
    assert queries.published() == ()


@pytest.mark.req("F04")
@pytest.mark.req("F08")
def test_internal_data_stay_inside(send, people):
    send(aed_file())
    card = CardDraft(title="AED", licence="CC0-1.0", steward="佐藤花子", data_class="internal")
    save_card(card, slug="aed", organisation=CHIYODA, by=people["sato"], at=NOW)
    with pytest.raises(errors.NotAdmitted):
        publishing.publish(version=draft().pk, by=people["suzuki"], at=NOW)


def test_a_record_cannot_lose_its_licence_while_its_data_are_public(public, people):
    card = CardDraft(title="AED", steward="佐藤花子")
    with pytest.raises(errors.StillPublished):
        save_card(card, slug="aed", organisation=CHIYODA, by=people["sato"], at=NOW)


def test_a_record_changed_meanwhile_is_not_overwritten(carded, people):
    card = CardDraft(title="AED", steward="佐藤花子", licence="CC0-1.0")
    save_card(card, slug="aed", organisation=CHIYODA, by=people["suzuki"], at=NOW, seen=1)
    with pytest.raises(errors.StaleDecision):
        save_card(card, slug="aed", organisation=CHIYODA, by=people["sato"], at=NOW, seen=1)
    assert queries.card("aed", CHIYODA).revision == 2


def test_stewards_decide_and_publishers_publish_inside_their_walls(send, carded, people):
    send(aed_file())
    for name in ("sato", "takahashi", "yamamoto"):
        with pytest.raises(Forbidden):
            publishing.publish(version=draft().pk, by=people[name], at=NOW)
    publishing.publish(version=draft().pk, by=people["tanaka"], at=NOW)


def test_four_eyes_need_somebody_else_than_the_drafter(send, carded, people, settings):
    settings.TEDORI_FOUR_EYES = "yes"
    send(aed_file(), by="suzuki")
    version = draft().pk
    with pytest.raises(errors.NotApproved):
        publishing.publish(version=version, by=people["suzuki"], at=NOW)
    with pytest.raises(errors.FourEyes):
        publishing.approve(version=version, by=people["suzuki"], at=NOW)
    publishing.approve(version=version, by=people["tanaka"], at=NOW)
    publishing.publish(version=version, by=people["suzuki"], at=NOW)
    found = queries.version(version)
    assert (found.drafted_by, found.approved_by, found.published_by) == ("鈴木一郎", "田中健", "鈴木一郎")


def test_the_same_rows_in_another_file_change_nothing(public, send):
    send(aed_file(12, encoding="utf-8"), name="again.csv")
    assert Version.objects.count() == 1


def test_a_new_file_is_compared_with_what_is_public(public, send, people):
    send(changed(aed_file(13), "1階受付", "2階受付"), name="aed_202604.csv")
    version = draft()
    found = version.difference
    assert (found["added"] + found["changed"], found["kept"]) == (13, 0)
    assert version.number == 2


def test_a_version_that_shrinks_is_confirmed_first(public, send, people):
    send(aed_file(6), name="aed_202604.csv")
    version = draft()
    with pytest.raises(errors.ConfirmationNeeded):
        publishing.publish(version=version.pk, by=people["suzuki"], at=NOW)
    publishing.publish(version=version.pk, by=people["suzuki"], at=NOW, confirmed="廃止6台を確認")
    assert [v.state for v in Version.objects.order_by("number")] == ["superseded", "published"]
    assert queries.version(version.pk).confirmed == "廃止6台を確認"


def test_a_silent_replacement_of_the_same_period_is_noticed(public, send, people):
    send(changed(aed_file(12), "03-3212-0003", "03-3212-9999"), name="aed_202603.csv")
    with pytest.raises(errors.ConfirmationNeeded):
        publishing.publish(version=draft().pk, by=people["suzuki"], at=NOW)


def test_a_page_seen_before_somebody_else_acted_cannot_act(send, carded, people):
    send(aed_file())
    version = draft()
    publishing.publish(version=version.pk, by=people["suzuki"], at=NOW, seen=version.revision)
    with pytest.raises(errors.StaleDecision):
        publishing.retract(
            version=version.pk, reason="誤り", by=people["tanaka"], at=NOW, seen=version.revision
        )


def test_a_retracted_version_stays_in_the_history_with_its_reason(public, people):
    with pytest.raises(errors.ReasonMissing):
        publishing.retract(version=public.pk, reason=" ", by=people["suzuki"], at=NOW)
    publishing.retract(version=public.pk, reason="電話番号に誤り", by=people["suzuki"], at=NOW)
    assert queries.published() == ()
    (found,) = queries.version_history("aed", CHIYODA)
    assert (found.state, found.ended_because, found.ended_by) == ("retracted", "電話番号に誤り", "鈴木一郎")
    assert OutboxEvent.objects.filter(topic="datasets.version_retracted").count() == 1


def test_an_older_version_comes_back_as_a_new_one(public, send, people):
    send(aed_file(13), name="aed_202604.csv")
    publishing.publish(version=draft().pk, by=people["suzuki"], at=NOW)
    restored = publishing.restore(version=public.pk, by=people["suzuki"], at=NOW)
    publishing.publish(version=restored, by=people["suzuki"], at=NOW)
    (found,) = queries.published()
    assert (found.number, found.rows, found.sha256) == (3, 12, public.sha256)
    assert queries.version(restored).restored_from == 1


def test_many_versions_go_under_the_same_rules_at_once(send, carded, people):
    send(aed_file(12))
    send(aed_file(5), name="hachioji.csv", by="takahashi", organisation=HACHIOJI)
    versions = list(Version.objects.filter(state="draft").values_list("pk", flat=True))
    outcome = publishing.publish_many(versions, by=people["tanaka"], at=NOW)
    assert len(outcome.published) == 1
    assert [type(error) for error in outcome.refused.values()] in (
        [errors.LicenceMissing], [],
    )  # fmt: skip
    with pytest.raises(Forbidden):
        publishing.publish_many(versions, by=people["sato"], at=NOW)


def test_drafts_that_wait_are_compared_with_what_has_just_become_public(public, send, people):
    send(aed_file(13), name="aed_202604.csv")
    waiting = draft()
    assert waiting.difference["against"] == 1
    restored = publishing.retract(version=public.pk, reason="誤り", by=people["suzuki"], at=NOW)
    assert restored is None
    again = publishing.restore(version=public.pk, by=people["suzuki"], at=NOW)
    publishing.publish(version=again, by=people["suzuki"], at=NOW)
    waiting.refresh_from_db()
    assert waiting.difference["against"] == 3


def test_the_page_of_a_version_takes_every_step(send, carded, desk):
    send(aed_file())
    version = draft()
    page = f"/desk/versions/{version.pk}/"
    assert "公開する" in desk("suzuki").get(page).content.decode()
    desk("suzuki").post(page, {"step": "publish", "seen": version.revision})
    assert queries.version(version.pk).state == "published"
    answer = desk("suzuki").post(page, {"step": "retract", "seen": version.revision, "reason": "誤り"})
    assert answer.status_code == 409
    desk("suzuki").post(page, {"step": "retract", "seen": version.revision + 1, "reason": "誤り"})
    assert queries.version(version.pk).state == "retracted"
    assert desk("takahashi").get(page).status_code == 404
    assert desk("suzuki").get(f"/en{page}").status_code == 200


def test_the_record_is_written_in_the_browser(people, desk):
    page = f"/desk/cards/aed/{CHIYODA}/"
    assert desk("sato").get(page).status_code == 200
    sent = {"title": "AED", "steward": "佐藤花子", "licence": "CC-BY-4.0", "data_class": "government",
            "copyright_by_government": "on", "keywords": "防災、救命"}  # fmt: skip
    assert desk("sato").post(page, sent).status_code == 302
    assert queries.card("aed", CHIYODA).keywords == ("防災", "救命")
    assert desk("takahashi").get(page).status_code == 403
    assert desk("sato").post(page, sent | {"licence": ""}).status_code == 200
