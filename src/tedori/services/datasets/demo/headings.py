"""Which columns a file has, what they are called, and what each truly is."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from tedori.engines.tabular.values import Definition, Edition, Item
from tedori.services.datasets.demo.freenames import free_names
from tedori.services.datasets.demo.truth import TrueColumn

OWN_COLUMNS = {
    "地区ブロック": ("北部", "中部", "南部"),
    "中学校区": ("花霞中", "星見中", "澄川中"),
    "台帳ページ": ("12", "13", "27", "40"),
    "写真番号": ("IMG_0012", "IMG_0034", "IMG_0177"),
    "公開可否": ("可", "可", "確認中"),
    "点検区分": ("A", "B", "C"),
}
# What a legacy heading may rightly be taken for besides the item that its book names.
ALSO = {
    "都道府県名": ("地方公共団体名", "所在地_都道府県", "施設所在地_都道府県"),
    "市区町村名": ("地方公共団体名", "所在地_市区町村", "施設所在地_市区町村"),
}
# Items whose values are the same in the demo world, so that a free heading may rightly mean either.
TWINS = {
    "所在地_市区町村": "地方公共団体名",
    "施設所在地_市区町村": "地方公共団体名",
    "地方公共団体名": "所在地_市区町村",
    "連絡先名称": "お問い合わせ先",
    "お問い合わせ先": "連絡先名称",
}
NEVER_LEFT_OUT = ("名称", "品目", "タイトル", "種別", "学校名称", "料理名称", "地域名", "総人口")
RUNNING = frozenset(("NO", "No.", "番号", "整理番号", "通し番号"))
BRACKETS = str.maketrans("（）()", "()（）")


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be written: the truth about it and where its values come from (an item or an @source)."""

    true: TrueColumn
    source: str


def _of_edition(edition: Edition, items: set[str]) -> list[Column]:
    """The columns of a header generation as its book has them."""
    found = []
    for heading, item in zip(edition.header, edition.items, strict=True):
        names = ALSO.get(heading, ()) if edition.name.startswith("legacy") else ()
        accepted = tuple(dict.fromkeys(name for name in (item, *names) if name in items))
        source = {"都道府県名": "@prefecture", "市区町村名": "@city"}.get(heading) if names else None
        found.append(Column(TrueColumn(heading, accepted), source or item or heading))
    return found


def _telling(text: str) -> bool:
    return any(word in text for word in NEVER_LEFT_OUT)


def _lacks(item: Item, *, filled: set[str], named: bool, dice: random.Random) -> bool:
    """Whether a municipality that follows no standard has no column for an item."""
    if item.name not in filled or (not named and dice.random() < 0.75):
        return True
    return dice.random() < 0.18 and not _telling(item.name)


def _free(definition: Definition, filled: set[str], dice: random.Random) -> list[Column]:
    """The columns of a municipality that follows no standard: what it has, called what it likes."""
    found = []
    known = {item.name for item in definition.items}
    for item in definition.items:
        names = free_names(item.name, definition.entity)
        if not _lacks(item, filled=filled, named=bool(names), dice=dice):
            heading = dice.choice(names) if names and dice.random() < 0.85 else item.name
            found.append(Column(TrueColumn(heading, _meant(item.name, heading, known)), item.name))
    return _no_doubles(found)


def _meant(item: str, heading: str, known: set[str]) -> tuple[str, ...]:
    """The items that a free heading over an item may rightly be taken for."""
    twin = TWINS.get(item) if heading != item else None
    return (item, twin) if twin in known else (item,)


def _no_doubles(columns: list[Column]) -> list[Column]:
    """Give a column whose heading is already taken its item's own name."""
    seen: set[str] = set()
    result = []
    for column in columns:
        heading = column.true.header if column.true.header not in seen else column.source
        if heading not in seen:
            seen.add(heading)
            result.append(replace(column, true=replace(column.true, header=heading)))
    return result


