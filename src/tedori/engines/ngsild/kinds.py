"""The kinds of attributes, the members that carry their values, and what stands for no value (clause 4.5)."""

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
UNITLESS = frozenset(
    ("Relationship", "ListRelationship", "LanguageProperty", "VocabProperty", "JsonProperty")
)

# Members that are no sub-attributes: what a caller gives, what the system sets, what answers add.
GIVEN = frozenset(
    ("type", "datasetId", "observedAt", "unitCode", "objectType", "valueType", "expiresAt", *KIND_OF_MEMBER)
)
SYSTEM = frozenset(("createdAt", "modifiedAt", "deletedAt", "instanceId"))
IN_ANSWERS = {member: kind for kind, member in reversed(PREVIOUS_MEMBER.items())} | {
    "entity": "Relationship",
    "entityList": "ListRelationship",
    "lang": "Property",
}
MEMBERS = GIVEN | SYSTEM | IN_ANSWERS.keys()
MEMBER_BY_IRI = {CORE.expand(member): member for member in MEMBERS}
KIND_BY_IRI = {CORE.expand(kind): kind for kind in VALUE_MEMBER}


def is_deleted(kind: str, value: Any) -> bool:
    """Whether a value is the standard's null (clause 4.5.0), in the shape that the kind gives it."""
    if value == DELETED:
        return True
    if kind == "LanguageProperty":
        return value == {NO_DATASET: DELETED}
    return kind in ("ListProperty", "ListRelationship") and value == [DELETED]


def null_of(kind: str) -> Any:
    """The standard's null in the shape that the kind gives it."""
    if kind == "LanguageProperty":
        return {NO_DATASET: DELETED}
    return [DELETED] if kind in ("ListProperty", "ListRelationship") else DELETED
