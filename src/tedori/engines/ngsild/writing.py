"""Entities turned into documents: normalised, concise, simplified and GeoJSON (clauses 4.5.1 to 4.5.24)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.forms import CONCISE, LOCATION_IRI, NORMALIZED, SIMPLIFIED, Form
from tedori.engines.ngsild.geometries import is_geometry
from tedori.engines.ngsild.kinds import DELETED, MEMBERS, NO_DATASET, PREVIOUS_MEMBER, VALUE_MEMBER, null_of
from tedori.engines.ngsild.languages import best_language
from tedori.engines.ngsild.values import Attribute, Entity

__all__ = [
    "CONCISE",
    "LOCATION_IRI",
    "NORMALIZED",
    "SIMPLIFIED",
    "Form",
    "Linked",
    "feature",
    "feature_collection",
    "geometry_of",
    "linked_uris",
    "objects_of",
    "write_attribute",
    "write_entity",
    "write_flat",
    "write_head",
    "write_instances",
]

Linked = Callable[[str], Entity | None]
DETAILS = (
    ("observed_at", "observedAt"),
    ("unit_code", "unitCode"),
    ("dataset_id", "datasetId"),
    ("instance_id", "instanceId"),
    ("deleted_at", "deletedAt"),
)
SYSTEM_TIMES = (("created_at", "createdAt"), ("modified_at", "modifiedAt"), ("expires_at", "expiresAt"))


def write_entity(
    entity: Entity, context: Context, form: Form = NORMALIZED, *, linked: Linked | None = None
) -> dict[str, Any]:
    """The document of an entity, without `@context` (the door adds it where it belongs).

    `linked` gives the entity of a URI, or None, for `join` inline. With `form.geojson` a Feature is written.
    """
    if form.geojson:
        return feature(entity, context, form, linked=linked)
    document = write_head(entity, context, form)
    joins = linked is not None and form.join == "inline" and form.join_level > 0
    for iri, instances in _shown(entity, form):
        join = _joiner(form.inside(iri), context, linked) if joins else None
        document[context.compact(iri)] = write_instances(instances, context, form, join=join)
    return document


def write_flat(
    entities: Iterable[Entity], context: Context, form: Form, *, linked: Linked
) -> list[dict[str, Any]]:
    """Entities and behind them, each once, those that they link to, level by level (clause 4.5.23.3)."""
    level = [(entity, form) for entity in entities]
    seen = {entity.id for entity, _ in level}
    documents = []
    while level:
        documents += [write_entity(entity, context, inner) for entity, inner in level]
        following = []
        for entity, inner in level:
            for iri, uri in _links(entity, inner):
                target = None if uri in seen else linked(uri)
                if target is not None:
                    seen.add(uri)
                    following.append((target, inner.inside(iri)))
        level = following
    return documents


def linked_uris(entity: Entity, form: Form) -> tuple[str, ...]:
    """The URIs of the entities that `join` needs for this one, on the next level."""
    return tuple(dict.fromkeys(uri for _, uri in _links(entity, form)))


def write_head(entity: Entity, context: Context, form: Form) -> dict[str, Any]:
    """What every entity has: id, type, scope and the system's times, as far as they are to be shown."""
    document: dict[str, Any] = {}
    if form.shows("id"):
        document["id"] = entity.id
    if form.shows("type"):
        document["type"] = _one_or_many([context.compact(iri) for iri in entity.types])
    if entity.scopes and form.shows("scope"):
        document["scope"] = _one_or_many(list(entity.scopes))
    if entity.deleted_at is not None:
        document["deletedAt"] = entity.deleted_at
    if form.sys_attrs or form.pick is not None:
        times = ((member, getattr(entity, name)) for name, member in SYSTEM_TIMES if form.shows(member))
        document.update((member, value) for member, value in times if value is not None)
    return document


def write_instances(
    instances: Iterable[Attribute],
    context: Context,
    form: Form = NORMALIZED,
    *,
    join: Callable[[str], Any] | None = None,
) -> Any:
    """All instances of an attribute: one stands alone, several become an array (or a `dataset` map).

    `join` gives the document of the entity with a URI, or None.
    """
    instances = tuple(instances)
    if len(instances) == 1 and (form.format != "simplified" or instances[0].dataset_id is None):
        return write_attribute(instances[0], context, form, join=join)
    written = [write_attribute(one, context, form, join=join) for one in instances]
    if form.format != "simplified":
        return written
    return {
        "dataset": {one.dataset_id or NO_DATASET: part for one, part in zip(instances, written, strict=True)}
    }


def write_attribute(
    attribute: Attribute,
    context: Context,
    form: Form = NORMALIZED,
    *,
    join: Callable[[str], Any] | None = None,
) -> Any:
    """One instance of an attribute; a bare value where the format writes it so."""
    attribute, language = _in_language(attribute, form)
    if form.format == "simplified":
        return _simplified(attribute, context, join)
    concise = form.format == "concise"
    written: dict[str, Any] = {} if concise else {"type": attribute.kind}
    written[VALUE_MEMBER[attribute.kind]] = _value(attribute.kind, attribute.value, context, concise)
    if language is not None:
        written["lang"] = language
    _details(written, attribute, context, form)
    for iri, instances in attribute.attributes.items():
        written[context.compact(iri)] = write_instances(instances, context, form)
    if join is not None:
        _join(written, attribute, join)
    return _bare(written) if concise else written


