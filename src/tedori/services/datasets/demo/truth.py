"""What is true of a generated file, kept aside so that accuracy can be measured against it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

# certain: the true value follows from what is written, without doubt; a tool is expected to restore it.
# open:    a careful tool may restore it or leave it; anything else is wrong.
# lost:    what was there cannot be known; it must stay as it is, or be emptied.
Grade = Literal["certain", "open", "lost"]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is not written as the truth says; `row` counts the data rows from 0."""

    row: int
    item: str
    written: str
    true: str
    defect: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class TrueColumn:
    """One column: its heading as written and the items that it may rightly be taken for (none: its own).

    `clear` is False where the heading and the content disagree, so that a person has to look.
    """

    header: str
    items: tuple[str, ...]
    clear: bool = True


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything that is true of one file. Rows count from 1 as a spreadsheet shows them.

    `rows` are the rows that hold data and `lines` the same rows as a text editor counts them. `personal` are
    the items in which names of private persons stand.
    """

    path: str
    slug: str
    edition: str
    code: str
    format: str
    encoding: str
    delimiter: str
    sheet: str
    header_row: int
    columns: tuple[TrueColumn, ...]
    rows: tuple[int, ...]
    lines: tuple[int, ...]
    changes: tuple[Change, ...]
    personal: tuple[str, ...]
    oddities: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The truth as JSON values; cells that are not among the changes are true as written."""
        return asdict(self)
