"""Scope queries (clause 4.19): `/Madrid/+/ParqueNorte`, `/Madrid/#`, conjunctions in parentheses."""

from __future__ import annotations

import re

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.queries.types import disjunction

_LEVEL = r"(?:[^\W\d_]\w*|\+)"
_QUERY = re.compile(rf"/#|/?{_LEVEL}(?:/{_LEVEL})*(?:/#)?")


def parse_scope(text: str) -> tuple[tuple[str, ...], ...]:
    """A disjunction of conjunctions of scope patterns, each with a leading slash."""
    groups = disjunction(text, where="scopeQ")
    for pattern in (pattern for group in groups for pattern in group):
        if not _QUERY.fullmatch(pattern):
            detail = f"{pattern}: levels are names or +, a # only comes last"
            raise bad_request("The parameter scopeQ cannot be read", detail=detail, where="scopeQ")
    if not groups:
        raise bad_request(
            "The parameter scopeQ cannot be read", detail="* is no scope; /# is any", where="scopeQ"
        )
    return tuple(tuple(f"/{pattern.lstrip('/')}" for pattern in group) for group in groups)


def level_by_level(pattern: str) -> str:
    """The scope pattern as a regular expression over a whole scope with its leading slash."""
    if pattern == "/#":
        return "^/"
    stem = pattern.removesuffix("/#")
    levels = "/".join("[^/]+" if level == "+" else level for level in stem.split("/"))
    return f"^{levels}(/|$)" if stem != pattern else f"^{levels}$"


def rooted(scope: str) -> str:
    """A stored scope with its leading slash."""
    return f"/{scope.lstrip('/')}"
