"""Values of each kind of attribute, checked as they come in (GS CIM 009, clauses 4.5.2 to 4.5.24)."""

from __future__ import annotations

import re
from typing import Any

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.geometries import check_geometry
from tedori.engines.ngsild.kinds import DELETED

URI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f<>"{}|\\^`]+')
LONGEST_URI = 2_048
LANGUAGE = re.compile(r"@none|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
DEEPEST = 64
MOST_OBJECTS = 10_000


def read_uri(value: Any, where: str) -> str:
    """A URI (or an IRI). Raises BadRequestData for anything else, and for the standard's null."""
    if isinstance(value, str) and len(value) <= LONGEST_URI and URI.fullmatch(value) and value != DELETED:
        return value
    raise bad_request("A URI is wanted.", detail=repr(value)[:120], where=where)


def read_value(kind: str, value: Any, context: Context, where: str, *, nulls: bool = False) -> Any:
    """The value of an attribute in the form that `values.Attribute` describes.

    `nulls`: the standard's null may stand inside it, to delete what it stands for.
    """
    if value is None:
        raise bad_request("null is no value; to delete, use urn:ngsi-ld:null.", where=where)
    if not nulls and (type(value) is dict or type(value) is list) and kind != "JsonProperty":
        check_no_nulls(value, where)
    return READERS[kind](value, context, where)


def check_no_nulls(value: Any, where: str, depth: int = 0) -> None:
    """Refuse the standard's null anywhere inside a value, and nesting deeper than any honest value has."""
    if depth > DEEPEST:
        raise bad_request("A value is nested too deeply.", detail=f"at most {DEEPEST}", where=where)
    for part in value.values() if type(value) is dict else value:
        if part == DELETED:
            raise bad_request("The NGSI-LD null may only stand where something is updated.", where=where)
        if type(part) is dict or type(part) is list:
            check_no_nulls(part, where, depth + 1)


def check_depth(value: Any, where: str, depth: int = 0) -> None:
    """Refuse nesting deeper than any honest value has."""
    if depth > DEEPEST:
        raise bad_request("A value is nested too deeply.", detail=f"at most {DEEPEST}", where=where)
    for part in value.values() if type(value) is dict else value:
        if type(part) is dict or type(part) is list:
            check_depth(part, where, depth + 1)


def _any(value: Any, context: Context, where: str) -> Any:
    if type(value) is dict or type(value) is list:
        check_depth(value, where)
    return value


def _geometry(value: Any, context: Context, where: str) -> dict[str, Any]:
    return check_geometry(value, where=where)


def _object(value: Any, context: Context, where: str) -> str | tuple[str, ...]:
    if not isinstance(value, list):
        return read_uri(value, where)
    if not value or len(value) > MOST_OBJECTS:
        raise bad_request("A Relationship needs at least one object, and not too many.", where=where)
    return tuple(read_uri(part, f"{where}[{number}]") for number, part in enumerate(value))


def _languages(value: Any, context: Context, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise bad_request("A languageMap must be an object of texts by language.", where=where)
    for tag, text in value.items():
        if not LANGUAGE.fullmatch(tag):
            raise bad_request("A language is not a tag of RFC 5646.", detail=tag[:40], where=where)
        texts = text if isinstance(text, list) else [text]
        if not all(isinstance(one, str) for one in texts):
            raise bad_request("A languageMap must hold texts.", where=f"{where}.{tag}")
    return value


def _vocabulary(value: Any, context: Context, where: str) -> str | tuple[str, ...]:
    parts = value if isinstance(value, list) else [value]
    if not parts or not all(isinstance(part, str) and part for part in parts):
        raise bad_request("A VocabProperty needs a text or an array of texts.", where=where)
    return context.expand_value(value)


def _json(value: Any, context: Context, where: str) -> Any:
    if not isinstance(value, dict | list):
        raise bad_request("A JsonProperty needs a JSON object or an array.", where=where)
    check_depth(value, where)
    return value


def _list(value: Any, context: Context, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise bad_request("A ListProperty needs an array.", where=where)
    check_depth(value, where)
    return tuple(value)


def _objects(value: Any, context: Context, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_OBJECTS:
        raise bad_request("A ListRelationship needs an array, and not too long a one.", where=where)
    parts = [part.get("object") if isinstance(part, dict) else part for part in value]
    return tuple(read_uri(part, f"{where}[{number}]") for number, part in enumerate(parts))


READERS = {
    "Property": _any,
    "GeoProperty": _geometry,
    "Relationship": _object,
    "LanguageProperty": _languages,
    "VocabProperty": _vocabulary,
    "JsonProperty": _json,
    "ListProperty": _list,
    "ListRelationship": _objects,
}
