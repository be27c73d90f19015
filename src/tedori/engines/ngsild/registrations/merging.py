"""One entity out of what several sources say of it (GS CIM 009, clauses 4.3.6.2, 4.5.5 and 5.7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.instants import read_instant, sortable
from tedori.engines.ngsild.values import Attribute, Entity

Instances = dict[str | None, Attribute]


def merged(equals: Sequence[Entity], supplements: Sequence[Entity] = ()) -> Entity:
    """The entity of which all these are parts; one of them at least is given.

    Of two instances of an attribute the newer one counts, the earlier part where that cannot be told.
    Supplements add attributes that nobody else has, and override nothing.
    """
    parts = list(equals) or [supplements[0]]
    first = parts[0]
    attributes = _newest(parts)
    for part in supplements:
        for name, instances in part.attributes.items():
            attributes.setdefault(name, instances)
    return replace(
        first,
        types=_union(part.types for part in parts),
        scopes=_union(part.scopes for part in parts),
        attributes=attributes,
        created_at=min((part.created_at for part in parts if part.created_at), default=None),
        modified_at=max((part.modified_at for part in parts if part.modified_at), default=None),
        expires_at=_expiry(parts),
    )


def _newest(parts: Iterable[Entity]) -> dict[str, tuple[Attribute, ...]]:
    found: dict[str, Instances] = {}
    for part in parts:
        for name, instances in part.attributes.items():
            known = found.setdefault(name, {})
            for one in instances:
                old = known.get(one.dataset_id)
                if old is None or _newer(one, old):
                    known[one.dataset_id] = one
    return {name: tuple(instances.values()) for name, instances in found.items()}


def _newer(one: Attribute, old: Attribute) -> bool:
    """By the time of observation where both have one, or else by that of modification."""
    for name in ("observed_at", "modified_at"):
        left, right = _moment(getattr(one, name)), _moment(getattr(old, name))
        if left and right:
            return left > right
    return False


def _moment(text: str | None) -> str:
    try:
        return sortable(read_instant(text)) if text else ""
    except NgsiLdError:
        return ""  # another system's time, which we need not understand


def _expiry(parts: Sequence[Entity]) -> str | None:
    """The latest; none when one part lasts for ever (clause 4.5.5.3)."""
    times = [part.expires_at for part in parts]
    return max((time for time in times if time), key=_moment) if all(times) else None


def _union(several: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for each in several for one in each))
