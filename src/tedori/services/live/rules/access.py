"""Who may write an entity, and who may read it: its owner, everywhere-actors, and whom its types are published to.

Pure; the wall is a piece of SQL over the alias `e` of live_entity, with `?` for parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

from tedori.kernel.organisations.rules import Forbidden, demand
from tedori.kernel.organisations.values import Actor

# Every type of the entity must be published: an owner's own rule goes before the general one.
PUBLISHED = """NOT EXISTS (SELECT 1 FROM live_entitytype wt WHERE wt.entity_id = e.id AND NOT EXISTS (
SELECT 1 FROM live_publication wp WHERE wp.tenant_id = wt.tenant_id AND wp.name = wt.name AND wp.level IN ({levels})
AND (wp.owner = e.owner OR (wp.owner = '' AND NOT EXISTS (SELECT 1 FROM live_publication wo
WHERE wo.tenant_id = wp.tenant_id AND wo.name = wp.name AND wo.owner = e.owner)))))"""


@dataclass(frozen=True, slots=True)
class Wall:
    """A condition of SQL that holds for the entities behind which a reader may look; empty: for all."""

    text: str = ""
    parameters: tuple[str, ...] = ()


def wall(actor: Actor) -> Wall:
    """What this actor may read."""
    if actor.everywhere:
        return Wall()
    if not actor.organisation:
        return Wall(PUBLISHED.format(levels="'public'"))
    published = PUBLISHED.format(levels="'public', 'members'")
    return Wall(f"(e.owner = ? OR {published})", (actor.organisation,))


def demand_writer(actor: Actor) -> None:
    """Raise SignInNeeded or Forbidden unless the actor may write at all."""
    if not actor.everywhere:
        demand(actor, "live.write", organisation=None)


def demand_owner(actor: Actor, owner: str) -> None:
    """Raise Forbidden unless the actor may change what belongs to this owner."""
    if not actor.everywhere and actor.organisation != owner:
        raise Forbidden(where=owner)
