"""What each kind of update makes of an entity (clauses 5.6.1 to 5.6.5 and 5.6.17 to 5.6.19)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.combining import merge_json
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.forms import CONCISE, Form
from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.patching import (
    SCOPE,
    TYPE,
    append,
    create,
    delete_attribute,
    delete_scopes,
    merge,
    partial_update,
    replace_attribute,
    replace_entity,
    update,
)
from tedori.engines.ngsild.reading import kinds_of, read_attribute, read_entity, read_fragment
from tedori.engines.ngsild.tests.worlds import CITY_CONTEXT, KUDAN, NINE, NOON, TEN, iri, only, shelter
from tedori.engines.ngsild.writing import write_entity

B = "urn:b"
KANDA = "urn:ngsi-ld:District:kanda"


def fragment(partial=False, **members):
    return read_fragment(members, CITY_CONTEXT, partial=partial)


def attribute(**members):
    return read_attribute(members, CITY_CONTEXT, partial=True)


def shown(outcome):
    """The attributes of the entity afterwards, concise."""
    document = write_entity(outcome.entity, CITY_CONTEXT, CONCISE)
    return {name: value for name, value in document.items() if name not in ("id", "type")}


def changes(outcome):
    return {CITY_CONTEXT.compact(name): change for name, change in outcome.changes.items()}


class TestCreating:
    def test_everything_in_a_new_entity_gets_the_time(self):
        document = {"id": KUDAN, "type": "Toilet", "scope": "/Tokyo", "a": {"value": 1, "source": "x"}}
        outcome = create(read_entity(document, CITY_CONTEXT), at=NINE)
        whole = write_entity(outcome.entity, CITY_CONTEXT, Form(sys_attrs=True))
        for part in (whole, whole["a"], whole["a"]["source"]):
            assert part["createdAt"] == part["modifiedAt"] == NINE
        assert changes(outcome) == {"a": "created", "scope": "created"}

    def test_an_entity_without_attributes_has_its_times_too(self):
        outcome = create(read_entity({"id": KUDAN, "type": "Toilet"}, CITY_CONTEXT), at=NINE)
        assert (outcome.entity.created_at, outcome.entity.modified_at) == (NINE, NINE)


class TestAppending:
    def test_new_attributes_are_added_and_old_ones_replaced(self):
        before = shelter(occupancy={"value": 1, "unitCode": "IE"}, status="closed")
        outcome = append(before, fragment(occupancy=2, name="Kudan"), at=TEN)
        assert shown(outcome) == {"occupancy": 2, "status": "closed", "name": "Kudan"}
        assert changes(outcome) == {"occupancy": "updated", "name": "created"}
        assert (
            only(outcome.entity, "occupancy").created_at,
            only(outcome.entity, "occupancy").modified_at,
        ) == (NINE, TEN)
        assert (outcome.entity.created_at, outcome.entity.modified_at) == (NINE, TEN)
        assert only(outcome.entity, "status").modified_at == NINE

    def test_without_overwriting_old_ones_stay_and_are_named(self):
        outcome = append(shelter(occupancy=1), fragment(occupancy=2, name="Kudan"), overwrite=False, at=TEN)
        assert shown(outcome) == {"occupancy": 1, "name": "Kudan"}
        assert [name for name, _ in outcome.not_updated] == [iri("occupancy")]
        assert outcome.updated == (iri("name"),)

    def test_instances_of_other_datasets_are_left_alone(self):
        before = shelter(occupancy=[{"value": 1}, {"value": 2, "datasetId": B}])
        outcome = append(before, fragment(occupancy={"value": 9, "datasetId": B}), at=TEN)
        assert shown(outcome)["occupancy"] == [1, {"value": 9, "datasetId": B}]

    def test_types_are_added_and_scopes_replaced_or_added(self):
        before = shelter(scope="/Tokyo")
        more = fragment(type=["Toilet", "EvacuationShelter"], scope=["/School", "/Tokyo"])
        outcome = append(before, more, at=TEN)
        assert outcome.entity.types == (iri("EvacuationShelter"), iri("Toilet"))
        assert outcome.entity.scopes == ("/School", "/Tokyo")
        assert outcome.changes == {TYPE: "updated", SCOPE: "updated"}
        assert append(before, more, overwrite=False, at=TEN).entity.scopes == ("/Tokyo", "/School")

    def test_appending_nothing_changes_nothing(self):
        before = shelter(occupancy=1)
        outcome = append(before, fragment(type="EvacuationShelter"), at=TEN)
        assert outcome.entity is before
        assert not outcome.changes


class TestUpdating:
    def test_attributes_are_replaced_appended_or_deleted_as_a_whole(self):
        before = shelter(occupancy={"value": 1, "unitCode": "IE"}, status="closed")
        outcome = update(before, fragment(occupancy={"value": 2}, status=DELETED, name="Kudan"), at=TEN)
        assert shown(outcome) == {"occupancy": 2, "name": "Kudan"}
        assert changes(outcome) == {"occupancy": "updated", "status": "deleted", "name": "created"}

    def test_only_the_instance_that_is_named_is_deleted(self):
        before = shelter(occupancy=[{"value": 1}, {"value": 2, "datasetId": B}])
        gone = update(before, fragment(occupancy={"value": DELETED, "datasetId": B}), at=TEN)
        assert shown(gone) == {"occupancy": 1}
        assert changes(gone) == {"occupancy": "updated"}
        ((change, instance),) = gone.instances[iri("occupancy")]
        assert (change, instance.value) == ("deleted", 2)
        default = update(before, fragment(occupancy={"value": DELETED}), at=TEN)
        assert shown(default) == {"occupancy": {"value": 2, "datasetId": B}}

    def test_deleting_what_is_not_there_is_told(self):
        outcome = update(shelter(occupancy=1), fragment(name=DELETED), at=TEN)
        assert [name for name, _ in outcome.not_updated] == [iri("name")]

    def test_a_kind_may_change(self):
        outcome = update(shelter(status="closed"), fragment(status={"object": KANDA}), at=TEN)
        assert shown(outcome) == {"status": {"object": KANDA}}

    def test_a_scope_is_only_replaced(self):
        assert update(shelter(scope="/A"), fragment(scope="/B"), at=TEN).entity.scopes == ("/B",)
        assert update(shelter(scope="/A"), fragment(scope=DELETED), at=TEN).entity.scopes == ()
        without = update(shelter(), fragment(scope="/B"), at=TEN)
        assert without.entity.scopes == ()
        assert [name for name, _ in without.not_updated] == [SCOPE]

    def test_nulls_inside_a_new_attribute_are_not_stored(self):
        new = {"value": 1, "source": DELETED, "observedAt": DELETED}
        assert shown(update(shelter(), fragment(occupancy=new), at=TEN)) == {"occupancy": 1}


class TestUpdatingPartially:
    BEFORE = shelter(occupancy={"value": 25, "unitCode": "IE", "observedAt": NINE, "source": "gate"})

    def partly(self, **members):
        return partial_update(self.BEFORE, iri("occupancy"), attribute(**members), at=TEN)

    @pytest.mark.parametrize(
        ("given", "after"),
        [
            ({"value": 9}, {"value": 9, "unitCode": "IE", "observedAt": NINE, "source": "gate"}),
            ({"observedAt": NOON}, {"value": 25, "unitCode": "IE", "observedAt": NOON, "source": "gate"}),
            ({"type": "Property", "unitCode": DELETED}, {"value": 25, "observedAt": NINE, "source": "gate"}),
            ({"source": DELETED}, {"value": 25, "unitCode": "IE", "observedAt": NINE}),
            ({"source": "roof"}, {"value": 25, "unitCode": "IE", "observedAt": NINE, "source": "roof"}),
            (
                {"value": {"a": 1}},
                {"value": {"a": 1}, "unitCode": "IE", "observedAt": NINE, "source": "gate"},
            ),
        ],
    )
    def test_members_that_are_given_replace_the_old_ones(self, given, after):
        outcome = self.partly(**given)
        assert shown(outcome) == {"occupancy": after}
        assert changes(outcome) == {"occupancy": "updated"}

    def test_a_null_deletes_the_attribute(self):
        outcome = self.partly(value=DELETED)
        assert shown(outcome) == {}
        assert changes(outcome) == {"occupancy": "deleted"}

    def test_a_kind_cannot_change(self):
        with pytest.raises(NgsiLdError) as refused:
            self.partly(type="Relationship", object=KANDA)
        assert refused.value.kind == "BadRequestData"

    @pytest.mark.parametrize("given", [{"value": 1, "datasetId": B}, {"value": DELETED, "datasetId": B}])
    def test_an_instance_that_is_not_there_is_not_found(self, given):
        with pytest.raises(NgsiLdError) as refused:
            self.partly(**given)
        assert refused.value.kind == "ResourceNotFound"

    def test_a_new_sub_attribute_needs_a_value(self):
        with pytest.raises(NgsiLdError) as refused:
            self.partly(sub={"observedAt": NOON})
        assert refused.value.kind == "BadRequestData"


class TestReplacing:
    def test_an_entity_keeps_only_its_id_and_the_time_of_its_creation(self):
        before = shelter(occupancy=1, status="x", scope="/A", expiresAt=NOON)
        new = read_entity({"id": KUDAN, "type": "Toilet", "occupancy": 2, "name": "K"}, CITY_CONTEXT)
        outcome = replace_entity(before, new, at=TEN)
        assert shown(outcome) == {"occupancy": 2, "name": "K"}
        assert outcome.entity.types == (iri("Toilet"),)
        assert (outcome.entity.scopes, outcome.entity.expires_at) == ((), None)
        assert (outcome.entity.created_at, outcome.entity.modified_at) == (NINE, TEN)
        assert changes(outcome) == {
            "occupancy": "updated",
            "status": "deleted",
            "name": "created",
            "type": "updated",
            "scope": "deleted",
        }

    def test_an_attribute_is_replaced_as_a_whole(self):
        before = shelter(occupancy={"value": 1, "unitCode": "IE", "source": "gate"})
        outcome = replace_attribute(
            before, iri("occupancy"), attribute(type="Relationship", object=KANDA), at=TEN
        )
        assert shown(outcome) == {"occupancy": {"object": KANDA}}
        assert only(outcome.entity, "occupancy").created_at == NINE

    def test_an_attribute_that_is_not_there_is_not_found(self):
        with pytest.raises(NgsiLdError) as refused:
            replace_attribute(shelter(), iri("occupancy"), attribute(value=1), at=TEN)
        assert refused.value.kind == "ResourceNotFound"


class TestDeleting:
    BEFORE = shelter(occupancy=[{"value": 1}, {"value": 2, "datasetId": B}], scope="/A")

    @pytest.mark.parametrize(
        ("what", "left"),
        [
            ({}, {"scope": "/A", "occupancy": {"value": 2, "datasetId": B}}),
            ({"dataset_id": B}, {"scope": "/A", "occupancy": 1}),
            ({"all": True}, {"scope": "/A"}),
        ],
    )
    def test_the_default_one_that_of_a_dataset_or_all(self, what, left):
        assert shown(delete_attribute(self.BEFORE, iri("occupancy"), at=TEN, **what)) == left

    @pytest.mark.parametrize("what", [{"dataset_id": "urn:c"}, {"iri": iri("nothing"), "all": True}])
    def test_what_is_not_there_is_not_found(self, what):
        with pytest.raises(NgsiLdError) as refused:
            delete_attribute(self.BEFORE, what.pop("iri", iri("occupancy")), at=TEN, **what)
        assert refused.value.kind == "ResourceNotFound"

    def test_scopes_can_be_deleted_once(self):
        after = delete_scopes(self.BEFORE, at=TEN).entity
        assert after.scopes == ()
        with pytest.raises(NgsiLdError):
            delete_scopes(after, at=TEN)


class TestMerging:
    def merged(self, before, how=None, **members):
        return merge(before, fragment(partial=True, **members), at=TEN, **(how or {}))

    @pytest.mark.parametrize(
        ("before", "given", "after"),
        [
            (25, {"value": 100}, 100),
            (
                {"value": 25, "unitCode": "CEL"},
                {"value": 100, "observedAt": NOON},
                {"value": 100, "unitCode": "CEL", "observedAt": NOON},
            ),
            (
                {"value": 25, "unitCode": "CEL"},
                {"observedAt": NOON},
                {"value": 25, "unitCode": "CEL", "observedAt": NOON},
            ),
            ({"a": 1, "b": {"c": 2}}, {"value": {"b": {"d": 3}}}, {"a": 1, "b": {"c": 2, "d": 3}}),
            ({"a": 1, "b": 2}, {"value": {"a": DELETED}}, {"b": 2}),
            ({"json": {"a": 1, "b": 2}}, {"json": {"b": None}}, {"json": {"a": 1, "b": None}}),
            (
                {"languageMap": {"ja": "あ", "en": "a"}},
                {"languageMap": {"en": "b"}},
                {"languageMap": {"ja": "あ", "en": "b"}},
            ),
            (
                {"languageMap": {"ja": "あ", "en": "a"}},
                {"languageMap": {"en": DELETED}},
                {"languageMap": {"ja": "あ"}},
            ),
            ({"languageMap": {"ja": "あ"}}, {"languageMap": {"ja": DELETED}}, None),
            ({"object": KUDAN}, {"object": KANDA}, {"object": KANDA}),
            ({"value": 1, "source": "gate"}, {"source": DELETED}, 1),
            (
                {"value": 1, "s": {"value": 2, "unitCode": "X"}},
                {"s": {"value": 3}},
                {"value": 1, "s": {"value": 3, "unitCode": "X"}},
            ),
            (25, DELETED, None),
            (25, {"object": KANDA}, {"object": KANDA}),
            (None, {"value": {"a": DELETED, "b": 1}}, {"b": 1}),
            (None, DELETED, None),
        ],
    )
    def test_a_merge_goes_as_deep_as_the_fragment(self, before, given, after):
        outcome = self.merged(shelter(**({} if before is None else {"it": before})), it=given)
        assert shown(outcome).get("it") == after

    def test_instances_are_merged_by_dataset(self):
        before = shelter(it=[{"value": 1, "unitCode": "A"}, {"value": 2, "unitCode": "B", "datasetId": B}])
        outcome = self.merged(before, it=[{"value": 3, "datasetId": B}, {"value": 4, "datasetId": "urn:c"}])
        assert shown(outcome)["it"] == [
            {"value": 1, "unitCode": "A"},
            {"value": 3, "unitCode": "B", "datasetId": B},
            {"value": 4, "datasetId": "urn:c"},
        ]

    def test_a_common_time_is_for_values_that_had_one(self):
        before = shelter(seen={"value": 1, "observedAt": NINE}, told={"value": 1, "observedAt": NINE}, bare=1)
        outcome = self.merged(
            before,
            {"observed_at": NOON},
            seen={"value": 2},
            told={"value": 2, "observedAt": TEN},
            bare={"value": 2},
        )
        assert shown(outcome) == {
            "seen": {"value": 2, "observedAt": NOON},
            "told": {"value": 2, "observedAt": TEN},
            "bare": 2,
        }

    def test_a_plain_text_is_for_one_language_of_a_language_property(self):
        before = shelter(name={"languageMap": {"ja": "九段", "en": "Kudan"}})
        plain = read_fragment(
            {"name": "Kudan School"}, CITY_CONTEXT, partial=True, simplified=True, kinds=kinds_of(before)
        )
        outcome = merge(before, plain, at=TEN, lang="en")
        assert shown(outcome) == {"name": {"languageMap": {"ja": "九段", "en": "Kudan School"}}}

    def test_types_scopes_and_expiry_are_merged(self):
        before = shelter(scope="/A", expiresAt=NOON)
        outcome = self.merged(before, type="Toilet", scope="/B", expiresAt=DELETED)
        assert outcome.entity.types == (iri("EvacuationShelter"), iri("Toilet"))
        assert outcome.entity.scopes == ("/B",)
        assert outcome.entity.expires_at is None

    def test_a_new_attribute_needs_a_value(self):
        with pytest.raises(NgsiLdError):
            self.merged(shelter(), it={"observedAt": NOON})


JSON = st.recursive(
    st.integers() | st.text(max_size=3) | st.just(DELETED),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=8,
)


@given(JSON, JSON)
def test_merging_twice_is_merging_once(old, new):
    once = merge_json(old, new)
    assert merge_json(once, new) == once


@given(st.lists(st.sampled_from(["append", "update", "merge", "delete"]), max_size=6), st.data())
def test_no_update_touches_the_entity_it_starts_from(operations, data):
    entity = shelter(a={"value": {"x": 1}, "sub": 1}, b=2)
    for operation in operations:
        before = write_entity(entity, CITY_CONTEXT, Form(sys_attrs=True))
        name = data.draw(st.sampled_from(["a", "b", "c"]))
        value = data.draw(st.sampled_from([1, {"value": {"x": DELETED, "y": 2}}, {"value": 1, "sub": 2}]))
        try:
            if operation == "delete":
                outcome = delete_attribute(entity, iri(name), at=TEN)
            elif operation == "merge":
                outcome = merge(entity, fragment(partial=True, **{name: value}), at=TEN)
            else:
                change = append if operation == "append" else update
                outcome = change(entity, fragment(**{name: value}), at=TEN)
        except NgsiLdError:
            continue
        assert write_entity(entity, CITY_CONTEXT, Form(sys_attrs=True)) == before
        assert DELETED not in str(write_entity(outcome.entity, CITY_CONTEXT))
        entity = outcome.entity
