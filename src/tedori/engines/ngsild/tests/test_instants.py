"""Points in time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.instants import read_instant, sortable


@pytest.mark.parametrize(
    "text", ["2026-09-01T12:00:00Z", "2026-09-01T12:00:00.5Z", "2026-12-31T23:59:59.999999Z"]
)
def test_a_time_in_utc_is_taken_as_it_is(text):
    assert read_instant(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01T12:00Z",
        "2026-09-01 12:00:00Z",
        "2026-09-01T12:00:00",
        "2026-09-01T12:00:00+00:00",
        "20260901T120000Z",
        "2026-13-01T12:00:00Z",
        "2026-09-01T25:00:00Z",
        "2026-09-01T12:00:00.1234567Z",
        "",
        None,
        20260901,
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(NgsiLdError) as refused:
        read_instant(text, where="timeAt")
    assert (refused.value.kind, refused.value.where) == ("BadRequestData", "timeAt")


TIMES = st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001


@given(TIMES, TIMES)
def test_sortable_times_sort_as_the_times_do(one, other):
    texts = [sortable(time.isoformat().replace("+00:00", "Z")) for time in (one, other)]
    assert (texts[0] < texts[1]) == (one < other)
    assert all(len(text) == 27 for text in texts)
