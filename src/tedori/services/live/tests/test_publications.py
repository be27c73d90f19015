"""Who hears of an entity: the same wall as for reading it."""

import pytest

from tedori.kernel.organisations.values import ANONYMOUS, Actor, system_actor
from tedori.services.live.rules.publications import Publications

CHIYODA, HACHIOJI = "131016", "132012"
RULES = Publications(
    {
        (1, "Toilet", ""): "public",
        (1, "Shelter", ""): "members",
        (1, "Shelter", CHIYODA): "public",
        (1, "Toilet", HACHIOJI): "internal",
    }
)
READERS = {
    "a stranger": ANONYMOUS,
    "Chiyoda": Actor(organisation=CHIYODA),
    "Hachioji": Actor(organisation=HACHIOJI),
    "the house": system_actor("trial"),
}
TABLE = [
    # tenant owner     types                  who may
    (1, CHIYODA,  ["Toilet"],            {"a stranger", "Chiyoda", "Hachioji", "the house"}),
    (1, HACHIOJI, ["Toilet"],            {"Hachioji", "the house"}),
    (1, CHIYODA,  ["Shelter"],           {"a stranger", "Chiyoda", "Hachioji", "the house"}),
    (1, HACHIOJI, ["Shelter"],           {"Chiyoda", "Hachioji", "the house"}),
    (1, CHIYODA,  ["Well"],              {"Chiyoda", "the house"}),
    (1, CHIYODA,  ["Toilet", "Well"],    {"Chiyoda", "the house"}),
    (2, CHIYODA,  ["Toilet"],            {"Chiyoda", "the house"}),
    (1, "",       ["Well"],              {"the house"}),
]  # fmt: skip


@pytest.mark.parametrize(("tenant", "owner", "types", "expected"), TABLE)
def test_an_entity_is_told_to_those_who_may_read_it(tenant, owner, types, expected):
    found = {name for name, reader in READERS.items() if RULES.readable(reader, tenant, owner, types)}
    assert found == expected
