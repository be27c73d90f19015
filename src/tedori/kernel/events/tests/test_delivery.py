"""Every event reaches every consumer, in order per key, whatever a handler does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tedori.kernel.events import actions, delivery, queries, rules
from tedori.kernel.events.models import Begun, Offset, OutboxEvent, UndeliveredLetter
from tedori.kernel.events.rules import Consumer, Wiring, handles
from tedori.kernel.organisations.values import Actor

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
TANAKA = Actor(user_id=1, name="田中健")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    monkeypatch.setattr(delivery, "BATCH_SECONDS", 60)  # on a busy machine a round would end early


class Listener:
    """A consumer that writes down what it hears and fails where it is told to."""

    def __init__(self, monkeypatch, *topics):
        self.heard: list[int] = []
        self.fails: set[int] = set()
        consumer = Consumer("tests.listener", dict.fromkeys(topics or ("tests.happened",), self.hear))
        monkeypatch.setattr(rules, "consumers", lambda: (consumer,))

    def hear(self, event):
        if event.payload["n"] in self.fails:
            raise ValueError(f"cannot take {event.payload['n']}")
        self.heard.append(event.payload["n"])


@pytest.fixture
def listener(monkeypatch):
    return Listener(monkeypatch)


def tell(*numbers, key="k", topic="tests.happened"):
    with transaction.atomic():
        return [actions.publish(topic, {"n": n}, key=key, organisation="131016", at=NOW) for n in numbers]


def carry(after=timedelta()):
    return delivery.deliver(now=NOW + after)


def test_events_arrive_once_and_in_order(listener):
    tell(1, 2, 3)
    assert carry() == 3
    tell(4)
    assert carry() == 1
    assert carry() == 0
    assert listener.heard == [1, 2, 3, 4]


def test_many_events_arrive_over_several_rounds(listener):
    tell(*range(130))
    carry()
    assert listener.heard == list(range(130))


def test_only_the_topics_asked_for_arrive(listener):
    tell(1, topic="tests.other")
    tell(2)
    carry()
    assert listener.heard == [2]


def test_an_event_whose_transaction_commits_late_is_not_lost(listener):
    tell(1, 2, 3)
    hidden = OutboxEvent.objects.order_by("id").first()
    row = {field.attname: getattr(hidden, field.attname) for field in OutboxEvent._meta.fields}
    hidden.delete()  # as another transaction sees it before the commit
    carry()
    OutboxEvent.objects.create(**row)
    carry()
    assert listener.heard == [2, 3, 1]
    assert sorted(OutboxEvent.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_what_fails_comes_again_after_a_wait_and_holds_back_its_key_only(listener):
    tell(1, 2, key="a")
    tell(3, key="b")
    listener.fails = {1}
    carry()
    assert listener.heard == [3]
    assert [(one.state, one.attempts) for one in queries.letters()] == [("waiting", 1), ("waiting", 0)]
    carry()
    assert listener.heard == [3], "not before its time"
    listener.fails = set()
    tell(4, key="a")
    carry(timedelta(seconds=6))
    assert listener.heard == [3, 1, 2, 4]
    assert queries.letters() == ()


def test_later_failures_do_not_starve_behind_many_waiting_ones(listener):
    listener.fails = set(range(delivery.BATCH + 5))
    for number in listener.fails:
        tell(number, key=f"key-{number}")
    carry()
    tell(1000, key="late")
    listener.fails = {1000}
    delivery.deliver(now=NOW - timedelta(seconds=3))
    carry(timedelta(seconds=3))
    assert queries.letters(limit=1000)[-1].attempts == 2


def test_a_dead_letter_keeps_its_reason_and_frees_its_key(listener):
    tell(1, 2)
    listener.fails = {1}
    for hour in range(0, 24 * 8, 12):
        carry(timedelta(hours=hour))
    (letter,) = queries.letters(state="dead")
    assert letter.event.payload == {"n": 1}
    assert letter.reason == "ValueError: cannot take 1"
    assert letter.attempts == len(rules.WAITS) + 1
    assert listener.heard == [2]
    assert queries.dead_letters() == 1


def test_a_dead_letter_retried_by_a_person_arrives(listener):
    test_a_dead_letter_keeps_its_reason_and_frees_its_key(listener)
    listener.fails = set()
    (letter,) = queries.letters(state="dead")
    assert actions.retry(letter_id=letter.id, by=TANAKA, at=NOW) == 1
    carry()
    assert listener.heard == [2, 1]
    assert queries.letters() == ()


def test_a_dead_letter_can_be_dropped_and_a_waiting_one_not(listener):
    tell(1)
    listener.fails = {1}
    carry()
    assert not actions.drop(queries.letters()[0].id, by=TANAKA, at=NOW)
    UndeliveredLetter.objects.update(state="dead")
    assert actions.drop(queries.letters()[0].id, by=TANAKA, at=NOW)
    assert queries.letters() == ()


def test_what_a_failing_handler_wrote_is_undone(monkeypatch):
    def write_and_fail(event):
        Offset.objects.create(consumer="half")
        raise ValueError

    monkeypatch.setattr(rules, "consumers", lambda: (Consumer("c", {"tests.happened": write_and_fail}),))
    tell(1)
    carry()
    assert not Offset.objects.filter(consumer="half").exists()


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def test_an_event_that_kills_its_worker_is_found_and_set_aside(listener, monkeypatch):
    tell(*range(6), key="a")
    tell(*range(6, 10), key="b")
    hear = listener.hear

    def deadly(event):
        if event.payload["n"] == 3:
            raise Killed
        hear(event)

    monkeypatch.setattr(rules, "consumers", lambda: (Consumer("c", {"tests.happened": deadly}),))
    deaths = 0
    for _ in range(20):
        try:
            carry()
        except Killed:
            deaths += 1
            listener.heard[:] = listener.heard  # what was written in the transaction is gone in a real one
    assert deaths == 1 + rules.FATAL_CRASHES
    (letter,) = queries.letters(state="dead")
    assert letter.event.payload == {"n": 3} and letter.reason == delivery.KILLED
    assert set(listener.heard) == set(range(10)) - {3}
    assert not Begun.objects.exists()


def test_each_consumer_has_its_own_offset(monkeypatch):
    heard = {"a": [], "b": []}
    both = tuple(
        Consumer(name, {"tests.happened": lambda event, name=name: heard[name].append(event.payload["n"])})
        for name in heard
    )
    monkeypatch.setattr(rules, "consumers", lambda: both[:1])
    tell(1)
    carry()
    monkeypatch.setattr(rules, "consumers", lambda: both)
    tell(2)
    carry()
    assert heard == {"a": [1, 2], "b": [1, 2]}, "a consumer that comes later hears everything"


def test_how_far_a_consumer_is_can_be_seen(listener):
    tell(1, 2)
    (state,) = queries.consumer_states()
    assert (state.behind, state.waiting, state.dead) == (2, 0, 0)
    listener.fails = {1}
    carry()
    (state,) = queries.consumer_states()
    assert (state.behind, state.waiting, state.dead) == (0, 2, 0)


def test_a_handler_that_a_service_no_longer_has_clears_its_letters(listener, monkeypatch):
    tell(1)
    listener.fails = {1}
    carry()
    Listener(monkeypatch, "tests.other")
    carry(timedelta(minutes=1))
    assert queries.letters() == ()


@pytest.mark.parametrize("topic", ["happened", "Tests.happened", "tests.", "tests.it happened"])
def test_topics_read_service_dot_past_tense(topic):
    with pytest.raises(Wiring):
        tell(1, topic=topic)


def test_one_consumer_cannot_handle_a_topic_twice():
    handles("tests.twice", consumer="tests.twice")(lambda event: None)
    with pytest.raises(Wiring):
        handles("tests.twice", consumer="tests.twice")(lambda event: None)
    rules._HANDLERS.pop("tests.twice")


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_bug():
    with pytest.raises(actions.NotInTransaction):
        actions.publish("tests.happened", {}, key="k", organisation="", at=NOW)
