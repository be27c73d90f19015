"""From the expressions of a rule to nodes: names resolved, sorts checked, cycles found, equals made one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from tedori.engines.rules.errors import RuleFault
from tedori.engines.rules.kinds import KINDS
from tedori.engines.rules.kinds.days import as_number
from tedori.engines.rules.kinds.kind import widest
from tedori.engines.rules.model import ANY, HOUSEHOLD, PERSON, RANGE, TRUTH, Definition, Fact, Node, Parameter


class Compiler:
    """Reads expressions; one per rulebook, so that equal expressions of different rules are one node."""

    def __init__(
        self,
        facts: Mapping[str, Fact],
        parameters: Mapping[str, Parameter],
        sources: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """`sources`: the definitions as written, by name: {of, is, article}."""
        self.facts, self.parameters, self.sources = facts, parameters, sources
        self.where = ""
        self.definitions: dict[str, Definition] = {}
        self._nodes: dict[tuple[object, ...], Node] = {}
        self._open: list[str] = []

    def node(
        self,
        kind: str,
        entity: str,
        sort: str,
        args: tuple[Node, ...] = (),
        data: object = None,
        options: tuple[str, ...] = (),
    ) -> Node:
        """A node, the same one for the same parts."""
        key = (kind, entity, sort, tuple(map(id, args)), repr(data))
        return self._nodes.setdefault(key, Node(kind, entity, sort, args, data, options or _options(args)))

    def read_all(self, nodes: tuple[Node, ...]) -> Node:
        """The conjunction of nodes."""
        return self.node("all", widest(nodes), TRUTH, nodes)

    def read(self, expression: object, entity: str) -> Node:
        """The node of an expression, as a person or a household sees it."""
        found = self._found(expression, entity)
        if entity == PERSON and found.entity == HOUSEHOLD:
            return self.node("lift", PERSON, found.sort, (found,), None, found.options)
        if entity == HOUSEHOLD and found.entity == PERSON:
            raise self.fault(
                "person-in-household",
                f"世帯の条件に人の値が直接あります（{expression}）。some や count で囲んでください",
                f"a value of a person in a condition of the household ({expression}); use some or count",
            )
        return found

    def _found(self, expression: object, entity: str) -> Node:
        match expression:
            case bool():
                return self.node("const", ANY, TRUTH, (), np.bool_(expression))
            case int() | float():
                return self.node("const", ANY, RANGE, (), np.float64(expression))
            case date():
                return self.node("const", ANY, RANGE, (), np.float64(as_number(expression)))
            case str():
                return self._named(expression)
        return self._kind(expression, entity)

    def _kind(self, expression: object, entity: str) -> Node:
        name, given = (
            next(iter(expression.items())) if isinstance(expression, dict) and expression else ("", None)
        )
        kind = KINDS.get(name)
        if kind is None or kind.read is None or len(expression) != 1:  # type: ignore[arg-type]
            raise self.fault(
                "unknown-kind", f"条件の種類がわかりません: {expression}", f"unknown kind: {expression}"
            )
        try:
            return kind.read(self, given, entity)
        except (KeyError, IndexError, TypeError, AttributeError) as why:
            raise self.fault(
                "wrong-shape", f"「{name}」の書き方が違います: {given}", f"{name} is not written so: {given}"
            ) from why

    def _named(self, name: str) -> Node:
        fact = self.facts.get(name)
        if fact is not None:
            return self.node("fact", fact.entity, fact.kind, (), name, fact.options)
        if name not in self.sources:
            raise self.fault("unknown-fact", f"知らない項目です: {name}", f"unknown fact: {name}")
        return self.define(name).node

    def define(self, name: str) -> Definition:
        """The definition of a derived value, read on first use; RuleFault when it leads back to itself."""
        if name in self.definitions:
            return self.definitions[name]
        if name in self._open:
            round_trip = " → ".join([*self._open[self._open.index(name) :], name])
            raise self.fault(
                "cycle", f"定義が循環しています: {round_trip}", f"definitions form a cycle: {round_trip}"
            )
        source, outer = self.sources[name], self.where
        self._open.append(name)
        self.where = name
        inner = self.read(source["is"], source.get("of", HOUSEHOLD))
        self.where = outer
        self._open.pop()
        entity = source.get("of", HOUSEHOLD)
        node = self.node("named", entity, inner.sort, (inner,), name, inner.options)
        self.definitions[name] = Definition(name, node, source.get("article", ""))
        return self.definitions[name]

    def fault(self, code: str, ja: str, en: str) -> RuleFault:
        """A fault at the place that is being read."""
        return RuleFault(code, self.where, ja, en)


def _options(args: tuple[Node, ...]) -> tuple[str, ...]:
    return next((arg.options for arg in args if arg.options), ())
