"""What several sources say of one entity becomes one entity: the newer reading counts."""

from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.registrations.merging import merged
from tedori.engines.ngsild.values import Attribute, Entity

BUS = "urn:ngsi-ld:Bus:7"


def bus(value, *, observed=None, modified=None, name="speed", dataset=None, **members):
    one = Attribute("Property", value, dataset_id=dataset, observed_at=observed, modified_at=modified)
    return Entity(BUS, ("Bus",), {name: (one,)}, **members)


def speed(entity):
    return entity.attributes["speed"][0].value


def test_the_newer_observation_counts_wherever_it_comes_from():
    old, new = bus(1, observed="2026-01-01T09:00:00Z"), bus(2, observed="2026-01-01T09:00:00.5Z")
    assert speed(merged([old, new])) == speed(merged([new, old])) == 2


def test_without_observations_the_later_change_counts():
    old, new = bus(1, modified="2026-01-01T09:00:00Z"), bus(2, modified="2026-01-02T09:00:00Z")
    assert speed(merged([old, new])) == 2


def test_what_cannot_be_compared_stays_as_the_first_one_says():
    assert speed(merged([bus(1), bus(2, observed="2026-01-01T09:00:00Z")])) == 1
    assert speed(merged([bus(1, observed="2026-01-01T09:00:00Z"), bus(2, observed="yesterday")])) == 1


def test_instances_of_different_datasets_stand_side_by_side():
    both = merged([bus(1), bus(2, dataset="urn:x:gps")]).attributes["speed"]
    assert [one.value for one in both] == [1, 2]


def test_a_supplement_adds_and_overrides_nothing():
    extra = Entity(
        BUS, ("Vehicle",), {"speed": bus(9, observed="2030-01-01T00:00:00Z").attributes["speed"], "fare": ()}
    )
    whole = merged([bus(1)], [extra])
    assert (speed(whole), "fare" in whole.attributes, whole.types) == (1, True, ("Bus",))


def test_supplements_alone_make_an_entity_too():
    assert speed(merged([], [bus(3)])) == 3


def test_an_entity_ends_with_its_last_part_and_never_when_one_part_does_not():
    early, late = bus(1, expires_at="2026-01-01T00:00:00Z"), bus(1, expires_at="2027-01-01T00:00:00Z")
    assert merged([early, late]).expires_at == "2027-01-01T00:00:00Z"
    assert merged([early, bus(1)]).expires_at is None


MOMENTS = st.none() | st.integers(0, 59).map(lambda second: f"2026-01-01T09:00:{second:02}Z")


@given(st.lists(st.tuples(st.integers(), MOMENTS), min_size=1, max_size=5))
def test_no_part_that_was_observed_earlier_ever_wins(readings):
    parts = [bus(value, observed=moment) for value, moment in readings]
    won = merged(parts).attributes["speed"][0]
    if all(moment for _, moment in readings):
        assert won.observed_at == max(moment for _, moment in readings)
    assert merged([merged(parts)]) == merged(parts)
