"""What services hand to the design: menu entries, cells, tables, charts, points, pages of a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise
"""A text for people: a plain string, or a lazy translation."""

Kind = Literal["ok", "wait", "stop", "info", "none", "level-1", "level-2", "level-3", "level-4", "level-5"]
"""How something stands: good, waiting for a person, stopped, for information, nothing there; or a step of
the heat scale, from low to full."""

DIGITS = 10  # a number with more is no id and no page, and might be too large for the database


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the main menu; `audience` public, resident, staff or partner; low `order` comes first."""

    label: Text
    url_name: str
    audience: str = "public"
    order: int = 100


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way from the front page; the last one has no address."""

    label: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A table cell, or a list entry, that leads somewhere."""

    text: Text
    url: str


@dataclass(frozen=True, slots=True)
class Status:
    """A table cell that says how something stands: never by colour alone, the label says it too."""

    kind: Kind
    label: Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand to the right, codes and dates are not broken."""

    label: Text
    kind: Literal["text", "number", "code", "date"] = "text"


Cell = Text | int | float | Link | Status | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. The first cell of each row heads the row."""

    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    url: str = ""
    """Where the same table can be had as CSV; empty when nowhere."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart with the numbers it shows; the two are never apart."""

    svg: str
    caption: Text
    header: tuple[Text, ...]
    rows: tuple[tuple[Text | int | float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One place on a map of tiles: its column and row on the grid, its step on the heat scale, its link."""

    column: int
    row: float
    name: str
    label: str
    level: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class TileMap:
    """Places drawn as equal tiles in about their true order; the text of each tile says what its colour says.

    `scale` explains the steps: (level, text). The page must hold the same content as a list or table.
    """

    caption: Text
    tiles: tuple[Tile, ...]
    scale: tuple[tuple[int, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class HomeCard:
    """One figure on the front page, with what it counts and where it leads.

    A service's AppConfig names the function that gives them, `home = "tedori.services.x.queries.home.cards"`,
    and may name one that gives a TileMap for the head of the page, `home_picture = "…"`.
    """

    figure: Text | int
    label: Text
    text: Text = ""
    url: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come. `url` gives this same component again; `finished` stops the asking."""

    done: int
    total: int
    text: Text
    url: str
    finished: bool = False
    failed: bool = False

    @property
    def percent(self) -> int:
        """Share done, 0 to 100."""
        return min(100, round(100 * self.done / self.total)) if self.total else 0


@dataclass(frozen=True, slots=True)
class Pages:
    """One page of a list: its rows, which page it is (from 1) and how many rows there are in all."""

    rows: tuple[object, ...] = field(repr=False)
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """The place of the first row shown, counted from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last_row(self) -> int:
        """The place of the last row shown."""
        return min(self.number * self.size, self.total)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The page numbers worth a link: first, last and the neighbours; 0 stands for a gap."""
        near = {1, self.last, *range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)}
        shown: list[int] = []
        for number in sorted(near):
            if shown and number - shown[-1] > 1:
                shown.append(0)
            shown.append(number)
        return tuple(shown)


def whole(text: str | int | None, *, default: int = 0) -> int:
    """The number that a form or an address sent; `default` for anything that no row and no page can have."""
    said = str(text or "")
    return int(said) if said.isdecimal() and len(said) < DIGITS else default


def page_of(rows: tuple[object, ...] | list[object], *, number: str | int | None, size: int = 50) -> Pages:
    """Cut one page out of `rows`. A page number that makes no sense gives the nearest page that exists."""
    total = len(rows)
    last = max(1, -(-total // size))
    here = min(max(whole(number, default=1), 1), last)
    return Pages(rows=tuple(rows[(here - 1) * size : here * size]), number=here, size=size, total=total)
