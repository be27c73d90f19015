"""Taking in what came over a link: names turned, conflicts settled, nothing written twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.kinds import DELETED
from tedori.engines.ngsild.patching import Outcome, append, create, delete_attribute
from tedori.engines.ngsild.values import Entity
from tedori.kernel.errors import UserError
from tedori.kernel.organisations.rules import Forbidden
from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.rules.conflicts import SKEW, by_person, may_go, newer
from tedori.services.live.rules.links import Link


@dataclass(frozen=True, slots=True)
class Take:
    """An entity as it stands at a partner; raises Forbidden where the one here is somebody else's.

    What is older than what is here, or the same, is left; an entity with a time of deletion goes.
    """

    tenant: int
    owner: str
    by: str
    entity: Entity

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.entity.id),)

    def apply(self, unit: Unit) -> bool:
        """Whether anything changed."""
        stored = unit.get(self.tenant, self.entity.id)
        if stored is not None and stored.owner != self.owner:
            raise Forbidden(where=self.entity.id)
        if self.entity.deleted_at:
            return self._delete(unit, stored.entity if stored else None)
        live = {
            iri: kept
            for iri, several in self.entity.attributes.items()
            if (kept := tuple(one for one in several if one.value != DELETED))
        }
        chosen = newer(live, stored.entity if stored else None, until=_soon(unit.at))
        fragment = replace(self.entity, attributes=_plain(chosen), created_at=None, modified_at=None)
        if stored is None:
            if not self.entity.types:
                return False
            unit.put(self.tenant, create(fragment, at=unit.at), owner=self.owner, by=self.by)
            return True
        return self._update(unit, stored.entity, fragment)

    def _update(self, unit: Unit, there: Entity, fragment: Entity) -> bool:
        outcome = append(there, replace(fragment, types=(), scopes=()), at=unit.at)
        gone = [
            (iri, one.dataset_id)
            for iri, several in self.entity.attributes.items()
            for one in several
            if one.value == DELETED
        ]
        changes, instances = dict(outcome.changes), dict(outcome.instances)
        entity = outcome.entity
        for iri, dataset in gone:
            old = next((one for one in entity.attributes.get(iri, ()) if one.dataset_id == dataset), None)
            if old is None or by_person(old):
                continue
            step = delete_attribute(entity, iri, dataset_id=dataset, at=unit.at)
            entity, changes, instances = step.entity, changes | step.changes, instances | step.instances
        if entity is there:
            return False
        whole = Outcome(entity, changes, instances)
        unit.put(self.tenant, whole, owner=self.owner, by=self.by)
        return True

    def _delete(self, unit: Unit, there: Entity | None) -> bool:
        if there is None or not may_go(there, self.entity.deleted_at or unit.at):
            return False
        unit.remove(self.tenant, self.entity.id, by=self.by)
        return True


def _plain(chosen: dict) -> dict:
    """What another system wrote into values for itself does not count here."""
    return {
        iri: tuple(replace(one, created_at=None, modified_at=None, instance_id=None) for one in several)
        for iri, several in chosen.items()
    }


def _soon(at: str) -> str:
    """The latest moment at which something may have been observed, a little skew of clocks allowed for."""
    moment = datetime.fromisoformat(at) + timedelta(seconds=SKEW)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class TakeAll:
    """Several entities, each with its own outcome: whether it changed something, or why it was refused."""

    takes: tuple[Take, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of them all."""
        return tuple(key for one in self.takes for key in one.keys)

    def apply(self, unit: Unit) -> list[bool | Exception]:
        """Take what can be taken."""
        return [_tried(one, unit) for one in self.takes]


def _tried(one: Take, unit: Unit) -> bool | Exception:
    try:
        return one.apply(unit)
    except (NgsiLdError, UserError) as error:
        return error


def taking(link: Link, entities: Iterable[Entity]) -> TakeAll:
    """The command that takes a partner's entities in: those of the link's types, by their common names."""
    names = link.names
    found = (names.common(one) for one in entities)
    wanted = (one for one in found if not link.types or not set(link.types).isdisjoint(one.types))
    return TakeAll(tuple(Take(link.tenant, link.owner, link.reference, one) for one in wanted))
