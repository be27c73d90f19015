"""Reads filters written in CQL2 text; Japanese item names may stand without quotes."""

from __future__ import annotations

import re

from lark.exceptions import LarkError
from pygeofilter import ast
from pygeofilter.parsers.cql2_text import parse

from tedori.services.datasets.rules.asking import BadFilter

LONGEST = 2000  # characters of a filter
DEEPEST = 40  # conditions one inside another
# Texts and quoted names are left alone. The parser knows no bare names with a letter beyond ASCII, of a
# single letter, or with an underscore first: these are put in quotes for it.
_PARTS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[\w:＿（）・]+")


def parsed(text: str) -> ast.Node:
    """The syntax tree of a filter; raises BadFilter."""
    if len(text) > LONGEST:
        raise BadFilter(because=f"> {LONGEST}", where="filter")
    try:
        tree = parse(_PARTS.sub(_quoted, text))
    except (LarkError, ValueError, TypeError, KeyError, RecursionError) as error:
        because = " ".join(str(error).split())[:120]
        raise BadFilter(because=because, where="filter") from error
    if not isinstance(tree, ast.Node) or _deep(tree):
        raise BadFilter(because=text[:80], where="filter")
    return tree


def _quoted(found: re.Match[str]) -> str:
    part = found[0]
    if part[0] in "'\"":
        return part
    plain = part.isascii() and part[0] != "_" and (len(part) > 1 or not part.isalpha())
    return part if plain else f'"{part}"'


def _deep(tree: ast.Node) -> bool:
    """Whether the tree is deeper than DEEPEST; found without descending into it."""
    level = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level if isinstance(node, ast.Node) for child in _children(node)]
        if not level:
            return False
    return True


def _children(node: ast.Node) -> list[object]:
    if isinstance(node, ast.And | ast.Or):
        # A long row of AND hangs to the left: its length is no depth.
        found: list[object] = []
        left: object = node
        while isinstance(left, type(node)):
            found.append(left.rhs)
            left = left.lhs
        return [*found, left]
    return list(node.get_sub_nodes() or ())
