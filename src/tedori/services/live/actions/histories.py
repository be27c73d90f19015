"""What can be done to evolutions, as commands for the writer queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import orjson

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.evolving import SCOPE_IRI, arrive, latest
from tedori.engines.ngsild.patching import Outcome
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.entities import not_found, present
from tedori.services.live.actions.unit import Key, Stored, Unit
from tedori.services.live.queries.entities import DIALECTS
from tedori.services.live.queries.histories.instances import instances_of
from tedori.services.live.rules.access import demand_limits, demand_owner
from tedori.services.live.rules.rows import Histories, moment

OF = "tenant_id = ? AND urn = ? AND owner = ?"
CORRECTED = (
    "kind = ?, value = ?, number = ?, text = ?, observed_at = ?, modified_at = ?, subs = ?, deleted = ?"
)


@dataclass(frozen=True, slots=True)
class Record:
    """Instances for the evolution of an entity, which begins with them if `founding` and there is none yet.

    The newest become the present unless that is newer. An instance of the same moment as a known one
    takes its place, so that what is delivered twice counts once. Raises ResourceNotFound and Forbidden.
    """

    tenant: int
    evolution: Entity
    by: Actor
    founding: bool = True

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.evolution.id),)

    def apply(self, unit: Unit) -> bool:
        """Whether the evolution has begun with it."""
        urn = self.evolution.id
        there = unit.get(self.tenant, urn) is not None
        stored = present(unit, self.tenant, urn, self.by) if there or not self.founding else None
        demand_limits(self.by, urn, self.evolution.types)
        arrival = arrive(stored and stored.entity, self.evolution, at=unit.at)
        if stored is not None:
            _make_room(unit, self.tenant, stored, arrival.instances)
        if arrival.outcome is not None:
            _stand(unit, self.tenant, arrival.outcome, self.by, scoped=SCOPE_IRI in arrival.instances)
        written = {iri: [("created", one) for one in held] for iri, held in arrival.instances.items()}
        unit.record(self.tenant, urn, written)
        return stored is None


@dataclass(frozen=True, slots=True)
class Forget:
    """The end of an evolution; what is known from it alone goes with it.

    Raises ResourceNotFound and Forbidden.
    """

    tenant: int
    urn: str
    by: Actor

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.urn),)

    def apply(self, unit: Unit) -> None:
        """Forget it."""
        stored = unit.get(self.tenant, self.urn)
        if stored is None:
            owner = _departed(unit, self.tenant, self.urn, self.by)
        else:
            owner = present(unit, self.tenant, self.urn, self.by).owner
        if stored is not None and stored.from_history:
            unit.remove(self.tenant, self.urn, by=self.by.reference)
        unit.write_history()
        unit.session.run(f"DELETE FROM live_history WHERE {OF}", (self.tenant, self.urn, owner))  # noqa: S608


@dataclass(frozen=True, slots=True)
class ForgetAttribute:
    """The end of one attribute's evolution, or of that of one dataset.

    Raises ResourceNotFound and Forbidden.
    """

    tenant: int
    urn: str
    name: str
    dataset: str | None
    all: bool
    by: Actor

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.urn),)

    def apply(self, unit: Unit) -> None:
        """Forget it."""
        stored = _own(unit, self.tenant, self.urn, self.by)
        which, given = "", ()
        if not self.all:
            which, given = (
                (" AND dataset = ?", (self.dataset,)) if self.dataset else (" AND dataset IS NULL", ())
            )
        gone = unit.session.run(
            f"DELETE FROM live_history WHERE {OF} AND name = ?{which}",  # noqa: S608 - our own words
            (self.tenant, self.urn, stored.owner, self.name, *given),
        )
        if not gone:
            raise missing(self.name)
        _renew(unit, self.tenant, stored, self.name, self.by)


@dataclass(frozen=True, slots=True)
class ForgetInstance:
    """The end of one instance. Raises ResourceNotFound and Forbidden."""

    tenant: int
    urn: str
    name: str
    instance: str
    by: Actor

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.urn),)

    def apply(self, unit: Unit) -> None:
        """Forget it."""
        stored = _own(unit, self.tenant, self.urn, self.by)
        gone = unit.session.run(
            f"DELETE FROM live_history WHERE {OF} AND name = ? AND instance = ?",  # noqa: S608
            (self.tenant, self.urn, stored.owner, self.name, self.instance),
        )
        if not gone:
            raise missing(self.instance)
        _renew(unit, self.tenant, stored, self.name, self.by)


@dataclass(frozen=True, slots=True)
class Correct:
    """One instance as it should have been; its id and the time of its creation stay.

    Raises ResourceNotFound and Forbidden.
    """

    tenant: int
    urn: str
    name: str
    instance: str
    value: Attribute
    by: Actor

    @property
    def keys(self) -> tuple[Key, ...]:
        """The entity's key."""
        return ((self.tenant, self.urn),)

    def apply(self, unit: Unit) -> None:
        """Correct it."""
        stored = _own(unit, self.tenant, self.urn, self.by)
        written = {self.name: [("updated", replace(self.value, created_at=None, modified_at=unit.at))]}
        (row,) = Histories(unit.at).rows(written)
        _, _, _, kind, value, number, text, observed, _, modified, _, subs = row
        corrected = unit.session.run(
            f"UPDATE live_history SET {CORRECTED} WHERE {OF} AND name = ? AND instance = ?",  # noqa: S608
            (kind, value, number, text, observed, modified, subs, False, self.tenant, self.urn, stored.owner,
             self.name, self.instance),
        )  # fmt: skip
        if not corrected:
            raise missing(self.instance)
        _renew(unit, self.tenant, stored, self.name, self.by)


