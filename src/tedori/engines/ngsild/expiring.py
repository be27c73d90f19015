"""`expiresAt`: what of an entity is stored for a time only (GS CIM 009, clause 4.22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.patching import Draft, Outcome
from tedori.engines.ngsild.values import Attribute, Entity

Attributes = Mapping[str, tuple[Attribute, ...]]


def next_expiry(entity: Entity) -> str | None:
    """When the first thing of it expires (sortable text): itself, an attribute or a part of one."""
    own = () if entity.expires_at is None else (sortable(entity.expires_at),)
    return min((*own, *_moments(entity.attributes)), default=None)


def _moments(attributes: Attributes) -> Iterator[str]:
    for instances in attributes.values():
        for one in instances:
            if one.expires_at is not None:
                yield sortable(one.expires_at)
            yield from _moments(one.attributes)


def expired(one: Entity | Attribute, *, at: str) -> bool:
    """Whether it is over at that moment (sortable text)."""
    return one.expires_at is not None and sortable(one.expires_at) <= at


def faded(entity: Entity, *, at: str) -> Outcome:
    """The entity without the attributes, and those of attributes, that have expired by then."""
    draft = Draft(entity, at)
    for iri, instances in entity.attributes.items():
        for one in instances:
            rest = _rest(one, at)
            if rest is None:
                draft.drop(iri, one)
            elif rest is not one:
                draft.put(iri, replace(rest, modified_at=at), one)
    return draft.outcome()


def _rest(one: Attribute, at: str) -> Attribute | None:
    """What is left of an instance: itself when nothing of it has expired, None when it has."""
    if expired(one, at=at):
        return None
    if not one.attributes:
        return one
    left = {iri: kept for iri, inner in one.attributes.items() if (kept := _kept(inner, at))}
    return one if left == dict(one.attributes) else replace(one, attributes=left)


def _kept(instances: tuple[Attribute, ...], at: str) -> tuple[Attribute, ...]:
    return tuple(rest for one in instances if (rest := _rest(one, at)) is not None)
