"""From a change to the subscriber: what is told, to whom, when, and that nothing is lost on the way."""

import asyncio

import orjson
import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.kernel.organisations.values import system_actor
from tedori.services.live.actions.delivery import books
from tedori.services.live.actions.delivery.lanes import clock
from tedori.services.live.actions.delivery.matching import later
from tedori.services.live.actions.delivery.running import Notifier, Setup
from tedori.services.live.actions.entities import Delete
from tedori.services.live.actions.subscriptions import Ground, Resubscribe, Unsubscribe
from tedori.services.live.queries import subscriptions as queries
from tedori.services.live.queries.store import STORE
from tedori.services.live.tests.hubs import ALLOWED, CHIYODA, HACHIOJI, NOWHERE, URN, Hub
from tedori.services.live.tests.receivers import receiving


@pytest.fixture
def hub(store):
    return Hub()


def said(letters):
    return [orjson.loads(letter.body)["data"][0] for letter in letters]


@pytest.mark.req("F09")
def test_a_change_becomes_one_notification_and_stays_one(hub):
    matcher = hub.matcher()
    hub.create(free=5)
    hub.subscribe()
    assert matcher.round(clock()) == (1, [])  # what was before it is none of its concern
    hub.update(free=4)
    count, (letter,) = matcher.round(clock())
    assert count == 1
    assert said([letter]) == [{"id": URN, "type": "Shelter", "free": {"type": "Property", "value": 4}}]
    assert matcher.round(clock()) == (0, [])
    assert hub.matcher().round(clock()) == (0, [])  # nor does a new notifier tell it again
    assert queries.letters_waiting(hub.session, NOWHERE, limit=10) == (letter,)


def test_a_notifier_that_was_overtaken_keeps_nothing(hub):
    hub.create(free=5)
    slow = hub.matcher("slow")
    hub.subscribe()
    hub.session.run("UPDATE live_position SET until = '' WHERE holder = 'slow'")
    fast = hub.matcher("fast")
    hub.update(free=4)
    (letter,) = fast.round(clock())[1]
    with pytest.raises(books.NotMine):
        slow.round(clock())
    assert queries.letters_waiting(hub.session, NOWHERE, limit=10) == (letter,)


def test_only_one_notifier_has_the_lease(hub):
    now = clock()
    assert books.take_lease(hub.session, holder="one", now=now, until=later(now, 5))
    assert not books.take_lease(hub.session, holder="two", now=now, until=later(now, 5))
    assert books.take_lease(hub.session, holder="one", now=now, until=later(now, 9))
    assert books.take_lease(hub.session, holder="two", now=later(now, 10), until=later(now, 15))


HEARD = [
    # who published     subscriber  hears of Chiyoda's shelter
    (None,             CHIYODA,    True),
    (None,             HACHIOJI,   False),
    ("internal",       HACHIOJI,   False),
    ("members",        HACHIOJI,   True),
    ("public",         HACHIOJI,   True),
    (None,             system_actor("trial"), True),
]  # fmt: skip


@pytest.mark.parametrize(("level", "subscriber", "expected"), HEARD)
def test_a_subscriber_hears_only_of_what_it_may_read(hub, level, subscriber, expected):
    if level:
        hub.publish(level)
    matcher = hub.matcher()
    hub.subscribe(by=subscriber)
    hub.create(free=5)
    assert bool(matcher.round(clock())[1]) is expected


def test_while_throttled_the_latest_states_are_held_and_told_together_afterwards(hub):
    matcher = hub.matcher()
    hub.subscribe(throttling=60)
    now = clock()
    hub.create(free=5)
    (first,) = matcher.round(now)[1]
    hub.update(free=4)
    hub.create(urn="urn:other", free=9)
    hub.update(free=3)
    assert matcher.round(later(now, 1)) == (3, [])
    assert matcher.release(later(now, 59)) == []
    again = hub.matcher()  # it survives a restart
    (second,) = again.release(later(now, 61))
    told = orjson.loads(second.body)["data"]
    assert [(one["id"], one["free"]["value"]) for one in told] == [(URN, 3), ("urn:other", 9)]
    assert second.key != first.key
    assert again.release(later(now, 200)) == []


def test_a_subscription_by_the_clock_is_told_what_matches_each_time(hub):
    hub.create(free=5)
    hub.create(urn="urn:full", free=0)
    matcher = hub.matcher()
    hub.subscribe(timeInterval=10, q="free>0")
    now = clock()
    assert matcher.round(now)[1] == []
    assert matcher.release(later(now, 5)) == []
    assert [one["id"] for one in said(matcher.release(later(now, 11)))] == [URN]
    assert matcher.release(later(now, 12)) == []
    assert [one["id"] for one in said(matcher.release(later(now, 22)))] == [URN]
    hub.do(Delete(hub.tenant, URN, CHIYODA))
    assert matcher.release(later(now, 33)) == []


