"""Terms of a query as conditions on rows of values: one row per comparable value, see `scalars`.

A row comes from the index table `live_value` or, for sub-attributes and parts of values, from the stored
document through the dialect's function. Constants of the language become bound parameters, `?` in the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tedori.engines.ngsild.queries.scalars import column
from tedori.engines.ngsild.queries.tree import (
    Boolean,
    Compare,
    Instant,
    Like,
    Literal,
    Number,
    Path,
    Range,
    Text,
)

if TYPE_CHECKING:
    from tedori.engines.ngsild.queries.dialects import Dialect

TEXTS = "('s', 't', 'l', 'v')"
"""Kinds that are text to orders and patterns; relationships know only equality (clause 4.9)."""

LAST = "\U0010ffff"
NOTHING = "CAST(NULL AS REAL)"


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and the values bound to its placeholders, in order."""

    text: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: Sql) -> Sql:
        return Sql(self.text + other.text, self.params + other.params)


def joined(word: str, parts: Iterable[Sql]) -> Sql:
    """The parts in parentheses with the word between them."""
    pieces = tuple(parts)
    text = f" {word} ".join(f"({piece.text})" for piece in pieces)
    return Sql(text, tuple(value for piece in pieces for value in piece.params))


def marks(values: Iterable[Any]) -> str:
    """One placeholder for each value."""
    return ", ".join("?" for _ in values)


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the values of a path come from: FROM and WHERE, and the expression of each column.

    `key` is a function of a text, written with {text}, that the index of texts holds instead of the whole.
    """

    origin: Sql
    instance: str
    kind: str
    number: str
    text: str
    instant: str
    key: str = ""


def rows(path: Path, entity: str, alias: str, dialect: Dialect) -> Rows:
    """The rows of a path of the entity; the path's links are followed elsewhere."""
    indexed = len(path.names) == 1 and not path.trail and path.member in (None, "observedAt")
    if not indexed:
        return dialect.document_rows(path, entity, alias)
    condition = f"live_value {alias} WHERE {alias}.entity_id = {entity}.id AND {alias}.name = ?"
    return of_table(alias, Sql(condition, path.names), observed=path.member is not None)


def of_table(alias: str, origin: Sql, *, observed: bool = False) -> Rows:
    """Rows of the index table, of the main values or of the times of observation."""
    a = alias
    if observed:
        held = origin + Sql(f" AND {a}.observed_at IS NOT NULL")
        return Rows(held, f"{a}.dataset", "'t'", NOTHING, f"{a}.observed_at", f"{a}.observed_at")
    return Rows(origin, f"{a}.dataset", f"{a}.kind", f"{a}.number", f"{a}.text", f"{a}.instant")


def path_parameter(path: Path) -> str:
    """The path as the functions over documents take it: JSON [names, member, trail]."""
    return json.dumps([path.names, path.member, path.trail], ensure_ascii=False)


def equal_or_ordered(node: Compare, source: Rows) -> Sql:
    """Whether the row's value stands in the relation to one of the operands; `!=` asks as `==`."""
    operator = "=" if node.operator in ("==", "!=") else node.operator
    if operator == "=":
        texts = tuple(operand.value for operand in node.operands if isinstance(operand, Text))
        numbers = tuple(operand.value for operand in node.operands if isinstance(operand, Number))
        others = [operand for operand in node.operands if not isinstance(operand, (Text, Number))]
        parts = [_equal(operand, source) for operand in others]
        if texts:
            whole = Sql(f"{source.text} IN ({marks(texts)}) AND {source.kind} <> 'b'", texts)
            parts.append(_keyed("IN", texts, source) + whole)
        if numbers:
            parts.append(Sql(f"{source.number} IN ({marks(numbers)})", numbers))
        return parts[0] if len(parts) == 1 else joined("OR", parts)
    (operand,) = node.operands
    return _ordered(operator, operand, source)


def begins(prefix: str, source: Rows) -> Sql:
    """Whether the row's text begins so, as bounds that an index of texts knows."""
    return joined("AND", (_ordered(">=", Text(prefix), source), _ordered("<", Text(prefix + LAST), source)))


def matching(node: Like, source: Rows, dialect: Dialect) -> Sql:
    """Whether the row is a text in which the pattern is found."""
    found = dialect.found(source.text)
    return Sql(f"{source.kind} IN {TEXTS} AND {found}", (node.pattern,))


def _keyed(operator: str, texts: tuple[str, ...], source: Rows) -> Sql:
    """What the index of texts can tell before the whole text is compared."""
    if not source.key:
        return Sql("")
    keys = ", ".join(source.key.format(text="?") for _ in texts)
    return Sql(f"{source.key.format(text=source.text)} {operator} ({keys}) AND ", texts)


def _equal(operand: Literal | Range, source: Rows) -> Sql:
    match operand:
        case Range(low, high):
            return joined("AND", (_ordered(">=", low, source), _ordered("<=", high, source)))
        case Boolean(value):
            return Sql(f"{source.kind} = 'b' AND {source.text} = ?", ("true" if value else "false",))
        case _:
            return Sql(f"{source.instant} = ?", (operand.value,))


def _ordered(operator: str, operand: Literal | Range, source: Rows) -> Sql:
    match operand:
        case Number(value):
            return Sql(f"{source.number} {operator} ?", (value,))
        case Instant(value):
            low, high = column(value)
            bound = f"{source.instant} >= ?" if operator[0] == "<" else f"{source.instant} < ?"
            return Sql(
                f"{source.instant} {operator} ? AND {bound}", (value, low if operator[0] == "<" else high)
            )
        case Text(value):
            whole = Sql(f"{source.text} {operator} ? AND {source.kind} IN {TEXTS}", (value,))
            return _keyed(f"{operator[0]}=", (value,), source) + whole
        case _:
            raise TypeError(f"{operand!r} has no order")
