"""Entities and their attributes as values, every name expanded to its IRI (GS CIM 009, clause 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

NONE: Mapping[str, tuple[Attribute, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Attribute:
    """One instance of an attribute.

    `value` by `kind`: Property: any JSON value; GeoProperty: a GeoJSON geometry; Relationship: a URI or a
    tuple of URIs; LanguageProperty: texts by language tag; VocabProperty: expanded IRIs (one or a tuple);
    JsonProperty: JSON left as it came; ListProperty, ListRelationship: a tuple, in order.
    Times are ISO 8601 texts in UTC as they were given, with a trailing Z. `dataset_id` is None for the
    default instance. `value_type` is the IRI of the data type of a Property's value (since 1.8).
    """

    kind: str
    value: Any
    dataset_id: str | None = None
    observed_at: str | None = None
    unit_code: str | None = None
    object_types: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[Attribute, ...]] = field(default_factory=lambda: NONE)
    created_at: str | None = None
    modified_at: str | None = None
    deleted_at: str | None = None
    expires_at: str | None = None
    instance_id: str | None = None
    previous: Any = None
    value_type: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing: its URI, its types, its attributes (each with one instance per dataset id) and its scopes."""

    id: str
    types: tuple[str, ...]
    attributes: Mapping[str, tuple[Attribute, ...]] = field(default_factory=lambda: NONE)
    scopes: tuple[str, ...] = ()
    created_at: str | None = None
    modified_at: str | None = None
    deleted_at: str | None = None
    expires_at: str | None = None
