"""Attributes of callers' documents, instance by instance: normalised, concise and simplified (clause 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tedori.engines.ngsild.checks import read_uri, read_value
from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.geometries import is_geometry
from tedori.engines.ngsild.instants import read_instant
from tedori.engines.ngsild.kinds import (
    ABSENT,
    DELETED,
    IN_ANSWERS,
    KIND_BY_IRI,
    KIND_OF_MEMBER,
    MEMBER_BY_IRI,
    MEMBERS,
    NO_DATASET,
    SYSTEM,
    UNITLESS,
    VALUE_MEMBER,
    is_deleted,
)
from tedori.engines.ngsild.values import NONE, Attribute

DEEPEST = 8
MOST_INSTANCES = 10_000
MOST_TYPES = 50
WRAPPERS = frozenset(KIND_OF_MEMBER) - {"value"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a document is to be read.

    `partial`: attributes may come without a value; `nulls`: the standard's null may stand for a value, to
    delete it; `merging`: also inside a value; `history`: several instances of one dataset may stand side by
    side; `system`: keep the times and ids that a system has set; `simplified`: plain values; `kinds`: by IRI
    the kind of the attribute that a plain value is for.
    """

    context: Context
    partial: bool = False
    nulls: bool = False
    merging: bool = False
    history: bool = False
    system: bool = False
    simplified: bool = False
    kinds: Mapping[str, str] = field(default_factory=dict)


def read_instances(value: Any, reading: Reading, where: str, depth: int = 0) -> tuple[Attribute, ...]:
    """The instances of an attribute, from an object, an array of objects, or a bare value."""
    if type(value) is not list or not any(_is_attribute(item) for item in value):
        return (_instance(value, reading, where, depth),)
    if len(value) > MOST_INSTANCES:
        raise bad_request(
            "An attribute has too many instances.", detail=f"at most {MOST_INSTANCES}", where=where
        )
    instances = tuple(_instance(item, reading, f"{where}[{n}]", depth) for n, item in enumerate(value))
    if not reading.history and len({one.dataset_id for one in instances}) < len(instances):
        raise bad_request("Two instances of an attribute have the same datasetId.", where=where)
    return instances


def read_plain(value: Any, reading: Reading, kind: str, where: str) -> tuple[Attribute, ...]:
    """The instances of an attribute from the plain value of a simplified document (clause 4.5.4)."""
    wrapper = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else None
    if wrapper == "dataset" and isinstance(value["dataset"], dict):
        return tuple(
            Attribute(one.kind, one.value, dataset_id=_dataset(dataset, reading, where))
            for dataset, part in value["dataset"].items()
            for one in read_plain(part, reading, kind, f"{where}.{dataset}")
        )
    if wrapper in WRAPPERS:
        kind, value = KIND_OF_MEMBER[wrapper], value[wrapper]
    if is_geometry(value):
        kind = "GeoProperty"
    if kind == "LanguageProperty" and isinstance(value, str):
        kind = "Property"  # which language it is in, only the merge knows
    return (Attribute(kind, _value(kind, value, reading, where)),)


def read_types(value: Any, context: Context, where: str = "$.type") -> tuple[str, ...]:
    """One name of a type or an array of them, as IRIs without repetitions."""
    names = value if isinstance(value, list) else [value]
    if not names or len(names) > MOST_TYPES or not all(isinstance(name, str) for name in names):
        raise bad_request("A type must be a name or an array of names.", where=where)
    types = tuple(dict.fromkeys(expand_at(name, context, where) for name in names))
    if any(iri[0] == "@" or iri == DELETED for iri in types):
        raise bad_request("A word of JSON-LD cannot be the name of a type.", where=where)
    return types


def expand_at(name: str, context: Context, where: str) -> str:
    """The IRI of a name; an error says where the name stands."""
    try:
        return context.expand(name)
    except NgsiLdError as error:
        raise NgsiLdError(error.kind, error.title, detail=error.detail, where=where) from None


def _is_attribute(value: Any) -> bool:
    """Whether an item of an array is an instance of an attribute, not just part of a value."""
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    return (isinstance(kind, str) and kind in VALUE_MEMBER) or not KIND_OF_MEMBER.keys().isdisjoint(value)


def _instance(payload: Any, reading: Reading, where: str, depth: int) -> Attribute:
    if type(payload) is not dict:
        return Attribute("Property", _value("Property", payload, reading, where))
    if _is_bare(payload, reading):
        kind = "GeoProperty" if is_geometry(payload) else "Property"
        return Attribute(kind, _value(kind, payload, reading, where))
    if depth > DEEPEST:
        raise bad_request("Attributes are nested too deeply.", detail=f"at most {DEEPEST}", where=where)
    found, subs = _members(payload, reading, where, depth)
    kind = _kind(found, reading, where)
    member = VALUE_MEMBER.get(kind, "")
    if member in found:
        value = _value(kind, found[member], reading, f"{where}.{member}")
    elif reading.partial:
        value = ABSENT
    else:
        raise bad_request(f"A {kind} needs its {member}.", where=where)
    return Attribute(kind, value, attributes=subs, **_details(found, kind, reading, where))


