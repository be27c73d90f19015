"""Cells that a spreadsheet would run as a formula, made harmless."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
from polars import CompatLevel

# What makes a spreadsheet take a cell for a formula (the full-width equals sign too, in Japanese ones).
STARTS = b"=+-@\t\r"
WIDE_EQUALS = "＝"
# A sign before a plain number or telephone number is not a formula.
PLAIN_NUMBER = r"^[+\-][0-9 ().,/\-]*$"
DANGEROUS = np.zeros(256, dtype=bool)
DANGEROUS[list(STARTS + WIDE_EQUALS.encode()[:1])] = True


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before every cell that a spreadsheet could run; everything else stays as it is."""
    columns = []
    for name, kind in frame.schema.items():
        if kind == pl.String and _suspicious(frame[name]):
            columns.append(_marked(pl.col(name)).alias(name))
    return frame.with_columns(columns) if columns else frame


def _marked(text: pl.Expr) -> pl.Expr:
    starts = text.str.contains(rf"^[=@\t\r{WIDE_EQUALS}]")
    signed = text.str.contains(r"^[+\-]") & ~text.str.contains(PLAIN_NUMBER)
    return pl.when(starts | signed).then(pl.lit("'") + text).otherwise(text)


def _suspicious(column: pl.Series) -> bool:
    """Look at the first byte of every value: it lies at a fixed place in a column of string views."""
    array = column.to_arrow(compat_level=CompatLevel.newest())
    chunks = getattr(array, "chunks", [array])
    return any(_first_bytes(chunk) for chunk in chunks)


def _first_bytes(chunk: object) -> bool:
    views = chunk.buffers()[1]  # type: ignore[attr-defined]
    if views is None:
        return False
    table = np.frombuffer(views, dtype=np.uint8)
    start = chunk.offset * 16  # type: ignore[attr-defined]
    table = table[start : start + len(chunk) * 16].reshape(-1, 16)  # type: ignore[arg-type]
    lengths = table[:, :4].view(np.uint32).ravel()
    return bool((DANGEROUS[table[:, 4]] & (lengths > 0)).any())


def neutral(text: str | None) -> str | None:
    """Make one cell harmless, as `harmless` does for a frame."""
    if not text or text[0] not in "=+-@\t\r＝":
        return text
    signed = text[0] in "+-"
    return text if signed and not _NOT_PLAIN.search(text, 1) else f"'{text}"


_NOT_PLAIN = re.compile(r"[^0-9 ().,/\-]")
