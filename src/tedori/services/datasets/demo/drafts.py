"""Makes one file of the demo world and the truth about it, from nothing but a seed, a place, a dataset."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from tedori.engines.tabular.values import Definition
from tedori.services.datasets.demo.carriers import Carried, carry
from tedori.services.datasets.demo.cells import Sheet, fill
from tedori.services.datasets.demo.headings import columns_of, generation_of
from tedori.services.datasets.demo.homes import Home, chance
from tedori.services.datasets.demo.layout import Grid, lay_out
from tedori.services.datasets.demo.oddities import spoil
from tedori.services.datasets.demo.rows import rows_of
from tedori.services.datasets.demo.styles import file_style
from tedori.services.datasets.demo.towns import Town
from tedori.services.datasets.demo.truth import Truth
from tedori.services.datasets.demo.words import is_person

NOW, BEFORE = "now", "before"
PERSONAL = ("法人名",)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is ready to be written, the truth about it, and its true table (item → values).

    `rows` are the true rows behind the file, with items for which the file has no column of its own.
    """

    name: str
    data: bytes
    truth: Truth
    table: dict[str, list[str]]
    rows: list[dict[str, str]]


def draft(definition: Definition, town: Town, *, when: str = NOW) -> Draft:
    """The file of one dataset of one municipality; `when` BEFORE gives last year's file of the same house."""
    home, slug = town.home, definition.slug
    dice = chance(town.seed, home.code, slug, "draft")
    style = file_style(home, slug, town.seed)
    rows = rows_of(slug, town)
    if when == BEFORE:
        rows = _earlier(rows, chance(town.seed, home.code, slug, when))
    filled = {item for row in rows for item, value in row.items() if value}
    generation = generation_of(definition, style.generation, dice)
    columns = columns_of(definition, generation=generation, filled=filled, dice=dice)
    sheet = fill(columns, rows, home=home, style=style, dice=dice)
    spoil(sheet, home=home, dice=dice)
    plain = style.carrier == "geojson"
    spread = style.carrier.startswith("xlsx")
    grid = lay_out(sheet, definition, home=home, plain=plain, spread=spread, dice=dice)
    stem = _stem(definition, home, dice)
    carried = carry(
        grid,
        style.carrier,
        items=[column.source for column in sheet.columns],
        newline=style.newline,
        stem=stem,
        dice=dice,
    )
    folder = home.code if when == NOW else f"{home.code}/{when}"
    truth = _truth(sheet, grid, carried, slug=slug, home=home, edition=generation)
    name = f"{folder}/{stem}.{carried.suffix}"
    return Draft(name, carried.data, replace(truth, path=name), _table(sheet), rows)


def _earlier(rows: list[dict[str, str]], dice: random.Random) -> list[dict[str, str]]:
    """Last year's rows: a few are not there yet, and several remarks and telephones are missing."""
    kept = [row for row in rows if dice.random() > 0.06] or rows
    return [
        {
            item: value
            for item, value in row.items()
            if dice.random() > 0.04 or "名" in item or "コード" in item
        }
        for row in kept
    ]


def _stem(definition: Definition, home: Home, dice: random.Random) -> str:
    """A file name; a good half follow the rule, none can be trusted."""
    roll = dice.random()
    if roll < 0.7:
        return f"{home.code}_{definition.slug}"
    if roll < 0.85:
        return definition.name.replace("（", "_").replace("）", "")
    return f"data({definition.number})"


def _lines(grid: Grid) -> list[int]:
    """The physical line on which each row of the grid begins, from 1."""
    lines, line = [], 1
    for row in grid.rows:
        lines.append(line)
        line += 1 + sum(value.count("\n") for value in row)
    return lines


def _personal(table: dict[str, list[str]]) -> tuple[str, ...]:
    """The items that hold names of persons where others have the name of a company."""
    return tuple(item for item in PERSONAL if any(map(is_person, table.get(item, ()))))


def _truth(sheet: Sheet, grid: Grid, carried: Carried, *, slug: str, home: Home, edition: str) -> Truth:
    table = _table(sheet)
    lines = _lines(grid) if carried.format in {"csv", "tsv"} else range(1, len(grid.rows) + 1)
    return Truth(
        path="",
        slug=slug,
        edition=edition,
        code=home.code,
        format=carried.format,
        encoding=carried.encoding,
        delimiter=carried.delimiter,
        sheet=carried.sheet,
        header_row=0 if carried.format == "geojson" else lines[grid.header],
        columns=tuple(column.true for column in sheet.columns),
        rows=tuple(index + 1 for index in grid.data),
        lines=tuple(lines[index] for index in grid.data),
        changes=tuple(sheet.changes.values()),
        personal=_personal(table),
        oddities=(*sheet.oddities, *grid.oddities),
    )


def _table(sheet: Sheet) -> dict[str, list[str]]:
    """The true values of every column that is an item, by item.

    A running number counts as the ID. The publisher's name follows from the column that names the city;
    the prefecture alone is not a publisher.
    """
    table = {}
    for column, values in zip(sheet.columns, sheet.truths, strict=True):
        if column.source == "@number":
            table[column.true.items[0]] = values
        elif column.source == "@city" and "地方公共団体名" in column.true.items:
            table["地方公共団体名"] = values
        elif not column.source.startswith("@"):
            table[column.source] = values
    return table
