"""Entities as the JSON that is stored: every name an IRI, absent members left out.

{"id", "types": [IRI], "scopes": […], "createdAt", "modifiedAt", "deletedAt"?, "expiresAt"?,
 "attributes": {IRI: [{"kind", "value", "datasetId"?, "observedAt"?, "unitCode"?, "objectType"?, "valueType"?,
                       "createdAt"?, "modifiedAt"?, "deletedAt"?, "expiresAt"?, "instanceId"?, "previous"?,
                       "subs"?: {IRI: […the same…]}}]}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tedori.engines.ngsild.values import NONE, Attribute, Entity


def dump(entity: Entity) -> bytes:
    """The stored JSON of an entity."""
    return orjson.dumps(entity_to_json(entity))


def load(text: bytes | str) -> Entity:
    """The entity of stored JSON."""
    return entity_from_json(orjson.loads(text))


def glance(text: bytes | str) -> Entity:
    """The same for those who read little of it: attributes are made of the JSON when they are looked at."""
    return _entity(stored := orjson.loads(text), StoredAttributes(stored["attributes"]))


class StoredAttributes(Mapping[str, tuple[Attribute, ...]]):
    """The attributes of an entity in their stored form (`stored`), each read when it is asked for."""

    __slots__ = ("_read", "stored")

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self.stored = stored
        self._read: dict[str, tuple[Attribute, ...]] = {}

    def __getitem__(self, iri: str) -> tuple[Attribute, ...]:
        found = self._read.get(iri)
        if found is None:
            found = self._read[iri] = tuple([attribute_from_json(one) for one in self.stored[iri]])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.stored)

    def __len__(self) -> int:
        return len(self.stored)


def dump_attributes(attributes: Mapping[str, tuple[Attribute, ...]]) -> bytes:
    """The stored JSON of attributes alone, such as the sub-attributes of an instance in the history."""
    return orjson.dumps(attributes_to_json(attributes))


def load_attributes(text: bytes | str) -> Mapping[str, tuple[Attribute, ...]]:
    """The attributes of stored JSON."""
    return attributes_from_json(orjson.loads(text))


def entity_to_json(entity: Entity) -> dict[str, Any]:
    """The stored form of an entity, before it becomes text."""
    stored: dict[str, Any] = {"id": entity.id, "types": entity.types, "scopes": entity.scopes}
    if entity.created_at is not None:
        stored["createdAt"] = entity.created_at
    if entity.modified_at is not None:
        stored["modifiedAt"] = entity.modified_at
    if entity.deleted_at is not None:
        stored["deletedAt"] = entity.deleted_at
    if entity.expires_at is not None:
        stored["expiresAt"] = entity.expires_at
    stored["attributes"] = attributes_to_json(entity.attributes)
    return stored


def entity_from_json(stored: Mapping[str, Any]) -> Entity:
    """The other way round."""
    return _entity(stored, attributes_from_json(stored["attributes"]))


def _entity(stored: Mapping[str, Any], attributes: Mapping[str, tuple[Attribute, ...]]) -> Entity:
    get = stored.get
    return Entity(
        stored["id"],
        tuple(stored["types"]),
        attributes,
        tuple(get("scopes", ())),
        get("createdAt"),
        get("modifiedAt"),
        get("deletedAt"),
        get("expiresAt"),
    )


def attributes_to_json(attributes: Mapping[str, tuple[Attribute, ...]]) -> dict[str, Any]:
    """Attributes by IRI in their stored form."""
    return {iri: [attribute_to_json(one) for one in instances] for iri, instances in attributes.items()}


def attributes_from_json(stored: Mapping[str, Any]) -> dict[str, tuple[Attribute, ...]]:
    """The other way round."""
    return {iri: tuple([attribute_from_json(one) for one in instances]) for iri, instances in stored.items()}


def attribute_to_json(attribute: Attribute) -> dict[str, Any]:
    """One instance of an attribute in its stored form."""
    stored: dict[str, Any] = {"kind": attribute.kind, "value": attribute.value}
    for name, member in OPTIONAL:
        value = getattr(attribute, name)
        if value is not None:
            stored[member] = value
    if attribute.object_types:
        stored["objectType"] = attribute.object_types
    if attribute.attributes:
        stored["subs"] = attributes_to_json(attribute.attributes)
    return stored


def attribute_from_json(stored: Mapping[str, Any]) -> Attribute:
    """The other way round."""
    get = stored.get
    kind, value, subs = stored["kind"], stored["value"], get("subs")
    if type(value) is list and kind in IN_ORDER:
        value = tuple(value)
    return Attribute(
        kind,
        value,
        get("datasetId"),
        get("observedAt"),
        get("unitCode"),
        tuple(get("objectType", ())),
        attributes_from_json(subs) if subs else NONE,
        get("createdAt"),
        get("modifiedAt"),
        get("deletedAt"),
        get("expiresAt"),
        get("instanceId"),
        get("previous"),
        get("valueType"),
    )


# Kinds whose arrays are tuples in memory; the array of a Property or JsonProperty stays a list.
IN_ORDER = frozenset(("Relationship", "VocabProperty", "ListProperty", "ListRelationship"))
OPTIONAL = (
    ("dataset_id", "datasetId"),
    ("observed_at", "observedAt"),
    ("unit_code", "unitCode"),
    ("created_at", "createdAt"),
    ("modified_at", "modifiedAt"),
    ("deleted_at", "deletedAt"),
    ("expires_at", "expiresAt"),
    ("instance_id", "instanceId"),
    ("previous", "previous"),
    ("value_type", "valueType"),
)