def _is_bare(payload: dict[str, Any], reading: Reading) -> bool:
    """Whether an object is itself the value: a geometry, or one without anything that an attribute has."""
    if "type" in payload or "@type" in payload:
        return is_geometry(payload)
    return not reading.partial and MEMBERS.isdisjoint(payload) and not any(":" in name for name in payload)


def _members(
    payload: dict[str, Any], reading: Reading, where: str, depth: int
) -> tuple[dict[str, Any], Mapping[str, tuple[Attribute, ...]]]:
    """The members that the standard knows, under their plain names, and the sub-attributes."""
    found: dict[str, Any] = {}
    subs: dict[str, tuple[Attribute, ...]] = {}
    for name, value in payload.items():
        if name in MEMBERS:
            found[name] = value
            continue
        place = f"{where}.{name}"
        iri = reading.context.aliases.get(name) or expand_at(name, reading.context, place)
        plain = "type" if iri == "@type" else MEMBER_BY_IRI.get(iri)
        if iri in subs or plain in found or (plain is None and iri[0] == "@"):
            raise bad_request("A name is given twice or is not one of an attribute.", where=place)
        if plain:
            found[plain] = value
        else:
            subs[iri] = read_instances(value, reading, place, depth + 1)
    return found, subs or NONE


def _kind(found: dict[str, Any], reading: Reading, where: str) -> str:
    """Of which kind an attribute is: what its type says, or else the member that carries its value."""
    kind = found.get("type")
    carriers = [member for member in found if member in KIND_OF_MEMBER]
    if kind is None:
        return _inferred(carriers, found, reading, where)
    if not isinstance(kind, str) or kind not in VALUE_MEMBER:
        place = f"{where}.type"
        kind = KIND_BY_IRI.get(expand_at(kind, reading.context, place)) if isinstance(kind, str) else None
        if kind is None:
            raise bad_request("The type of an attribute is not one of the standard.", where=place)
    if any(member != VALUE_MEMBER[kind] for member in carriers):
        raise bad_request(f"A {kind} carries its value in {VALUE_MEMBER[kind]}.", where=where)
    return kind


def _inferred(carriers: list[str], found: dict[str, Any], reading: Reading, where: str) -> str:
    if len(carriers) == 1:
        kind = KIND_OF_MEMBER[carriers[0]]
        return "GeoProperty" if kind == "Property" and is_geometry(found["value"]) else kind
    if reading.partial and not carriers:
        return ""
    raise bad_request("An attribute needs exactly one member that carries its value.", where=where)


def _details(found: dict[str, Any], kind: str, reading: Reading, where: str) -> dict[str, Any]:
    details = {}
    for name, value in found.items():
        if name in DETAILS:
            target, read = DETAILS[name]
            details[target] = read(value, reading, f"{where}.{name}")
        elif name in SYSTEM:
            if reading.system:
                details[SYSTEM_FIELDS[name]] = value
        elif name in IN_ANSWERS and kind and IN_ANSWERS[name] not in (kind, "Property"):
            raise bad_request(f"A {kind} has no {name}.", where=f"{where}.{name}")
    if kind in UNITLESS and "unit_code" in details:
        raise bad_request(f"A {kind} has no unit.", where=f"{where}.unitCode")
    return details


def _dataset(value: Any, _: Reading, where: str) -> str | None:
    return None if value == NO_DATASET else read_uri(value, where)


def _unit(value: Any, _: Reading, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise bad_request("A unit code must be a text of UN/CEFACT, such as CEL.", where=where)
    return value


def _instant(value: Any, reading: Reading, where: str) -> str:
    return value if reading.nulls and value == DELETED else read_instant(value, where=where)


DETAILS = {
    "datasetId": ("dataset_id", _dataset),
    "observedAt": ("observed_at", _instant),
    "unitCode": ("unit_code", _unit),
    "objectType": ("object_types", lambda value, reading, where: read_types(value, reading.context, where)),
    "valueType": ("value_type", lambda value, reading, where: read_types(value, reading.context, where)[0]),
    "expiresAt": ("expires_at", _instant),
}
SYSTEM_FIELDS = {
    "createdAt": "created_at",
    "modifiedAt": "modified_at",
    "deletedAt": "deleted_at",
    "instanceId": "instance_id",
}


def _value(kind: str, value: Any, reading: Reading, where: str) -> Any:
    if is_deleted(kind, value):
        if not reading.nulls:
            raise bad_request("The NGSI-LD null may only stand where something is updated.", where=where)
        return DELETED
    return read_value(kind, value, reading.context, where, nulls=reading.merging)
