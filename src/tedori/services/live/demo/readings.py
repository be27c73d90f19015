"""What the demo's sensors would say at a moment: invented, the same on every machine. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from tedori.services.live.demo.places import Place

SLOT = 20  # seconds for which a reading holds
JAPAN = timedelta(hours=9)
SILENT = 0.08  # share of the things whose sensors have fallen silent hours ago


def chance(*words: object) -> float:
    """A number from 0 to 1 that belongs to these words."""
    digest = sha256("|".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def silent(place: Place) -> bool:
    """Whether its sensor has fallen silent."""
    return chance("silent", place.urn) < SILENT


def steady(place: Place) -> dict[str, Any]:
    """What does not change: name, place, size."""
    found: dict[str, Any] = {
        "name": place.name,
        "location": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "municipalityCode": place.code,
    }
    if place.address:
        found["address"] = place.address
    if place.facility:
        found["facilityId"] = place.facility
    return found | EXTRAS.get(place.kind, _nothing)(place)


def _nothing(place: Place) -> dict[str, Any]:
    return {}


def _shelter_extras(place: Place) -> dict[str, Any]:
    return {"capacity": _capacity(place), "petsAccepted": chance("pets", place.urn) < 0.3}


def _toilet_extras(place: Place) -> dict[str, Any]:
    return {"stallCount": _stalls(place), "wheelchairAccessible": chance("wheels", place.urn) < 0.6}


EXTRAS: Mapping[str, Callable[[Place], dict[str, Any]]] = {
    "EvacuationShelter": _shelter_extras,
    "Toilet": _toilet_extras,
}


def now(place: Place, at: datetime) -> dict[str, Any]:
    """What its sensors say."""
    slot = int(at.timestamp()) // SLOT
    return READINGS[place.kind](place, _busy(at), chance(place.urn, slot))


def _busy(at: datetime) -> float:
    """How busy the city is at this time of day, from 0 to 1: little at night, most in the early evening."""
    hour = ((at + JAPAN).hour * 60 + (at + JAPAN).minute) / 60
    return max(0.05, 0.55 - 0.45 * math.cos((hour - 4.5) / 24 * 2 * math.pi))


def _capacity(place: Place) -> int:
    return 80 + 20 * int(chance("capacity", place.urn) * 30)


def _stalls(place: Place) -> int:
    return 2 + int(chance("stalls", place.urn) * 8)


def _shelter(place: Place, busy: float, luck: float) -> dict[str, Any]:
    kind, capacity = chance("state", place.urn), _capacity(place)
    if kind > 0.45:
        return {"status": "preparing" if kind > 0.92 else "closed", "peopleCount": 0}
    people = round(capacity * (0.25 + 0.6 * kind / 0.45) * (0.9 + 0.2 * luck))
    return {"status": "full" if people >= capacity else "open", "peopleCount": min(people, capacity)}


def _toilet(place: Place, busy: float, luck: float) -> dict[str, Any]:
    if chance("broken", place.urn) < 0.06:
        return {"status": "outOfService", "vacantCount": 0}
    used = round(_stalls(place) * busy * (0.3 + luck))
    return {"status": "open", "vacantCount": max(0, _stalls(place) - used)}


def _crowd(place: Place, busy: float, luck: float) -> dict[str, Any]:
    size = 200 + 1_800 * chance("size", place.urn)
    share = min(1.0, busy * (0.7 + 0.5 * luck))
    return {"peopleCount": round(size * share), "occupancy": round(share, 2), "congested": share > 0.8}


def _water(place: Place, busy: float, luck: float) -> dict[str, Any]:
    opened = chance("opened", place.urn) < 0.15
    full = 100_000 * (1 + int(chance("tank", place.urn) * 15))
    if not opened:
        return {"status": "standby", "waterStock": full}
    return {"status": "open", "waterStock": round(full * (0.4 + 0.2 * luck)), "waitingTime": round(25 * luck)}


READINGS: Mapping[str, Callable[[Place, float, float], dict[str, Any]]] = {
    "EvacuationShelter": _shelter,
    "Toilet": _toilet,
    "CrowdFlowObserved": _crowd,
    "WaterSupplyPoint": _water,
}
