"""Which of two values holds: the newest observation, unless a person has spoken; and both hubs agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.values import Attribute, Entity
from tedori.services.live.rules.conflicts import PERSON, may_go, newer, same, wins

PERSONS = {PERSON: (Attribute("Property", "person"),)}


def value(text, observed="", written="", person=False):
    return Attribute(
        "Property", text,
        observed_at=f"2026-04-01T00:{observed}:00Z" if observed else None,
        modified_at=f"2026-04-01T00:{written}:00.000000Z" if written else None,
        attributes=PERSONS if person else {},
    )  # fmt: skip


CASES = [
    # new                                  old                                   the new one wins
    (value("b", "02"),                     value("a", "01"),                     True),
    (value("b", "01"),                     value("a", "02"),                     False),
    (value("a", "01"),                     value("a", "01", "59"),               False),
    (value("b", "02"),                     value("a", "01", person=True),        False),
    (value("b", "01", person=True),        value("a", "02"),                     True),
    (value("b", "03", person=True),        value("a", "02", person=True),        True),
    (value("b", "", "02"),                 value("a", "", "01"),                 True),
    (value("b", "", "01"),                 value("a", "02", "59"),               False),
    (value("b"),                           value("a", "02"),                     False),
]  # fmt: skip


@pytest.mark.req("R02")
@pytest.mark.parametrize(("new", "old", "expected"), CASES)
def test_the_newest_observation_wins_unless_a_person_has_set_the_value(new, old, expected):
    assert wins(new, old) is expected


minutes = st.integers(0, 5).map(lambda one: f"{one:02}")
values = st.builds(
    value, st.sampled_from("abc"), observed=minutes | st.just(""), written=minutes, person=st.booleans()
)


@given(values, values)
def test_of_two_values_that_differ_exactly_one_wins_on_both_sides(one, other):
    assert wins(one, other) + wins(other, one) == (0 if same(one, other) else 1)


@given(st.permutations([value("a", "01"), value("b", "02"), value("c", "03"), value("d", "02", person=True)]))
def test_the_order_in_which_values_come_does_not_matter(order):
    there = order[0]
    for one in order[1:]:
        there = one if wins(one, there) else there
    assert there.value == "d"


def test_an_observation_from_the_future_is_not_believed():
    incoming = {"x": (value("b", "30"),)}
    assert newer(incoming, None, until="2026-04-01T00:29:00.000000Z") == {}
    assert newer(incoming, None, until="2026-04-01T00:31:00.000000Z") == incoming


def test_what_a_partner_deleted_goes_unless_something_is_newer_here():
    there = Entity("urn:a:b", ("T",), {"x": (value("a", "02"),)})
    assert may_go(there, "2026-04-01T00:03:00Z")
    assert not may_go(there, "2026-04-01T00:01:00Z")
    held = Entity("urn:a:b", ("T",), {"x": (value("a", "02", person=True),)})
    assert not may_go(held, "2026-04-01T00:03:00Z")
