"""The parts of a rulebook: facts, derived values, dated parameters, conditions and programmes; all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

PERSON, HOUSEHOLD, ANY = "person", "household", "any"
TRUTH, RANGE, CHOICE = "truth", "range", "choice"
ROLES = ("親", "子", "祖父母", "その他")
MOST = 1e9


@dataclass(frozen=True, slots=True)
class Words:
    """The same text in Japanese and in English."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a person can be asked or an office has on record.

    `sort` is truth, range, choice or date; `options` belong to a choice, `low`/`high` to a range.
    `typical` are answers with which the value of asking is estimated.
    """

    name: str
    entity: str
    sort: str
    question: Words
    options: tuple[str, ...] = ()
    low: float = 0
    high: float = MOST
    typical: tuple[object, ...] = ()

    @property
    def kind(self) -> str:
        """The sort of value that it evaluates to."""
        return RANGE if self.sort == "date" else self.sort


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation of a rule. Equal expressions are one node, so that they are computed once."""

    kind: str
    entity: str
    sort: str
    args: tuple[Node, ...] = ()
    data: object = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value set by law, with the day from which it applies; newest first."""

    name: str
    article: str
    values: tuple[tuple[date, object], ...]

    def on(self, day: date) -> object | None:
        """The value on a day; None before the first."""
        return next((value for first, value in self.values if first <= day), None)


@dataclass(frozen=True, slots=True)
class Definition:
    """A derived value; it may also be given instead."""

    name: str
    node: Node
    article: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a programme with the article of law that sets it."""

    id: str
    words: Words
    article: str
    node: Node


@dataclass(frozen=True, slots=True)
class Example:
    """A household with the answer that the rule must give."""

    name: str
    on: date
    household: Mapping[str, object]
    expect: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme: who may get it, who may not after all, how much, from when and by which law."""

    id: str
    name: Words
    law: str
    office: str
    unit: Words
    entity: str
    first: date
    last: date | None
    conditions: tuple[Condition, ...]
    exceptions: tuple[Condition, ...]
    amount: Node
    amount_article: str
    eligible: Node
    examples: tuple[Example, ...]
    apply: Words
    documents: tuple[Words, ...] = ()

    def in_force(self, day: date) -> bool:
        """Whether the programme applies on this day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that was loaded together."""

    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    programmes: Mapping[str, Programme]
    outputs: Mapping[str, Node] = field(default_factory=dict)
