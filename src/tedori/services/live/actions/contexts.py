"""Adding, keeping and deleting @contexts."""

from __future__ import annotations

from dataclasses import dataclass

from tedori.services.live.actions.unit import Key, Unit


@dataclass(frozen=True, slots=True)
class KeepContext:
    """A context under its name, in the place of what was there."""

    tenant: int
    name: str
    kind: str
    body: str
    url: str = ""
    owner: str = ""
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> None:
        """Keep it."""
        unit.session.run(
            "INSERT INTO live_context (tenant_id, name, url, kind, body, owner, created_at, uses) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (tenant_id, name) DO UPDATE "
            "SET body = excluded.body, created_at = excluded.created_at",
            (self.tenant, self.name, self.url, self.kind, self.body, self.owner, unit.at),
        )


@dataclass(frozen=True, slots=True)
class DropContext:
    """The end of a kept context."""

    name: str
    keys: tuple[Key, ...] = ()

    def apply(self, unit: Unit) -> bool:
        """Whether it was there."""
        return unit.session.run("DELETE FROM live_context WHERE name = ?", (self.name,)) > 0
