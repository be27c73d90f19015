"""Deciding who may read the entities of a type."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.kernel.organisations.rules import Forbidden, demand
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.unit import Key, Unit

LEVELS = ("public", "members", "internal")


@dataclass(frozen=True, slots=True)
class Publish:
    """A type (IRI) of an owner is published so far; without an owner of everybody who has no rule of their own."""

    tenant: int
    name: str
    level: str
    by: Actor
    owner: str = ""
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> None:
        """Write the rule down; raises Forbidden for somebody else's."""
        if self.level not in LEVELS:
            raise ValueError(f"no such level: {self.level}")
        if not self.owner and not self.by.everywhere:
            raise Forbidden(where=self.name)
        demand(self.by, "live.publication", organisation=self.owner or None)
        unit.session.run(
            "INSERT INTO live_publication (tenant_id, name, owner, level, set_by, set_at) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, name, owner) DO UPDATE "
            "SET level = excluded.level, set_by = excluded.set_by, set_at = excluded.set_at",
            (self.tenant, self.name, self.owner, self.level, self.by.reference, unit.at),
        )