def _trim(columns: list[Column], filled: set[str], dice: random.Random) -> list[Column]:
    """Leave out what is empty anyway, and sometimes a column that is not."""
    kept = [one for one in columns if one.source in filled or one.source.startswith("@")]
    droppable = [one for one in kept if not _telling(one.source)]
    for one in dice.sample(droppable, min(len(droppable) // 4, dice.choice((0, 0, 1, 3)))):
        kept.remove(one)
    return kept


def _shuffle(columns: list[Column], dice: random.Random) -> list[Column]:
    """Move a few columns elsewhere."""
    moved = list(columns)
    for _ in range(dice.randint(1, 3)):
        moved.insert(dice.randrange(len(moved)), moved.pop(dice.randrange(len(moved))))
    return moved


def _any(heading: str, dice: random.Random) -> bool:
    return True


# How a house decorates its headings: up to which roll, whether one heading can take it, what is typed.
WAYS: tuple[tuple[float, Callable[[str, random.Random], bool], Callable[[str, int], str]], ...] = (
    (0.05, lambda heading, dice: "_" in heading, lambda heading, number: heading.replace("_", "_\n", 1)),
    (0.08, _any, lambda heading, number: heading.translate(BRACKETS)),
    (0.10, _any, lambda heading, number: f"{number}.{heading}"),
    (0.12, lambda heading, dice: _telling(heading), lambda heading, number: f"{heading}（必須）"),
    (0.15, lambda heading, dice: dice.random() < 0.3, lambda heading, number: f"{heading} "),
    (1.00, _any, lambda heading, number: heading),
)


def _decorate(columns: list[Column], dice: random.Random) -> list[Column]:
    """Write the headings the way people type them: line breaks, numbers, other brackets, marks."""
    roll = dice.random()
    result = []
    for number, column in enumerate(columns, start=1):
        heading = column.true.header
        ways = (way for share, fits, way in WAYS if roll < share and fits(heading, dice))
        typed = next(ways)(heading, number)
        result.append(replace(column, true=replace(column.true, header=typed)))
    return result


def _numbered(columns: list[Column]) -> list[Column]:
    """Under a heading such as NO stands a running number, not an ID."""
    return [replace(one, source="@number") if one.true.header in RUNNING else one for one in columns]


def plain_heading(text: str) -> str:
    """A heading (or value) without width, spaces and line breaks, for finding it again."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def columns_of(
    definition: Definition, *, generation: str, filled: set[str], dice: random.Random
) -> list[Column]:
    """The columns of one file; `filled` are the items for which the municipality has any value."""
    columns = _of_generation(definition, generation, filled, dice)
    if dice.random() < (0.5 if generation == "free" else 0.08):
        columns = _shuffle(columns, dice)
    if dice.random() < 0.15:
        own = dice.choice(list(OWN_COLUMNS))
        columns.insert(dice.randrange(1, len(columns) + 1), Column(TrueColumn(own, ()), f"@own:{own}"))
    return _decorate(_numbered(columns), dice)


def _of_generation(
    definition: Definition, generation: str, filled: set[str], dice: random.Random
) -> list[Column]:
    """The columns in the order of their book; most houses keep those for which they have no value."""
    if generation == "free":
        return _free(definition, filled, dice)
    edition = next(edition for edition in definition.editions if edition.name == generation)
    columns = _of_edition(edition, {item.name for item in definition.items})
    if generation == "english" or dice.random() < 0.45:
        return _trim(columns, filled, dice)
    return columns


def _prefixed(definition: Definition) -> bool:
    """Whether the data model puts 施設_ before its items."""
    return any(item.name == "施設_ID" for item in definition.items)


def generation_of(definition: Definition, wanted: str, dice: random.Random) -> str:
    """The header generation that a dataset really gets: books C and D have no 2017 template."""
    prefixed = _prefixed(definition)
    if prefixed and wanted == "current":
        return dice.choice(("current", "data-model", "data-model"))
    missing = {
        "data-model": not prefixed,
        "legacy-2017": "legacy-2017" not in {edition.name for edition in definition.editions},
    }
    if missing.get(wanted):
        return "data-model" if prefixed else "current"
    return wanted
