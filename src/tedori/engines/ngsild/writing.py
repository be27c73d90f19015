"""Entities turned into documents for a reader: normalised, concise, simplified and GeoJSON (clauses 4.5, 4.21, 6.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.kinds import DELETED, NO_DATASET, PREVIOUS_MEMBER, VALUE_MEMBER
from tedori.engines.ngsild.languages import best_language
from tedori.engines.ngsild.projections import Projection
from tedori.engines.ngsild.values import Attribute, Entity

Format = Literal["normalized", "concise", "simplified"]
LOCATION_IRI = "https://uri.etsi.org/ngsi-ld/location"
Linked = Callable[[str], Entity | None]


@dataclass(frozen=True, slots=True)
class Form:
    """What a reader wants to see of an entity, and how.

    `attrs` (IRIs), `pick` and `omit` choose members; `dataset_ids` chooses instances, `@none` being the default
    one; `languages` is a list in order of preference such as `fr-CH,fr;q=0.9,*`; `sys_attrs` shows when things
    were created and modified; `join` puts linked entities into relationships ("inline") up to `join_level`.
    """

    format: Format = "normalized"
    sys_attrs: bool = False
    languages: str | None = None
    attrs: frozenset[str] | None = None
    pick: Projection | None = None
    omit: Projection | None = None
    dataset_ids: frozenset[str] | None = None
    geojson: bool = False
    geometry_property: str = LOCATION_IRI
    join: Literal["inline", "flat"] | None = None
    join_level: int = 1


NORMALIZED = Form()
CONCISE = Form("concise")
SIMPLIFIED = Form("simplified")


def write_entity(
    entity: Entity, context: Context, form: Form = NORMALIZED, *, linked: Linked | None = None
) -> dict[str, Any]:
    """The document of an entity, without `@context` (the door adds it where it belongs).

    `linked` gives the entity of a URI, or None, for `join` inline. With `form.geojson` a Feature is written.
    """
    if form.geojson:
        return feature(entity, context, form, linked=linked)
    document = _head(entity, context, form)
    return _attributes(document, entity, context.for_types(entity.types), form, linked)


def write_attribute(
    attribute: Attribute, context: Context, form: Form = NORMALIZED, *, linked: Linked | None = None
) -> Any:
    """One instance of an attribute; a bare value where the format writes it so."""
    if form.format == "simplified":
        return _simplified(attribute, context, form, linked)
    attribute, language = _in_language(attribute, form)
    concise = form.format == "concise"
    written: dict[str, Any] = {} if concise else {"type": attribute.kind}
    member = VALUE_MEMBER[attribute.kind]
    written[member] = _value(attribute, attribute.value, context, flat_objects=concise)
    if language:
        written["lang"] = language
    _details(written, attribute, context, form)
    for iri, instances in attribute.attributes.items():
        written[context.compact(iri)] = write_instances(instances, context, form)
    if linked is not None and form.join == "inline" and form.join_level > 0:
        _join(written, attribute, context, form, linked)
    return _bare(written, attribute) if concise else written


def write_instances(
    instances: Iterable[Attribute], context: Context, form: Form = NORMALIZED, *, linked: Linked | None = None
) -> Any:
    """All instances of an attribute: one alone stands for itself, several become an array (or a `dataset` map)."""
    instances = tuple(instances)
    if len(instances) == 1 and (form.format != "simplified" or instances[0].dataset_id is None):
        return write_attribute(instances[0], context, form, linked=linked)
    written = [write_attribute(one, context, form, linked=linked) for one in instances]
    if form.format != "simplified":
        return written
    return {
        "dataset": {one.dataset_id or NO_DATASET: part for one, part in zip(instances, written, strict=True)}
    }


def feature(
    entity: Entity, context: Context, form: Form = NORMALIZED, *, linked: Linked | None = None
) -> dict[str, Any]:
    """An entity as a GeoJSON Feature; its geometry is null when it has none."""
    written = write_entity(entity, context, replace(form, geojson=False), linked=linked)
    document: dict[str, Any] = {"id": written.pop("id")} if "id" in written else {}
    return {**document, "type": "Feature", "geometry": geometry_of(entity, form), "properties": written}


def feature_collection(
    entities: Iterable[Entity], context: Context, form: Form = NORMALIZED, *, linked: Linked | None = None
) -> dict[str, Any]:
    """Entities as a GeoJSON FeatureCollection."""
    return {
        "type": "FeatureCollection",
        "features": [feature(entity, context, form, linked=linked) for entity in entities],
    }


def geometry_of(entity: Entity, form: Form) -> dict[str, Any] | None:
    """The geometry of a Feature: the default instance of the geometry property, or the one asked for."""
    instances = [
        one
        for one in entity.attributes.get(form.geometry_property, ())
        if one.kind == "GeoProperty" and isinstance(one.value, dict) and _wanted(one, form)
    ]
    default = [one for one in instances if one.dataset_id is None]
    return next((one.value for one in default or instances), None)


def objects_of(attribute: Attribute) -> tuple[str, ...]:
    """The URIs that a relationship points to; none for other kinds."""
    if attribute.kind not in ("Relationship", "ListRelationship"):
        return ()
    return (attribute.value,) if isinstance(attribute.value, str) else tuple(attribute.value)


def _head(entity: Entity, context: Context, form: Form) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if _shown("id", form):
        document["id"] = entity.id
    if _shown("type", form):
        types = [context.compact(iri) for iri in entity.types]
        document["type"] = types[0] if len(types) == 1 else types
    if entity.scopes and _shown("scope", form):
        document["scope"] = entity.scopes[0] if len(entity.scopes) == 1 else list(entity.scopes)
    if entity.expires_at and _shown("expiresAt", form):
        document["expiresAt"] = entity.expires_at
    if form.sys_attrs or form.pick is not None:
        _times(document, entity, form)
    if entity.deleted_at:
        document["deletedAt"] = entity.deleted_at
    return document


def _times(document: dict[str, Any], entity: Entity, form: Form) -> None:
    for name, value in (("createdAt", entity.created_at), ("modifiedAt", entity.modified_at)):
        if value and (_shown(name, form) if form.sys_attrs else form.pick and name in form.pick):
            document[name] = value


def _attributes(
    document: dict[str, Any], entity: Entity, context: Context, form: Form, linked: Linked | None
) -> dict[str, Any]:
    plain = form.attrs is None and form.pick is None and form.omit is None and form.dataset_ids is None
    for iri, instances in entity.attributes.items():
        if not plain:
            if not _chosen(iri, form):
                continue
            instances = tuple(one for one in instances if _wanted(one, form))
            if not instances:
                continue
        inner = form if linked is None else _inside(iri, form)
        document[context.compact(iri)] = write_instances(instances, context, inner, linked=linked)
    return document


def _chosen(iri: str, form: Form) -> bool:
    if form.attrs is not None and iri not in form.attrs:
        return False
    return _shown(iri, form)


def _shown(name: str, form: Form) -> bool:
    if form.pick is not None and name not in form.pick:
        return False
    # What stands in braces is left out of the linked entity, not of this one.
    return form.omit is None or name not in form.omit or form.omit[name] is not None


def _inside(iri: str, form: Form) -> Form:
    """The form of entities that are linked through an attribute."""
    return replace(
        form,
        pick=form.pick.get(iri) if form.pick else None,
        omit=form.omit.get(iri) if form.omit else None,
        attrs=None,
        dataset_ids=form.dataset_ids,
    )


def _wanted(attribute: Attribute, form: Form) -> bool:
    return form.dataset_ids is None or (attribute.dataset_id or NO_DATASET) in form.dataset_ids


def _in_language(attribute: Attribute, form: Form) -> tuple[Attribute, str | None]:
    """A LanguageProperty becomes a Property with the text in the best language, when one is asked for."""
    if (
        form.languages is None
        or attribute.kind != "LanguageProperty"
        or not isinstance(attribute.value, dict)
    ):
        return attribute, None
    language = best_language(attribute.value, form.languages)
    return replace(attribute, kind="Property", value=attribute.value[language]), language


def _value(attribute: Attribute, value: Any, context: Context, *, flat_objects: bool) -> Any:
    kind = attribute.kind
    if value == DELETED:
        return {NO_DATASET: DELETED} if kind == "LanguageProperty" else DELETED
    if kind == "VocabProperty":
        return context.compact_value(value)
    if kind == "ListRelationship" and not flat_objects:
        return [{"object": uri} for uri in value]
    return list(value) if type(value) is tuple else value


def _details(written: dict[str, Any], attribute: Attribute, context: Context, form: Form) -> None:
    if attribute.object_types:
        names = [context.compact(iri) for iri in attribute.object_types]
        written["objectType"] = names[0] if len(names) == 1 else names
    if attribute.value_type is not None:
        written["valueType"] = context.compact(attribute.value_type)
    if attribute.observed_at is not None:
        written["observedAt"] = attribute.observed_at
    if attribute.unit_code is not None:
        written["unitCode"] = attribute.unit_code
    if attribute.dataset_id is not None:
        written["datasetId"] = attribute.dataset_id
    if attribute.expires_at is not None:
        written["expiresAt"] = attribute.expires_at
    if attribute.instance_id is not None:
        written["instanceId"] = attribute.instance_id
    if attribute.deleted_at is not None:
        written["deletedAt"] = attribute.deleted_at
    if attribute.previous is not None:
        written[PREVIOUS_MEMBER[attribute.kind]] = _value(
            attribute, attribute.previous, context, flat_objects=False
        )
    if form.sys_attrs:
        if attribute.created_at is not None:
            written["createdAt"] = attribute.created_at
        if attribute.modified_at is not None:
            written["modifiedAt"] = attribute.modified_at


def _bare(written: dict[str, Any], attribute: Attribute) -> Any:
    """The concise form: a value with nothing beside it stands alone, when it cannot be mistaken for something else."""
    if len(written) > 1 or "value" not in written:
        return written
    value = written["value"]
    if isinstance(value, list) or (isinstance(value, dict) and attribute.kind != "GeoProperty"):
        return written
    return value


def _simplified(attribute: Attribute, context: Context, form: Form, linked: Linked | None) -> Any:
    attribute, _ = _in_language(attribute, form)
    value = _value(attribute, attribute.value, context, flat_objects=True)
    if attribute.kind in ("Property", "GeoProperty"):
        return value
    if attribute.kind == "Relationship" or attribute.kind == "ListRelationship":
        if linked is not None and form.join == "inline" and form.join_level > 0:
            value = _simply_joined(attribute, value, context, form, linked)
        return value if attribute.kind == "Relationship" else {"objectList": value}
    return {VALUE_MEMBER[attribute.kind]: value}


def _simply_joined(attribute: Attribute, value: Any, context: Context, form: Form, linked: Linked) -> Any:
    parts = [_linked(uri, context, form, linked) or uri for uri in objects_of(attribute)]
    return parts[0] if isinstance(value, str) and parts else parts


def _join(
    written: dict[str, Any], attribute: Attribute, context: Context, form: Form, linked: Linked
) -> None:
    found = [
        part for uri in objects_of(attribute) if (part := _linked(uri, context, form, linked)) is not None
    ]
    if not found:
        return
    if attribute.kind == "Relationship":
        written["entity"] = found[0] if isinstance(attribute.value, str) else found
    else:
        written["entityList"] = found


def _linked(uri: str, context: Context, form: Form, linked: Linked) -> dict[str, Any] | None:
    entity = linked(uri) if uri != DELETED else None
    if entity is None:
        return None
    return write_entity(entity, context, replace(form, join_level=form.join_level - 1), linked=linked)