def feature(
    entity: Entity, context: Context, form: Form = NORMALIZED, *, linked: Linked | None = None
) -> dict[str, Any]:
    """An entity as a GeoJSON Feature (4.5.16.2); its geometry is null when it has none."""
    written = write_entity(entity, context, replace(form, geojson=False), linked=linked)
    document: dict[str, Any] = {"id": written.pop("id")} if "id" in written else {}
    return {**document, "type": "Feature", "geometry": geometry_of(entity, form), "properties": written}


def feature_collection(
    entities: Iterable[Entity], context: Context, form: Form = NORMALIZED, *, linked: Linked | None = None
) -> dict[str, Any]:
    """Entities as a GeoJSON FeatureCollection (4.5.16.3)."""
    return {
        "type": "FeatureCollection",
        "features": [feature(entity, context, form, linked=linked) for entity in entities],
    }


def geometry_of(entity: Entity, form: Form) -> dict[str, Any] | None:
    """The geometry of a Feature (4.5.16.1): of the dataset asked for, or else of the default instance."""
    for one in entity.attributes.get(form.geometry_property, ()):
        wanted = form.shows_instance(one) if form.dataset_ids is not None else one.dataset_id is None
        if wanted and one.kind == "GeoProperty" and isinstance(one.value, dict):
            return one.value
    return None


def objects_of(attribute: Attribute) -> tuple[str, ...]:
    """The URIs that a relationship points to; none for other kinds and for a deleted one."""
    if attribute.kind not in ("Relationship", "ListRelationship") or attribute.value == DELETED:
        return ()
    return (attribute.value,) if isinstance(attribute.value, str) else tuple(attribute.value)


def _shown(entity: Entity, form: Form) -> Iterable[tuple[str, Iterable[Attribute]]]:
    """The attributes that are shown, each with the instances that are."""
    if form.whole:
        return entity.attributes.items()
    shown = []
    for iri, instances in entity.attributes.items():
        kept = [one for one in instances if form.shows_instance(one)] if form.shows_attribute(iri) else []
        if kept:
            shown.append((iri, kept))
    return shown


def _links(entity: Entity, form: Form) -> list[tuple[str, str]]:
    """What an entity links to, as far as it is joined: the attribute and the URI."""
    if form.join is None or form.join_level < 1:
        return []
    shown = _shown(entity, form)
    return [(iri, uri) for iri, instances in shown for one in instances for uri in objects_of(one)]


def _joiner(form: Form, context: Context, linked: Linked) -> Callable[[str], Any]:
    def join(uri: str) -> dict[str, Any] | None:
        entity = linked(uri)
        return None if entity is None else write_entity(entity, context, form, linked=linked)

    return join


def _join(written: dict[str, Any], attribute: Attribute, join: Callable[[str], Any]) -> None:
    found = [part for uri in objects_of(attribute) if (part := join(uri)) is not None]
    if not found:
        return
    if attribute.kind == "ListRelationship":
        written["entityList"] = found
    else:
        written["entity"] = found[0] if isinstance(attribute.value, str) else found


def _in_language(attribute: Attribute, form: Form) -> tuple[Attribute, str | None]:
    """A LanguageProperty becomes a Property in the best language when one is asked for (clause 4.15)."""
    if (
        form.languages is None
        or attribute.kind != "LanguageProperty"
        or not isinstance(attribute.value, dict)
    ):
        return attribute, None
    language = best_language(attribute.value, form.languages)
    return replace(attribute, kind="Property", value=attribute.value[language]), language


def _value(kind: str, value: Any, context: Context, concise: bool) -> Any:
    if value == DELETED:
        return null_of(kind)
    if kind == "VocabProperty":
        return context.compact_value(value)
    if kind == "ListRelationship" and not concise:
        return [{"object": uri} for uri in value]
    return list(value) if type(value) is tuple else value


def _details(written: dict[str, Any], attribute: Attribute, context: Context, form: Form) -> None:
    if attribute.object_types:
        written["objectType"] = _one_or_many([context.compact(iri) for iri in attribute.object_types])
    if attribute.value_type is not None:
        written["valueType"] = context.compact(attribute.value_type)
    for name, member in DETAILS + SYSTEM_TIMES if form.sys_attrs else DETAILS:
        value = getattr(attribute, name)
        if value is not None:
            written[member] = value
    if attribute.previous is not None:
        kind = attribute.kind
        written[PREVIOUS_MEMBER[kind]] = _value(kind, attribute.previous, context, concise=False)


def _bare(written: dict[str, Any]) -> Any:
    """The concise form: a value with nothing beside it stands alone, unless it looks like an attribute."""
    if len(written) > 1 or "value" not in written:
        return written
    value = written["value"]
    return written if _looks_like_an_attribute(value) else value


def _looks_like_an_attribute(value: Any) -> bool:
    if isinstance(value, list):
        return any(isinstance(part, dict) for part in value)
    if not isinstance(value, dict) or is_geometry(value):
        return False
    return not value or not MEMBERS.isdisjoint(value) or any(":" in name or "@" in name for name in value)


def _one_or_many(names: list[str]) -> str | list[str]:
    return names[0] if len(names) == 1 else names


def _simplified(attribute: Attribute, context: Context, join: Callable[[str], Any] | None) -> Any:
    kind = attribute.kind
    value = _value(kind, attribute.value, context, concise=True)
    if join is not None and kind in ("Relationship", "ListRelationship"):
        parts = [join(uri) or uri for uri in objects_of(attribute)]
        value = parts[0] if isinstance(value, str) and parts else parts
    if kind in ("LanguageProperty", "VocabProperty", "JsonProperty"):
        return {VALUE_MEMBER[kind]: value}
    return value
