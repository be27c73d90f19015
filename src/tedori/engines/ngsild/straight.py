"""Entities as they were stored written straight as the documents that most callers ask for.

That is the normalised form with everything in it and without the system's times. What is rare in it goes the
long way through `writing`, instance by instance.
"""

from __future__ import annotations

from typing import Any

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.forms import NORMALIZED, Form
from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.storing import StoredAttributes, attribute_from_json
from tedori.engines.ngsild.values import Entity
from tedori.engines.ngsild.writing import write_attribute, write_entity

MEMBER = {"Property": "value", "GeoProperty": "value", "Relationship": "object"}
SHOWN = ("observedAt", "unitCode", "datasetId")
USUAL = frozenset({"kind", "value", "createdAt", "modifiedAt", *SHOWN})


def write_plainly(entity: Entity, context: Context, form: Form) -> dict[str, Any]:
    """What `write_entity` makes of an entity, without linked ones."""
    attributes = entity.attributes
    if type(attributes) is not StoredAttributes or entity.deleted_at is not None or form != NORMALIZED:
        return write_entity(entity, context, form)
    compact = context.compact
    document = {"id": entity.id, "type": _one_or_many([compact(iri) for iri in entity.types])}
    if entity.scopes:
        document["scope"] = _one_or_many(list(entity.scopes))
    for iri, instances in attributes.stored.items():
        document[compact(iri)] = _one_or_many([_instance(one, context) for one in instances])
    return document


def _instance(stored: dict[str, Any], context: Context) -> Any:
    """One instance of an attribute."""
    kind, value = stored["kind"], stored["value"]
    member = MEMBER.get(kind)
    if member is None or value == DELETED or not USUAL.issuperset(stored):
        return write_attribute(attribute_from_json(stored), context)
    written = {"type": kind, member: value}
    for name in SHOWN:
        if name in stored:
            written[name] = stored[name]
    return written


def _one_or_many(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else parts
