"""One attribute of NGSIv2, with its type and metadata, and what it is here.

| type in v2                     | here                                                       |
|--------------------------------|------------------------------------------------------------|
| Text, Number, Boolean, StructuredValue, none | Property; the type follows from the value    |
| DateTime                       | Property, the value in UTC, its data type DateTime         |
| geo:point, line, box, polygon, json | GeoProperty; the type is kept unless it is geo:json   |
| Relationship                   | Relationship, ids that are no URIs with a prefix           |
| LanguageProperty, VocabProperty, JsonProperty, ListProperty | the kind of that name         |
| any other                      | Property whose data type has that name                     |
| null as a value                | Property with JSON-LD's own null                           |
| metadata unitCode, TimeInstant | unitCode, observedAt; any other: a sub-attribute           |
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tedori.engines.ngsild.checks import check_depth, read_value
from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.ngsiv2 import places
from tedori.engines.ngsild.ngsiv2.instants import utc
from tedori.engines.ngsild.ngsiv2.names import checked, id_of, iri_of, name_of, urn_of
from tedori.engines.ngsild.values import NONE, Attribute

UNIT, TIME = "unitCode", "TimeInstant"
OWN = frozenset(("dateCreated", "dateModified", "previousValue", "actionType"))  # v2's own metadata
PLAIN = {str: "Text", int: "Number", float: "Number", bool: "Boolean", dict: "StructuredValue"} | {
    list: "StructuredValue",
    type(None): "None",
}
NOTHING = {"@type": "@json", "@value": None}
OTHER_KINDS = frozenset(("LanguageProperty", "VocabProperty", "JsonProperty", "ListProperty"))
SIMPLE_NULLS = frozenset(("DateTime", "None"))


def read_attribute(payload: Any, where: str) -> Attribute:
    """An attribute in its full form; raises BadRequestData."""
    if not isinstance(payload, dict):
        raise bad_request("attribute must be a JSON object, unless keyValues option is used", where=where)
    strange = payload.keys() - {"value", "type", "metadata"}
    if strange or not payload:
        raise bad_request(
            "invalid JSON field for attribute", detail=", ".join(sorted(strange))[:80], where=where
        )
    kind = checked(payload["type"], f"{where} type") if "type" in payload else None
    metadata = payload.get("metadata", {})
    if not isinstance(metadata, dict):
        raise bad_request("metadata must be a JSON object", where=where)
    return valued(payload.get("value"), kind, where, metadata)


def read_plain(value: Any, where: str) -> Attribute:
    """An attribute of the keyValues form."""
    return valued(value, None, where, {})


def valued(value: Any, kind: str | None, where: str, metadata: Mapping[str, Any]) -> Attribute:
    """An attribute of this value and type (None: what the value says)."""
    details = _details(metadata, where)
    if kind and kind.startswith("geo:") and value is not None:
        geometry = places.geometry_of(kind, value, where)
        return Attribute("GeoProperty", geometry, value_type=_other(kind, places.JSON), **details)
    if kind == "Relationship" and _objects(value):
        objects = urn_of(value) if isinstance(value, str) else tuple(map(urn_of, value))
        return Attribute("Relationship", objects, **details | {"unit_code": None})
    if kind in OTHER_KINDS and value is not None:
        return Attribute(kind, read_value(kind, value, CORE, where), **details | {"unit_code": None})
    return Attribute("Property", _kept(value, kind, where), value_type=_type(value, kind), **details)


def _objects(value: Any) -> bool:
    several = isinstance(value, list) and value and all(isinstance(one, str) and one for one in value)
    return bool(several or (isinstance(value, str) and value))


def _kept(value: Any, kind: str | None, where: str) -> Any:
    if value is None:
        return dict(NOTHING)
    if kind == "DateTime":
        moment = utc(value) if isinstance(value, str) else None
        if moment is None:
            raise bad_request("date has invalid format", detail=repr(value)[:80], where=where)
        return moment
    if isinstance(value, dict | list):
        check_depth(value, where)
    return value


def _type(value: Any, kind: str | None) -> str | None:
    """The data type to keep: none where the value says it already."""
    return iri_of(kind) if kind and kind != PLAIN[type(value)] else None


def _other(kind: str, usual: str) -> str | None:
    return None if kind == usual else iri_of(kind)


def _details(metadata: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What metadata become: unit, time, sub-attributes."""
    found: dict[str, Any] = {"unit_code": None, "observed_at": None}
    subs: dict[str, tuple[Attribute, ...]] = {}
    for name, payload in metadata.items():
        place = f"{where} metadata {name}"
        checked(name, place)
        if not isinstance(payload, dict) or payload.keys() - {"value", "type"}:
            raise bad_request("metadata must be JSON objects with value and type", where=place)
        value = payload.get("value")
        moment = utc(value) if name == TIME and isinstance(value, str) else None
        if name == UNIT and isinstance(value, str) and value:
            found["unit_code"] = value
        elif moment:
            found["observed_at"] = moment
        elif name not in OWN:
            subs[iri_of(name)] = (valued(value, _metadata_type(payload, place), place, {}),)
    return {**found, "attributes": subs or NONE}


def _metadata_type(payload: Mapping[str, Any], where: str) -> str | None:
    return checked(payload["type"], f"{where} type") if "type" in payload else None


def write_attribute(one: Attribute, *, metadata: Collection[str] | None = None) -> dict[str, Any]:
    """An attribute in its full form; `metadata` names what is wanted of them, None: all but v2's own."""
    return {"type": type_of(one), "value": value_of(one), "metadata": _metadata(one, metadata)}


def type_of(one: Attribute) -> str:
    """The type of an attribute in v2."""
    if one.value_type:
        return name_of(one.value_type)
    if one.kind == "GeoProperty":
        return places.JSON
    if one.kind != "Property":
        return one.kind
    if _typed(one.value):
        return "None" if one.value["@value"] is None else str(one.value["@type"])
    return PLAIN[type(one.value)]


def _typed(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"@type", "@value"}


def value_of(one: Attribute) -> Any:
    """The value of an attribute in v2."""
    if one.kind == "GeoProperty":
        return places.written(name_of(one.value_type), one.value) if one.value_type else one.value
    if one.kind in ("Relationship", "ListRelationship"):
        return id_of(one.value) if isinstance(one.value, str) else [id_of(uri) for uri in one.value]
    if one.kind == "VocabProperty":
        return CORE.compact_value(one.value)
    return one.value["@value"] if one.kind == "Property" and _typed(one.value) else one.value


def _metadata(one: Attribute, wanted: Collection[str] | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for iri, instances in one.attributes.items():
        found[name_of(iri)] = {"type": type_of(instances[0]), "value": value_of(instances[0])}
    if one.unit_code:
        found[UNIT] = {"type": "Text", "value": one.unit_code}
    if one.observed_at:
        found[TIME] = {"type": "DateTime", "value": one.observed_at}
    if wanted is None:
        return found
    own = {"dateCreated": one.created_at, "dateModified": one.modified_at}
    system = {
        name: {"type": "DateTime", "value": utc(at)} for name, at in own.items() if name in wanted and at
    }
    if one.previous is not None and "previousValue" in wanted:
        system["previousValue"] = {"type": PLAIN.get(type(one.previous), "Text"), "value": one.previous}
    return {name: value for name, value in found.items() if name in wanted or "*" in wanted} | system


def refused(error: NgsiLdError) -> str:
    """What an error says, in one line as v2 callers know it."""
    return f"{error.title}{': ' if error.detail else ''}{error.detail}"
