"""Deleting all that a selection finds, within the one transaction that found it."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.engines.ngsild.patching import Outcome, delete_attribute
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.values import Entity
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.queries.entities import urns_of
from tedori.services.live.rules.access import Wall, within_limits

STEP = 1_000  # entities that are read at a time


@dataclass(frozen=True, slots=True)
class Purge:
    """Deletes the actor's own entities of a selection, or attributes: all but `keep`, or those of `drop`."""

    tenant: int
    selection: Selection
    by: Actor
    wall: Wall | None
    keep: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> int:
        """How many entities were touched. What other owners have stays."""
        found = urns_of(unit.session, self.tenant, self.selection, self.wall)
        touched = 0
        for start in range(0, len(found), STEP):
            part = found[start : start + STEP]
            unit.read((self.tenant, urn) for urn in part)
            touched += sum(self._one(unit, urn) for urn in part)
        return touched

    def _one(self, unit: Unit, urn: str) -> bool:
        stored = unit.get(self.tenant, urn)
        if stored is None or not (self.by.everywhere or stored.owner == self.by.organisation):
            return False
        if not within_limits(self.by, urn, stored.entity.types):
            return False
        if self.keep is None and self.drop is None:
            unit.remove(self.tenant, urn, by=self.by.reference)
            return True
        entity = stored.entity
        doomed = [name for name in entity.attributes if self._goes(name)]
        for name in doomed:
            outcome = self._without(unit.get(self.tenant, urn).entity, name, unit.at)
            unit.put(self.tenant, outcome, owner=stored.owner, by=self.by.reference)
        return bool(doomed)

    def _goes(self, name: str) -> bool:
        return name in self.drop if self.drop is not None else name not in self.keep

    @staticmethod
    def _without(entity: Entity, name: str, at: str) -> Outcome:
        return delete_attribute(entity, name, all=True, at=at)
