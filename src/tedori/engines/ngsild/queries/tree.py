"""What a query means once it is read: frozen nodes that matching and every dialect of SQL walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

MEMBERS = frozenset(
    (
        "observedAt",
        "createdAt",
        "modifiedAt",
        "deletedAt",
        "expiresAt",
        "unitCode",
        "datasetId",
        "instanceId",
        "objectType",
    )
)
"""Members of an attribute that are no attributes themselves; one may end a path: `temperature.observedAt`."""

ANY = "*"
"""As a trailing path: every language of a text, `name[*]`."""


@dataclass(frozen=True, slots=True)
class Link:
    """A step to the entities that a relationship points to, `camera{Camera:brightness}`; no types: any."""

    name: str
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Where the value is: links to follow, names from attribute to sub-attribute, then a member or a trail.

    `member` alone (no names) is a time of the entity itself. Each step of `trail` is a tuple of equivalent
    keys (the short name and its IRI), since a value may hold either.
    """

    names: tuple[str, ...]
    member: str | None = None
    trail: tuple[tuple[str, ...], ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is one attribute of the entity itself, whose values have an index."""
        return len(self.names) == 1 and not (self.member or self.trail or self.links)


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text or a URI."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean:
    """true or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Instant:
    """A date-time, date or time in the sortable form of `scalars.instant`."""

    value: str


Literal: TypeAlias = Number | Text | Boolean | Instant


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included and of one type."""

    low: Literal
    high: Literal


@dataclass(frozen=True, slots=True)
class Exists:
    """The element is there, whatever its value."""

    path: Path


@dataclass(frozen=True, slots=True)
class Compare:
    """The element's value stands in the relation (==, !=, <, <=, >, >=) to one of the operands."""

    path: Path
    operator: str
    operands: tuple[Literal | Range, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """The element's text matches the regular expression, or none of its texts does."""

    path: Path
    pattern: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary (an extension: the standard has no `!`)."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Exists | Compare | Like | Not | And | Or


@dataclass(frozen=True, slots=True)
class Geo:
    """A relation between a geometry of the entity and a reference (GeoJSON text); `distance` in metres."""

    relation: str
    reference: str
    name: str
    bounds: tuple[float, float, float, float]
    distance: float | None = None


@dataclass(frozen=True, slots=True)
class Temporal:
    """A span of time, sortable texts: from `start` (included) to `end` (excluded), None: open."""

    member: str
    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an order: a value of the entity or its distance from a geometry (GeoJSON text)."""

    path: Path
    descending: bool = False
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entities are wanted; what is left out does not restrict.

    `types` and `scopes` are disjunctions of conjunctions. `either` holds further selections of which one must
    hold (the entity selectors of a POST query).
    """

    ids: tuple[str, ...] = ()
    id_pattern: str | None = None
    types: tuple[tuple[str, ...], ...] = ()
    attrs: tuple[str, ...] = ()
    q: Node | None = None
    geo: Geo | None = None
    scopes: tuple[tuple[str, ...], ...] = ()
    order_by: tuple[Order, ...] = ()
    either: tuple[Selection, ...] = ()
