"""An entity as the rows by which it is found, and as rows of its history. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import orjson

from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.queries.scalars import scalars
from tedori.engines.ngsild.storing import attribute_to_json
from tedori.engines.ngsild.values import Attribute

ValueRow = tuple[str, str | None, str, float | None, str | None, str | None, str | None, str | None]
PlaceRow = tuple[str, str | None, str, float, float, float, float]

PLAIN = frozenset({"value", "kind", "datasetId", "observedAt", "createdAt", "modifiedAt"})


def value_rows(name: str, instances: Iterable[Attribute]) -> Iterator[ValueRow]:
    """(name, dataset, kind, number, text, instant, lang, observed_at) of every scalar, at least one each."""
    for one in instances:
        observed = moment(one.observed_at)
        for kind, number, text, instant, lang in scalars(one):
            yield name, one.dataset_id, kind, number, text, instant, lang, observed


def moment(text: str | None) -> str | None:
    """A time as columns hold it."""
    if text is None:
        return None
    # What this house wrote itself has that form already.
    return text if len(text) == 27 and text[-1] == "Z" else sortable(text)


def place_rows(name: str, instances: Iterable[Attribute]) -> Iterator[PlaceRow]:
    """(name, dataset, geometry, minx, miny, maxx, maxy) of every geometry."""
    for one in instances:
        if one.kind == "GeoProperty" and isinstance(one.value, Mapping):
            points = list(_points(one.value))
            if points:
                xs, ys = [point[0] for point in points], [point[1] for point in points]
                geometry = orjson.dumps(one.value).decode()
                yield name, one.dataset_id, geometry, min(xs), min(ys), max(xs), max(ys)


def _points(geometry: Mapping[str, Any]) -> Iterator[list[float]]:
    if geometry.get("type") == "GeometryCollection":
        for part in geometry.get("geometries", ()):
            yield from _points(part)
    else:
        yield from _positions(geometry.get("coordinates", ()))


def _positions(coordinates: Any) -> Iterator[list[float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from _positions(part)


def history_rows(instances: Mapping[str, Iterable[tuple[str, Attribute]]], at: str) -> Iterator[tuple]:
    """The instances that were written, and marks where some ended, without the entity's own columns.

    (instance, name, dataset, kind, value, number, text, observed_at, created_at, modified_at, deleted, subs)
    """
    for name, written in instances.items():
        for change, one in written:
            yield _ended(name, one, at) if change == "deleted" else _lived(name, one, at)


def _lived(name: str, one: Attribute, at: str) -> tuple:
    first = scalars(one)[0]
    stored = attribute_to_json(one)
    rest = {key: value for key, value in stored.items() if key not in PLAIN}
    return (
        instance_id(), name, one.dataset_id, one.kind, orjson.dumps(stored["value"]).decode(), first.number,
        first.text, moment(one.observed_at), one.created_at or at, one.modified_at or at,
        False, orjson.dumps(rest).decode() if rest else None,
    )  # fmt: skip


def _ended(name: str, one: Attribute, at: str) -> tuple:
    return (
        instance_id(), name, one.dataset_id, one.kind, None, None, None, None, one.created_at or at, at, True, None
    )  # fmt: skip


def instance_id() -> str:
    """A new name for one instance in the history."""
    return f"urn:ngsi-ld:instance:{uuid4()}"
