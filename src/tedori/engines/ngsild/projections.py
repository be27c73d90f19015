"""Which members of an entity a reader picks or omits, also in linked entities (GS CIM 009, clause 4.21)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError, bad_request

# By name (an IRI, or the plain name of a member that every entity has) what is chosen inside it, or None.
Projection = dict[str, Any]
HEAD = frozenset(("id", "type", "scope", "createdAt", "modifiedAt", "deletedAt", "expiresAt"))
DEEPEST = 10
ENDS = ",{}|"


def read_projection(text: str, context: Context, *, where: str = "pick") -> Projection:
    """Members separated by commas, what is wanted of linked entities in braces: `id,locatedAt{name}`.

    Raises BadRequestData for empty names, unbalanced braces and forbidden characters.
    """
    chosen, place = _members(text, 0, context, where, 0)
    if place < len(text):
        raise bad_request("The braces are not balanced.", detail=text[:200], where=where)
    return chosen


def check_choice(*, attrs: Any, pick: Projection | None, omit: Projection | None) -> None:
    """Refuse what contradicts itself: `attrs` with either, or one member both picked and omitted."""
    if attrs is not None and (pick is not None or omit is not None):
        raise bad_request("attrs cannot stand beside pick or omit.", where="attrs")
    both = sorted(_contradicting(pick or {}, omit or {}))
    if both:
        raise bad_request("A member is both picked and omitted.", detail=", ".join(both), where="omit")


def _contradicting(pick: Projection, omit: Projection) -> Iterator[str]:
    for name in pick.keys() & omit.keys():
        if pick[name] is None or omit[name] is None:
            yield name
        else:
            yield from _contradicting(pick[name], omit[name])


def attributes_in(projection: Projection) -> frozenset[str]:
    """The IRIs of the attributes that a projection names at its top."""
    return frozenset(projection) - HEAD


def _members(text: str, place: int, context: Context, where: str, depth: int) -> tuple[Projection, int]:
    if depth > DEEPEST:
        raise bad_request("The braces are nested too deeply.", where=where)
    chosen: Projection = {}
    while True:
        end = place
        while end < len(text) and text[end] not in ENDS:
            end += 1
        name = _name(text[place:end], context, where)
        inside = None
        if end < len(text) and text[end] == "{":
            inside, end = _members(text, end + 1, context, where, depth + 1)
            if text[end : end + 1] != "}":
                raise bad_request("The braces are not balanced.", detail=text[:200], where=where)
            end += 1
        chosen[name] = inside
        if text[end : end + 1] not in (",", "|") or end >= len(text):
            return chosen, end
        place = end + 1


def _name(text: str, context: Context, where: str) -> str:
    name = text.strip()
    if not name:
        raise bad_request("A name is missing.", where=where)
    if name in HEAD:
        return name
    try:
        return context.expand(name)
    except NgsiLdError as error:
        raise NgsiLdError(error.kind, error.title, detail=error.detail, where=where) from None
