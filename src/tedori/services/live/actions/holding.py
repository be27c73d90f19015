"""Values that a person sets: they stay until a person lets them go, whatever sensors and partners say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.ngsiv2.entities import shown
from tedori.engines.ngsild.ngsiv2.names import iri_of
from tedori.engines.ngsild.patching import Outcome, append
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.entities import Change
from tedori.services.live.actions.writing import WRITER, column_time
from tedori.services.live.queries.tenants import DEFAULT, tenant_id
from tedori.services.live.rules.conflicts import PERSON, by_person

PERMISSION = "live.hold"


@dataclass(frozen=True, slots=True)
class Held:
    """What a person decided."""

    urn: str
    attribute: str
    value: str
    reason: str


def hold(what: Held, *, by: Actor, at: datetime) -> None:
    """Set the value of an attribute that is there; raises ResourceNotFound and Forbidden."""
    demand(by, PERMISSION, organisation=None)
    iri, value = iri_of(what.attribute), meant(what.value)
    moment = column_time(at)

    def work(entity: Entity, now: str) -> Outcome:
        old = shown(_there(entity, iri))
        new = replace(
            old, value=value, observed_at=moment,
            attributes={**old.attributes, PERSON: (Attribute("Property", "person"),)},
        )  # fmt: skip
        return append(entity, Entity(entity.id, (), {iri: (new,)}), at=now)

    _write(what, work, by=by)
    _note("live.held", what, by=by, at=at)


def release(what: Held, *, by: Actor, at: datetime) -> None:
    """Let sensors and partners speak again about an attribute."""
    demand(by, PERMISSION, organisation=None)
    iri = iri_of(what.attribute)

    def work(entity: Entity, now: str) -> Outcome:
        fragment = {}
        several = tuple(one for one in _there(entity, iri) if by_person(one))
        if several:
            fragment[iri] = tuple(
                replace(one, attributes={name: sub for name, sub in one.attributes.items() if name != PERSON})
                for one in several
            )
        return append(entity, Entity(entity.id, (), fragment), at=now)

    _write(what, work, by=by)
    _note("live.released", what, by=by, at=at)


def meant(text: str) -> Any:
    """The value that a person typed: a number, true or false as such, all else as text."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value if isinstance(value, int | float | bool) else text


def _there(entity: Entity, iri: str) -> tuple[Attribute, ...]:
    if iri not in entity.attributes:
        raise NgsiLdError("ResourceNotFound", "The entity has no such attribute.", where=iri)
    return entity.attributes[iri]


def _write(what: Held, work: Any, *, by: Actor) -> None:
    tenant = tenant_id(DEFAULT)
    if tenant is None:
        raise NgsiLdError("ResourceNotFound", "There is no such entity.", where=what.urn)
    WRITER.write_now(Change(tenant, what.urn, work, by))


@transaction.atomic
def _note(action: str, what: Held, *, by: Actor, at: datetime) -> None:
    grounds = {"attribute": what.attribute, "reason": what.reason}
    subject = f"live/entity/{what.urn}"[:200]
    record(action, by=by, at=at, organisation=by.organisation, subject=subject, grounds=grounds)
