"""What staff see of their subscriptions, and what they can do about notifications that were given up."""

from __future__ import annotations

from json import loads

import pytest

from tedori.kernel.evidence.models import Entry
from tedori.kernel.evidence.words import act, subject
from tedori.services.live.actions.subscriptions import Resubscribe
from tedori.services.live.models import Notification, Subscription
from tedori.services.live.queries.subscribers import place_of
from tedori.services.live.queries.subscriptions import letters_waiting, version
from tedori.services.live.rules.letters import GONE
from tedori.services.live.tests.hubs import ALLOWED, CHIYODA, CORE, HACHIOJI, Hub

pytestmark = pytest.mark.req("F09")
URI = "http://ward:secret@127.0.0.1:9/notify?key=secret"
AT = "2026-11-21T00:00:00.000000Z"


@pytest.fixture
def hub(here, chiyoda, hachioji):
    """A subscription of Chiyoda's for shelters, and one of Hachioji's."""
    hub = Hub()
    hub.subscribe(uri=URI, subscriptionName="避難所の掲示板")
    hub.subscribe(urn="urn:sub:2", by=HACHIOJI, subscriptionName="八王子の掲示板")
    return hub


def number(urn="urn:sub:1"):
    return Subscription.objects.get(urn=urn).pk


def give_up(*reasons, state="dead"):
    for place, reason in enumerate(reasons):
        Notification.objects.create(
            key=f"urn:letter:{place}:{reason}", subscription_id=number(), endpoint=URI, state=state,
            body="{}", attempts=3, at=AT, due_at=AT, reason=reason,
        )  # fmt: skip


def states():
    return list(Notification.objects.order_by("pk").values_list("reason", "state"))


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def post(client, path, **fields):
    answer = client.post(f"/live/subscriptions/{number()}/{path}/", fields)
    return answer.status_code, answer.content.decode()


STANDS = """
 what has happened   | told
 nothing             | まだ知らせることがありません
 success             | 届いています
 failures            | 届きません。もう一度試しています
 dead                | 届かなかった通知があります
 paused              | 止めています
 expired             | 期限が過ぎました
"""


@pytest.mark.parametrize(
    ("what", "told"), [[cell.strip() for cell in line.split("|")] for line in STANDS.strip().splitlines()[1:]]
)
def test_the_list_says_how_each_subscription_fares(here, chiyoda, hachioji, browser_of, sato, what, told):
    hub = Hub()
    members = {"paused": {"isActive": False}, "expired": {"expiresAt": "2099-01-01T00:00:00Z"}}
    hub.subscribe(uri=URI, **members.get(what, {}))
    row = Subscription.objects.filter(urn="urn:sub:1")
    if what == "expired":
        row.update(document=row.get().document.replace("2099", "2020"))
    if what == "failures":
        row.update(failures=2, last_failure=AT, last_success=AT)
    if what in {"success", "dead"}:
        row.update(last_success=AT)
    if what == "dead":
        give_up("answered 410")
    page = text(browser_of(sato), "/live/subscriptions/")
    assert told in page and "http://127.0.0.1:9/notify" in page and "secret" not in page


def test_nobody_sees_the_subscriptions_of_others(hub, client, browser_of, sato, takahashi, yamamoto):
    page = text(browser_of(sato), "/live/subscriptions/")
    assert "避難所の掲示板" in page and "八王子の掲示板" not in page
    text(browser_of(takahashi), f"/live/subscriptions/{number()}/", 404)
    for path in ("letters", "switch"):
        assert post(browser_of(takahashi), path, every="on", again="yes", reason="x")[0] == 404
        assert post(browser_of(yamamoto), path, every="on", again="yes", reason="x")[0] == 403
    assert client.get("/live/subscriptions/").status_code == 302
    assert "Whom changes are told" in text(browser_of(sato), "/en/live/subscriptions/")


def test_one_subscription_tells_its_queue_and_why_notifications_were_given_up(hub, browser_of, sato):
    give_up("answered 410", "overflow")
    give_up("", "", "", state="waiting")
    page = text(browser_of(sato), f"/live/subscriptions/{number()}/")
    assert "answered 410" in page and "送信待ちが多すぎたため" in page and "secret" not in page
    assert "<dt>送信待ち</dt><dd>3</dd>" in page and "<dt>届かなかった</dt><dd>2</dd>" in page


