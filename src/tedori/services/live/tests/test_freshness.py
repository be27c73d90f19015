"""How old a reading is said to be, and when it is old."""

from datetime import UTC, datetime, timedelta

import pytest

from tedori.services.live.rules.freshness import Limits, age

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
AGES = [
    (timedelta(0), (0, "now")), (timedelta(seconds=59), (0, "now")), (timedelta(seconds=-30), (0, "now")),
    (timedelta(seconds=60), (1, "minute")), (timedelta(minutes=59, seconds=59), (59, "minute")),
    (timedelta(hours=1), (1, "hour")), (timedelta(hours=47), (1, "day")), (timedelta(days=400), (400, "day")),
]  # fmt: skip


@pytest.mark.parametrize(("ago", "said"), AGES)
def test_an_age_is_told_in_the_largest_unit_that_fits(ago, said):
    assert age(NOW - ago, now=NOW) == said


def test_an_owner_may_have_a_limit_of_its_own():
    limits = Limits(60, {"131016": 5})
    then = NOW - timedelta(minutes=10)
    assert limits.old("131016", then, now=NOW)
    assert not limits.old("132012", then, now=NOW)
    assert not limits.old("131016", NOW - timedelta(minutes=5), now=NOW)
