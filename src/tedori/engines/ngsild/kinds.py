"""The kinds of attributes, the members that carry their values, and the marks that stand for values (clause 4.5)."""

from __future__ import annotations

from typing import Any, Final

from tedori.engines.ngsild.contexts import CORE


class Absent:
    """No value was given: a partial fragment leaves it as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = Absent()
DELETED: Final = "urn:ngsi-ld:null"
NO_DATASET: Final = "@none"

# By kind the member that carries the value; a fragment without a type or value has the kind "".
VALUE_MEMBER = {
    "Property": "value",
    "GeoProperty": "value",
    "Relationship": "object",
    "LanguageProperty": "languageMap",
    "VocabProperty": "vocab",
    "JsonProperty": "json",
    "ListProperty": "valueList",
    "ListRelationship": "objectList",
}
KIND_OF_MEMBER = {member: kind for kind, member in reversed(VALUE_MEMBER.items())}
PREVIOUS_MEMBER = {kind: f"previous{member[0].upper()}{member[1:]}" for kind, member in VALUE_MEMBER.items()}
PREVIOUS_MEMBER["GeoProperty"] = "previousValue"

# Members of an attribute that are no sub-attributes. Those that only an answer carries are passed over in input.
ANSWER_ONLY = frozenset(
    (
        "createdAt",
        "modifiedAt",
        "deletedAt",
        "instanceId",
        "entity",
        "entityList",
        "lang",
        *PREVIOUS_MEMBER.values(),
    )
)
GIVEN = frozenset(
    ("type", "datasetId", "observedAt", "unitCode", "objectType", "valueType", "expiresAt", *KIND_OF_MEMBER)
)
MEMBERS = GIVEN | ANSWER_ONLY
MEMBER_BY_IRI = {CORE.expand(member): member for member in MEMBERS}
KIND_BY_IRI = {CORE.expand(kind): kind for kind in VALUE_MEMBER}


def is_deleted(value: Any) -> bool:
    """Whether a value is the standard's null, which deletes what it stands for."""
    return value == DELETED or value == {NO_DATASET: DELETED} or value == (DELETED,)
