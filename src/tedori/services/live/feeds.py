"""What other services write here by telling it, and what they hear of changes of relayed types.

`live.write`: payload {"entities": [NGSI-LD documents], "delete": [ids]}, names as in our data models; the
organisation of the event owns what is new. What is older than what is here, or the same, changes nothing, so
that an event may come twice. `live.changed` is told by `tedori links` (actions/relaying.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from tedori.engines.ngsild.contexts import compiled, unavailable
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.values import Entity
from tedori.kernel.events.rules import Event, handles
from tedori.services.live.actions.linking.taking import Take
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.unit import Unit
from tedori.services.live.actions.writing import carry_out, column_time
from tedori.services.live.queries.store import Session
from tedori.services.live.queries.tenants import DEFAULT
from tedori.services.live.rules.datamodels import context

MOST = 10_000


@handles("live.write", consumer="live")
def write(event: Event) -> None:
    """Take in what another service says is true now; raises for the whole event when one entity is wrong."""
    payload = event.payload
    entities = [*_entities(payload), *_deletions(payload, column_time(event.at))]
    connection.ensure_connection()
    session = Session(connection.connection, connection.vendor)
    unit = Unit(session, column_time(timezone.now()))
    tenant = Found(DEFAULT).apply(unit)
    by = f"event:{event.id}"
    takes = [Take(tenant, event.organisation, by, one) for one in entities]
    for outcome in carry_out(unit, takes):
        if isinstance(outcome, Exception):
            raise outcome


def _entities(payload: Mapping[str, object]) -> list[Entity]:
    found = payload.get("entities", [])
    if not isinstance(found, list) or len(found) > MOST:
        raise bad_request("entities is an array, and not too long a one.", where="$.entities")
    names = compiled(context()["@context"], load=_nowhere)
    return [read_entity(_plain(one), names) for one in found]


def _nowhere(url: str) -> dict[str, Any]:
    raise unavailable(url)


def _plain(document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    return {name: value for name, value in document.items() if name != "@context"}


def _deletions(payload: Mapping[str, object], at: str) -> Iterator[Entity]:
    for urn in payload.get("delete", ()) or ():
        yield Entity(str(urn), (), deleted_at=at)