def missing(what: str) -> NgsiLdError:
    """The error for an attribute or instance that an evolution has not."""
    return NgsiLdError(
        "ResourceNotFound", "The evolution has no such attribute or instance.", detail=what, where=what
    )


def _make_room(unit: Unit, tenant: int, stored: Stored, instances: Mapping[str, Iterable[Attribute]]) -> None:
    """Forget the instances of the same moments as these."""
    same = DIALECTS[unit.session.vendor].same
    unit.write_history()
    unit.session.many(
        f"DELETE FROM live_history WHERE {OF} AND name = ? AND observed_at = ? AND dataset {same} ?",  # noqa: S608
        [
            (tenant, stored.entity.id, stored.owner, iri, moment(one.observed_at), one.dataset_id)
            for iri, held in instances.items()
            for one in held
            if one.observed_at is not None
        ],
    )


def _own(unit: Unit, tenant: int, urn: str, by: Actor) -> Stored:
    """The entity, what was recorded of it so far written down; raises ResourceNotFound or Forbidden."""
    stored = present(unit, tenant, urn, by)
    unit.write_history()
    return stored


def _departed(unit: Unit, tenant: int, urn: str, by: Actor) -> str:
    """Whose evolution of an entity that is no more there is; raises ResourceNotFound or Forbidden."""
    unit.write_history()
    row = unit.session.one(
        "SELECT owner, types FROM live_history WHERE tenant_id = ? AND urn = ? ORDER BY id DESC LIMIT 1",
        (tenant, urn),
    )
    if row is None:
        raise not_found(urn)
    demand_owner(by, row[0])
    demand_limits(by, urn, orjson.loads(row[1]))
    return row[0]


def _renew(unit: Unit, tenant: int, stored: Stored, name: str, by: Actor) -> None:
    """Where the present is known from the evolution alone it follows what is left of that."""
    if not stored.from_history:
        return
    entity = stored.entity
    left = instances_of(unit.session, tenant, entity.id, name, owner=stored.owner)
    _stand(unit, tenant, _without(entity, name, latest(left, unit.at), unit.at), by, scoped=True)


def _without(entity: Entity, name: str, instances: Iterable[Attribute], at: str) -> Outcome:
    """The entity with these instances of an attribute instead of those that it has."""
    if name == SCOPE_IRI:
        values = [one.value if isinstance(one.value, list) else [one.value] for one in instances]
        after = replace(entity, scopes=tuple(values[0]) if values else (), modified_at=at)
        return Outcome(after, {SCOPE_IRI: "updated"})
    held = {iri: given for iri, given in entity.attributes.items() if iri != name}
    kept = tuple(replace(one, instance_id=None) for one in instances)
    after = replace(entity, attributes={**held, name: kept} if kept else held, modified_at=at)
    return Outcome(after, {name: "updated" if kept else "deleted"}, {name: ()})


def _stand(unit: Unit, tenant: int, outcome: Outcome, by: Actor, *, scoped: bool) -> None:
    """The present stands as the outcome has it; its evolution is recorded by itself."""
    bare = replace(outcome, instances=dict.fromkeys(outcome.instances, ()))
    unit.put(tenant, bare, owner=by.organisation, by=by.reference, from_history=True, recorded=scoped)
