"""`/ngsi-ld/v1/openapi.json`: what the doors of this room take and give, written from their own ROUTES."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import orjson

from tedori.services.live.api.answers import GEO, JSON, LD, VERSION
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.router import routes

V1 = "/ngsi-ld/v1"
NAMED = re.compile(r"\{(\w+)\}")
TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
WHOLE = {"type": "integer", "minimum": 0}
INSTANT = {"type": "string", "format": "date-time"}
PARAMETERS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("details", "local", "count", "deleteAll", "reload", "splitEntities"), FLAG),
    **dict.fromkeys(("offset", "lastN"), WHOLE),
    **dict.fromkeys(("timeAt", "endTimeAt", "observedAt"), INSTANT),
    "limit": {"type": "integer", "minimum": 0, "maximum": 1_000, "default": 20},
    "joinLevel": {"type": "integer", "minimum": 1, "maximum": 5},
    "format": {"enum": ["normalized", "concise", "simplified", "keyValues"]},
    "join": {"enum": ["inline", "flat", "@none"]},
    "timerel": {"enum": ["before", "after", "between"]},
    "timeproperty": {"enum": ["observedAt", "createdAt", "modifiedAt", "deletedAt"]},
    "kind": {"enum": ["Hosted", "Cached", "ImplicitlyCreated"]},
    "geometry": {"enum": ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]},
    "id": {"type": "string", "description": "URIs, by commas"},
    "georel": {"type": "string", "examples": ["near;maxDistance==2000", "within"]},
    "coordinates": {"type": "string", "examples": ["[139.75,35.69]"]},
    "q": {"type": "string", "examples": ['occupancy>=100;status=="open"']},
}
HEADERS = {
    "NGSILD-Tenant": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,100}$"},
    "Link": {
        "type": "string",
        "description": f'the @context: <URL>; rel="http://www.w3.org/ns/json-ld#context"; type="{LD}"',
    },
}
URI = {"type": "string", "format": "uri", "examples": ["urn:ngsi-ld:Toilet:1"]}
NAMES = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
SCHEMAS: dict[str, dict[str, Any]] = {
    "Entity": {
        "type": "object",
        "required": ["id", "type"],
        "properties": {"id": URI, "type": NAMES, "scope": NAMES},
    },
    "Fragment": {"type": "object"},
    "Entities": {"type": "array", "items": {"$ref": "#/components/schemas/Entity"}},
    "Ids": {"type": "array", "items": URI},
    "Query": {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {"const": "Query"},
            "q": TEXT,
            "entities": {"type": "array", "items": {"type": "object", "required": ["type"]}},
        },
    },
    "Subscription": {
        "type": "object",
        "required": ["type", "notification"],
        "properties": {
            "id": URI,
            "type": {"const": "Subscription"},
            "entities": {"type": "array", "items": {"type": "object", "required": ["type"]}},
            "notification": {"type": "object", "required": ["endpoint"]},
        },
    },
    "Registration": {
        "type": "object",
        "required": ["type", "information", "endpoint"],
        "properties": {
            "id": URI,
            "type": {"const": "ContextSourceRegistration"},
            "information": {"type": "array", "items": {"type": "object"}},
            "endpoint": URI,
        },
    },
    "Context": {"type": "object", "required": ["@context"], "properties": {"@context": {}}},
    "Problem": {
        "type": "object",
        "properties": {"type": TEXT, "title": TEXT, "detail": TEXT, "status": {"type": "integer"}},
    },
}
BODIES = (  # the first whose pattern is found in "METHOD path"
    (r"POST .*/entityOperations/delete$", "Ids"),
    (r"POST .*Operations/query$", "Query"),
    (r"POST .*/entityOperations/", "Entities"),
    (r"POST .*/entities$", "Entity"),
    (r"POST .*ubscriptions$", "Subscription"),
    (r"POST .*/csourceRegistrations$", "Registration"),
    (r"POST .*/jsonldContexts$", "Context"),
    (r"(POST|PATCH|PUT) ", "Fragment"),
)
GIVEN = {
    "POST": {"201": "made", "204": "done", "207": "some of it failed"},
    "GET": {"200": "found", "304": "as the caller has it"},
}
DONE = {"204": "done", "207": "some of it failed"}
ASKING = {"200": "found"}


def description(routes: Iterable[Route], prefix: str, *, title: str) -> dict[str, Any]:
    """The doors under a prefix as OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(routes, key=lambda one: (one.path, one.method)):
        if route.path.startswith(prefix):
            paths.setdefault(route.path, {})[route.method.lower()] = operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION},
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def operation(route: Route) -> dict[str, Any]:
    """One door; what it takes beside this it refuses."""
    body = body_of(route)
    return {
        "summary": (route.door.__doc__ or "").strip().splitlines()[0],
        "parameters": list(_parameters(route)),
        **({"requestBody": {"required": True, "content": _content(body, (JSON, LD))}} if body else {}),
        "responses": {**_given(route), "default": _answer("refused", {JSON: _reference("Problem")})},
    }


def body_of(route: Route) -> str | None:
    """The name of the schema of what is sent."""
    wanted = f"{route.method} {route.path}"
    return next((name for pattern, name in BODIES if re.search(pattern, wanted)), None)


def _parameters(route: Route) -> Iterable[dict[str, Any]]:
    for name in NAMED.findall(route.path):
        yield {"name": name, "in": "path", "required": True, "schema": TEXT}
    for name in sorted(route.parameters or ()):
        yield {"name": name, "in": "query", "schema": PARAMETERS.get(name, TEXT)}
    for name, schema in HEADERS.items():
        yield {"name": name, "in": "header", "schema": schema}


def _given(route: Route) -> dict[str, Any]:
    asks = route.path.endswith("Operations/query")
    told = ASKING if asks else GIVEN.get(route.method, DONE)
    content: dict[str, Any] = {JSON: {}, LD: {}, GEO: {}}
    return {code: _answer(words, content if code in {"200", "207"} else {}) for code, words in told.items()}


def _answer(words: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": content}


def _content(name: str, medias: tuple[str, ...]) -> dict[str, Any]:
    return {media: _reference(name) for media in medias}


def _reference(name: str) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{name}"}}


async def served(call: Call) -> Answer:
    """GET: this description."""
    return Answer(200, _written())


@cache
def _written() -> bytes:
    return orjson.dumps(description(routes(), V1, title="NGSI-LD (ETSI GS CIM 009)"))


ROUTES = (Route("GET", f"{V1}/openapi.json", served, frozenset()),)
