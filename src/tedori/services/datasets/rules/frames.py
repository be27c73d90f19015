"""The frame of a version as it lies in the lake, and what identifies its rows and its content."""

from __future__ import annotations

import hashlib

import polars as pl

from tedori.engines.tabular.values import Definition

ROW, KEY, LAT, LON = "_row", "_key", "_lat", "_lon"
HOUSE = (ROW, LAT, LON, KEY)
EXTRA = "extra:"


def _item(name: str, known: set[str]) -> pl.Expr:
    return pl.col(name).cast(pl.String) if name in known else pl.lit(None, pl.String).alias(name)


def lake_frame(
    frame: pl.DataFrame, definition: Definition, *, withheld: frozenset[str] = frozenset()
) -> pl.DataFrame:
    """The items of the definition in their order, then extra columns, then `_row`, `_lat`, `_lon`, `_key`.

    `withheld` names columns whose values stay inside: a standard item is emptied, an extra column dropped.
    """
    items = [item.name for item in definition.items]
    extras = [name for name in frame.columns if name.startswith(EXTRA) and name not in withheld]
    known = set(frame.columns) - withheld
    columns = [_item(name, known) for name in items]
    row = pl.col(ROW).cast(pl.Int64) if ROW in frame.columns else pl.int_range(pl.len(), dtype=pl.Int64)
    standard = frame.select(*columns, *(pl.col(name).cast(pl.String) for name in extras), row.alias(ROW))
    placed = standard.with_columns(_degrees("緯度", items, 90, LAT), _degrees("経度", items, 180, LON))
    return _with_keys(placed, items, definition.key)


def _degrees(item: str, items: list[str], limit: int, name: str) -> pl.Expr:
    """Degrees as a number; null when absent, unreadable, off the globe, or the zero that means unknown."""
    if item not in items:
        return pl.lit(None, pl.Float64).alias(name)
    number = pl.col(item).cast(pl.Float64, strict=False)
    return pl.when((number.abs() <= limit) & (number != 0)).then(number).alias(name)


def _joined(names: list[str]) -> pl.Expr:
    """The values of a key's items as one text; null where none of them is filled."""
    if not names:
        return pl.lit(None, pl.String)
    filled = pl.any_horizontal(pl.col(name).is_not_null() for name in names)
    return pl.when(filled).then(pl.concat_str([pl.col(name).fill_null("") for name in names], separator="|"))


def _with_keys(frame: pl.DataFrame, items: list[str], key: tuple[str, ...]) -> pl.DataFrame:
    """Add `_key`: the definition's key where it is filled, else a digest of the row; twins are counted."""
    given = [name for name in key if name in items]
    frame = frame.with_columns(_joined(given).alias(KEY))
    if frame[KEY].null_count():
        frame = frame.with_columns(pl.col(KEY).fill_null(_digests(frame, items)))
    twins = (~frame[KEY].is_first_distinct()).arg_true()
    return frame.with_columns(_counted(frame[KEY], twins)) if twins.len() else frame


def _counted(keys: pl.Series, twins: pl.Series) -> pl.Series:
    """Number the twins from #2 on, passing over what stands in the file as a key of its own."""
    taken, last = set(keys), dict[str, int]()
    counted = []
    for key in keys.gather(twins):
        number = last.get(key, 1) + 1
        while f"{key}#{number}" in taken:
            number += 1
        last[key] = number
        counted.append(f"{key}#{number}")
    return keys.clone().scatter(twins, counted)


def _digests(frame: pl.DataFrame, items: list[str]) -> pl.Series:
    texts = frame.select(
        pl.when(pl.col(KEY).is_null())
        .then(pl.concat_str([pl.col(name).fill_null("") for name in items], separator="\x1f"))
        .alias(KEY)
    )[KEY]
    digests = [
        None if text is None else "~" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        for text in texts
    ]
    return pl.Series(KEY, digests, dtype=pl.String)


def content_of(frame: pl.DataFrame) -> str:
    """64 hex digits that are equal for equal rows in any order, whatever file they came in."""
    names = sorted(name for name in frame.columns if name not in HOUSE)
    rows = frame.select(
        pl.concat_str([pl.col(name).fill_null("\x00") for name in names], separator="\x1f").alias("row")
    )["row"].sort()
    digest = hashlib.sha256("\x1f".join(names).encode())
    digest.update("\x1e".join(rows.to_list()).encode())
    return digest.hexdigest()


def head_of(frame: pl.DataFrame, *, rows: int = 20) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The filled columns and the first rows, as texts, for a look."""
    shown = [
        name for name in frame.columns if not name.startswith("_") and frame[name].null_count() < frame.height
    ]
    head = frame.select(shown).head(rows)
    return tuple(shown), tuple(
        tuple("" if cell is None else str(cell) for cell in row) for row in head.rows()
    )
