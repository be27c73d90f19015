"""The temporal evolution of entities: in full, simplified, aggregated (clauses 4.5.6 to 4.5.9, 4.5.19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.forms import NORMALIZED, Form
from tedori.engines.ngsild.reading import SCOPE_IRI, read_history
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.engines.ngsild.writing import write_attribute, write_head

__all__ = ["Aggregate", "read_history", "write_aggregated", "write_history", "write_values"]

TIMES = {
    "observedAt": "observed_at",
    "createdAt": "created_at",
    "modifiedAt": "modified_at",
    "deletedAt": "deleted_at",
}
VALUES_MEMBER = {
    "Property": "values",
    "GeoProperty": "values",
    "Relationship": "objects",
    "LanguageProperty": "languageMaps",
    "VocabProperty": "vocabs",
    "JsonProperty": "jsons",
    "ListProperty": "valueLists",
    "ListRelationship": "objectLists",
}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Aggregated values of an attribute: by method, (value, start, end) for each period."""

    kind: str
    methods: Mapping[str, Sequence[tuple[Any, str, str]]]
    dataset_id: str | None = None


def write_history(entity: Entity, context: Context, form: Form = NORMALIZED) -> dict[str, Any]:
    """The evolution in full: an array of instances for each attribute, in the order given, maybe empty.

    Scopes that changed stand among the attributes under the IRI of `scope`, as Properties.
    """
    document = _head(entity, context, form)
    for iri, instances in _shown(entity, form).items():
        document[context.compact(iri)] = [write_attribute(one, context, form) for one in instances]
    return document


def write_values(
    entity: Entity,
    context: Context,
    form: Form = NORMALIZED,
    *,
    time_property: str = "observedAt",
    kinds: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """The simplified evolution (4.5.9, `temporalValues`): pairs of a value and its time.

    `kinds` are those of attributes (by IRI) without any instance here.
    """
    document = _head(entity, context, form)
    plain_form = replace(form, format="simplified")
    for iri, instances in _shown(entity, form).items():
        empty: dict[tuple[str | None, str], list[Any]] = {(None, kinds.get(iri, "Property")): []}
        series: dict[tuple[str | None, str], list[Any]] = {} if instances else empty
        for one in instances:
            value = write_attribute(one, context, plain_form)
            kind = "Property" if one.kind == "LanguageProperty" and form.languages else one.kind
            series.setdefault((one.dataset_id, kind), []).append([value, time_of(one, time_property)])
        written = [
            _of_dataset(kind, dataset, {VALUES_MEMBER[kind]: pairs})
            for (dataset, kind), pairs in series.items()
        ]
        document[context.compact(iri)] = written[0] if len(written) == 1 else written
    return document


def write_aggregated(
    entity: Entity, aggregates: Mapping[str, Sequence[Aggregate]], context: Context, form: Form = NORMALIZED
) -> dict[str, Any]:
    """The aggregated evolution (4.5.19); `aggregates` by the IRI of the attribute, one for each dataset."""
    document = write_head(replace(entity, scopes=()), context, form)
    for iri, parts in aggregates.items():
        if not form.shows_attribute(iri):
            continue
        written = [
            _of_dataset(
                one.kind, one.dataset_id, {m: [list(v) for v in values] for m, values in one.methods.items()}
            )
            for one in parts
        ]
        document[context.compact(iri)] = written[0] if len(written) == 1 else written
    return document


def time_of(attribute: Attribute, time_property: str = "observedAt") -> str | None:
    """The time that places an instance; without it, when it was deleted, changed or created."""
    return (
        getattr(attribute, TIMES[time_property])
        or attribute.deleted_at
        or attribute.modified_at
        or attribute.created_at
    )


def _head(entity: Entity, context: Context, form: Form) -> dict[str, Any]:
    return write_head(replace(entity, scopes=()) if SCOPE_IRI in entity.attributes else entity, context, form)


def _shown(entity: Entity, form: Form) -> dict[str, tuple[Attribute, ...]]:
    if form.whole:
        return dict(entity.attributes)
    shown = {}
    for iri, instances in entity.attributes.items():
        name = "scope" if iri == SCOPE_IRI else iri
        wanted = form.shows(name) if iri == SCOPE_IRI else form.shows_attribute(name)
        kept = tuple(one for one in instances if form.shows_instance(one))
        if wanted and (kept or not instances):
            shown[iri] = kept
    return shown


def _of_dataset(kind: str, dataset_id: str | None, members: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, **({"datasetId": dataset_id} if dataset_id else {}), **members}
