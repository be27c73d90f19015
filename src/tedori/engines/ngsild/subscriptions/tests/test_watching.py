"""Which change concerns which subscription, and what its notification then says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.subscriptions.bodies import Telling, entity_told
from tedori.engines.ngsild.subscriptions.watching import Change, Index, happening, triggered, watch_of
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.engines.ngsild.writing import Form, write_entity

AT = "2026-07-01T09:00:00.000000Z"
NULL = "urn:ngsi-ld:null"


def entity(types="Shelter", urn="urn:s:1", at="2026-07-01T08:00:00Z", **values):
    return Entity(
        urn,
        tuple(CORE.expand(name) for name in types.split()),
        {
            CORE.expand(name): (Attribute("Property", value, modified_at=at),)
            for name, value in values.items()
        },
    )


def change(before, after):
    operation = "created" if before is None else "deleted" if after is None else "updated"
    return Change("urn:s:1", operation, before, after, AT)


def watch(key=1, **members):
    names = members.pop("watchedAttributes", None)
    document = {"entities": [{"type": CORE.expand("Shelter")}]} | members
    if names is not None:
        document["watchedAttributes"] = [CORE.expand(name) for name in names]
    return watch_of(key, document, CORE)


FREE5, FREE4, OPEN = entity(free=5), entity(free=4), entity(open=True)
BOTH = entity(free=5, open=True)
SCHOOL, AGAIN = entity("Shelter School", free=5), entity(at="2026-07-01T09:00:00Z", free=5)

TABLE = [
    # the subscription                                         before  after   notified
    ({},                                                       None,   FREE5,  True),
    ({},                                                       FREE5,  FREE4,  True),
    ({},                                                       FREE5,  BOTH,   True),
    ({},                                                       BOTH,   FREE5,  False),   # a deletion
    ({},                                                       FREE5,  None,   False),
    ({"watchedAttributes": ["free"]},                          BOTH,   entity(free=4, open=True), True),
    ({"watchedAttributes": ["open"]},                          BOTH,   entity(free=4, open=True), False),
    ({"watchedAttributes": ["open"]},                          None,   FREE5,  False),
    ({"notificationTrigger": ["entityCreated"]},               None,   FREE5,  True),
    ({"notificationTrigger": ["entityCreated"]},               FREE5,  FREE4,  False),
    ({"notificationTrigger": ["entityDeleted"]},               FREE5,  None,   True),
    ({"notificationTrigger": ["entityDeleted"]},               BOTH,   FREE5,  False),
    ({"notificationTrigger": ["entityUpdated"]},               BOTH,   FREE5,  True),
    ({"notificationTrigger": ["entityUpdated"]},               FREE5,  SCHOOL, True),
    ({"notificationTrigger": ["attributeDeleted"]},            BOTH,   FREE5,  True),
    ({"notificationTrigger": ["attributeDeleted"]},            BOTH,   None,   True),
    ({"notificationTrigger": ["attributeUpdated"]},            FREE5,  BOTH,   False),
    ({"notificationTrigger": ["attributeDeleted"], "watchedAttributes": ["free"]}, BOTH, FREE5, False),
    ({"q": "free<5"},                                          FREE5,  FREE4,  True),
    ({"q": "free<5"},                                          FREE4,  FREE5,  False),
    ({"q": 'name=="a%20b"'},                                   None,   entity(name="a b"), True),
    ({"q": 'name=="a%20b"'},                                   None,   entity(name="a%20b"), True),
    ({"entities": [{"type": CORE.expand("Toilet")}]},          FREE5,  FREE4,  False),
    ({"entities": [{"type": "*", "id": "urn:s:1"}]},           FREE5,  FREE4,  True),
    ({"entities": [{"type": "*", "id": "urn:s:2"}]},           FREE5,  FREE4,  False),
    ({"entities": [{"type": "*", "idPattern": "^urn:s:"}]},    FREE5,  FREE4,  True),
    ({},                                                       FREE5,  AGAIN,  False),
]  # fmt: skip


@pytest.mark.parametrize(("members", "before", "after", "expected"), TABLE)
def test_a_subscription_hears_of_what_it_asks_for(members, before, after, expected):
    seen = happening(change(before, after))
    assert triggered(watch(**members), seen) is expected
    assert bool(Index([watch(**members)]).triggered(seen)) is expected


NAMES = st.sampled_from(["a", "b", "c"])
ENTITIES = st.builds(
    lambda types, values: entity(" ".join(types), **values),
    st.sets(st.sampled_from(["Shelter", "Toilet", "School"]), min_size=1),
    st.dictionaries(NAMES, st.integers(0, 2)),
)
TRIGGERS = st.sets(
    st.sampled_from(
        ["entityCreated", "entityUpdated", "entityDeleted", "attributeCreated", "attributeDeleted"]
    ),
    min_size=1,
)
SELECTORS = st.sampled_from(
    [
        {"type": "*"},
        {"type": CORE.expand("Shelter")},
        {"type": f"{CORE.expand('Toilet')}|{CORE.expand('School')}"},
        {"type": f"({CORE.expand('Toilet')};{CORE.expand('School')})"},
        {"type": "*", "id": ["urn:s:1", "urn:s:9"]},
        {"type": CORE.expand("Shelter"), "id": "urn:s:9"},
    ]
)
DOCUMENTS = st.fixed_dictionaries(
    {"notificationTrigger": TRIGGERS.map(sorted)},
    optional={
        "entities": st.lists(SELECTORS, min_size=1, max_size=2),
        "watchedAttributes": st.lists(NAMES, min_size=1),
    },
)


@settings(max_examples=200, deadline=None)
@given(st.lists(DOCUMENTS, max_size=6), st.none() | ENTITIES, st.none() | ENTITIES)
def test_the_index_finds_exactly_those_that_asking_each_would_find(documents, before, after):
    if before is None and after is None:
        return
    watches = [watch(key, **document) for key, document in enumerate(documents)]
    seen = happening(change(before, after))
    one_by_one = {one.key for one in watches if triggered(one, seen)}
    index = Index(watches)
    assert {one.key for one in index.triggered(seen)} == one_by_one
    if one_by_one:
        types = {*(before.types if before else ()), *(after.types if after else ())}
        assert index.concerns("urn:s:1", types)


def told(before, after, telling=Telling(), form=Form(), **members):  # noqa: B008 - frozen
    return write_entity(entity_told(change(before, after), watch(**members), telling), CORE, form)


def test_a_deleted_attribute_is_told_by_null():
    assert told(BOTH, FREE5)["open"] == {"type": "Property", "value": NULL}
    assert told(BOTH, FREE5, form=Form("simplified"))["open"] == NULL
    shown = told(BOTH, FREE5, Telling(sys_attrs=True), Form(sys_attrs=True))["open"]
    assert (shown["value"], shown["deletedAt"]) == (NULL, AT)


def test_changes_are_shown_with_the_value_before_only_where_there_was_another():
    shown = told(BOTH, entity(free=4, open=True, new=1), Telling(changes=True))
    assert shown["free"] == {"type": "Property", "value": 4, "previousValue": 5}
    assert "previousValue" not in shown["open"]
    assert "previousValue" not in shown["new"]


def test_of_a_deleted_entity_hardly_more_is_told_than_that_it_is_gone():
    assert told(BOTH, None) == {"id": "urn:s:1", "type": "Shelter", "deletedAt": AT}
    asked = told(BOTH, None, notificationTrigger=["attributeDeleted"], watchedAttributes=["free"])
    assert asked["free"]["value"] == NULL
    assert "open" not in asked
    shown = told(BOTH, None, Telling(changes=True))
    assert shown["free"] == {"type": "Property", "value": NULL, "previousValue": 5}


def test_one_instance_of_several_that_goes_is_told_beside_those_that_stay():
    name = CORE.expand("name")
    english, french = Attribute("Property", "Tower"), Attribute("Property", "Tour", "urn:fr")
    before = Entity("urn:s:1", (CORE.expand("Shelter"),), {name: (english, french)})
    after = Entity("urn:s:1", (CORE.expand("Shelter"),), {name: (english,)})
    assert told(before, after)["name"] == [
        {"type": "Property", "value": "Tower"},
        {"type": "Property", "value": NULL, "datasetId": "urn:fr"},
    ]
    none = Entity("urn:s:1", (CORE.expand("Shelter"),), {})
    assert told(before, none)["name"] == {"type": "Property", "value": NULL}