@pytest.mark.parametrize("members", [{"isActive": False}, {"expiresAt": "2999-01-01T00:00:00Z"}])
def test_nothing_is_told_while_paused(hub, members):
    matcher = hub.matcher()
    hub.subscribe(**members)
    hub.create(free=5)
    assert bool(matcher.round(clock())[1]) is members.get("isActive", True)


def test_a_changed_subscription_is_heeded_from_the_next_change_on(hub):
    matcher = hub.matcher()
    hub.subscribe()
    change = {"entities": [{"type": "Toilet"}], "notification": {"endpoint": {"uri": NOWHERE + "2"}}}
    hub.create(free=5)
    assert matcher.round(clock())[1]
    hub.do(Resubscribe(hub.tenant, "urn:sub:1", change, CORE, None, CHIYODA, ALLOWED))
    assert len(queries.letters_waiting(hub.session, NOWHERE + "2", limit=10)) == 1
    hub.update(free=4)
    assert matcher.round(clock())[1] == []
    hub.create(urn="urn:toilet", kind="Toilet", free=1)
    assert len(matcher.round(clock())[1]) == 1


def test_who_unsubscribes_is_told_nothing_more(hub):
    matcher = hub.matcher()
    hub.subscribe()
    hub.create(free=5)
    assert matcher.round(clock())[1]
    hub.do(Unsubscribe(hub.tenant, "urn:sub:1", CHIYODA))
    hub.update(free=4)
    assert matcher.round(clock())[1] == []
    assert queries.letters_waiting(hub.session, NOWHERE, limit=10) == ()


def test_another_organisations_subscription_is_as_if_it_were_not(hub):
    hub.subscribe()
    assert queries.owned(hub.session, hub.tenant, "urn:sub:1", owner=HACHIOJI.organisation) is None
    for command in (
        Unsubscribe(hub.tenant, "urn:sub:1", HACHIOJI),
        Resubscribe(hub.tenant, "urn:sub:1", {"isActive": False}, CORE, None, HACHIOJI, ALLOWED),
    ):
        with pytest.raises(NgsiLdError, match="ResourceNotFound"):
            hub.do(command)


def test_an_endpoint_inside_is_refused_at_the_door(hub):
    with pytest.raises(NgsiLdError, match="private network"):
        hub.subscribe(ground=Ground(private=False, own="https://city.example"))


def test_too_much_and_too_old_is_given_up(hub, monkeypatch):
    monkeypatch.setattr(books, "MOST_WAITING", 2)
    matcher = hub.matcher()
    hub.subscribe()
    for number in range(5):
        hub.create(urn=f"urn:{number}", free=number)
    letters = matcher.round(clock())[1]
    assert books.give_up_overflow(hub.session, NOWHERE) == 3
    assert queries.letters_waiting(hub.session, NOWHERE, limit=10) == tuple(letters[3:])
    failed = books.Outcome(letters[3], clock(), "the connection was refused")
    books.settle(hub.session, [failed], until="2000")
    assert [one.attempts for one in queries.letters_waiting(hub.session, NOWHERE, limit=10)] == [1, 0]
    books.settle(hub.session, [failed], until="2999")
    assert queries.letters_waiting(hub.session, NOWHERE, limit=10) == tuple(letters[4:])
    record = hub.record()
    assert (record.times_sent, record.times_failed, record.status) == (2, 2, "failed")


@pytest.mark.req("F09")
def test_a_subscriber_that_was_away_gets_what_it_missed_from_the_next_notifier(hub):
    async def notify(until):
        stop = asyncio.Event()
        setup = Setup(STORE, load=None, hub="test", private=True, trial=True)
        running = asyncio.create_task(Notifier(setup).run(stop))
        try:
            await until()
        finally:
            stop.set()
            await running

    async def work():
        async with receiving() as ward:
            hub.subscribe(uri=ward.uri, notification={"format": "keyValues"})
            matcher = hub.matcher("dies before it sends")
            hub.create(free=5)
            (letter,) = matcher.round(clock())[1]
            books.leave_lease(hub.session, holder="dies before it sends")

            async def both():
                await ward.have(1)
                hub.update(free=4)
                await ward.have(2)
                while hub.record().times_sent < 2:
                    await asyncio.sleep(0.01)

            await notify(both)
            assert [body["data"][0]["free"] for body in ward.bodies] == [5, 4]
            assert ward.bodies[0]["id"] == letter.key
            assert "Via: 1.1 tedori-test" in ward.heads[0]

    asyncio.run(asyncio.wait_for(work(), 60))
    assert hub.record().status == "ok"
    assert not queries.endpoints_waiting(hub.session)
