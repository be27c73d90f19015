"""Telling the other services of this installation of changes of relayed types, as `live.changed` events."""

from __future__ import annotations

from datetime import datetime

import orjson
from django.db import transaction

from tedori.engines.ngsild.contexts import compiled
from tedori.engines.ngsild.storing import load
from tedori.engines.ngsild.writing import Form, write_entity
from tedori.kernel.events.actions import publish
from tedori.services.live.models import Change, Position, Publication
from tedori.services.live.rules.datamodels import context

RELAY = "relay"
BATCH = 200


def relay() -> int:
    """Tell the next changes; gives how many were looked at. Each is told once, in the order of the log.

    Payload: {"id", "types", "operation", "changed", "entity" (keyValues, None when it is gone)}.
    """
    with transaction.atomic():
        place, new = Position.objects.select_for_update().get_or_create(name=RELAY)
        if new:
            newest = Change.objects.order_by("-seq").values_list("seq", flat=True).first()
            place.position = newest or 0
        rows = list(Change.objects.filter(seq__gt=place.position).order_by("seq")[:BATCH])
        if not rows and not new:
            return 0
        relayed = set(Publication.objects.filter(relayed=True).values_list("tenant_id", "name", "owner"))
        for row in rows:
            if _wanted(row, relayed):
                _tell(row)
        place.position = rows[-1].seq if rows else place.position
        place.save()
    return len(rows)


def _wanted(row: Change, relayed: set[tuple[int, str, str]]) -> bool:
    types = orjson.loads(row.types)
    return any((row.tenant_id, name, owner) in relayed for name in types for owner in (row.owner, ""))


def _tell(row: Change) -> None:
    names = compiled(context()["@context"], load=lambda url: {})
    entity = write_entity(load(_text(row.doc)), names, Form("simplified")) if row.doc else None
    payload = {
        "id": row.urn,
        "types": [names.compact(one) for one in orjson.loads(row.types)],
        "operation": row.operation,
        "changed": {names.compact(one): what for one, what in orjson.loads(row.changed).items()},
        "entity": entity,
    }
    publish("live.changed", payload, key=row.urn, organisation=row.owner, at=datetime.fromisoformat(row.at))


def _text(doc: object) -> str | bytes:
    return doc if isinstance(doc, str) else orjson.dumps(doc)
