"""What is written and asked: toilets all over a city as NGSI-LD documents, always the same by number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

KIND = "Toilet"
WEST, SOUTH, WIDE, HIGH = 139.55, 35.55, 0.4, 0.3


def urn(number: int) -> str:
    """The id of the thing of a number."""
    return f"urn:ngsi-ld:Toilet:{number:07d}"


def place(number: int) -> tuple[float, float]:
    """Where it stands: longitude and latitude in degrees, spread evenly over the city."""
    x, y = number * 0.7548776662466927 % 1, number * 0.5698402909980532 % 1
    return round(WEST + WIDE * x, 6), round(SOUTH + HIGH * y, 6)


def thing(number: int, turn: int = 0) -> dict[str, Any]:
    """The document of a thing; `turn` changes what sensors tell."""
    level = (number * 7919 + turn * 104_729) % 1000
    return {
        "id": urn(number),
        "type": KIND,
        "name": {"type": "Property", "value": f"公衆トイレ {number:07d}"},
        "condition": {"type": "Property", "value": "open" if (number + turn) % 2 else "closed"},
        "occupancy": {"type": "Property", "value": level, "unitCode": "C62", "observedAt": instant(turn)},
        "capacity": {"type": "Property", "value": 2 + number % 30},
        "refArea": {"type": "Relationship", "object": f"urn:ngsi-ld:Area:{number % 500}"},
        "location": {
            "type": "GeoProperty",
            "value": {"type": "Point", "coordinates": list(place(number))},
        },
    }


def instant(turn: int) -> str:
    """The moment of a turn."""
    return f"{datetime(2026, 10, 1, tzinfo=UTC) + timedelta(seconds=turn % 2_000_000):%Y-%m-%dT%H:%M:%SZ}"


def body(number: int, turn: int = 0) -> bytes:
    """The document as JSON."""
    return orjson.dumps(thing(number, turn))


def reading(number: int, turn: int) -> bytes:
    """A new value of `occupancy` as JSON."""
    return orjson.dumps({"value": (number + turn) % 1000, "observedAt": instant(turn)})
