"""The text of `q` (clause 4.9) read to a tree whose names are expanded by a @context."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Protocol

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.queries.grammar import Word, read
from tedori.engines.ngsild.queries.tree import (
    ANY,
    And,
    Compare,
    Exists,
    Link,
    Literal,
    Node,
    Not,
    Or,
    Path,
    Range,
    Text,
)


class Context(Protocol):
    """What expands names: a compiled @context."""

    def expand(self, term: str) -> str:
        """The IRI of a short name."""
        ...


def parse_q(
    text: str, context: Context, *, expand_values: Collection[str] = (), json_keys: Collection[str] = ()
) -> Node:
    """The tree of a query, names expanded by the context.

    `expand_values` names the attributes whose compared texts are terms to expand too, `json_keys` those whose
    trailing path stays as it is. BadRequestData tells the position and what was expected; TooComplexQuery,
    that a limit of this module is passed.
    """
    return _Names(context, frozenset(expand_values), frozenset(json_keys)).node(read(text))


def parse_path(text: str, context: Context) -> Path:
    """One attribute path as in a query: `address[city]`, `temperature.observedAt`."""
    node = read(text)
    if not isinstance(node, Exists):
        raise bad_request("An attribute path has no operator", where=text)
    return _Names(context, frozenset(), frozenset()).path(node.path)


class _Names:
    """Expands every name of a tree."""

    def __init__(self, context: Context, expand_values: frozenset[str], json_keys: frozenset[str]) -> None:
        self._context = context
        self._values = expand_values
        self._keys = json_keys

    def node(self, node: Node) -> Node:
        match node:
            case And(nodes) | Or(nodes):
                return replace(node, nodes=tuple(map(self.node, nodes)))
            case Not(inner):
                return Not(self.node(inner))
            case Compare(path, operator, operands):
                expanding = bool(self._values & {*path.names})
                values = tuple(self._operand(operand, expanding) for operand in operands)
                return Compare(self.path(path), operator, values)
            case _:
                return replace(node, path=self.path(node.path))

    def path(self, path: Path) -> Path:
        expand = self._context.expand
        kept = bool(self._keys & {*path.names})
        trail = tuple(keys if kept or keys == (ANY,) else self._either(*keys) for keys in path.trail)
        links = tuple(Link(expand(link.name), tuple(map(expand, link.types))) for link in path.links)
        return Path(tuple(map(expand, path.names)), path.member, trail, links)

    def _either(self, key: str) -> tuple[str, ...]:
        """A member's name as it may stand in a value: as written, or expanded."""
        try:
            iri = self._context.expand(key)
        except NgsiLdError:
            return (key,)  # no name of an attribute, such as a language or a number
        return (key,) if iri == key else (key, iri)

    def _operand(self, operand: Literal | Range, expanding: bool) -> Literal | Range:
        if isinstance(operand, Range) or not isinstance(operand, (Text, Word)):
            return operand
        if expanding:
            return Text(self._context.expand(operand.value))
        if isinstance(operand, Word) and ":" not in operand.value:
            hint = "a text needs quotes; a term needs expandValues"
            raise bad_request(f"{operand.value} is neither a URI nor a value", detail=hint, where="q")
        return Text(operand.value)
