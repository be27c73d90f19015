"""Founding tenants."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.services.live.actions.unit import Key, Unit


@dataclass(frozen=True, slots=True)
class Found:
    """A tenant of this name, new unless it is there."""

    name: str
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> int:
        """Its number."""
        unit.session.run(
            "INSERT INTO live_tenant (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            (self.name, unit.at),
        )
        return unit.session.one("SELECT id FROM live_tenant WHERE name = ?", (self.name,))[0]
