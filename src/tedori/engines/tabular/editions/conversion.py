"""From the standard frame to the headings of an edition and back, without losing a cell.

What an edition has no heading for is carried along as further columns under the item's own name, so every
edition can be turned back into the standard frame and from there into any other edition.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tedori.engines.tabular.definitions import DATA_MODEL
from tedori.engines.tabular.editions.facilities import join_facilities, split_facilities
from tedori.engines.tabular.values import Definition, Edition
from tedori.vocabulary.addresses import PREFECTURE

EXTRA, ROW = "extra:", "_row"


def convert(frame: pl.DataFrame, definition: Definition, *, to: str) -> tuple[pl.DataFrame, ...]:
    """A standard frame under the headings of an edition: one table, or entity and facility table.

    The edition's columns come first and in its order; then items that the edition does not have but the frame
    fills, extra columns without their "extra:" where the name is free, and `_row` last when it was there.
    LookupError when the definition has no such edition.
    """
    edition = edition_named(definition, to)
    if to == DATA_MODEL:
        return split_facilities(_under(frame, definition, edition), definition, edition)
    return (_under(frame, definition, edition),)


def restore(
    frames: Sequence[pl.DataFrame] | pl.DataFrame, definition: Definition, *, of: str
) -> pl.DataFrame:
    """The standard frame of tables under the headings of an edition; the way back from `convert`."""
    edition = edition_named(definition, of)
    tables = (frames,) if isinstance(frames, pl.DataFrame) else tuple(frames)
    table = join_facilities(tables, definition) if of == DATA_MODEL else tables[0]
    return _standard(table, definition, edition)


def edition_named(definition: Definition, name: str) -> Edition:
    """The edition of a definition with this name; LookupError when it has none."""
    found = next((e for e in definition.editions if e.name == name), None)
    if found is None:
        known = ", ".join(e.name for e in definition.editions)
        raise LookupError(f"{definition.slug}: no edition {name!r} (there are {known})")
    return found


def _under(frame: pl.DataFrame, definition: Definition, edition: Edition) -> pl.DataFrame:
    columns, carried = _of_items(frame, definition, edition)
    empty = pl.lit(None, dtype=pl.String)
    chosen = [columns.get(heading, empty).alias(heading) for heading in edition.header]
    chosen += [pl.col(item).alias(_carried_name(item, edition)) for item in carried]
    taken = set(edition.header) | {i.name for i in definition.items}
    chosen += [
        pl.col(name).alias(_free_name(name, taken)) for name in frame.columns if name.startswith(EXTRA)
    ]
    return frame.select(*chosen, *([pl.col(ROW)] if ROW in frame.columns else []))


def _of_items(
    frame: pl.DataFrame, definition: Definition, edition: Edition
) -> tuple[dict[str, pl.Expr], list[str]]:
    """What stands under each heading, and the items that must be carried along besides."""
    groups = _headings_by_item(edition)
    columns: dict[str, pl.Expr] = {}
    carried: list[str] = []
    for item in (i.name for i in definition.items):
        headings = groups.get(item, [])
        columns |= _under_headings(frame, item, headings)
        if _must_travel(frame, item, headings):
            carried.append(item)
    return columns, carried


def _under_headings(frame: pl.DataFrame, item: str, headings: list[str]) -> dict[str, pl.Expr]:
    if not headings:
        return {}
    if len(headings) == 1:
        return {headings[0]: _text(frame, item)}
    return _two_names(frame, item, headings)


def _must_travel(frame: pl.DataFrame, item: str, headings: list[str]) -> bool:
    """Whether the headings of an edition cannot hold all that stands in an item."""
    if len(headings) > 1:
        return not _joins_back(frame, item)
    return not headings and _filled(frame, item)


def _standard(table: pl.DataFrame, definition: Definition, edition: Edition) -> pl.DataFrame:
    groups = _headings_by_item(edition)
    there = set(table.columns)
    travelling = there - set(edition.header)
    items: list[pl.Expr] = []
    used: set[str] = {ROW}
    for item in (i.name for i in definition.items):
        headings = [h for h in groups.get(item, []) if h in there]
        carried = {_carried_name(item, edition)} & travelling
        used.update(headings, carried)
        items.append(_read_back(headings, carried).alias(item))
    extras = _extras(table, edition, used)
    row = pl.col(ROW) if ROW in there else pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(ROW)
    return table.select(*items, *extras, row)


def _read_back(headings: list[str], carried: set[str]) -> pl.Expr:
    """An item out of the column in which it travelled, else out of those of the edition."""
    if carried:
        return pl.col(*carried)
    if len(headings) == 2:
        return _joined(headings)
    return pl.col(headings[0]) if headings else pl.lit(None, dtype=pl.String)


def _extras(table: pl.DataFrame, edition: Edition, used: set[str]) -> list[pl.Expr]:
    """The columns that hold no item, without empty ones under headings of the edition that mean none."""
    headless = {h for h, i in zip(edition.header, edition.items, strict=True) if i is None}
    idle = used | {name for name in headless if not _filled(table, name)}
    return [
        pl.col(name).alias(EXTRA + name.removeprefix(EXTRA)) for name in table.columns if name not in idle
    ]


def _headings_by_item(edition: Edition) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for heading, item in zip(edition.header, edition.items, strict=True):
        if item is not None:
            groups.setdefault(item, []).append(heading)
    return groups


def _text(frame: pl.DataFrame, item: str) -> pl.Expr:
    return pl.col(item) if item in frame.columns else pl.lit(None, dtype=pl.String)


def _filled(frame: pl.DataFrame, name: str) -> bool:
    return name in frame.columns and frame[name].null_count() < frame.height


def _two_names(frame: pl.DataFrame, item: str, headings: list[str]) -> dict[str, pl.Expr]:
    """東京都千代田区 under 都道府県名 and 市区町村名."""
    text = _text(frame, item)
    rest = text.str.replace(f"^{PREFECTURE}", "")
    return {
        headings[0]: text.str.extract(f"^({PREFECTURE})", 1),
        headings[1]: pl.when(rest != "").then(rest),
    }


def _joined(headings: list[str]) -> pl.Expr:
    joined = pl.concat_str([pl.col(h) for h in headings], ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _joins_back(frame: pl.DataFrame, item: str) -> bool:
    if item not in frame.columns:
        return True
    both = frame.select(**_two_names(frame, item, ["a", "b"])).select(_joined(["a", "b"]).alias("c"))["c"]
    return both.eq_missing(frame[item]).all()


def _carried_name(item: str, edition: Edition) -> str:
    """The heading under which an item travels that an edition does not have (or cannot hold in full)."""
    return item if item not in edition.header else f"標準_{item}"


def _free_name(name: str, taken: set[str]) -> str:
    plain = name.removeprefix(EXTRA)
    if not plain or plain in taken or plain.startswith((EXTRA, "標準_", "_")):
        return name
    taken.add(plain)
    return plain
