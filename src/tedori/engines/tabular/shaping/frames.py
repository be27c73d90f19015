"""The standard frame: the items in order, what has no item as extra columns, and the row in the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from tedori.engines.tabular.shaping.addresses import PARTS, known_city, parts
from tedori.engines.tabular.values import ColumnMatch, Definition, Table

EXTRA = "extra:"
ROW = "_row"
_NUMBER = r"[-+]?\d{1,3}\.\d+"
_HOUR = r"\d{1,2}[:：時]\d{0,2}分?"
_RANGE = rf"^\s*({_HOUR})\s*(?:[-~〜～ー−–―]|から|→)\s*(?:翌)?({_HOUR})(?:まで)?\s*$"


def standard_frame(table: Table, matches: Sequence[ColumnMatch], definition: Definition) -> pl.DataFrame:
    """The table under the standard items.

    Columns: every item of the definition in its order (String, null where nothing fills it), then
    "extra:<source header>" for each column that is not accepted, then `_row` (Int64). Nothing is lost: where
    a cell could not be split, its text stays in an extra column.
    """
    frame = table.frame
    filled: dict[str, pl.Expr] = {}
    kept: dict[str, pl.Expr] = {}
    for match in matches:
        if match.status != "accepted":
            kept[_extra_name(match, kept)] = pl.col(f"c{match.column}")
            continue
        found = _SHAPES.get(match.how, _copy)(match, frame, definition)
        filled.update({name: expr for name, expr in found.items() if name not in filled})
        if match.how in ("split-point", "split-hours", "split-address"):
            kept.update(_unsplit(match, frame, found, kept))
    empty = pl.lit(None, dtype=pl.String)
    items = [filled.get(item.name, empty).alias(item.name) for item in definition.items]
    extras = [expr.alias(name) for name, expr in kept.items()]
    return frame.select(*items, *extras, pl.col(ROW))


def _extra_name(match: ColumnMatch, taken: dict[str, pl.Expr]) -> str:
    base = EXTRA + (" ".join(match.source.split()) or f"列{match.column + 1}")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _copy(match: ColumnMatch, _frame: pl.DataFrame, _definition: Definition) -> dict[str, pl.Expr]:
    return {name: pl.col(f"c{match.column}") for name in match.items[:1]}


def _join_name(match: ColumnMatch, _frame: pl.DataFrame, _definition: Definition) -> dict[str, pl.Expr]:
    columns = [pl.col(f"c{c}") for c in sorted({match.column, *match.along})]
    first, last = columns[0].fill_null(""), columns[-1].fill_null("")
    joined = pl.when(last.str.starts_with(first)).then(last).otherwise(first + last)
    return {match.items[0]: pl.when(joined != "").then(joined)}


def _join_phone(match: ColumnMatch, _frame: pl.DataFrame, _definition: Definition) -> dict[str, pl.Expr]:
    cells = [
        pl.col(f"c{c}").str.strip_chars(" 　-ー−‐－()（）").replace("", None)
        for c in sorted({match.column, *match.along})
    ]
    joined = pl.concat_str(cells, separator="-", ignore_nulls=True)
    return {match.items[0]: pl.when(joined != "").then(joined)}


def _join_address(match: ColumnMatch, _frame: pl.DataFrame, definition: Definition) -> dict[str, pl.Expr]:
    """The whole address from its parts: prefecture, city, town, house number; none without its town."""
    columns = [pl.col(f"c{c}") for c in (match.column, *match.along)]
    joined = pl.concat_str(columns, ignore_nulls=True)
    whole, town = match.items[-1], columns[-2]
    return {match.items[0]: columns[0], whole: pl.when(town.is_not_null()).then(joined)}


def _split_address(match: ColumnMatch, frame: pl.DataFrame, definition: Definition) -> dict[str, pl.Expr]:
    column = f"c{match.column}"
    found = parts(column, known_city(frame[column]))
    kinds = {item.name: item.kind for item in definition.items}
    return {name: found[kinds[name]] if kinds.get(name) in PARTS else pl.col(column) for name in match.items}


def _split_point(match: ColumnMatch, _frame: pl.DataFrame, _definition: Definition) -> dict[str, pl.Expr]:
    text = pl.col(f"c{match.column}")
    first, second = (text.str.extract_all(_NUMBER).list.get(i, null_on_oob=True) for i in (0, 1))
    exchanged = first.cast(pl.Float64, strict=False).abs() > 90
    return {
        match.items[0]: pl.when(exchanged).then(second).otherwise(pl.when(second.is_not_null()).then(first)),
        match.items[1]: pl.when(exchanged).then(first).otherwise(second),
    }


def _split_hours(match: ColumnMatch, _frame: pl.DataFrame, _definition: Definition) -> dict[str, pl.Expr]:
    text = pl.col(f"c{match.column}")
    return {name: text.str.extract(_RANGE, place) for place, name in enumerate(match.items, start=1)}


def _unsplit(
    match: ColumnMatch, frame: pl.DataFrame, found: dict[str, pl.Expr], kept: dict[str, pl.Expr]
) -> dict[str, pl.Expr]:
    """The cells that could not be split, unless the whole cell stands in an item anyway."""
    source = pl.col(f"c{match.column}")
    if match.how == "split-address" and len(found) and match.items[0].endswith("連結表記"):
        return {}
    lost = source.is_not_null() & pl.any_horizontal([expr.is_null() for expr in found.values()])
    if not frame.select(lost.any()).item():
        return {}
    return {_extra_name(match, kept): pl.when(lost).then(source)}


_SHAPES: dict[str, Callable[[ColumnMatch, pl.DataFrame, Definition], dict[str, pl.Expr]]] = {
    "copy": _copy,
    "exchanged": _copy,
    "join-name": _join_name,
    "join-phone": _join_phone,
    "join-address": _join_address,
    "split-address": _split_address,
    "split-point": _split_point,
    "split-hours": _split_hours,
}
