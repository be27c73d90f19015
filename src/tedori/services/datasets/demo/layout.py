"""Lays the rows out as a sheet: preamble, heading, example, data, repeated heading, empty tail, footer."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import groupby

from tedori.engines.tabular.values import Definition
from tedori.services.datasets.demo.cells import Sheet
from tedori.services.datasets.demo.homes import Home


@dataclass(slots=True)
class Grid:
    """The whole sheet as rows of texts; `header` and `data` say at which index (from 0) things stand."""

    rows: list[list[str]] = field(default_factory=list)
    header: int = 0
    data: list[int] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)


def _preamble(definition: Definition, home: Home, dice: random.Random) -> list[list[str]]:
    """What stands above the heading."""
    title = f"{home.name} {definition.name}"
    match dice.randrange(5):
        case 0:
            return [[title]]
        case 1:
            return [[title], ["令和8年4月1日現在"], []]
        case 2:
            return [["#lang", "ja"], ["#attribution_name", home.name], ["#license", "CC BY 4.0"],
                    ["#file_name", definition.slug], ["#download_from", f"{home.web}/opendata"]]  # fmt: skip
        case 3:
            return [[f"{title}（オープンデータ）"], ["作成：情報政策課"], ["更新日", "2026/4/1"], []]
        case _:
            return [["Ver1.2"], [title]]


def _footer(home: Home, dice: random.Random) -> list[list[str]]:
    """What stands below the data."""
    note = dice.choice(
        (
            "※掲載内容は令和8年4月1日現在のものです。",
            f"出典：{home.name}情報政策課",
            "※詳しくは各施設にお問い合わせください。",
            "以上",
        )
    )
    return [[], [note]] if dice.random() < 0.6 else [[note]]


def _group_of(header: str) -> str | None:
    return header.partition("_")[0] if "_" in header.strip("_") else None


def _stacked(group: str | None, names: list[str]) -> tuple[list[str], list[str]]:
    """The two rows over neighbouring columns; a group of one column stays in one row."""
    if group is None or len(names) < 2:
        return names, [""] * len(names)
    return [group, *[""] * (len(names) - 1)], [name.partition("_")[2] for name in names]


def _two_rows(headers: list[str]) -> tuple[list[str], list[str]] | None:
    """Headings such as 所在地_都道府県 as two rows, the group named once above the first of its columns."""
    above, below = [], []
    for group, names in groupby(headers, key=_group_of):
        first, second = _stacked(group, list(names))
        above += first
        below += second
    return (above, below) if any(below) else None


def _example(sheet: Sheet, dice: random.Random) -> list[str]:
    """A row that shows how to fill in the form."""
    row = [truths[0] if truths else "" for truths in sheet.truths]
    return [dice.choice(("記入例", "（例）", "【記入例】")), *row[1:]]


class _Luck:
    """Rolls the dice for each oddity of a layout and notes those that happened."""

    def __init__(self, grid: Grid, dice: random.Random, *, plain: bool) -> None:
        self.grid, self.dice, self.plain = grid, dice, plain

    def __call__(self, share: float, name: str) -> bool:
        if self.plain or self.dice.random() >= share:
            return False
        self.grid.oddities.append(name)
        return True


def _head(grid: Grid, headers: list[str], *, luck: _Luck, share: float) -> None:
    """Put the heading down, in one row or in two."""
    grid.header = len(grid.rows)
    double = None if any("\n" in header for header in headers) else _two_rows(headers)
    if double and luck(share, "two-row-header"):
        grid.rows += list(double)
    else:
        grid.rows.append(headers)


def _body(grid: Grid, sheet: Sheet, headers: list[str], *, luck: _Luck) -> None:
    """Put the data rows down; long lists sometimes repeat their heading."""
    again = sheet.rows // 2 if sheet.rows > 30 and luck(0.012, "repeated-header") else None
    for row in range(sheet.rows):
        if row == again:
            grid.rows.append(headers)
        grid.data.append(len(grid.rows))
        grid.rows.append([cells[row] for cells in sheet.cells])


def lay_out(
    sheet: Sheet, definition: Definition, *, home: Home, plain: bool, spread: bool, dice: random.Random
) -> Grid:
    """The grid of a file. `plain`: nothing but heading and data; `spread`: made in a spreadsheet program."""
    grid = Grid()
    luck = _Luck(grid, dice, plain=plain)
    headers = [column.true.header for column in sheet.columns]
    if luck(0.16 if spread else 0.05, "preamble"):
        grid.rows += _preamble(definition, home, dice)
    _head(grid, headers, luck=luck, share=0.07 if spread else 0.015)
    if sheet.rows and luck(0.02, "example-row"):
        grid.rows.append(_example(sheet, dice))
    _body(grid, sheet, headers, luck=luck)
    _tail(grid, len(headers), home=home, luck=luck, dice=dice)
    return grid


def _tail(grid: Grid, width: int, *, home: Home, luck: _Luck, dice: random.Random) -> None:
    """Put down what stands below and beside the data."""
    if luck(0.06, "empty-tail"):
        grid.rows += [[""] * width] * dice.choice((1, 3, 12, 60, 300))
    if luck(0.05, "footer"):
        grid.rows += _footer(home, dice)
    if luck(0.03, "empty-columns"):
        grid.rows = [[*row, *[""] * (width + 3 - len(row))] for row in grid.rows]
