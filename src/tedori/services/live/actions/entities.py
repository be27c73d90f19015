"""What can be done to entities, as commands for the writer queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.patching import Outcome, create
from tedori.engines.ngsild.values import Entity
from tedori.kernel.errors import UserError
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.unit import Key, Stored, Unit
from tedori.services.live.rules.access import demand_limits, demand_owner

REFUSALS = (NgsiLdError, UserError)
Work = Callable[[Entity, str], Outcome]  # the entity as it stands, and the time


def not_found(urn: str) -> NgsiLdError:
    """The error for an entity that is not there."""
    return NgsiLdError("ResourceNotFound", "There is no such entity.", detail=urn, where=urn)


@dataclass(frozen=True, slots=True)
class Create:
    """A new entity; raises AlreadyExists."""

    tenant: int
    entity: Entity
    by: Actor

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.entity.id),)

    def apply(self, unit: Unit) -> Outcome:
        """Create it."""
        demand_limits(self.by, self.entity.id, self.entity.types)
        if unit.get(self.tenant, self.entity.id) is not None:
            raise NgsiLdError("AlreadyExists", "The entity exists already.", detail=self.entity.id)
        outcome = create(self.entity, at=unit.at)
        unit.put(self.tenant, outcome, owner=self.by.organisation, by=self.by.reference)
        return outcome


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an entity that is there; raises ResourceNotFound, Forbidden and what `work` raises."""

    tenant: int
    urn: str
    work: Work
    by: Actor

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.urn),)

    def apply(self, unit: Unit) -> Outcome:
        """Change it; nothing is written when nothing changes."""
        stored = present(unit, self.tenant, self.urn, self.by)
        outcome = self.work(stored.entity, unit.at)
        if outcome.entity is not stored.entity:
            demand_limits(self.by, self.urn, outcome.entity.types)
            unit.put(self.tenant, outcome, owner=stored.owner, by=self.by.reference)
        return outcome


@dataclass(frozen=True, slots=True)
class Delete:
    """The end of an entity; raises ResourceNotFound and Forbidden."""

    tenant: int
    urn: str
    by: Actor

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.urn),)

    def apply(self, unit: Unit) -> None:
        """Delete it."""
        present(unit, self.tenant, self.urn, self.by)
        unit.remove(self.tenant, self.urn, by=self.by.reference)


@dataclass(frozen=True, slots=True)
class Upsert:
    """An entity as it is to stand, whether it was there or not; `work` says how it meets the old one."""

    tenant: int
    entity: Entity
    work: Work
    by: Actor

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.entity.id),)

    def apply(self, unit: Unit) -> Outcome | None:
        """The outcome for a new entity, None for one that was there."""
        if unit.get(self.tenant, self.entity.id) is None:
            return Create(self.tenant, self.entity, self.by).apply(unit)
        Change(self.tenant, self.entity.id, self.work, self.by).apply(unit)
        return None


@dataclass(frozen=True, slots=True)
class Batch:
    """Several commands, each with its own outcome or error; one that fails does not fail the others."""

    commands: tuple[Create | Change | Delete | Upsert, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of them all."""
        return tuple(key for command in self.commands for key in command.keys)

    def apply(self, unit: Unit) -> list[Outcome | Exception | None]:
        """Do all that can be done."""
        return [self._one(command, unit) for command in self.commands]

    @staticmethod
    def _one(command: Create | Change | Delete | Upsert, unit: Unit) -> Outcome | Exception | None:
        try:
            return command.apply(unit)
        except REFUSALS as error:
            return error


def present(unit: Unit, tenant: int, urn: str, by: Actor) -> Stored:
    """The entity as it stands; raises ResourceNotFound, or Forbidden when it is not the actor's to change."""
    stored = unit.get(tenant, urn)
    if stored is None:
        raise not_found(urn)
    demand_owner(by, stored.owner)
    demand_limits(by, urn, stored.entity.types)
    return stored
