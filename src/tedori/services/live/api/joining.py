"""Entities that others point to, put into the answer (clause 4.5.23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tedori.engines.ngsild.values import Entity
from tedori.engines.ngsild.writing import Form, objects_of
from tedori.services.live.queries.entities import fetch_many
from tedori.services.live.rules.access import Wall

MOST = 5_000  # linked entities in one answer


def linked_entities(
    tenant: int, entities: Iterable[Entity], form: Form, wall: Wall | None, *, besides: frozenset[str]
) -> Mapping[str, Entity]:
    """The entities to which these point, level by level, by their ids; what may not be read is not there."""
    found: dict[str, Entity] = {}
    level = list(entities)
    seen = {entity.id for entity in level} | besides
    for _ in range(form.join_level):
        wanted = {uri for entity in level for uri in _objects(entity, form)} - seen
        if not wanted or len(found) + len(wanted) > MOST:
            break
        seen |= wanted
        got = fetch_many(tenant, sorted(wanted), wall)
        found |= got
        level = list(got.values())
    return found


def _objects(entity: Entity, form: Form) -> Iterable[str]:
    for instances in entity.attributes.values():
        for one in instances:
            if not form.dataset_ids or (one.dataset_id or "@none") in form.dataset_ids:
                yield from objects_of(one)
