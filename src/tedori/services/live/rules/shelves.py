"""Where the lake keeps the evolution of a type, hour by hour, and in which columns. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import polars as pl

COLUMNS = {
    "id": pl.String,
    "owner": pl.String,
    "attribute": pl.String,
    "dataset": pl.String,
    "kind": pl.String,
    "value": pl.String,
    "number": pl.Float64,
    "text": pl.String,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
    "observed_at": pl.String,
    "created_at": pl.String,
    "modified_at": pl.String,
    "deleted": pl.Boolean,
    "instance": pl.String,
}
"""A row is an instance; `value` is JSON, `attribute` an IRI, times are `YYYY-MM-DDTHH:MM:SS.ffffffZ`."""


def shelf(tenant: int, name: str) -> str:
    """The name under which the lake keeps a type: its short name, told apart by a piece of its hash."""
    short = re.sub(r"[^a-z0-9]+", "-", re.split(r"[/#]", name)[-1].lower()).strip("-")[:40]
    return f"live/t{tenant}/{short or 'type'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def number_of(hour: str) -> int:
    """An hour (`2026-04-01T09`) as a number that sorts alike: 2026040109."""
    return int(re.sub(r"\D", "", hour))


def types_in(text: str) -> tuple[str, ...]:
    """The types of an instance's entity, as the history keeps them."""
    return tuple(orjson.loads(text))


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of the history as the lake keeps them, in the order of their writing."""
    return pl.DataFrame([_row(one) for one in rows], schema=COLUMNS, orient="row")


def _row(one: Mapping[str, Any]) -> tuple[Any, ...]:
    longitude, latitude = _point(one["value"]) if one["kind"] == "GeoProperty" else (None, None)
    return (
        one["urn"], one["owner"], one["name"], one["dataset"], one["kind"], one["value"], one["number"],
        one["text"], longitude, latitude, one["observed_at"], one["created_at"], one["modified_at"],
        bool(one["deleted"]), one["instance"],
    )  # fmt: skip


def _point(value: str | None) -> tuple[float | None, float | None]:
    geometry = orjson.loads(value) if value else None
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None, None
    longitude, latitude = geometry["coordinates"][:2]
    return float(longitude), float(latitude)
