"""Which part of what is written goes to which source, and what stays (GS CIM 009, clauses 4.3.6 and 5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.kinds import MEMBERS, VALUE_MEMBER
from tedori.engines.ngsild.projections import HEAD
from tedori.engines.ngsild.registrations.sources import Source

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """What one source is told of: these attributes (IRIs); `refused`: it keeps them, but takes no orders."""

    source: Source
    names: frozenset[str]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Division:
    """Who is told of what; `rest` is what stays here, `here` whether anything is to be done here at all."""

    shares: tuple[Share, ...]
    rest: frozenset[str]
    here: bool


def divide(
    sources: Iterable[Source],
    operation: str,
    urn: str,
    types: Iterable[str] | None,
    names: frozenset[str],
) -> Division:
    """Divide an operation on attributes of an entity; `types` None: they are not known.

    Exclusive sources take theirs first, then redirect ones, each all that is left; what still is left
    goes to the inclusive ones and stays here as well.
    """
    concerned = [(source, attrs) for source in sources for fits, attrs in [source.offers(urn, types)] if fits]
    shares: list[Share] = []
    rest, taken = names, False
    for mode in ("exclusive", "redirect"):
        gone: frozenset[str] = frozenset()
        for source, attrs in concerned:
            part = rest if attrs is None else rest & attrs
            if source.mode == mode and (part or (attrs is None and not names)):
                shares.append(Share(source, part, operation not in source.operations))
                gone, taken = gone | part, True
        rest -= gone
    here = not taken or bool(rest)
    shares += (_inclusive(concerned, operation, rest, names)) if here else []
    return Division(tuple(shares), rest, here)


def _inclusive(
    concerned: list[tuple[Source, frozenset[str] | None]],
    operation: str,
    rest: frozenset[str],
    names: frozenset[str],
) -> list[Share]:
    found = []
    for source, attrs in concerned:
        part = rest if attrs is None else rest & attrs
        wanted = source.mode == "inclusive" and operation in source.operations
        if wanted and (part or not names):
            found.append(Share(source, part))
    return found


def divide_whole(
    sources: Iterable[Source], operation: str, urn: str, types: Iterable[str] | None, *, known: bool
) -> Division:
    """Divide an operation on an entity as such, like its deletion: everybody who has something of it is told.

    `known`: it is here. Here is left out only where all of it is kept elsewhere.
    """
    shares, kept = [], False
    for source in sources:
        fits, attrs = source.offers(urn, types)
        if not fits or source.mode == "auxiliary":
            continue
        able = operation in source.operations
        if able or source.keeps:
            shares.append(Share(source, frozenset(), not able))
        kept = kept or (source.keeps and attrs is None)
    return Division(tuple(shares), frozenset(), known or not kept)


def cut(document: Document, names: frozenset[str], context: Context) -> dict[str, Any]:
    """The document with only these of its attributes."""
    aliases = context.aliases
    return {
        name: value
        for name, value in document.items()
        if name in HEAD or name == "@context" or name in aliases or context.expand(name) in names
    }


def renamed(value: Any, context: Context, other: Context) -> Any:
    """The same entity, attribute or array of them with the names of another context."""
    if isinstance(value, list):
        return [renamed(one, context, other) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        _name(name, context, other): _inside(name, part, context, other)
        for name, part in value.items()
        if name != "@context"
    }


def _name(name: str, context: Context, other: Context) -> str:
    return name if name in HEAD or name in MEMBERS else other.compact(context.expand(name))


def _inside(name: str, part: Any, context: Context, other: Context) -> Any:
    if name == "type":
        many = isinstance(part, list)
        kinds = [_type(one, context, other) for one in (part if many else [part])]
        return kinds if many else kinds[0]
    return part if name in HEAD or name in MEMBERS else renamed(part, context, other)


def _type(name: Any, context: Context, other: Context) -> Any:
    if not isinstance(name, str) or name in VALUE_MEMBER:
        return name  # a kind of attribute is called so everywhere
    return other.compact(context.expand(name))
