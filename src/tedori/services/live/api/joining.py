"""Entities that others point to, put into the answer (clause 4.5.23)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tedori.engines.ngsild.kinds import NO_DATASET
from tedori.engines.ngsild.values import Entity
from tedori.engines.ngsild.writing import Form, objects_of
from tedori.services.live.queries.entities import fetch_many
from tedori.services.live.rules.access import Wall

MOST = 5_000  # linked entities in one answer


@dataclass(frozen=True, slots=True)
class Linked:
    """An entity that another points to, and the form in which it is wanted there."""

    entity: Entity
    form: Form


def linked_entities(
    tenant: int, entities: Iterable[Entity], form: Form, wall: Wall | None, *, besides: frozenset[str]
) -> Mapping[str, Linked]:
    """The entities to which these point, level by level, by their ids; what may not be read is not there."""
    found: dict[str, Linked] = {}
    level = [Linked(entity, form) for entity in entities]
    seen = {one.entity.id for one in level} | besides
    for _ in range(form.join_level):
        wanted: dict[str, Form] = {}
        for one in level:
            for uri, inner in _objects(one):
                if uri not in seen:
                    wanted.setdefault(uri, inner)
        if not wanted or len(found) + len(wanted) > MOST:
            break
        seen |= wanted.keys()
        got = fetch_many(tenant, wanted, wall)
        level = [Linked(got[uri], inner) for uri, inner in wanted.items() if uri in got]
        found |= {one.entity.id: one for one in level}
    return found


def _objects(one: Linked) -> Iterator[tuple[str, Form]]:
    """The ids to which an entity points through what is shown of it, each with the form for what is there."""
    form = one.form
    for name, instances in one.entity.attributes.items():
        hidden = form.omit is not None and name in form.omit and form.omit[name] is None
        if hidden or (form.pick is not None and name not in form.pick):
            continue
        inner = _inside(name, form)
        for instance in instances:
            if not form.dataset_ids or (instance.dataset_id or NO_DATASET) in form.dataset_ids:
                for uri in objects_of(instance):
                    yield uri, inner


def _inside(name: str, form: Form) -> Form:
    """The form of entities that are linked through an attribute."""
    pick = form.pick.get(name) if form.pick else None
    omit = form.omit.get(name) if form.omit else None
    return replace(form, pick=pick, omit=omit, attrs=None)
