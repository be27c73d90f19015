"""Draws a matrix of shares as a heat map; by hand, because thousands of fields are too many for altair."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tedori.kernel.pages.charts import Cell, crossed
from tedori.kernel.pages.values import Chart, Text

STEPS = ("#fbe3d6", "#fdf3d7", "#dbe6ff", "#7096f8", "#0017c1")
BOUNDS = (0.5, 0.7, 0.8, 0.9)
LABELS = ("< 50%", "50–69%", "70–79%", "80–89%", "≥ 90%")
LETTER = 12
HEAD = 26


def heat(caption: Text, *, cells: Sequence[Cell], header: tuple[Text, ...], side: int = 16) -> Chart:
    """A matrix of cells `(row, column, share 0 to 1 or None)`; a small cross where nothing is known."""
    rows = list(dict.fromkeys(str(cell[0]) for cell in cells))
    columns = list(dict.fromkeys(str(cell[1]) for cell in cells))
    left, top = max(map(_width, rows), default=0) + 8, max(map(_width, columns), default=0) + HEAD + 8
    width = max(left + len(columns) * side, 420)
    height = top + len(rows) * side
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{escape(str(caption), quote=True)}" '
        f'font-size="{LETTER}" fill="#1a1a1a">',
        _legend(),
        *(_row_label(name, left - 8, top + (place + 0.75) * side) for place, name in enumerate(rows)),
        *(_column_label(name, left + (place + 0.75) * side, top - 8) for place, name in enumerate(columns)),
        *_fields(cells, rows, columns, left=left, top=top, side=side),
        "</svg>",
    )
    return Chart("".join(drawn), caption, header, crossed(cells))


def step(share: float) -> int:
    """The step of the scale that a share stands on, 0 to 4."""
    return sum(share >= bound for bound in BOUNDS)


def _fields(
    cells: Sequence[Cell], rows: list[str], columns: list[str], *, left: int, top: int, side: int
) -> list[str]:
    """One path per step, so that thousands of fields stay a small drawing."""
    across = {name: left + place * side for place, name in enumerate(columns)}
    down = {name: top + place * side for place, name in enumerate(rows)}
    paths: list[list[str]] = [[] for _ in STEPS]
    crosses: list[str] = []
    for row, column, share in cells:
        x, y = across[str(column)], down[str(row)]
        if share is None:
            middle = side / 2
            crosses.append(f"M{x + middle - 2:g} {y + middle:g}h4m-2-2v4")
        else:
            paths[step(float(share))].append(f"M{x} {y}h{side - 1}v{side - 1}h-{side - 1}z")
    drawn = [
        f'<path fill="{colour}" stroke="#d8d8db" stroke-width=".5" d="{"".join(path)}"/>'
        for colour, path in zip(STEPS, paths, strict=True)
        if path
    ]
    return [*drawn, f'<path stroke="#767676" fill="none" d="{"".join(crosses)}"/>'] if crosses else drawn


def _legend() -> str:
    return "".join(
        f'<rect x="{place * 80}" y="0" width="14" height="14" fill="{colour}" stroke="#767676"/>'
        f'<text x="{place * 80 + 20}" y="12">{escape(label)}</text>'
        for place, (colour, label) in enumerate(zip(STEPS, LABELS, strict=True))
    )


def _row_label(name: str, x: float, y: float) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="end">{escape(name)}</text>'


def _column_label(name: str, x: float, y: float) -> str:
    return f'<text transform="translate({x:g} {y:g}) rotate(-90)">{escape(name)}</text>'


def _width(text: str) -> int:
    return round(sum(LETTER * 0.62 if letter.isascii() else LETTER for letter in text))
