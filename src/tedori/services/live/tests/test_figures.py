"""What instances amount to: the databases compute what the engine's plain definition says."""

from __future__ import annotations

from datetime import datetime

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tedori.engines.ngsild.aggregating import METHODS, Aggregation, aggregate, read_period
from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.values import Attribute
from tedori.services.live.queries.histories.figures import amounts
from tedori.services.live.queries.histories.windows import Window
from tedori.services.live.queries.store import STORE

URN, OWNER = "urn:x:1", "131016"
NUMBERS = st.one_of(
    st.integers(-100, 100),
    st.floats(-1e6, 1e6),
    st.sampled_from((0, -0.0, 1e99, 1e200, 1e-99, 1e-200, 5e-324, 2**60, 0.1)),
)
TEXTS = st.sampled_from(("", "a", "ab", "B", "体育館", "true", "2026-04-01T00:00:00Z", "'", "%s", "?"))
SIMPLE = st.one_of(NUMBERS, TEXTS, st.booleans())
TYPED = st.builds(lambda text: {"@type": "DateTime", "@value": text}, TEXTS)
VALUES = st.one_of(SIMPLE, TYPED, st.lists(SIMPLE, max_size=3), st.just({"k": 1}))
DATASETS = st.sampled_from((None, "urn:d:1"))
TIMES = st.datetimes(
    min_value=datetime(2024, 1, 30),  # noqa: DTZ001 - the texts below are in UTC
    max_value=datetime(2024, 4, 2),  # noqa: DTZ001
).map(lambda moment: f"{moment.isoformat(timespec='microseconds')}Z")


def attributes(kind, values):
    """Instances of one attribute: all of one kind and, since sensors seldom change, of one sort of value."""
    return st.lists(st.builds(Attribute, st.just(kind), values, DATASETS, TIMES), min_size=1, max_size=12)


INSTANCES = st.one_of(
    attributes("Property", NUMBERS),
    attributes("Property", TEXTS),
    attributes("Property", VALUES),
    attributes("Relationship", st.sampled_from(("urn:x:2", "urn:x:3"))),
    attributes("ListProperty", st.lists(SIMPLE, max_size=3).map(tuple)),
)
PERIODS = st.sampled_from(("PT0S", "PT1H", "P1D", "P1M", "P1M2DT3H", "P1W", "PT0.5S", "P1Y"))


def kept(instances):
    """Instances in the table, one entity's."""
    session = STORE.session()
    with session.writing():
        session.run("DELETE FROM live_history")
        session.many(
            "INSERT INTO live_history (instance, tenant_id, urn, owner, types, name, dataset, kind, value, "
            "observed_at, created_at, modified_at, deleted) "
            "VALUES ('', 1, ?, ?, '[]', 'n:a', ?, ?, ?, ?, '', '', ?)",
            [
                (
                    URN,
                    OWNER,
                    one.dataset_id,
                    one.kind,
                    orjson.dumps(one.value).decode(),
                    one.observed_at,
                    False,
                )
                for one in instances
            ],
        )


def as_numbers(value):
    """Values that may differ in their last digits are compared by what they are near to."""
    return pytest.approx(value, rel=1e-6, abs=1e-6) if isinstance(value, float) else value


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(INSTANCES, PERIODS, st.sampled_from((None, "2024-01-30T00:00:00.000000Z")))
def test_every_database_computes_what_the_definition_says(store, instances, duration, start):
    kept(instances)
    asked = Aggregation(METHODS, read_period(duration))
    moments = [sortable(one.observed_at) for one in instances]
    expected = aggregate(instances, asked, origin=start or min(moments), until=max(moments))
    found = amounts(1, {OWNER: (URN,)}, Window(member="observedAt", start=start), asked)[URN]["n:a"]
    assert {one.dataset_id for one in found} == {one.dataset_id for one in expected}
    for one in expected:
        (same,) = [other for other in found if other.dataset_id == one.dataset_id]
        assert same.methods.keys() == one.methods.keys()
        for method, values in one.methods.items():
            assert same.methods[method] == [(as_numbers(value), *span) for value, *span in values], method
