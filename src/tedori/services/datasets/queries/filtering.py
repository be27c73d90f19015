"""Finds the rows of a shelf that meet a CQL2 filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import Any

import numpy as np
import polars as pl
import shapely
from pygeofilter import ast, values
from shapely.errors import ShapelyError
from shapely.geometry import box, shape

from tedori.services.datasets.queries.shelves import Shelf
from tedori.services.datasets.rules.asking import BadFilter

GEOMETRY = "geometry"
COMPARED: dict[type, Callable] = {
    ast.Equal: eq, ast.NotEqual: ne, ast.LessThan: lt, ast.LessEqual: le, ast.GreaterThan: gt,
    ast.GreaterEqual: ge,
}  # fmt: skip
SPATIAL: dict[type, Callable] = {
    ast.GeometryIntersects: shapely.intersects, ast.GeometryWithin: shapely.within,
    ast.GeometryDisjoint: shapely.disjoint, ast.GeometryContains: shapely.contains,
    ast.GeometryEquals: shapely.equals, ast.GeometryTouches: shapely.touches,
    ast.GeometryOverlaps: shapely.overlaps, ast.GeometryCrosses: shapely.crosses,
}  # fmt: skip


def rows_where(
    shelf: Shelf, tree: ast.Node, *, placed: Callable[[Any], Any] = lambda geometry: geometry
) -> np.ndarray:
    """The rows for which the filter is true; raises BadFilter. `placed` brings geometries into CRS84."""
    condition = Filter(shelf, placed).condition(tree)
    try:
        mask = shelf.frame.select(condition.fill_null(value=False).alias("found"))["found"]
    except pl.exceptions.PolarsError as error:
        raise BadFilter(because=str(error).splitlines()[0][:120], where="filter") from error
    return np.flatnonzero(mask.to_numpy()) if len(mask) == len(shelf) else _all_or_none(shelf, mask)


def _all_or_none(shelf: Shelf, mask: pl.Series) -> np.ndarray:
    """A filter that names no item is true for all rows or for none."""
    return np.arange(len(shelf) if len(mask) and mask[0] else 0)


class Filter:
    """Turns a syntax tree into one expression over the columns of a shelf; unknown stays unknown."""

    def __init__(self, shelf: Shelf, placed: Callable[[Any], Any]) -> None:
        self.shelf = shelf
        self.placed = placed

    def condition(self, node: Any) -> pl.Expr:
        """The expression of a condition."""
        if isinstance(node, ast.And | ast.Or):
            return reduce(and_ if isinstance(node, ast.And) else or_, self._row_of(node))
        if isinstance(node, ast.Not):
            return ~self.condition(node.sub_node)
        if type(node) in COMPARED:
            return self._comparison(node)
        if type(node) in SPATIAL:
            return self._spatial(node)
        return self._predicate(node)

    def _row_of(self, node: Any) -> list[pl.Expr]:
        """The conditions of a row of AND or OR, which the parser hangs one below the other."""
        found = []
        kind, left = type(node), node
        while isinstance(left, kind):
            found.append(self.condition(left.rhs))
            left = left.lhs
        return [self.condition(left), *reversed(found)]

    def _predicate(self, node: Any) -> pl.Expr:
        if isinstance(node, ast.Between):
            low, high = self._sides(node.lhs, node.low), self._sides(node.lhs, node.high)
            found = (low[0] >= low[1]) & (high[0] <= high[1])
        elif isinstance(node, ast.Like):
            found = self._text(node.lhs).str.contains(pattern(node.pattern))
        elif isinstance(node, ast.In):
            found = reduce(or_, (eq(*self._sides(node.lhs, one)) for one in node.sub_nodes))
        elif isinstance(node, ast.IsNull):
            found = self._null(node.lhs)
        else:
            raise BadFilter(because=type(node).__name__, where="filter")
        return ~found if node.not_ else found

    def _comparison(self, node: Any) -> pl.Expr:
        return COMPARED[type(node)](*self._sides(node.lhs, node.rhs))

    def _sides(self, left: Any, right: Any) -> tuple[pl.Expr, pl.Expr]:
        """Both sides as texts, or as numbers where one of them is a number."""
        number = any(isinstance(side, int | float) and not isinstance(side, bool) for side in (left, right))
        return self._side(left, number=number), self._side(right, number=number)

    def _side(self, node: Any, *, number: bool) -> pl.Expr:
        if isinstance(node, ast.Attribute):
            column = self._column(node)
            return column.cast(pl.Float64, strict=False) if number else column.cast(pl.String)
        if isinstance(node, date | datetime):
            return pl.lit(node.isoformat())
        if isinstance(node, str):
            return pl.lit(node).cast(pl.Float64, strict=False) if number else pl.lit(node)
        if isinstance(node, int | float) and not isinstance(node, bool):
            return pl.lit(float(node))
        raise BadFilter(because=str(node)[:80], where="filter")

    def _column(self, node: Any) -> pl.Expr:
        name = getattr(node, "name", None)
        if not isinstance(node, ast.Attribute) or name not in self.shelf.frame.columns:
            raise BadFilter(because=str(name or node)[:80], where="filter")
        return pl.col(name)

    def _text(self, node: Any) -> pl.Expr:
        return self._column(node).cast(pl.String)

    def _null(self, node: Any) -> pl.Expr:
        if getattr(node, "name", "") != GEOMETRY:
            return self._column(node).is_null()
        return pl.lit(pl.Series(np.isnan(self.shelf.latitudes) | np.isnan(self.shelf.longitudes)))

    def _spatial(self, node: Any) -> pl.Expr:
        """A test between the places of the rows and one geometry; unknown where the place is."""
        sides = (node.lhs, node.rhs)
        own = [isinstance(side, ast.Attribute) and side.name == GEOMETRY for side in sides]
        if own.count(True) != 1:
            raise BadFilter(because=GEOMETRY, where="filter")
        rows = self.shelf.placed
        points = shapely.points(self.shelf.longitudes[rows], self.shelf.latitudes[rows])
        other = self._geometry(sides[own.index(False)])
        pair = (points, other) if own[0] else (other, points)
        try:
            tested = SPATIAL[type(node)](*pair)
        except ShapelyError as error:
            raise BadFilter(because=str(error)[:80], where="filter") from error
        mask = np.zeros(len(self.shelf), dtype=bool)
        mask[rows] = tested
        known = np.zeros(len(self.shelf), dtype=bool)
        known[rows] = True
        return pl.when(pl.lit(pl.Series(known))).then(pl.lit(pl.Series(mask)))

    def _geometry(self, node: Any) -> Any:
        try:
            if isinstance(node, values.Geometry):
                return self.placed(shape(node.geometry))
            if isinstance(node, ast.Function) and node.name.lower() == "bbox":
                return self.placed(box(*(float(one) for one in node.arguments)))
        except (ShapelyError, ValueError, TypeError, AttributeError) as error:
            raise BadFilter(because=str(error)[:80], where="filter") from error
        raise BadFilter(because=str(node)[:80], where="filter")


def pattern(like: Any) -> str:
    """The regular expression of a LIKE pattern: % is any text, _ any letter, \\ takes their meaning away."""
    if not isinstance(like, str):
        raise BadFilter(because="LIKE", where="filter")
    signs = re.findall(r"\\.|.", like, flags=re.DOTALL)
    parts = (".*" if sign == "%" else "." if sign == "_" else _plain(sign[-1]) for sign in signs)
    return f"^(?s:{''.join(parts)})$"


def _plain(letter: str) -> str:
    return rf"\x{{{ord(letter):x}}}" if not letter.isalnum() else letter
