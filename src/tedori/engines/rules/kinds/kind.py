"""What a kind of condition or value is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tedori.engines.rules.errors import RuleFault
from tedori.engines.rules.model import ANY, CHOICE, HOUSEHOLD, PERSON, Node


class Compiler(Protocol):
    """What a kind may ask of the compiler while it reads its own part of a rule."""

    parameters: Mapping[str, Any]
    where: str

    def read(self, expression: object, entity: str) -> Node:
        """The node of an expression, as seen from a person or a household."""
        ...

    def node(
        self, kind: str, entity: str, sort: str, args: tuple[Node, ...] = (), data: object = None
    ) -> Node:
        """A node, the same one for the same parts."""
        ...


Read = Callable[[Compiler, Any, str], Node]
Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: how it is read from a rule (None for kinds that only the compiler makes), how it is computed.

    `run` gets the scope, the node and the values of its arguments.
    """

    name: str
    read: Read | None
    run: Run


def widest(nodes: tuple[Node, ...]) -> str:
    """The entity of a node over these arguments: of a person as soon as one of them is."""
    entities = {node.entity for node in nodes}
    return PERSON if PERSON in entities else HOUSEHOLD if HOUSEHOLD in entities else ANY


def plain(name: str, sort: str, wanted: str, run: Run, count: int | None = None) -> Kind:
    """A kind whose arguments are a list of expressions, all of one sort."""

    def read(compiler: Compiler, given: Any, entity: str) -> Node:
        expressions = given if isinstance(given, list) else [given]
        if count is not None and len(expressions) != count:
            raise fault(
                compiler,
                "wrong-arguments",
                f"「{name}」には値が{count}個要ります",
                f"{name} takes {count} values",
            )
        args = tuple(compiler.read(one, entity) for one in expressions)
        require(compiler, name, args, wanted)
        return compiler.node(name, widest(args), sort, args)

    return Kind(name, read, run)


def require(compiler: Compiler, name: str, nodes: tuple[Node, ...], sort: str) -> None:
    """RuleFault when an argument has another sort than the kind can use."""
    for node in nodes:
        if node.sort != sort:
            raise fault(
                compiler,
                "wrong-sort",
                f"「{name}」に使えない値です（{node.kind}）",
                f"{name} needs a {sort}, not a {node.sort} ({node.kind})",
            )


def choices(compiler: Compiler, node: Node, names: list[str]) -> int:
    """The bits of the named options; RuleFault for an option that the choice does not have."""
    require(compiler, "is", (node,), CHOICE)
    unknown = [name for name in names if name not in node.options]
    if unknown:
        raise fault(
            compiler, "unknown-option", f"選択肢にありません: {unknown[0]}", f"not an option: {unknown[0]}"
        )
    return sum(1 << node.options.index(name) for name in names)


def fault(compiler: Compiler, code: str, ja: str, en: str) -> RuleFault:
    """A fault at the place that is being read."""
    return RuleFault(code, compiler.where, ja, en)
