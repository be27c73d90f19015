"""Writes the demo's entities and a day of their readings, and publishes their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tedori.engines.ngsild.contexts import Context, compiled
from tedori.engines.ngsild.patching import append
from tedori.engines.ngsild.reading import read_entity
from tedori.engines.ngsild.values import Entity
from tedori.kernel.demo import World
from tedori.kernel.organisations.values import Actor, system_actor
from tedori.services.live.actions.entities import Batch, Upsert
from tedori.services.live.actions.publications import Rule, publish
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.demo.places import Place, places
from tedori.services.live.demo.readings import now, silent, steady
from tedori.services.live.queries.tenants import DEFAULT
from tedori.services.live.rules.datamodels import context, document, models

HOUSE = system_actor("demo")
HOURS = (24, 20, 16, 12, 9, 6, 3, 1, 0)  # before the world's moment
SILENT_SINCE = 5  # hours, of those whose sensors have fallen silent
STEP = "ライブ情報を入れる"
REASON = "住民がいまの状況を知るため（デモ）"
OUTAGE = {
    "name": "中央町の断水",
    "status": "recovering",
    "areaServed": "中央町1丁目から3丁目",
    "affectedHouseholds": 320,
    "cause": "水道管の破損",
}


def build(world: World) -> None:
    """Entities, a day of readings, rules of publication."""
    tenant = WRITER.write_now(Found(DEFAULT))
    there = places(world.only)
    for done, hours in enumerate(HOURS, start=1):
        at = world.at - timedelta(hours=hours)
        speaking = [one for one in there if hours >= SILENT_SINCE or not silent(one)]
        write(tenant, speaking, at, whole=hours == HOURS[0])
        world.progress(STEP, done, len(HOURS) + 1)
    _write(tenant, _incidents(there, world.at))
    for model in models().values():
        publish(model.iri, Rule("public", reason=REASON), tenant=tenant, owner="", by=HOUSE, at=world.at)
    WRITER.close()
    world.progress(STEP, len(HOURS) + 1, len(HOURS) + 1)


def write(tenant: int, there: Iterable[Place], at: datetime, *, whole: bool) -> None:
    """What the sensors say at a moment becomes the present; with `whole` also what never changes."""
    found = [(place.code, _entity(place, at, whole=whole)) for place in there]
    _write(tenant, found)


def _write(tenant: int, found: Sequence[tuple[str, Entity]]) -> None:
    commands = tuple(Upsert(tenant, entity, _added(entity), acting(code)) for code, entity in found)
    for outcome in WRITER.write_now(Batch(commands)):
        if isinstance(outcome, Exception):
            raise outcome


def _added(entity: Entity) -> Any:
    return lambda stood, at: append(stood, entity, overwrite=True, at=at)


def acting(code: str) -> Actor:
    """The house, acting for the municipality whose sensors these would be."""
    return replace(HOUSE, organisation=code)


def _entity(place: Place, at: datetime, *, whole: bool) -> Entity:
    values = {**(steady(place) if whole else {}), **now(place, at)}
    return entity_of(place.kind, place.urn, values, at)


def entity_of(kind: str, urn: str, values: Mapping[str, Any], at: datetime) -> Entity:
    """An entity of one of our models."""
    told = document(models()[kind], urn, values, observed_at=f"{at:%Y-%m-%dT%H:%M:%SZ}")
    return read_entity(told, _context())


def _context() -> Context:
    return compiled(context()["@context"], load=_nowhere)


def _nowhere(url: str) -> dict[str, Any]:
    raise LookupError(url)


def _incidents(there: Sequence[Place], at: datetime) -> list[tuple[str, Entity]]:
    """A water outage and a warning in the first municipality of the demo."""
    points = [one for one in there if one.kind == "WaterSupplyPoint"][:1]
    found = []
    for point in points:
        outage = OUTAGE | {
            "startedAt": f"{at - timedelta(hours=6):%Y-%m-%dT%H:%M:%SZ}",
            "expectedRestoration": f"{at + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}",
            "location": {"type": "Point", "coordinates": [point.longitude - 0.006, point.latitude]},
            "municipalityCode": point.code,
            "refWaterSupplyPoint": [point.urn],
        }
        alert = {
            "name": "強風注意報",
            "severity": "low",
            "category": "weather",
            "subCategory": "wind",
            "dateIssued": f"{at - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}",
            "areaServed": point.name.partition(" ")[0],
            "municipalityCode": point.code,
        }
        for kind, values in (("WaterOutage", outage), ("Alert", alert)):
            found.append((point.code, entity_of(kind, f"urn:ngsi-ld:{kind}:{point.code}:1", values, at)))
    return found
