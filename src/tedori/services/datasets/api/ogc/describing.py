"""The landing page of `/ogc`, what it conforms to, its collections and their items."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from tedori.engines.tabular.definitions import standard
from tedori.engines.tabular.values import Item
from tedori.services.datasets.api import naming
from tedori.services.datasets.api.answers import address, as_json, interface
from tedori.services.datasets.api.describing import by_dataset, licence_value
from tedori.services.datasets.api.ogc.crs import CRS84, SYSTEMS
from tedori.services.datasets.queries.catalogue import Record
from tedori.services.datasets.queries.extents import extent
from tedori.services.datasets.queries.shelves import TYPES
from tedori.services.datasets.rules.errors import NotFound

JSON, GEOJSON = "application/json", "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
SPEC = "http://www.opengis.net/spec"
CLASSES = (
    *(f"{SPEC}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")),
    f"{SPEC}/ogcapi-features-2/1.0/conf/crs",
    *(
        f"{SPEC}/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{SPEC}/cql2/1.0/conf/{name}"
        for name in ("cql2-text", "basic-cql2", "advanced-comparison-operators", "basic-spatial-functions")
    ),
)
PLAIN = {"Int64": "integer", "Float64": "number", "String": "string"}


def link(request: HttpRequest, path: str, rel: str, kind: str, title: str = "") -> dict[str, str]:
    """One link."""
    found = {"href": address(request, path), "rel": rel, "type": kind}
    return found | ({"title": title} if title else {})


@interface
def landing(request: HttpRequest) -> HttpResponse:
    """Where everything is."""
    links = [
        link(request, "/ogc/", "self", JSON),
        link(request, "/ogc/api", "service-desc", OPENAPI),
        link(request, "/api/v1/docs", "service-doc", "text/html"),
        link(request, "/ogc/conformance", "conformance", JSON),
        link(request, "/ogc/conformance", f"{REL}/conformance", JSON),
        link(request, "/ogc/collections", "data", JSON),
        link(request, "/ogc/collections", f"{REL}/data", JSON),
    ]
    text = "東京都と区市町村の標準データセット / Standard datasets of Tokyo and its municipalities"
    return as_json({"title": "Tedori", "description": text, "links": links})


@interface
def conformance(request: HttpRequest) -> HttpResponse:
    """What this follows."""
    return as_json({"conformsTo": list(CLASSES)})


def published_records(slug: str) -> list[Record]:
    """What is public of a dataset; raises NotFound when nothing is."""
    found = by_dataset().get(slug)
    if not found:
        raise NotFound(where=slug)
    return found


@interface
def collections(request: HttpRequest) -> HttpResponse:
    """Every dataset that somebody publishes."""
    found = [_collection(request, slug, records) for slug, records in by_dataset().items() if records]
    return as_json(
        {
            "links": [link(request, "/ogc/collections", "self", JSON)],
            "crs": list(SYSTEMS),
            "collections": found,
        }
    )


@interface
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """One dataset."""
    return as_json(_collection(request, slug, published_records(slug)))


def _collection(request: HttpRequest, slug: str, records: list[Record]) -> dict[str, Any]:
    here = f"/ogc/collections/{slug}"
    title, text = naming.title(slug), naming.text(slug)
    around = extent([record.version for record in records])
    licences = {record.version.licence for record in records}
    first = licence_value(licences.pop()) if len(licences) == 1 else None
    links = [
        link(request, here, "self", JSON),
        link(request, f"{here}/items", "items", GEOJSON),
        link(request, f"{here}/queryables", f"{REL}/queryables", SCHEMA),
        link(request, f"{here}/schema", "describedby", SCHEMA),
        link(request, f"/datasets/{slug}/", "alternate", "text/html"),
    ]
    if first:
        links.append({"href": first["address"], "rel": "license", "title": first["code"]})
    placed = {"extent": {"spatial": {"bbox": [around.corners], "crs": CRS84}}} if around else {}
    return {
        "id": slug,
        "title": str(title),
        "description": f"{text.ja} / {text.en}",
        "itemType": "feature",
        "crs": list(SYSTEMS),
        "storageCrs": CRS84,
        "links": links,
        **placed,
    }


@interface
def queryables(request: HttpRequest, slug: str) -> HttpResponse:
    """The items that a filter may name."""
    place = {"geometry": {"x-ogc-role": "primary-geometry", "format": "geometry-point"}}
    return _schema(request, slug, "queryables", place)


@interface
def schema(request: HttpRequest, slug: str) -> HttpResponse:
    """The items of a row."""
    place = {"geometry": {"x-ogc-role": "primary-geometry", "format": "geometry-point"}}
    return _schema(request, slug, "schema", place)


def _schema(request: HttpRequest, slug: str, name: str, place: dict[str, Any]) -> HttpResponse:
    published_records(slug)
    items = {item.name: _property(item) for item in standard()[slug].items}
    origin = {column: {"type": PLAIN[str(kind)]} for column, kind in TYPES.items()}
    answer = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address(request, f"/ogc/collections/{slug}/{name}"),
        "type": "object",
        "title": str(naming.title(slug)),
        "properties": items | origin | place,
        # Extra columns that only one publisher has may be named too.
        "additionalProperties": True,
    }
    return as_json(answer, kind=SCHEMA)


def _property(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string", "title": item.english or item.name}
    if item.codes and item.codes.closed and not item.many:
        found["enum"] = list(item.codes.values)
    return found