def test_what_was_given_up_is_sent_again_with_a_reason_and_evidence(hub, browser_of, sato):
    give_up("answered 410", "overflow")
    first, second = Notification.objects.order_by("pk").values_list("pk", flat=True)
    known = version(hub.session)
    assert post(browser_of(sato), "letters", letters=[first], again="yes", reason="受け口を直した")[0] == 302
    assert states() == [("", "waiting"), ("overflow", "dead")]
    (waiting,) = letters_waiting(hub.session, URI, limit=9)
    assert waiting.attempts == 0 and waiting.at > AT  # it is given its whole time anew
    assert version(hub.session) > known  # by which the notifier hears of it
    note = Entry.objects.get(action="live.notifications_sent_again")
    assert loads(note.grounds) == {"subscription": "urn:sub:1", "reason": "受け口を直した", "count": 1}
    assert (note.organisation, str(act(note.action))) == ("131016", "届かなかった通知を送り直した")
    assert subject(note.subject) == f"購読 {number()}"


def test_what_was_given_up_is_dropped_with_a_reason_and_evidence(hub, browser_of, sato):
    give_up("answered 410", "overflow")
    give_up("", state="waiting")
    assert post(browser_of(sato), "letters", every="on", drop="yes", reason="古いため")[0] == 302
    assert states() == [("", "waiting")]
    note = Entry.objects.get(action="live.notifications_dropped")
    assert loads(note.grounds) == {"subscription": "urn:sub:1", "reason": "古いため", "count": 2}


@pytest.mark.parametrize(
    ("path", "fields", "missing"),
    [
        ("letters", {"every": "on", "again": "yes"}, "このフィールドは必須です"),
        ("letters", {"reason": "直した", "again": "yes"}, "通知を選ぶか"),
        ("letters", {"reason": "直した", "letters": ["999999"], "drop": "yes"}, "999999"),
        ("switch", {}, "このフィールドは必須です"),
    ],
)
def test_nothing_happens_without_a_choice_and_a_reason(hub, browser_of, sato, path, fields, missing):
    give_up("answered 410")
    status, page = post(browser_of(sato), path, **fields)
    assert status == 400 and missing in page
    assert states() == [("answered 410", "dead")]
    assert not Entry.objects.filter(action__startswith="live.").exists()


def test_a_paused_subscription_keeps_what_waits_and_goes_on_with_it(hub, browser_of, sato):
    client, matcher = browser_of(sato), hub.matcher()
    give_up("", state="waiting")
    assert post(client, "switch", **{"switch-reason": "受け口の工事"})[0] == 302
    assert states() == [("", "paused")]
    matcher.round("2026-11-22T00:00:00.000000Z")
    assert matcher.endpoint(number()) is None
    give_up(GONE)  # one that was on its way at that moment
    give_up("answered 410")
    assert post(client, "letters", every="on", again="yes", reason="x")[0] == 302
    assert {state for _, state in states()} == {"paused"}
    assert post(client, "switch", **{"switch-reason": "工事が終わった"})[0] == 302
    assert {state for _, state in states()} == {"waiting"}
    matcher.round("2026-11-22T00:00:00.000000Z")
    assert matcher.endpoint(number()) is not None
    acts = ["live.subscription_paused", "live.notifications_sent_again", "live.subscription_resumed"]
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == acts


def test_a_program_may_let_go_on_what_a_person_has_paused(hub, browser_of, sato):
    give_up("", state="waiting")
    post(browser_of(sato), "switch", **{"switch-reason": "工事"})
    fragment = {"type": "Subscription", "isActive": True}
    hub.do(Resubscribe(hub.tenant, "urn:sub:1", fragment, CORE, None, CHIYODA, ALLOWED))
    assert states() == [("", "waiting")]


def test_addresses_are_shown_without_what_may_be_secret_in_them():
    assert place_of(URI) == "http://127.0.0.1:9/notify"
    assert place_of("mqtt://user:word@broker.example/a/b") == "mqtt://broker.example/a/b"
