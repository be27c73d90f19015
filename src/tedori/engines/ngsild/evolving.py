"""How the present follows from an evolution: of each attribute and dataset the newest instance holds.

Scopes evolve like a Property under the IRI of `scope`, without datasets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tedori.engines.ngsild.combining import stamped
from tedori.engines.ngsild.instants import read_instant, sortable
from tedori.engines.ngsild.patching import Outcome, append, create
from tedori.engines.ngsild.reading import SCOPE_IRI, read_scopes
from tedori.engines.ngsild.values import Attribute, Entity

Instances = Mapping[str, tuple[Attribute, ...]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came with an evolution: all its instances, stamped, and what they make of the present.

    `outcome` is None where nothing of it is newer than what there is.
    """

    instances: Instances
    outcome: Outcome | None


def arrive(present: Entity | None, evolution: Entity, *, at: str) -> Arrival:
    """Instances of an evolution arrive where `present` stands (None: where there is nothing yet)."""
    instances = {
        iri: tuple(stamped(one, at) for one in held) for iri, held in evolution.attributes.items() if held
    }
    newest = {iri: tuple(latest(held, at)) for iri, held in instances.items() if iri != SCOPE_IRI}
    fragment = replace(evolution, attributes=newest)
    if present is None:
        return Arrival(instances, create(fragment, at=at))
    newer = {iri: kept for iri, held in newest.items() if (kept := _newer(present, iri, held, at))}
    outcome = append(present, replace(fragment, attributes=newer), at=at)
    return Arrival(instances, outcome if outcome.changes else None)


def latest(instances: Iterable[Attribute], at: str) -> Iterable[Attribute]:
    """The newest instance of each dataset; of several with the same time the last one."""
    held: dict[str | None, Attribute] = {}
    for one in instances:
        known = held.get(one.dataset_id)
        if known is None or moment_of(one, at) >= moment_of(known, at):
            held[one.dataset_id] = one
    return held.values()


def moment_of(one: Attribute, at: str) -> str:
    """Since when an instance holds: when it was observed, or else written."""
    return sortable(one.observed_at or one.modified_at or at)


def read_scope_history(value: Any) -> tuple[Attribute, ...]:
    """The instances of a scope in an evolution: plain scopes are one, without a time of their own."""
    given = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
    return tuple(_scope(one, f"$.scope[{number}]") for number, one in enumerate(given))


def scope_instance(scopes: tuple[str, ...], at: str) -> Attribute:
    """Scopes that changed at a time, as an instance in the evolution (4.5.6)."""
    value = scopes[0] if len(scopes) == 1 else list(scopes)
    return Attribute("Property", value, observed_at=at, created_at=at, modified_at=at)


def _scope(given: Any, where: str) -> Attribute:
    observed = given.get("observedAt") if isinstance(given, dict) else None
    scopes = read_scopes(given, where=where)
    return Attribute(
        "Property",
        scopes[0] if len(scopes) == 1 else list(scopes),
        observed_at=read_instant(observed, where=f"{where}.observedAt") if observed is not None else None,
    )


def _newer(present: Entity, iri: str, instances: Iterable[Attribute], at: str) -> tuple[Attribute, ...]:
    """Those instances that are at least as new as what there is of them."""
    known = {one.dataset_id: moment_of(one, at) for one in present.attributes.get(iri, ())}
    return tuple(one for one in instances if moment_of(one, at) >= known.get(one.dataset_id, ""))
