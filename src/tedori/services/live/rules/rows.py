"""An entity as the rows by which it is found, and as rows of its history. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import uuid4

import orjson

from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.queries.scalars import Scalar, scalars
from tedori.engines.ngsild.storing import attribute_to_json
from tedori.engines.ngsild.values import Attribute

ValueRow = tuple[str, str | None, str, float | None, str | None, str | None, str | None, str | None]
PlaceRow = tuple[str, str | None, str, float, float, float, float]

PLAIN = frozenset({"value", "kind", "datasetId", "observedAt", "createdAt", "modifiedAt"})


def value_rows(
    name: str, instances: Iterable[Attribute], read: Callable[[Attribute], Sequence[Scalar]] = scalars
) -> Iterator[ValueRow]:
    """(name, dataset, kind, number, text, instant, lang, observed_at) of every scalar, at least one each."""
    for one in instances:
        observed = moment(one.observed_at)
        for kind, number, text, instant, lang in read(one):
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


class Histories:
    """Writes rows of the history; ids of instances are a name of its own and a running number."""

    def __init__(self, at: str, read: Callable[[Attribute], Sequence[Scalar]] = scalars) -> None:
        self.at = at
        self._read = read
        self._name = f"urn:ngsi-ld:instance:{uuid4()}"
        self._numbers = count(1)

    def rows(self, instances: Mapping[str, Iterable[tuple[str, Attribute]]]) -> Iterator[tuple]:
        """The instances that were written, and marks where some ended, without the entity's own columns.

        (instance, name, dataset, kind, value, number, text, observed_at, created_at, modified_at, deleted,
        subs)
        """
        for name, written in instances.items():
            for change, one in written:
                yield self._ended(name, one) if change == "deleted" else self._lived(name, one)

    def end(self, created_at: str | None) -> tuple:
        """The mark of the end of a whole entity."""
        return (
            self._id(),
            "",
            None,
            "Entity",
            None,
            None,
            None,
            None,
            created_at or self.at,
            self.at,
            True,
            None,
        )

    def _lived(self, name: str, one: Attribute) -> tuple:
        first = self._read(one)[0]
        return (
            self._id(), name, one.dataset_id, one.kind, orjson.dumps(one.value).decode(), first.number,
            first.text, moment(one.observed_at), one.created_at or self.at, one.modified_at or self.at,
            False, besides(one),
        )  # fmt: skip

    def _ended(self, name: str, one: Attribute) -> tuple:
        created = one.created_at or self.at
        return (
            self._id(),
            name,
            one.dataset_id,
            one.kind,
            None,
            None,
            None,
            None,
            created,
            self.at,
            True,
            None,
        )

    def _id(self) -> str:
        return f"{self._name}:{next(self._numbers)}"


def history_rows(instances: Mapping[str, Iterable[tuple[str, Attribute]]], at: str) -> Iterator[tuple]:
    """The rows of a few instances that stand for themselves."""
    return Histories(at).rows(instances)


def besides(one: Attribute) -> str | None:
    """The JSON of what the stored instance holds besides its value and times; None for nothing."""
    if not (one.attributes or one.unit_code or one.object_types or one.value_type or one.expires_at):
        return None
    rest = {key: value for key, value in attribute_to_json(one).items() if key not in PLAIN}
    return orjson.dumps(rest).decode()
