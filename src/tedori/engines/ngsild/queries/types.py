"""Type selection (clause 4.17): `Building`, `(Home;Vehicle)|Motorhome`, a comma for either."""

from __future__ import annotations

import re
from functools import lru_cache

from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.queries.limits import MAX_LENGTH, MAX_TERMS, too_complex
from tedori.engines.ngsild.queries.parsing import Context
from tedori.engines.ngsild.queries.scalars import sound

_TOKEN = re.compile(r"\s*([();,|]|[^();,|\s]+)\s*")


def parse_types(text: str, context: Context) -> tuple[tuple[str, ...], ...]:
    """A disjunction of conjunctions of type IRIs; empty for `*`, which asks for nothing."""
    return tuple(tuple(map(context.expand, names)) for names in disjunction(text, where="type"))


@lru_cache(maxsize=1024)
def disjunction(text: str, *, where: str) -> tuple[tuple[str, ...], ...]:
    """The names as written: either of the outer, all of the inner. `where` names the parameter in errors."""
    if len(text) > MAX_LENGTH:
        raise too_complex("characters", MAX_LENGTH)
    sound(text, where=where)
    if text.strip() in ("*", "(*)"):
        return ()
    groups: list[tuple[str, ...]] = []
    at = 0
    while True:
        group, at = _group(text, at, where)
        groups.append(group)
        if len(groups) + len(group) > MAX_TERMS:
            raise too_complex("terms", MAX_TERMS)
        mark, at = _next(text, at)
        if not mark:
            return tuple(groups)
        if mark == ";" and len(groups) == 1:
            return _and(text, at, group, where)
        if mark not in ",|":
            raise _unreadable(text, at, ", or |", where)


def _group(text: str, at: int, where: str) -> tuple[tuple[str, ...], int]:
    mark, at = _next(text, at)
    if mark != "(":
        return (_name(text, mark, at, where),), at
    names: list[str] = []
    while mark != ")":
        name, at = _next(text, at)
        names.append(_name(text, name, at, where))
        mark, at = _next(text, at)
        if mark not in (";", ")"):
            raise _unreadable(text, at, "; or )", where)
    return tuple(names), at


def _and(text: str, at: int, first: tuple[str, ...], where: str) -> tuple[tuple[str, ...], ...]:
    """A conjunction without its parentheses, which clients write though the grammar asks for them."""
    names = list(first)
    mark = ";"
    while mark:
        if mark != ";":
            raise _unreadable(text, at, ";", where)
        name, at = _next(text, at)
        names.append(_name(text, name, at, where))
        mark, at = _next(text, at)
    return (tuple(names),)


def _next(text: str, at: int) -> tuple[str, int]:
    found = _TOKEN.match(text, at)
    return (found[1], found.end()) if found else ("", at + 1)


def _name(text: str, word: str, at: int, where: str) -> str:
    if not word or word in "();,|":
        raise _unreadable(text, at, "a name", where)
    return word


def _unreadable(text: str, at: int, expected: str, where: str) -> Exception:
    detail = f"at position {at}: expected {expected}"
    return bad_request(f"The parameter {where} cannot be read", detail=detail, where=where)
