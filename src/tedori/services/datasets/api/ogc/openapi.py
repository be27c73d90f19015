"""The OpenAPI description of `/ogc`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from tedori.kernel.errors import PROBLEM
from tedori.services.datasets.api.answers import address, as_json, interface
from tedori.services.datasets.api.ogc.crs import CRS84, SYSTEMS
from tedori.services.datasets.api.ogc.describing import GEOJSON, JSON, OPENAPI, SCHEMA
from tedori.services.datasets.api.ogc.items import MOST, USUAL

OBJECT = {"type": "object"}


def _told(text: str, *, kind: str = JSON) -> dict[str, Any]:
    problem = {"description": "problem", "content": {PROBLEM: {"schema": OBJECT}}}
    return {
        "200": {"description": text, "content": {kind: {"schema": OBJECT}}},
        "400": problem,
        "404": problem,
        "429": problem,
    }


def _get(name: str, text: str, *, kind: str = JSON, parameters: tuple[str, ...] = ()) -> dict[str, Any]:
    references = [{"$ref": f"#/components/parameters/{parameter}"} for parameter in parameters]
    return {
        "get": {
            "operationId": name,
            "summary": text,
            "parameters": references,
            "responses": _told(text, kind=kind),
        }
    }


def _parameter(name: str, text: str, *, place: str = "query", **schema: Any) -> dict[str, Any]:
    found = {"name": name, "in": place, "description": text, "schema": {"type": "string"} | schema}
    if schema.get("type") == "array":
        found |= {"style": "form", "explode": False}
    return found | ({"required": True} if place == "path" else {})


_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
_SYSTEM = {"format": "uri", "enum": list(SYSTEMS), "default": CRS84}
PARAMETERS = {
    "collectionId": _parameter("collectionId", "データセット / dataset", place="path"),
    "featureId": _parameter("featureId", "行 / row", place="path"),
    "limit": _parameter("limit", "件数 / how many", type="integer", minimum=1, maximum=MOST, default=USUAL),
    "offset": _parameter("offset", "飛ばす件数 / how many to skip", type="integer", minimum=0, default=0),
    "bbox": _parameter("bbox", "範囲 / box", **_NUMBERS),
    "bbox-crs": _parameter("bbox-crs", "bbox の座標系 / system of the box", **_SYSTEM),
    "crs": _parameter("crs", "答えの座標系 / system of the answer", **_SYSTEM),
    "datetime": _parameter("datetime", "行に時刻はない / rows have no time; all match"),
    "filter": _parameter("filter", "CQL2 の条件 / condition in CQL2"),
    "filter-lang": _parameter(
        "filter-lang", "条件の書き方 / language", enum=["cql2-text"], default="cql2-text"
    ),
    "filter-crs": _parameter("filter-crs", "filter の座標系 / system of the filter", **_SYSTEM),
}
ASKED = ("collectionId", *(name for name in PARAMETERS if name not in {"collectionId", "featureId"}))
PATHS = {
    "/": _get("landing", "入口 / landing page"),
    "/conformance": _get("conformance", "準拠する規格 / conformance"),
    "/collections": _get("collections", "データセットの一覧 / collections"),
    "/collections/{collectionId}": _get(
        "collection", "データセット / collection", parameters=("collectionId",)
    ),
    "/collections/{collectionId}/queryables": _get(
        "queryables", "条件に使える項目 / queryables", kind=SCHEMA, parameters=("collectionId",)
    ),
    "/collections/{collectionId}/schema": _get(
        "schema", "項目 / schema", kind=SCHEMA, parameters=("collectionId",)
    ),
    "/collections/{collectionId}/items": _get("items", "行 / features", kind=GEOJSON, parameters=ASKED),
    "/collections/{collectionId}/items/{featureId}": _get(
        "item", "1行 / one feature", kind=GEOJSON, parameters=("collectionId", "featureId", "crs")
    ),
}


@interface
def api(request: HttpRequest) -> HttpResponse:
    """The description."""
    answer = {
        "openapi": "3.0.3",
        "info": {"title": "Tedori OGC API Features", "version": "1"},
        "servers": [{"url": address(request, "/ogc")}],
        "paths": PATHS,
        "components": {"parameters": PARAMETERS},
    }
    return as_json(answer, kind=OPENAPI)
