"""The frozen values that the stages of the engine hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

Severity = Literal["error", "warning", "info"]
Status = Literal["accepted", "review", "unmapped"]
Class = Literal["必須", "推奨", "任意"]


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for a person: what, where and what to do, in both languages."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table came from; `header_row` counts from 1 as an editor shows the file."""

    path: str
    sha256: str
    format: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file, or a part of it, cannot be read at all."""

    code: str
    message: Message


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know; `row` as an editor shows the file, None for the whole file."""

    code: str
    severity: Severity
    message: Message
    row: int | None = None
    item: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table as found: texts only, nothing interpreted.

    `frame` has the String columns c0…cN (null where the cell is empty) and the Int64 column `_row`,
    the row in the file as an editor shows it. `header` has one text per column c0…cN; two-row headers
    are joined with "_". Rows set aside (footers, examples, repeated headers) are in `aside`, one finding
    per row; what else there is to tell about this table (padded rows, duplicate headers, lost characters)
    is in `findings`.
    """

    source: Source
    header: tuple[str, ...]
    frame: pl.DataFrame
    preamble: tuple[tuple[str, ...], ...] = ()
    aside: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All tables of one input, or the reason why there is none, and what was undone or ignored."""

    path: str
    sha256: str
    tables: tuple[Table, ...] = ()
    refusal: Refusal | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeList:
    """Allowed values of an item with the spellings that a rule may turn into them.

    `doubtful` are words that probably, but not surely, mean a value: no rule uses them, a person is asked.
    """

    name: str
    values: tuple[str, ...]
    spellings: Mapping[str, str] = field(default_factory=dict, hash=False)
    closed: bool = True
    doubtful: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One item (column) of a standard dataset."""

    name: str
    kind: str
    demand: Class = "任意"
    english: str | None = None
    legacy: str | None = None
    aliases: tuple[str, ...] = ()
    codes: CodeList | None = None
    unique: bool = False
    many: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One header generation of a dataset: the ordered header and the item that each column carries."""

    name: str
    header: tuple[str, ...]
    items: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """One of the standard datasets, as data that the official book can replace.

    `entity` is the prefix of its data-model headings; `signs` are words in its values that tell it apart,
    `against` words that speak against it; of `needs` at least one item must have a column; `key` are the
    items that together identify a row.
    """

    slug: str
    number: str
    book: str
    name: str
    items: tuple[Item, ...]
    editions: tuple[Edition, ...]
    confidence: str
    sources: tuple[str, ...]
    names: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    entity: str = ""
    signs: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Cheap, because indexes are cached per definition and looked up for every table."""
        return hash(self.slug)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A dataset that the table might be instead, with its score from 0 to 1."""

    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which dataset and edition a table is; `slug` None when it is none of them."""

    slug: str | None
    edition: str | None
    confidence: float
    alternatives: tuple[Alternative, ...] = ()
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceGuess:
    """Which municipality publishes the table: six-digit code with check digit."""

    code: str | None
    name: str | None
    confidence: float
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """What one source column becomes.

    `column` is its index in the table; `items` the item or items that it fills (several when a column is
    split, such as 住所); `how` names the transformation ("copy", "split-address", "join-phone", …), with the
    other columns that join in listed in `along`. `choices` are the best items for a person to choose from.
    """

    column: int
    source: str
    items: tuple[str, ...]
    status: Status
    confidence: float
    because: tuple[str, ...] = ()
    how: str = "copy"
    along: tuple[int, ...] = ()
    choices: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people have decided before, per municipality and layout; nothing here is asked again.

    `columns`: source header → item name, or None to leave it out of the standard columns.
    `vocabulary`: item → {value as written: value of the standard}. `privacy`: item → True to publish.
    """

    dataset: str | None = None
    municipality: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    vocabulary: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    privacy: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repaired:
    """The frame after repair and every repair made: columns row, item, before, after, rule."""

    frame: pl.DataFrame
    repairs: pl.DataFrame
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of `rows` rows fill an item."""

    item: str
    demand: Class
    filled: int
    rows: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the engine found out about one table; the source of report.json."""

    source: Source
    recognition: Recognition
    place: PlaceGuess
    columns: tuple[ColumnMatch, ...]
    rows_read: int
    rows_written: int
    rows_aside: int
    repairs: pl.DataFrame | None
    findings: tuple[Finding, ...]
    completeness: tuple[Completeness, ...]
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One table standardised: its report, and the standard frame unless the file was refused."""

    report: Report
    frame: pl.DataFrame | None
