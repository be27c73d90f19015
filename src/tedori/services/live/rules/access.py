"""Who may write an entity, and who may read it: its owner, and those to whom its types are published.

Pure; a wall is a condition of SQL over an alias of live_entity, with `?` for parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tedori.engines.ngsild.queries.rows import Sql
from tedori.kernel.organisations.rules import Forbidden, demand
from tedori.kernel.organisations.values import Actor
from tedori.services.live.rules.datamodels import short

WRITE = "live.write"
# Every type of the entity must be published: an owner's own rule goes before the general one.
PUBLISHED = """NOT EXISTS (SELECT 1 FROM live_entitytype wt WHERE wt.entity_id = {e}.id AND NOT EXISTS (
SELECT 1 FROM live_publication wp
WHERE wp.tenant_id = wt.tenant_id AND wp.name = wt.name AND wp.level IN ({levels})
AND (wp.owner = {e}.owner OR (wp.owner = '' AND NOT EXISTS (SELECT 1 FROM live_publication wo
WHERE wo.tenant_id = wp.tenant_id AND wo.name = wp.name AND wo.owner = {e}.owner)))))"""


Wall = Callable[[str], Sql]


def wall(actor: Actor) -> Wall | None:
    """What this actor may read; None: everything."""
    if actor.everywhere:
        return None
    if not actor.organisation:
        return lambda alias: Sql(PUBLISHED.format(e=alias, levels="'public'"))
    levels = "'public', 'members'"
    return lambda alias: Sql(
        f"({alias}.owner = ? OR {PUBLISHED.format(e=alias, levels=levels)})", (actor.organisation,)
    )


def demand_writer(actor: Actor) -> None:
    """Raise SignInNeeded or Forbidden unless the actor may write at all."""
    if not actor.everywhere and not any(limits(actor)):
        demand(actor, WRITE, organisation=None)


def demand_owner(actor: Actor, owner: str) -> None:
    """Raise Forbidden unless the actor may change what belongs to this owner."""
    if not actor.everywhere and actor.organisation != owner:
        raise Forbidden(where=owner)


def demand_limits(actor: Actor, urn: str, types: Iterable[str]) -> None:
    """Raise Forbidden when a token is limited to other types or places than those of this entity."""
    if not within_limits(actor, urn, types):
        raise Forbidden(where=urn)


def within_limits(actor: Actor, urn: str, types: Iterable[str]) -> bool:
    """Whether the limits of a token, if it has any, let it write an entity of these types."""
    if actor.token_id is None or WRITE in actor.scopes:
        return True
    places = set(urn.split(":"))
    kinds = {kind for kind, place in limits(actor) if not place or place in places}
    return all(kinds & {"", name, short(name)} for name in types)


def limits(actor: Actor) -> Iterator[tuple[str, str]]:
    """The types and places that a token may write: `live.write:Toilet@131016` is ("Toilet", "131016").

    Either may be left out. A type is its short name or its IRI; a place is a municipality's code, which
    stands as a part of its own in the ids of its entities.
    """
    for scope in actor.scopes:
        name, _, limit = scope.partition(":")
        if name == WRITE and limit:
            kind, _, place = limit.rpartition("@") if "@" in limit else (limit, "", "")
            yield kind, place
