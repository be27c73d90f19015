"""The forms in which rows leave the house: JSON, GeoJSON, newline-delimited JSON, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import orjson

from tedori.engines.tabular.writing import neutral
from tedori.services.datasets.queries.shelves import BESIDE, PROVENANCE, Shelf
from tedori.services.datasets.queries.shelving import Found
from tedori.services.datasets.rules.asking import Ask

CONTENT = {
    "json": b"application/json",
    "geojson": b"application/geo+json",
    "ndjson": b"application/x-ndjson",
    "csv": b"text/csv; charset=utf-8",
}
APART = "."  # between organisation code and key in the id of a feature


def body(shelf: Shelf, found: Found, ask: Ask, *, following: str | None) -> bytes:
    """The found rows in the form that was asked for."""
    if ask.format == "geojson":
        return _geojson(shelf, found, ask, following)
    if ask.format == "csv":
        return _csv(shelf, found, ask)
    lines = lines_of(shelf, found.rows, ask.fields)
    if ask.format == "ndjson":
        return b"".join(line + b"\n" for line in lines)
    head = orjson.dumps({"dataset": shelf.slug, "matched": found.matched, "next": following})
    return head[:-1] + b',"rows":[' + b",".join(lines) + b"]}"


def lines_of(shelf: Shelf, rows: Sequence[int], fields: tuple[str, ...] = ()) -> list[bytes]:
    """Rows as JSON objects; with `fields`, only those items and where the row comes from."""
    if not fields:
        return shelf.lines(rows)
    chosen = shelf.frame[list(rows)].select(*fields, *PROVENANCE)
    return [orjson.dumps(values) for values in chosen.to_dicts()]


def feature_id(code: str, key: str) -> str:
    """The id of a row among all rows of its dataset."""
    return f"{code}{APART}{key}"


def features_of(
    shelf: Shelf,
    rows: Sequence[int],
    *,
    fields: tuple[str, ...] = (),
    points: Sequence[tuple[float, float]] | None = None,
) -> Iterator[bytes]:
    """Rows as GeoJSON features; one without a known place has no geometry.

    `points` are the places in a coordinate system of the caller's; without them longitude and latitude stand.
    """
    rows = list(rows)
    if points is None:
        points = list(zip(shelf.longitudes[rows], shelf.latitudes[rows], strict=True))
    for row, line, (x, y) in zip(rows, lines_of(shelf, rows, fields), points, strict=True):
        code, _, key = shelf.cursor(row).partition(BESIDE)
        geometry = None if x != x or y != y else {"type": "Point", "coordinates": [float(x), float(y)]}
        head = orjson.dumps({"type": "Feature", "id": feature_id(code, key), "geometry": geometry})
        yield head[:-1] + b',"properties":' + line + b"}"


def collection(features: Iterator[bytes], **members: object) -> bytes:
    """A FeatureCollection with further members."""
    head = orjson.dumps({"type": "FeatureCollection", **members})
    return head[:-1] + b',"features":[' + b",".join(features) + b"]}"


def _geojson(shelf: Shelf, found: Found, ask: Ask, following: str | None) -> bytes:
    return collection(
        features_of(shelf, found.rows, fields=ask.fields),
        numberMatched=found.matched,
        numberReturned=len(found.rows),
        links=[{"rel": "next", "href": following}] if following else [],
    )


def _csv(shelf: Shelf, found: Found, ask: Ask) -> bytes:
    chosen = shelf.frame[list(found.rows)].select(*(ask.fields or shelf.columns), *PROVENANCE)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(chosen.columns)
    for row in chosen.rows():
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")
