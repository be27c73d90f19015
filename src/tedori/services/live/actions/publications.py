"""Deciding who may read the entities of a type, when their readings are old, and whether they are relayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.rules import Forbidden, demand
from tedori.kernel.organisations.values import Actor
from tedori.services.live.models import Publication
from tedori.services.live.rules.datamodels import short

REASON = 500  # letters


@dataclass(frozen=True, slots=True)
class Rule:
    """How a type is published: `level` public, members, internal; `fresh_minutes` None as its model says."""

    level: str
    fresh_minutes: int | None = None
    relayed: bool = False
    reason: str = ""


@transaction.atomic
def publish(name: str, rule: Rule, *, tenant: int, owner: str, by: Actor, at: datetime) -> None:
    """A type (IRI) of an owner is published so; without an owner it is everybody's who has no own rule.

    Raises Forbidden for somebody else's.
    """
    if rule.level not in Publication.Level.values:
        raise ValueError(f"no such level: {rule.level}")
    if not owner and not by.everywhere:
        raise Forbidden(where=name)
    demand(by, "live.publication", organisation=owner or None)
    written = {
        "level": rule.level,
        "fresh_minutes": rule.fresh_minutes,
        "relayed": rule.relayed,
        "reason": rule.reason[:REASON],
    }
    set_by = {"set_by": by.reference, "set_at": at.isoformat()}
    Publication.objects.update_or_create(tenant_id=tenant, name=name, owner=owner, defaults=written | set_by)
    record(
        "live.publish",
        by=by,
        at=at,
        organisation=owner,
        subject=f"live/type:{short(name)}",
        grounds=written | {"type": name},
    )
