"""What is stored for a time only goes when its time is over, and nothing else does."""

from __future__ import annotations

import pytest

from tedori.engines.ngsild.expiring import expired, faded, next_expiry
from tedori.engines.ngsild.tests.worlds import iri, shelter

AT = "2026-04-01T12:00:00.000000Z"
BEFORE, THEN, AFTER = "2026-04-01T11:59:59Z", "2026-04-01T12:00:00Z", "2026-04-01T12:00:00.5Z"


def reading(expires, **more):
    return {"type": "Property", "value": 1, "expiresAt": expires} | more


def test_what_is_stored_for_good_never_expires():
    assert next_expiry(shelter(occupancy=1)) is None


@pytest.mark.parametrize(
    ("entity", "first"),
    [
        (shelter(occupancy=1, expiresAt=AFTER), "2026-04-01T12:00:00.500000Z"),
        (shelter(occupancy=reading(AFTER), status=reading(THEN)), AT),
        (shelter(occupancy=reading(AFTER, unit=reading(BEFORE))), "2026-04-01T11:59:59.000000Z"),
        (shelter(occupancy=reading(AFTER), expiresAt=THEN), AT),
    ],
)
def test_the_first_of_all_moments_counts(entity, first):
    assert next_expiry(entity) == first


@pytest.mark.parametrize(("moment", "over"), [(BEFORE, True), (THEN, True), (AFTER, False)])
def test_a_thing_is_over_from_its_moment_on(moment, over):
    assert expired(shelter(expiresAt=moment), at=AT) is over


def test_only_what_is_over_fades():
    kept, gone = reading(AFTER, datasetId="urn:d:1"), reading(BEFORE)
    outcome = faded(shelter(occupancy=[kept, gone], status=gone, belts=5), at=AT)
    assert outcome.changes == {iri("occupancy"): "updated", iri("status"): "deleted"}
    assert [one.dataset_id for one in outcome.entity.attributes[iri("occupancy")]] == ["urn:d:1"]
    assert outcome.entity.attributes.keys() == {iri("occupancy"), iri("belts")}


def test_of_an_attribute_only_the_part_fades_that_is_over():
    outcome = faded(shelter(occupancy=reading(AFTER, note=reading(BEFORE), kind=reading(AFTER))), at=AT)
    (left,) = outcome.entity.attributes[iri("occupancy")]
    assert left.attributes.keys() == {iri("kind")}
    assert outcome.changes == {iri("occupancy"): "updated"}


def test_an_entity_of_which_nothing_is_over_stays_as_it_is():
    entity = shelter(occupancy=reading(AFTER, note=reading(AFTER)), status=1)
    assert faded(entity, at=AT).entity is entity
