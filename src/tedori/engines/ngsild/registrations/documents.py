"""Registrations of context sources: read, changed by fragments, written back (clauses 5.2.9 to 5.2.11).

A stored document is the JSON of the standard with every name of a type or attribute expanded. Members that
the standard does not know are properties of the source; they are kept under their IRIs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.geometries import check_geometry
from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.reading import read_scopes
from tedori.engines.ngsild.registrations.operations import AUXILIARY, NAMES
from tedori.engines.ngsild.subscriptions.checks import (
    attribute,
    dataset,
    flag,
    header,
    members,
    moment,
    one_of,
    pattern,
    positive,
    several,
    text,
    uri,
    wrong,
)

Document = dict[str, Any]
NULL = "urn:ngsi-ld:null"
TYPE = "ContextSourceRegistration"
MODES = ("inclusive", "exclusive", "redirect", "auxiliary")
SPACES = ("location", "observationSpace", "operationSpace")
NAME_LISTS = ("propertyNames", "relationshipNames", "attributeNames")
MANDATORY = ("id", "type", "information", "endpoint")
ITS_OWN = frozenset(
    ("status", "timesSent", "timesFailed", "lastSuccess", "lastFailure", "createdAt", "modifiedAt")
)
SECRET = ("authorization", "cookie", "token", "secret", "password", "key")
HIDDEN = "********"


def _types(value: Any, where: str, context: Context) -> str | list[str]:
    if isinstance(value, list):
        return several(attribute)(value, where, context)
    return attribute(value, where, context)


def _endpoint(value: Any, where: str, context: Context) -> str:
    given = uri(value, where, context)
    try:
        parts = urlsplit(given)
        reachable = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        reachable = False
    if not reachable or parts.scheme.lower() not in ("http", "https"):
        raise wrong(where, "an address starting with http or https, without a password in it")
    return given


def _geometry(value: Any, where: str, context: Context) -> Document:
    inner = value.get("value") if isinstance(value, dict) and value.get("type") == "GeoProperty" else value
    return check_geometry(inner, where=where)


def _scope(value: Any, where: str, context: Context) -> list[str]:
    return list(read_scopes(value, where=where))


ENTITY = members({"id": uri, "idPattern": pattern, "type": _types}, ("type",))
INFORMATION = members({"entities": several(ENTITY), **dict.fromkeys(NAME_LISTS, several(attribute))})
INTERVAL = members({"startAt": moment, "endAt": moment}, ("startAt",))
MANAGEMENT = members({"cacheDuration": text, "timeout": positive, "cooldown": positive, "localOnly": flag})
KNOWN = {
    "id": uri,
    "type": one_of((TYPE,)),
    "registrationName": text,
    "description": text,
    "information": several(INFORMATION),
    "tenant": text,
    "observationInterval": INTERVAL,
    "managementInterval": INTERVAL,
    "datasetId": several(dataset),
    "expiresAt": moment,
    "endpoint": _endpoint,
    "contextSourceInfo": several(header, least=0),
    "contextSourceAlias": text,
    "hostAlias": text,
    "scope": _scope,
    "mode": one_of(MODES),
    "operations": several(one_of(tuple(sorted(NAMES)))),
    "refreshRate": text,
    "management": MANAGEMENT,
    **dict.fromkeys(SPACES, _geometry),
}
REGISTRATION = members(KNOWN, ("type", "information", "endpoint"))


def read_registration(payload: Any, context: Context, *, at: str) -> Document:
    """The document of a new registration; raises BadRequestData. `at` is the present moment."""
    if not isinstance(payload, dict):
        raise bad_request("A registration is an object.")
    document = {**REGISTRATION(payload, "", context), **_properties(payload, context)}
    _check_together(document, at=at)
    return document


def changed_registration(document: Document, fragment: Any, context: Context, *, at: str) -> Document:
    """The document after a fragment: its members replace those there, nulls remove them (clause 5.5.8)."""
    if not isinstance(fragment, dict) or not fragment:
        raise bad_request("A fragment is an object with members.")
    gone = {name for name, value in fragment.items() if value in (None, NULL)}
    for name in MANDATORY:
        if name in gone:
            raise bad_request(f"{name} cannot be removed", where=name)
    if fragment.get("id", document.get("id")) != document.get("id"):
        raise bad_request("The id of a registration does not change.", where="id")
    kept = {name: value for name, value in fragment.items() if name not in gone}
    filled = {"type": TYPE, "information": [{}], "endpoint": document["endpoint"], **kept}
    read = {**REGISTRATION(filled, "", context), **_properties(kept, context)}
    if "information" not in kept:
        del read["information"]
    gone |= {context.expand(name) for name in gone - KNOWN.keys()}
    changed = {**{name: value for name, value in document.items() if name not in gone}, **read}
    _check_together(changed, at=at if "expiresAt" in kept else "")
    return changed


def _properties(payload: Mapping[str, Any], context: Context) -> Document:
    strange = payload.keys() - KNOWN.keys() - ITS_OWN - {"@context"}
    return {
        context.expand(name): value
        for name, value in payload.items()
        if name in strange and value is not None
    }


def _check_together(document: Document, *, at: str) -> None:
    """What members say about each other (clauses 4.3.6.3, 5.2.10 and 5.9.2.4)."""
    empty = next((place for place, one in enumerate(document["information"]) if not one), None)
    if empty is not None:
        raise bad_request("Say which entities or attributes.", where=f"information[{empty}]")
    _check_times(document, at=at)
    mode = document.get("mode", "inclusive")
    if mode == "exclusive":
        _check_exclusive(document)
    if mode == "auxiliary" and not AUXILIARY.issuperset(document.get("operations", ())):
        raise bad_request("An auxiliary source can only be asked.", where="operations")


def _check_times(document: Document, *, at: str) -> None:
    for name in ("observationInterval", "managementInterval"):
        span = document.get(name, {})
        if "endAt" in span and sortable(span["endAt"]) < sortable(span["startAt"]):
            raise bad_request("An interval ends before it starts.", where=f"{name}.endAt")
    if "expiresAt" in document and sortable(document["expiresAt"]) <= at:
        raise bad_request("expiresAt lies in the past", where="expiresAt")


def _check_exclusive(document: Document) -> None:
    """An exclusive source names its entities. The standard wants ids and attributes; patterns, and whole
    entities, are taken too, since nothing in the work with them differs."""
    for place, one in enumerate(document["information"]):
        selectors = one.get("entities", ())
        if not selectors or not all("id" in entity or "idPattern" in entity for entity in selectors):
            raise bad_request(
                "An exclusive source must name its entities.", where=f"information[{place}].entities"
            )


def write_registration(document: Mapping[str, Any], context: Context) -> Document:
    """The document as callers see it: names compacted, mode and operations always told, secrets hidden."""
    shown = {
        name if name in KNOWN else context.compact(name): _SHOWN.get(name, _same)(value, context)
        for name, value in document.items()
    }
    shown.setdefault("mode", "inclusive")
    shown.setdefault("operations", ["federationOps"])
    return shown


def _information(value: list[Document], context: Context) -> list[Document]:
    return [
        {
            name: [_entity(one, context) for one in part]
            if name == "entities"
            else [context.compact(one) for one in part]
            for name, part in information.items()
        }
        for information in value
    ]


def _entity(entity: Document, context: Context) -> Document:
    kind = entity["type"]
    compact = [context.compact(one) for one in kind] if isinstance(kind, list) else context.compact(kind)
    return {**entity, "type": compact}


def _info(value: list[Document], context: Context) -> list[Document]:
    return [{**pair, "value": HIDDEN} if is_secret(pair["key"]) else pair for pair in value]


def is_secret(name: str) -> bool:
    """Whether a header carries something that must not be shown."""
    return any(word in name.lower() for word in SECRET)


def _one_or_many(value: list[str], context: Context) -> str | list[str]:
    return value[0] if len(value) == 1 else value


def _same(value: Any, context: Context) -> Any:
    return value


_SHOWN = {"information": _information, "contextSourceInfo": _info, "scope": _one_or_many}
