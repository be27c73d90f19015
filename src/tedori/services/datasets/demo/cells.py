"""Writes the cells of a file: the true value, the house's manner, now and then a slip."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tedori.services.datasets.demo.headings import OWN_COLUMNS, Column
from tedori.services.datasets.demo.homes import Home
from tedori.services.datasets.demo.kinds import kind_of
from tedori.services.datasets.demo.manners import STYLE_KEY, write
from tedori.services.datasets.demo.slips import Slipped, slip
from tedori.services.datasets.demo.styles import Style
from tedori.services.datasets.demo.truth import Change, Grade

SLIP_SHARE = 0.003
# CP932 lacks these; who writes CP932 gets the neighbour instead.
NOT_IN_CP932 = str.maketrans({"−": "－", "\ufffd": "〓"})


@dataclass(slots=True)
class Sheet:
    """The data rows of a file while they are being written, column by column, and what is wrong in them."""

    columns: list[Column]
    cells: list[list[str]]
    truths: list[list[str]]
    changes: dict[tuple[int, str], Change] = field(default_factory=dict)
    oddities: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many data rows there are."""
        return len(self.cells[0]) if self.cells else 0

    def find(self, *items: str) -> int | None:
        """The index of the first column that truly is one of these items."""
        return next((n for n, column in enumerate(self.columns) if column.source in items), None)

    def put(self, row: int, column: int, written: str, *, true: str, defect: str, grade: Grade) -> None:
        """Write one cell against the truth."""
        self.cells[column][row] = written
        item = self.columns[column].source
        self.truths[column][row] = true
        self.changes[row, item] = Change(row, item, written, true, defect, grade)


def _values(column: Column, rows: list[dict[str, str]], home: Home, dice: random.Random) -> list[str]:
    """The true values of one column."""
    source = column.source
    everywhere = {"@prefecture": "東京都", "@city": home.name}
    if source == "@number":
        return [str(number) for number in range(1, len(rows) + 1)]
    if source in everywhere:
        return [everywhere[source]] * len(rows)
    if source.startswith("@own:"):
        return dice.choices(OWN_COLUMNS[source.removeprefix("@own:")], k=len(rows))
    return [row.get(source, "") for row in rows]


def fill(
    columns: list[Column], rows: list[dict[str, str]], *, home: Home, style: Style, dice: random.Random
) -> Sheet:
    """Write all rows in the house's manners."""
    sheet = Sheet(columns, [], [])
    legacy_dash = style.carrier in {"csv-cp932", "double", "zip"}
    for number, column in enumerate(columns):
        values = _values(column, rows, home, dice)
        if column.source == "地方公共団体名" and style.spoken_name:
            values = [f"東京都{value}" for value in values]
        sheet.cells.append(list(values))
        sheet.truths.append(values)
        if not column.source.startswith("@"):
            _write_column(sheet, number, style=style, dice=dice, legacy_dash=legacy_dash)
    return sheet


def _write_column(sheet: Sheet, number: int, *, style: Style, dice: random.Random, legacy_dash: bool) -> None:
    """Apply the manner of one column, then its slips."""
    kind = kind_of(sheet.columns[number].source)
    manner = style.manners.get(STYLE_KEY.get(kind, kind), "")
    share = SLIP_SHARE * style.care
    for row, true in enumerate(sheet.truths[number]):
        if not true:
            continue
        cell = _typed(true, kind=kind, manner=manner, share=share, dice=dice)
        if cell.written != cell.true:
            written = cell.written.translate(NOT_IN_CP932) if legacy_dash else cell.written
            defect = f"{kind}:{cell.defect}"
            sheet.put(row, number, written, true=cell.true, defect=defect, grade=cell.grade)


def _typed(true: str, *, kind: str, manner: str, share: float, dice: random.Random) -> Slipped:
    """What is typed for a true value: in the manner of the column, or else, rarely, with a slip."""
    written, grade = write(true, kind, manner)
    fallen = slip(true, kind, dice) if written == true and dice.random() < share else None
    return fallen or Slipped(written, true, manner, grade)
