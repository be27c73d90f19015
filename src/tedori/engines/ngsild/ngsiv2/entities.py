"""Entities of NGSIv2 read, and entities written in the representations of v2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.kinds import UNITLESS
from tedori.engines.ngsild.ngsiv2.attributes import read_attribute, read_plain, value_of, write_attribute
from tedori.engines.ngsild.ngsiv2.instants import utc
from tedori.engines.ngsild.ngsiv2.names import checked, id_of, iri_of, name_of, urn_of
from tedori.engines.ngsild.values import NONE, Attribute, Entity

USUAL_TYPE = "Thing"
EXPIRY = "dateExpires"
OWN = frozenset(("dateCreated", "dateModified", "servicePath", "alterationType"))  # v2's own attributes
FORMATS = ("normalized", "keyValues", "values", "unique")
HEAD = ("id", "type")


@dataclass(frozen=True, slots=True)
class Shape:
    """How entities are to be written: `attrs` in this order (`*` all others), `excepted` left out.

    `metadata` names the metadata that are wanted, `*` all but v2's own; None: all but v2's own.
    """

    format: str = "normalized"
    attrs: tuple[str, ...] | None = None
    excepted: frozenset[str] = frozenset()
    metadata: frozenset[str] | None = None


def read_entity(
    payload: Any, *, key_values: bool = False, given: tuple[str, str] | None = None, whole: bool = True
) -> Entity:
    """An entity of v2; raises BadRequestData.

    `given` are the id and type of the address, for a body that holds attributes alone. Unless it is `whole`
    the type may be missing and is () then.
    """
    if not isinstance(payload, dict):
        raise bad_request("a JSON object is wanted")
    if given is not None and not payload.keys().isdisjoint(HEAD):
        raise bad_request("entity id or type specified in payload", detail="invalid JSON field")
    urn, kind = given or (payload.get("id"), payload.get("type", USUAL_TYPE if whole else ""))
    rest = {name: value for name, value in payload.items() if given is not None or name not in HEAD}
    attributes = _attributes(rest, key_values=key_values)
    return Entity(
        urn_of(checked(urn, "entity id")),
        (iri_of(checked(kind, "entity type")),) if kind else (),
        attributes,
        expires_at=_expiry(rest.get(EXPIRY), key_values=key_values),
    )


def _attributes(payload: dict[str, Any], *, key_values: bool) -> dict[str, tuple[Attribute, ...]]:
    read = read_plain if key_values else read_attribute
    return {
        iri_of(checked(name, "attribute name")): (read(value, name),)
        for name, value in payload.items()
        if name not in OWN and name != EXPIRY
    }


def _expiry(value: Any, *, key_values: bool) -> str | None:
    if value is not None and not key_values:
        value = value.get("value") if isinstance(value, dict) else None
    if value is None:
        return None
    moment = utc(value) if isinstance(value, str) else None
    if moment is None:
        raise bad_request("date has invalid format", where=EXPIRY)
    return moment


def write_entity(entity: Entity, shape: Shape) -> Any:
    """An entity in a representation of v2."""
    chosen = dict(_chosen(entity, shape))
    if shape.format in ("values", "unique"):
        values = [one["value"] for one in chosen.values()]
        return _unique(values) if shape.format == "unique" else values
    head = {"id": id_of(entity.id), "type": name_of(entity.types[0])}
    return head | write_members(chosen, shape)


def write_attributes(entity: Entity, shape: Shape) -> Any:
    """The attributes of an entity without its id and type."""
    chosen = dict(_chosen(entity, shape))
    if shape.format in ("values", "unique"):
        return write_entity(entity, shape)
    return write_members(chosen, shape)


def write_members(chosen: dict[str, dict[str, Any]], shape: Shape) -> dict[str, Any]:
    """Attributes as members of an object."""
    if shape.format == "keyValues":
        return {name: one["value"] for name, one in chosen.items()}
    return chosen


def _chosen(entity: Entity, shape: Shape) -> Iterable[tuple[str, dict[str, Any]]]:
    """The attributes to be shown, by name, in their full form and order."""
    there = {name_of(iri): iri for iri in entity.attributes}
    own = _own(entity)
    if shape.attrs is None:
        names: Iterable[str] = there
    else:
        others = [name for name in there if name not in shape.attrs]
        names = [name for asked in shape.attrs for name in (others if asked == "*" else (asked,))]
    for name in dict.fromkeys(names):
        if name in shape.excepted:
            continue
        if name in there:
            yield name, write_attribute(shown(entity.attributes[there[name]]), metadata=shape.metadata)
        elif name in own:
            yield name, own[name]


def shown(instances: tuple[Attribute, ...]) -> Attribute:
    """The one instance that v2 sees: the default one, else the first."""
    return next((one for one in instances if one.dataset_id is None), instances[0])


def _own(entity: Entity) -> dict[str, dict[str, Any]]:
    times = {"dateCreated": entity.created_at, "dateModified": entity.modified_at, EXPIRY: entity.expires_at}
    found = {name: _text("DateTime", utc(at)) for name, at in times.items() if at}
    return found | {"servicePath": _text("Text", entity.scopes[0] if entity.scopes else "/")}


def _text(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "metadata": {}}


def _unique(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def read_value(value: Any, old: Attribute) -> Attribute:
    """An attribute whose value alone is new: its type stays where it fits, and its metadata do."""
    new = read_plain(value, "value")
    if old.value_type and new.kind == "Property" and type(value_of(old)) is type(value):
        new = read_attribute({"value": value, "type": name_of(old.value_type)}, "value")
    if old.kind == "Relationship" and isinstance(value, str):
        new = read_attribute({"value": value, "type": "Relationship"}, "value")
    return Attribute(
        new.kind,
        new.value,
        old.dataset_id,
        unit_code=old.unit_code,
        attributes=old.attributes,
        value_type=new.value_type,
    )


def keeping_metadata(entity: Entity, fragment: Entity) -> Entity:
    """The fragment with the unit and metadata that the entity has already and it does not name.

    The time of the old value is no time of the new one: it goes.
    """
    attributes = {
        iri: (_with_old(one, shown(entity.attributes[iri])) if iri in entity.attributes else one,)
        for iri, (one,) in fragment.attributes.items()
    }
    return replace(fragment, attributes=attributes)


def _with_old(new: Attribute, old: Attribute) -> Attribute:
    unit = new.unit_code or (old.unit_code if new.kind not in UNITLESS else None)
    return replace(new, unit_code=unit, attributes={**old.attributes, **new.attributes} or NONE)
