"""A grid of cells as it stands in a file, before anyone knows what is header and what is data."""

from __future__ import annotations

from dataclasses import dataclass, field

from tedori.engines.tabular.values import Finding

Row = list[str]
Merge = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of texts ("" where empty), each with its row number in the file as an editor shows it.

    `merges` are merged ranges (first row, first column, last row, last column), rows by their number in
    the file and columns from 0. `damaged` are the rows that cannot be trusted: row number → finding code.
    """

    rows: list[Row]
    numbers: list[int]
    merges: tuple[Merge, ...] = ()
    findings: tuple[Finding, ...] = ()
    damaged: dict[int, str] = field(default_factory=dict)

    def width(self) -> int:
        """The number of cells of the longest row."""
        return max((len(row) for row in self.rows), default=0)


def filled(row: Row) -> int:
    """How many cells of a row hold more than white space."""
    return len([cell for cell in row if cell and not cell.isspace()])


def is_blank(row: Row) -> bool:
    """Whether a row holds nothing but white space."""
    return "".join(row).strip() == ""
