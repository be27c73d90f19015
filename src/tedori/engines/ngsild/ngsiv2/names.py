"""Identifiers of NGSIv2 and what they are here: names are IRIs, ids are URIs.

A v2 name may hold marks that a short name of NGSI-LD may not (`PM2.5`): it then stands in the default
vocabulary as it is, percent-encoded where an IRI needs it. To an id that is no URI a prefix is added.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

from tedori.engines.ngsild.checks import URI
from tedori.engines.ngsild.contexts import CORE, DEFAULT_VOCABULARY, NAME
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.kinds import DELETED, MEMBERS
from tedori.engines.ngsild.projections import HEAD

PREFIX = "urn:ngsi-v2:"
LONGEST = 256
KEPT = "-._~!$*+,@"
OTHERWISE = HEAD | MEMBERS | {"deletedAt", "expiresAt", "scope"}
# Control characters, white space and what has a meaning in addresses; the rest of Orion's list are quotes.
FORBIDDEN = re.compile(r"[\x00-\x20\x7f&?/#<>\"'=;()]")


def checked(value: Any, where: str) -> str:
    """An identifier as v2 allows it; raises BadRequestData."""
    if not isinstance(value, str) or not value:
        raise bad_request(f"empty or missing {where}", where=where)
    if len(value) > LONGEST:
        raise bad_request(f"{where} is longer than {LONGEST} characters", where=where)
    if FORBIDDEN.search(value) and not URI.fullmatch(value):
        raise bad_request(f"Invalid characters in {where}", detail=value[:80], where=where)
    return value


def iri_of(name: str) -> str:
    """The IRI of a name of an attribute, a type or a metadata element."""
    if "://" in name:
        return name
    if name not in OTHERWISE and NAME.fullmatch(name):
        return CORE.expand(name)
    return DEFAULT_VOCABULARY + quote(name, safe=KEPT)


def name_of(iri: str) -> str:
    """The name of an IRI: its last part in the default vocabulary, else a term of the core, or the IRI."""
    rest = iri.removeprefix(DEFAULT_VOCABULARY)
    return unquote(rest) if rest != iri else CORE.compact(iri)


def urn_of(given: str) -> str:
    """The URI of an id."""
    plain = given == DELETED or given.startswith(PREFIX) or not URI.fullmatch(given)
    return PREFIX + quote(given, safe=KEPT + ":") if plain else given


def id_of(urn: str) -> str:
    """The id as v2 callers gave it."""
    rest = urn.removeprefix(PREFIX)
    return unquote(rest) if rest != urn else urn


def pattern_of(pattern: str) -> str:
    """A pattern that meets ids as they are here: one tied to the beginning allows for the prefix."""
    return f"^({re.escape(PREFIX)})?{pattern[1:]}" if pattern.startswith("^") else pattern
