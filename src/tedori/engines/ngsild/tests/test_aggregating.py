"""What instances amount to in periods, and what they make of the present."""

from __future__ import annotations

import pytest

from tedori.engines.ngsild.aggregating import (
    METHODS,
    Aggregation,
    Period,
    aggregate,
    read_aggregation,
    read_period,
)
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.evolving import arrive, read_scope_history
from tedori.engines.ngsild.values import Attribute, Entity

ORIGIN = "2026-01-31T00:00:00.000000Z"
AT = "2026-05-01T00:00:00.000000Z"

# text            | months | microseconds
DURATIONS = """
 PT1H             | 0      | 3600000000
 P1D              | 0      | 86400000000
 P2W              | 0      | 1209600000000
 P1M              | 1      | 0
 P1Y2M3DT4H5M6.5S | 14     | 273906500000
 PT0S             | 0      | 0
"""


@pytest.mark.parametrize("row", DURATIONS.strip().splitlines())
def test_durations_are_months_of_the_calendar_and_a_length_of_time(row):
    text, months, microseconds = (part.strip() for part in row.split("|"))
    assert read_period(text) == Period(int(months), int(microseconds))


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "1H", "P1H", "P1DT", "P1W2D", "-P1D", "P٣D", "P99999999999D"]
)
def test_other_texts_are_no_durations(text):
    with pytest.raises(NgsiLdError, match="aggrPeriodDuration"):
        read_period(text)


@pytest.mark.parametrize("names", ["", "mode", "avg,", "AVG"])
def test_other_words_are_no_methods(names):
    with pytest.raises(NgsiLdError, match="aggrMethods"):
        read_aggregation(names, None)


def test_a_month_later_is_the_same_day_or_the_last_of_the_month():
    starts = Period(months=1).starts(ORIGIN, "2026-05-01T00:00:00.000000Z")
    assert [start[5:10] for start in starts] == ["01-31", "02-28", "03-31", "04-30"]


def test_too_many_periods_of_the_calendar_are_refused_and_time_has_an_end():
    with pytest.raises(NgsiLdError, match="TooComplexQuery"):
        Period(months=1).starts("0001-01-01T00:00:00.000000Z", AT)
    assert len(Period(months=12 * 9999).starts(ORIGIN, AT)) == 1


# values                       | total distinct sum  avg  min  max  stddev sumsq
VALUES = [
    ([1, 3],                     (2, 2, 4.0, 2.0, 1.0, 3.0, 1.0, 10.0)),
    ([2, 2.0],                   (2, 1, 4.0, 2.0, 2.0, 2.0, 0.0, 8.0)),
    ([True, False],              (2, 2, 1.0, 0.5, 0.0, 1.0, 0.5, 1.0)),
    ([[1, 2], []],               (2, 2, 2.0, 1.0, 0.0, 2.0, None, None)),
    (["b", "B"],                 (2, 2, None, None, "B", "b", None, None)),
    ([{"a": 1}, {"a": 1}],       (2, 1, None, None, None, None, None, None)),
    ([1e200],                    (1, 1, None, None, None, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), VALUES)
def test_each_sort_of_value_has_its_methods(values, expected):
    instances = [Attribute("Property", value, observed_at=ORIGIN) for value in values]
    (found,) = aggregate(instances, Aggregation(METHODS, Period()), origin=ORIGIN, until=ORIGIN)
    shown = tuple(found.methods[name][0][0] if name in found.methods else None for name in METHODS)
    assert shown == expected


def test_relationships_are_only_counted():
    instances = [Attribute("Relationship", uri, observed_at=ORIGIN) for uri in ("urn:a", "urn:b", "urn:a")]
    (found,) = aggregate(instances, Aggregation(METHODS, Period()), origin=ORIGIN, until=ORIGIN)
    assert {name: values[0][0] for name, values in found.methods.items()} == {
        "totalCount": 3,
        "distinctCount": 2,
    }


def reading(value, day, dataset=None):
    return Attribute("Property", value, dataset, observed_at=f"2026-04-{day:02}T00:00:00Z")


def test_the_newest_instance_of_each_dataset_becomes_the_present():
    evolution = Entity("urn:x", ("t",), {"n": (reading(1, 3), reading(2, 1), reading(7, 2, "urn:d"))})
    arrival = arrive(None, evolution, at=AT)
    assert [one.value for one in arrival.outcome.entity.attributes["n"]] == [1, 7]
    assert [one.value for one in arrival.instances["n"]] == [1, 2, 7]


# there (day) | comes (day) | then
LATE = [
    (reading(1, 3), reading(2, 1), None),
    (reading(1, 3), reading(2, 3), 2),
    (reading(1, 3), reading(2, 4), 2),
    (Attribute("Property", 1, modified_at="2026-04-20T00:00:00Z"), reading(2, 4), None),
    (reading(1, 3), Attribute("Property", 2), 2),
]


@pytest.mark.parametrize(("there", "comes", "then"), LATE)
def test_what_is_older_leaves_the_present_alone(there, comes, then):
    present = Entity("urn:x", ("t",), {"n": (there,)})
    arrival = arrive(present, Entity("urn:x", ("t",), {"n": (comes,)}), at=AT)
    if then is None:
        assert arrival.outcome is None
    else:
        assert arrival.outcome.entity.attributes["n"][0].value == then


def test_scopes_have_a_history_of_their_own():
    given = [
        {"type": "Property", "value": "/Chiyoda", "observedAt": "2026-04-01T00:00:00Z"},
        {"type": "Property", "value": ["/Chiyoda", "Schools"], "observedAt": "2026-04-02T00:00:00Z"},
    ]
    assert [one.value for one in read_scope_history(given)] == ["/Chiyoda", ["/Chiyoda", "/Schools"]]
    assert [one.value for one in read_scope_history(["/A", "/B"])] == [["/A", "/B"]]
    with pytest.raises(NgsiLdError):
        read_scope_history([{"value": 5}])
