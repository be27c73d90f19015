"""What updates make of an entity (GS CIM 009, clauses 5.6.2 to 5.6.5, 5.6.17 to 5.6.19), as pure functions.

Nothing is changed in place: each function returns an Outcome with the entity as it is afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tedori.engines.ngsild.combining import merged, overlaid, stamped, without_nulls
from tedori.engines.ngsild.contexts import NGSI_LD
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.values import Attribute, Entity

Change = Literal["created", "updated", "deleted"]
Instances = tuple[Attribute, ...]
SCOPE = f"{NGSI_LD}scope"
TYPE = "@type"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entity.

    `changes` says by the IRI of each attribute touched what happened to it (scopes under the IRI of `scope`,
    types under `@type`); `instances` by IRI which instances were written, as (change, instance) with the
    instance as it is afterwards (as it was, when it is gone); `not_updated` names what was left, and why.
    """

    entity: Entity
    changes: Mapping[str, Change] = field(default_factory=dict)
    instances: Mapping[str, tuple[tuple[Change, Attribute], ...]] = field(default_factory=dict)
    not_updated: tuple[tuple[str, str], ...] = ()

    @property
    def updated(self) -> tuple[str, ...]:
        """The IRIs of what was written."""
        return tuple(self.changes)


class Draft:
    """The attributes of an entity while an update is worked in."""

    def __init__(self, entity: Entity, at: str) -> None:
        self.before = entity
        self.at = at
        self.attributes: dict[str, Instances] = dict(entity.attributes)
        self.instances: dict[str, list[tuple[Change, Attribute]]] = {}
        self.changes: dict[str, Change] = {}
        self.refused: list[tuple[str, str]] = []

    def find(self, iri: str, dataset_id: str | None) -> Attribute | None:
        """The instance of an attribute, or None."""
        return next((one for one in self.attributes.get(iri, ()) if one.dataset_id == dataset_id), None)

    def put(self, iri: str, new: Attribute, old: Attribute | None) -> None:
        """Write an instance, in the place of the old one."""
        present = self.attributes.get(iri, ())
        if old is None:
            self.attributes[iri] = (*present, new)
            self._note(iri, "created", new)
        else:
            self.attributes[iri] = tuple(new if one is old else one for one in present)
            self._note(iri, "updated", new)

    def drop(self, iri: str, old: Attribute) -> None:
        """Take an instance away, and the attribute with its last one."""
        rest = tuple(one for one in self.attributes[iri] if one is not old)
        if rest:
            self.attributes[iri] = rest
        else:
            del self.attributes[iri]
        self._note(iri, "deleted", old)

    def refuse(self, iri: str, why: str) -> None:
        """Leave an attribute alone and say why."""
        self.refused.append((iri, why))

    def outcome(
        self, *, types: tuple[str, ...] = (), scopes: tuple[str, ...] = (), expires_at: str | None = None
    ) -> Outcome:
        """The entity afterwards; untouched, with its old time, when nothing was written."""
        before = self.before
        types, scopes = types or before.types, self._scopes(scopes)
        if types != before.types:
            self.changes[TYPE] = "updated"
        if scopes != before.scopes:
            self.changes[SCOPE] = _change(there=bool(scopes), was=bool(before.scopes))
        if not self.changes and expires_at in (None, before.expires_at):
            return Outcome(before, not_updated=tuple(self.refused))
        entity = Entity(
            before.id,
            types,
            self.attributes,
            scopes,
            before.created_at,
            self.at,
            before.deleted_at,
            {None: before.expires_at, DELETED: None}.get(expires_at, expires_at),
        )
        notes = {iri: tuple(instances) for iri, instances in self.instances.items()}
        return Outcome(entity, self.changes, notes, tuple(self.refused))

    def _scopes(self, scopes: tuple[str, ...]) -> tuple[str, ...]:
        return self.before.scopes if not scopes else () if scopes == (DELETED,) else scopes

    def _note(self, iri: str, change: Change, instance: Attribute) -> None:
        self.instances.setdefault(iri, []).append((change, instance))
        self.changes[iri] = _change(there=iri in self.attributes, was=iri in self.before.attributes)


def _change(*, there: bool, was: bool) -> Change:
    if not there:
        return "deleted"
    return "updated" if was else "created"


def create(entity: Entity, *, at: str) -> Outcome:
    """A new entity (5.6.1), with the time on everything in it."""
    attributes = {
        iri: tuple([stamped(one, at) for one in instances]) for iri, instances in entity.attributes.items()
    }
    changes: dict[str, Change] = dict.fromkeys(attributes, "created")
    scopes = () if entity.scopes == (DELETED,) else entity.scopes
    if scopes:
        changes[SCOPE] = "created"
    new = Entity(entity.id, entity.types, attributes, scopes, at, at, entity.deleted_at, entity.expires_at)
    written = {iri: tuple([("created", one) for one in instances]) for iri, instances in attributes.items()}
    return Outcome(new, changes, written)


