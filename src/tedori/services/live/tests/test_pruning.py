"""What the hub forgets after a time, and what it must not forget before everybody has read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from tedori.engines.ngsild.contexts import CORE
from tedori.kernel.lake.store import house_lake
from tedori.services.live.actions import pruning
from tedori.services.live.actions.shelving import shelve
from tedori.services.live.models import (
    Change,
    History,
    Link,
    Notification,
    Position,
    Publication,
    Subscription,
    Use,
)
from tedori.services.live.queries.keeping import held_back, keep_days
from tedori.services.live.rules.shelves import shelf

pytestmark = [pytest.mark.django_db, pytest.mark.req("F09")]
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
SHELTER = CORE.expand("EvacuationShelter")


def column(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def changes(*days_ago):
    """One change per age, the oldest first; gives their places in the log."""
    made = Change.objects.bulk_create(
        Change(
            tenant_id=1, urn=f"urn:{number}", owner="131016", types="[]", operation="created", changed="{}",
            by="token:1", at=column(NOW - timedelta(days=days)),
        )
        for number, days in enumerate(days_ago)
    )  # fmt: skip
    return [one.seq for one in made]


def kept():
    return list(Change.objects.order_by("seq").values_list("seq", flat=True))


def subscription(since=0, urn="urn:sub:1"):
    return Subscription.objects.create(
        tenant_id=1, urn=urn, document="{}", contexts="{}", since=since, created_at="", modified_at=""
    )


def link(position, direction="out", active=True):
    return Link.objects.create(
        tenant_id=1, owner="131016", name="都のハブ", address="https://hub.example", protocol="ngsi-ld",
        direction=direction, types="[]", created_by="", created_at="", position=position, active=active,
    )  # fmt: skip


def test_changes_older_than_a_week_go_and_the_newest_always_stays(settings):
    places = changes(30, 8, 6, 1)
    assert pruning.forget_changes(NOW) == 2
    assert kept() == places[2:]
    settings.TEDORI_LIVE_KEEP_CHANGES = "1"
    assert pruning.forget_changes(NOW + timedelta(days=90)) == 1
    assert kept() == places[3:]


def test_an_installation_may_keep_changes_for_ever(settings):
    settings.TEDORI_LIVE_KEEP_CHANGES = "0"
    changes(900, 1)
    assert pruning.forget_changes(NOW) == 0


@pytest.mark.parametrize(
    ("reader", "left"),
    [
        ("nobody", 1),
        ("a notifier that has read two", 3),
        ("a notifier that has not begun", 4),
        ("the count of writes", 4),
        ("the telling of other services", 4),
        ("a telling of other services that nobody wants", 1),
        ("a link that hands on", 3),
        ("a link that is paused", 3),
        ("a link that only takes in", 1),
        ("a notifier without subscriptions", 1),
    ],
)
def test_what_somebody_has_still_to_read_stays(reader, left):
    places = changes(40, 30, 20, 10, 9)
    if "notifier" in reader:
        if "without" not in reader:
            subscription(since=places[0])
        if "not begun" not in reader:
            Position.objects.create(name="notifier", position=places[1])
    elif reader == "the count of writes":
        Position.objects.create(name="uses", position=places[0])
    elif "services" in reader:
        Position.objects.create(name="relay", position=places[0])
        relayed = "nobody" not in reader
        Publication.objects.create(tenant_id=1, name=SHELTER, level="public", relayed=relayed, set_by="")
    elif "link" in reader:
        direction = "in" if "takes" in reader else "both"
        link(places[1], direction=direction, active="paused" not in reader)
    pruning.forget_changes(NOW)
    assert kept() == places[len(places) - left :]


def test_the_doctor_names_who_keeps_the_log_from_being_cut():
    places = changes(40, 1)
    assert list(held_back()) == []
    link(places[0] - 1)
    (finding,) = held_back()
    assert (finding.code, "都のハブ" in str(finding.what)) == ("live-log-held", True)


def test_notifications_that_were_given_up_go_after_two_weeks_and_those_that_wait_stay():
    sub = subscription()
    for key, state, days in (("old", "dead", 15), ("young", "dead", 13), ("late", "waiting", 99)):
        at = column(NOW - timedelta(days=days))
        Notification.objects.create(
            key=key, subscription=sub, endpoint="", state=state, body="{}", at=at, due_at=at
        )
    Notification.objects.create(
        key="nobody's", subscription_id=sub.pk + 1, endpoint="", body="{}", at=at, due_at=at
    )
    assert pruning.forget_dead(NOW) == 2
    assert set(Notification.objects.values_list("key", flat=True)) == {"young", "late"}


def test_counts_of_more_than_a_year_ago_go():
    for day in (date(2025, 10, 1), date(2026, 1, 1)):
        Use.objects.create(day=day, tenant_id=1, actor="", verb="read", name="")
    assert pruning.forget_uses(NOW) == 1
    assert Use.objects.get().day == date(2026, 1, 1)


def instance(at, name="occupancy", types=f'["{SHELTER}"]'):
    moment = column(at)
    return History.objects.create(
        instance=f"urn:i:{name}:{moment}", tenant_id=1, urn="urn:1", owner="131016", types=types,
        name=CORE.expand(name), kind="Property", value="5", number=5, observed_at=moment,
        created_at=moment, modified_at=moment,
    )  # fmt: skip


def in_lake():
    return {hour: stored.rows for hour, (_, stored) in house_lake().newest(shelf(1, SHELTER)).items()}


def test_the_history_is_kept_unless_an_installation_says_for_how_long(settings):
    instance(NOW - timedelta(days=900))
    shelve(NOW)
    assert pruning.forget_history(NOW) == 0
    settings.TEDORI_LIVE_KEEP_HISTORY = "365"
    assert pruning.forget_history(NOW) == 1


def test_history_goes_only_when_it_lies_in_the_lake_and_stays_there(settings):
    settings.TEDORI_LIVE_KEEP_HISTORY = "30"
    old, young = NOW - timedelta(days=40), NOW - timedelta(days=3)
    instance(old), instance(old, "name"), instance(young)
    assert pruning.forget_history(NOW) == 0  # nothing has been brought to the lake yet
    shelve(NOW)
    late = instance(old, "status")  # the lake does not know of this one
    assert pruning.forget_history(NOW) == 0
    late.delete()
    assert pruning.forget_history(NOW) == 2
    assert History.objects.get().modified_at == column(young)
    for hour in range(30):  # among these is the one at which everything is counted anew
        shelve(NOW + timedelta(hours=hour))
    assert in_lake() == {old.strftime("%Y-%m-%dT%H"): 2, young.strftime("%Y-%m-%dT%H"): 1}


def test_a_setting_that_is_no_number_of_days_stops_with_a_message(settings):
    settings.TEDORI_LIVE_KEEP_CHANGES = "a week"
    with pytest.raises(ImproperlyConfigured, match="number of days"):
        keep_days("TEDORI_LIVE_KEEP_CHANGES")
