"""Who may hear of an entity, by the rules of publication at hand; the wall of `access` without SQL. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tedori.kernel.organisations.values import Actor

PUBLIC, MEMBERS = "public", "members"


@dataclass(frozen=True, slots=True)
class Publications:
    """The rules: (tenant, type, owner or "") → public, members or internal."""

    levels: Mapping[tuple[int, str, str], str]

    def readable(self, reader: Actor, tenant: int, owner: str, types: Iterable[str]) -> bool:
        """Whether this reader may read entities of these types of this owner."""
        if reader.everywhere or (owner and owner == reader.organisation):
            return True
        enough = (PUBLIC, MEMBERS) if reader.organisation else (PUBLIC,)
        return all(self.level(tenant, owner, name) in enough for name in types)

    def level(self, tenant: int, owner: str, name: str) -> str:
        """How far a type of an owner is published; the owner's own rule goes before the general one."""
        general = self.levels.get((tenant, name, ""), "")
        return self.levels.get((tenant, name, owner), general)