def append(entity: Entity, fragment: Entity, *, overwrite: bool = True, at: str) -> Outcome:
    """Append attributes (5.6.3): instances that are there are replaced, or left alone without `overwrite`."""
    draft = Draft(entity, at)
    for iri, instances in fragment.attributes.items():
        for one in instances:
            old = draft.find(iri, one.dataset_id)
            if old is not None and not overwrite:
                draft.refuse(iri, "The attribute exists already and must not be overwritten.")
            else:
                draft.put(iri, stamped(one, at, old), old)
    scopes = fragment.scopes if overwrite or not entity.scopes else _union(entity.scopes, fragment.scopes)
    return draft.outcome(
        types=_union(entity.types, fragment.types), scopes=scopes, expires_at=fragment.expires_at
    )


def update(entity: Entity, fragment: Entity, *, at: str) -> Outcome:
    """Update attributes (5.6.2): instances are replaced, appended or, by a null, deleted."""
    draft = Draft(entity, at)
    for iri, instances in fragment.attributes.items():
        for one in instances:
            old = draft.find(iri, one.dataset_id)
            if one.value != DELETED:
                draft.put(iri, stamped(without_nulls(one), at, old), old)
            elif old is not None:
                draft.drop(iri, old)
            else:
                draft.refuse(iri, "There is no such attribute to delete.")
    if fragment.scopes and not entity.scopes:
        draft.refuse(SCOPE, "The entity has no scope to update.")
    return draft.outcome(
        types=_union(entity.types, fragment.types),
        scopes=fragment.scopes if entity.scopes else (),
        expires_at=fragment.expires_at,
    )


def replace_entity(entity: Entity, new: Entity, *, at: str) -> Outcome:
    """Replace an entity (5.6.18): only its id and the time of its creation stay."""
    draft = Draft(entity, at)
    for iri, instances in entity.attributes.items():
        for old in instances:
            if not any(one.dataset_id == old.dataset_id for one in new.attributes.get(iri, ())):
                draft.drop(iri, old)
    for iri, instances in new.attributes.items():
        for one in instances:
            draft.put(iri, stamped(one, at), draft.find(iri, one.dataset_id))
    return draft.outcome(
        types=new.types, scopes=new.scopes or (DELETED,), expires_at=new.expires_at or DELETED
    )


def replace_attribute(entity: Entity, iri: str, instances: Instances, *, at: str) -> Outcome:
    """Replace one attribute (5.6.19), instance by instance as their dataset ids say."""
    draft = Draft(entity, at)
    for one in instances:
        old = draft.find(iri, one.dataset_id)
        if old is None:
            raise _missing(iri, one.dataset_id)
        draft.put(iri, stamped(one, at, old), old)
    return draft.outcome()


def partial_update(entity: Entity, iri: str, fragments: Instances, *, at: str) -> Outcome:
    """Update parts of one attribute (5.6.4): members that are given replace the old ones, nulls delete."""
    draft = Draft(entity, at)
    for one in fragments:
        old = draft.find(iri, one.dataset_id)
        if old is None:
            raise _missing(iri, one.dataset_id)
        if one.value == DELETED:
            draft.drop(iri, old)
        else:
            draft.put(iri, overlaid(old, one, at), old)
    return draft.outcome()


def delete_attribute(
    entity: Entity, iri: str, *, dataset_id: str | None = None, all: bool = False, at: str
) -> Outcome:
    """Delete one attribute (5.6.5): its default instance, the one of a dataset, or all of them."""
    draft = Draft(entity, at)
    doomed = [one for one in entity.attributes.get(iri, ()) if all or one.dataset_id == dataset_id]
    if not doomed:
        raise _missing(iri, None if all else dataset_id)
    for old in doomed:
        draft.drop(iri, old)
    return draft.outcome()


def delete_scopes(entity: Entity, *, at: str) -> Outcome:
    """Delete the scopes of an entity. Raises ResourceNotFound when it has none."""
    if not entity.scopes:
        raise _missing("scope", None)
    return Draft(entity, at).outcome(scopes=(DELETED,))


def merge(
    entity: Entity, fragment: Entity, *, at: str, observed_at: str | None = None, lang: str | None = None
) -> Outcome:
    """Merge a fragment into an entity (5.6.17), in depth as JSON Merge Patch does, nulls deleting.

    `observed_at` is the time of values that come without one for attributes that have one; `lang` the
    language of plain texts for LanguageProperties.
    """
    draft = Draft(entity, at)
    for iri, instances in fragment.attributes.items():
        for one in instances:
            old = draft.find(iri, one.dataset_id)
            new = merged(old, one, at=at, observed_at=observed_at, lang=lang)
            if new is not None:
                draft.put(iri, new, old)
            elif old is not None:
                draft.drop(iri, old)
    return draft.outcome(
        types=_union(entity.types, fragment.types), scopes=fragment.scopes, expires_at=fragment.expires_at
    )


def _union(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new))) if new else old


def _missing(name: str, dataset_id: str | None) -> NgsiLdError:
    return NgsiLdError(
        "ResourceNotFound", "The entity has no such attribute.", detail=dataset_id or "", where=name
    )
