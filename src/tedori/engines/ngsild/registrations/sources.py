"""A registration made ready for use: what its source offers, for which operations, of which entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.queries import patterns
from tedori.engines.ngsild.registrations.documents import NAME_LISTS
from tedori.engines.ngsild.registrations.operations import DEFAULT, operations_of

Names = frozenset[str] | None
"""Names of attributes (IRIs); None: every attribute."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Entities of a type: one by id, those of a pattern, or (both None) all."""

    types: tuple[str, ...]
    id: str | None = None
    pattern: str | None = None

    def fits(self, urn: str, types: Iterable[str] | None) -> bool:
        """Whether it means this entity; `types` None: they are not known."""
        if types is not None and set(self.types).isdisjoint(types):
            return False
        return self.names(urn)

    def names(self, urn: str) -> bool:
        """Whether it means an entity of this id."""
        if self.id is not None:
            return self.id == urn
        return self.pattern is None or bool(patterns.found(self.pattern, urn))


@dataclass(frozen=True, slots=True)
class Information:
    """Which attributes of which entities; no selectors: of any entity."""

    selectors: tuple[Selector, ...]
    attrs: Names

    def fits(self, urn: str, types: Iterable[str] | None) -> bool:
        """Whether it is about this entity."""
        return not self.selectors or any(one.fits(urn, types) for one in self.selectors)


@dataclass(frozen=True, slots=True)
class Source:
    """A registered context source. `key` tells it apart, `owner` is who registered it, times in seconds."""

    key: int
    urn: str
    owner: str
    mode: str
    endpoint: str
    operations: frozenset[str]
    information: tuple[Information, ...]
    document: Mapping[str, Any]
    expires_at: str = "9"

    @property
    def alias(self) -> str:
        """The name by which it is known in Via headers, "" when it has not told."""
        return self.document.get("contextSourceAlias") or self.document.get("hostAlias", "")

    @property
    def latest(self) -> bool:
        """Whether it knows what is true now, not just the past."""
        return "observationInterval" not in self.document and "managementInterval" not in self.document

    @property
    def split(self) -> bool:
        """Whether it holds only some of the attributes of its entities."""
        return any(one.attrs is not None for one in self.information)

    @property
    def keeps(self) -> bool:
        """Whether what it offers is kept by it alone."""
        return self.mode in ("exclusive", "redirect")

    def management(self, name: str, otherwise: Any) -> Any:
        """A wish of the source for how it is treated."""
        return self.document.get("management", {}).get(name, otherwise)

    def offers(self, urn: str, types: Iterable[str] | None) -> tuple[bool, Names]:
        """Whether it has something of this entity, and which attributes (None: all)."""
        kinds = None if types is None else frozenset(types)
        fitting = [one.attrs for one in self.information if one.fits(urn, kinds)]
        if not fitting:
            return False, frozenset()
        if any(attrs is None for attrs in fitting):
            return True, None
        return True, frozenset().union(*(attrs for attrs in fitting if attrs is not None))


def source_of(key: int, owner: str, document: Mapping[str, Any]) -> Source:
    """A stored document made ready for use."""
    return Source(
        key,
        document["id"],
        owner,
        document.get("mode", "inclusive"),
        document["endpoint"].rstrip("/"),
        operations_of(document.get("operations", DEFAULT)),
        tuple(information_of(one) for one in document["information"]),
        document,
        sortable(document["expiresAt"]) if "expiresAt" in document else "9",
    )


def information_of(one: Mapping[str, Any]) -> Information:
    """One element of `information`."""
    names = [name for part in NAME_LISTS for name in one.get(part, ())]
    return Information(
        tuple(_selector(entity) for entity in one.get("entities", ())),
        frozenset(names) if names else None,
    )


def _selector(entity: Mapping[str, Any]) -> Selector:
    kind = entity["type"]
    return Selector(
        tuple(kind) if isinstance(kind, list) else (kind,), entity.get("id"), entity.get("idPattern")
    )


def overlap(one: Source, other: Source) -> bool:
    """Whether two sources offer the same attribute of the same entity, as far as names can tell."""
    return any(
        _attributes_overlap(left.attrs, right.attrs) and _entities_overlap(left.selectors, right.selectors)
        for left in one.information
        for right in other.information
    )


def _attributes_overlap(left: Names, right: Names) -> bool:
    return left is None or right is None or not left.isdisjoint(right)


def _entities_overlap(left: tuple[Selector, ...], right: tuple[Selector, ...]) -> bool:
    if not left or not right:
        return True
    return any(_overlap(one, other) for one in left for other in right)


def _overlap(left: Selector, right: Selector) -> bool:
    if set(left.types).isdisjoint(right.types):
        return False
    if left.id is not None:
        return right.names(left.id)
    if right.id is not None:
        return left.names(right.id)
    return left.pattern is None or right.pattern is None or left.pattern == right.pattern
