"""The grammar of `q` (clause 4.9): text to a tree with names as written, or the place where reading ends."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from tedori.engines.ngsild.errors import NgsiLdError, bad_request
from tedori.engines.ngsild.queries import patterns
from tedori.engines.ngsild.queries.limits import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_OPERANDS,
    MAX_STEPS,
    MAX_TERMS,
    too_complex,
)
from tedori.engines.ngsild.queries.scalars import instant, sound
from tedori.engines.ngsild.queries.tree import (
    MEMBERS,
    And,
    Boolean,
    Compare,
    Exists,
    Instant,
    Like,
    Link,
    Literal,
    Node,
    Not,
    Number,
    Or,
    Path,
    Range,
    Text,
)

GRAMMAR = r"""
start: either
either: both ("|" both)*
both: single (";" single)*
?single: atom | "!" atom -> negation
?atom: term | "(" either ")"
?term: path -> exists
    | path EQUALITY operand ("," operand)* -> equal
    | path ORDER literal -> order
    | path LIKE (PATTERN | QUOTED) -> like
?path: names trail? -> straight
    | NAME "{" hint* path "}" ("." names)? trail? -> linked
hint: NAME ","
names: NAME ("." NAME)*
trail: "[" (ANY | KEY ("." KEY)*) "]"
operand: literal (".." literal)?
?literal: INSTANT -> moment | NUMBER -> number | QUOTED -> text | BOOLEAN -> boolean | WORD -> word
NAME: /[^\W\d_][\w-]*(:[^\W\d_][\w-]*)?/
KEY: /[^\s.\[\]"]+/
ANY.2: "*"
EQUALITY.3: "==" | "!="
ORDER.2: ">=" | "<=" | ">" | "<"
LIKE.4: "~=" | "!~="
INSTANT.6: /\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([.,]\d{1,9})?Z)?|\d\d:\d\d:\d\d([.,]\d{1,9})?Z/
NUMBER.4: /-?(0|[1-9]\d{0,307})(\.\d+)?([eE][+-]?\d{1,3})?/
BOOLEAN.5: /(true|false)(?=[;|),]|$)/
QUOTED.7: /"([^"\\]|\\.)*"/
WORD.1: /[^\W\d_]([^\s"<>;|(),.]|\.(?!\.))*/
PATTERN: /%s/
"""
_PIECE = r"\\.|\[\^?\]?[^\]]*\]"
_INNER = rf"(?:{_PIECE}|[^()\\\[])*"
for _ in range(3):  # parentheses within parentheses, as deep as anyone writes them without quotes
    _INNER = rf"(?:{_PIECE}|[^()\\\[]|\({_INNER}\))*"
_UNQUOTED = rf"(?:{_PIECE}|[^;|()\\\[\"]|\({_INNER}\))+"
EXPECTED = {
    "NAME": "an attribute name",
    "KEY": "a member name",
    "ANY": "*",
    "EQUALITY": "== or !=",
    "ORDER": "<, <=, > or >=",
    "LIKE": "~= or !~=",
    "INSTANT": "a date, a time or a date-time in UTC",
    "NUMBER": "a number",
    "BOOLEAN": "true or false",
    "QUOTED": 'a text in "quotes"',
    "WORD": "a URI",
    "PATTERN": "a regular expression",
    "SEMICOLON": ";",
    "VBAR": "|",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "RBRACE": "}",
    "COMMA": ",",
    "DOT": ".",
    "BANG": "!",
    "__ANON_0": "..",
    "$END": "the end",
}


Trail: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Word(Text):
    """A value without quotes: a URI, or a term where expandValues allows one."""


@lru_cache(maxsize=2048)
def read(text: str) -> Node:
    """The tree with names as written; the same text is read once."""
    _bounded(text)
    try:
        node: Node = _PARSER.parse(text)
    except UnexpectedInput as error:
        raise _unreadable(text, error) from None
    except VisitError as error:
        raise error.orig_exc from None
    _few_terms(node)
    return node


def _bounded(text: str) -> None:
    if not text.strip():
        raise bad_request("The query is empty", where="q")
    if len(text) > MAX_LENGTH:
        raise too_complex("characters", MAX_LENGTH)
    sound(text, where="q")
    depth = deepest = 0
    for mark in re.findall(r"[(){}]", re.sub(r'"([^"\\]|\\.)*"', "", text)):
        depth += 1 if mark in "({" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise too_complex("levels of parentheses", MAX_DEPTH)


def _few_terms(node: Node) -> None:
    terms, waiting = 0, [node]
    while waiting:
        one = waiting.pop()
        terms += 1
        if terms > MAX_TERMS:
            raise too_complex("terms", MAX_TERMS)
        waiting.extend(
            one.nodes if isinstance(one, (And, Or)) else (one.node,) if isinstance(one, Not) else ()
        )


def _unreadable(text: str, error: UnexpectedInput) -> NgsiLdError:
    token = getattr(error, "token", None)
    at = len(text) if token is not None and token.type == "$END" else error.pos_in_stream or 0
    names = getattr(error, "allowed", None) or getattr(error, "expected", None) or ()
    expected = ", ".join(sorted({EXPECTED.get(name, name) for name in names}))
    found = repr(text[at : at + 20]) if at < len(text) else "the end"
    detail = f"at position {at + 1}: found {found}, expected one of: {expected}"
    return bad_request("The query cannot be read", detail=detail, where="q")


@v_args(inline=True)
class _Building(Transformer[Token, Any]):
    """Turns what the grammar found into nodes."""

    def start(self, node: Node) -> Node:
        return node

    def either(self, *nodes: Node) -> Node:
        return nodes[0] if len(nodes) == 1 else Or(nodes)

    def both(self, *nodes: Node) -> Node:
        return nodes[0] if len(nodes) == 1 else And(nodes)

    def negation(self, node: Node) -> Node:
        return Not(node)

    def exists(self, path: Path) -> Node:
        return Exists(path)

    def equal(self, path: Path, operator: Token, *operands: Literal | Range) -> Node:
        if len(operands) > MAX_OPERANDS:
            raise too_complex("values in a list", MAX_OPERANDS)
        return Compare(path, str(operator), operands)

    def order(self, path: Path, operator: Token, operand: Literal) -> Node:
        if isinstance(operand, (Boolean, Word)):
            raise bad_request(
                f"{operator} needs a number, a text or a time", detail=str(operand.value), where="q"
            )
        return Compare(path, str(operator), (operand,))

    def like(self, path: Path, operator: Token, pattern: Token) -> Node:
        text = pattern[1:-1].replace('\\"', '"') if pattern.type == "QUOTED" else str(pattern)
        return Like(path, patterns.checked(text), negated=operator == "!~=")

    def straight(self, names: tuple[str, ...], trail: Trail = ()) -> Path:
        member = names[-1] if names[-1] in MEMBERS else None
        if len(names) > MAX_STEPS or len(trail) > MAX_STEPS:
            raise too_complex("names in a path", MAX_STEPS)
        if member and trail:
            raise bad_request(f"{member} has no parts", where="q")
        return Path(names[:-1] if member else names, member, trail)

    def linked(self, name: Token, *parts: Any) -> Path:
        hints = [part for part in parts if isinstance(part, str)]
        inner, *rest = (part for part in parts if not isinstance(part, str))
        return _linked(str(name), hints, inner, rest)

    def hint(self, name: Token) -> str:
        return str(name)

    def names(self, *names: Token) -> tuple[str, ...]:
        return tuple(map(str, names))

    def trail(self, *keys: Token) -> Trail:
        return tuple((str(key),) for key in keys)

    def operand(self, low: Literal, high: Literal | None = None) -> Literal | Range:
        if high is None:
            return low
        if type(low) is not type(high) or isinstance(low, (Boolean, Word)):
            raise bad_request("Both ends of a range need the same type: numbers, texts or times", where="q")
        return Range(low, high)

    def moment(self, token: Token) -> Literal:
        found = instant(token.value)
        if found is None:
            raise bad_request("There is no such date or time", detail=token.value, where="q")
        return Instant(found)

    def number(self, token: Token) -> Literal:
        return Number(float(token.value))

    def boolean(self, token: Token) -> Literal:
        return Boolean(token.value == "true")

    def text(self, token: Token) -> Literal:
        try:
            return Text(sound(json.loads(token.value, strict=False), where="q"))
        except ValueError:
            raise bad_request("A quoted text has an unknown escape", detail=token.value, where="q") from None

    def word(self, token: Token) -> Literal:
        return Word(token.value)


def _linked(name: str, hints: list[str], inner: Path, rest: list[Any]) -> Path:
    """A path that follows a relationship: `a{b}`, with types `a{Type:b}`, or `a{Type}.b` as some write it."""
    if rest:
        return _behind(Link(name, (*hints, *inner.names)), rest)
    first, *more = inner.links[:1] and (inner.links[0].name,) or inner.names or ("",)
    hint, colon, attribute = first.partition(":")
    if not colon:
        return _plainly_linked(name, hints, inner)
    link = Link(name, (*hints, hint))
    if inner.links:
        return replace(inner, links=(link, replace(inner.links[0], name=attribute), *inner.links[1:]))
    return replace(inner, names=(attribute, *more, *inner.names[1:]), links=(link,))


def _behind(link: Link, rest: list[Any]) -> Path:
    """The path of what follows the braces."""
    if not isinstance(rest[0][0], str):
        raise bad_request("A linked entity's part follows its attribute, inside the braces", where="q")
    names: tuple[str, ...] = rest[0]
    trail = rest[1] if len(rest) > 1 else ()
    member = names[-1] if names[-1] in MEMBERS else None
    return Path(names[:-1] if member else names, member, trail, (link,))


def _plainly_linked(name: str, hints: list[str], inner: Path) -> Path:
    """A path that follows a relationship to entities of any type."""
    if hints:
        raise bad_request("After the types of a linked entity comes a colon and an attribute", where="q")
    return replace(inner, links=(Link(name), *inner.links))


_PARSER = Lark(
    GRAMMAR % _UNQUOTED.replace("/", r"\/"),
    parser="lalr",
    transformer=_Building(),
    propagate_positions=False,
    maybe_placeholders=False,
)
