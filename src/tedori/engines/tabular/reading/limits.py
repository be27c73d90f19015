"""How much the reading stage takes on before it declines a file."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; sizes in bytes.

    `file` is the size of the input, `columns` the widest table, `members` and `unpacked` bound what an
    archive or a workbook may hold, `ratio` how much smaller than its content an archive may be, and
    `depth` how many archives may lie inside each other. `cells` is the largest area of a sheet, from its
    first to its last used cell, blanks included. Delimited text above `careful` bytes is read in
    bulk; a bulky file that turns out to be irregular is read row by row up to `irregular` bytes.
    """

    file: int = 1024 * MIB
    columns: int = 4000
    cells: int = 40_000_000
    members: int = 1000
    unpacked: int = 1024 * MIB
    ratio: int = 500
    depth: int = 2
    careful: int = 2 * MIB
    irregular: int = 512 * MIB
