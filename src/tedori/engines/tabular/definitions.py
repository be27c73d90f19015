"""The definitions of the standard datasets, read from the YAML files in the folder beside this module.

A definition is data: a municipality or the official book can replace a file, and nothing else changes.
Editions (header generations) carry stable names:

    current      headings of books A, B and C as one table; they name the standard items
    legacy-2017  headings of the 2017 templates (都道府県コード又は市区町村コード,NO,…,住所,方書)
    data-model   headings with the entity's prefix, split into an entity file and a facility file (施設_ID)
    english      camelCase item names
    free         headings of a municipality's own (only recognised, never written)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from tedori.engines.tabular.values import CodeList, Definition, Edition, Item
from tedori.vocabulary.folding import fold

FOLDER = Path(__file__).parent / "definitions"
CURRENT, LEGACY, DATA_MODEL, ENGLISH, FREE = "current", "legacy-2017", "data-model", "english", "free"
FACILITY_KEY = "施設_ID"
DEMANDS = ("必須", "推奨", "任意")
_KIND_NAMES = """
text kana english list code corporate-number code-municipality code-town integer number date time weekdays
phone extension postcode url email latitude longitude yes-no flag
address prefecture city town house-number building
"""
KINDS = frozenset(_KIND_NAMES.split())


class DefinitionError(ValueError):
    """A definition file that says something impossible: which file, what, and what it may say."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all definition files may refer to: items, blocks of items, code lists, edition rules."""

    items: Mapping[str, Mapping[str, Any]]
    blocks: Mapping[str, Sequence[str]]
    codes: Mapping[str, CodeList]
    editions: Mapping[str, Mapping[str, Any]]


@cache
def standard() -> Mapping[str, Definition]:
    """All definitions that come with the engine, by slug, in the order of their numbers."""
    return load(FOLDER)


def definition(slug: str) -> Definition:
    """The definition with this slug; KeyError when there is none."""
    return standard()[slug]


@cache
def words(name: str) -> frozenset[str]:
    """A named list of headings that recogniser and mapper look for, folded."""
    return frozenset(map(fold, word_list(name)))


@cache
def word_list(name: str) -> tuple[str, ...]:
    """A named list of words as written in the data."""
    return tuple(_word_lists()[name])


@cache
def _word_lists() -> Mapping[str, Sequence[str]]:
    return _yaml(FOLDER / "_words.yaml")


@cache
def value_patterns() -> Mapping[str, tuple[str, ...]]:
    """What a value looks like: class → patterns, one of which fits the whole value."""
    return MappingProxyType({name: tuple(ps) for name, ps in _yaml(FOLDER / "_values.yaml").items()})


def load(folder: Path, *, shared: Shared | None = None) -> Mapping[str, Definition]:
    """Every definition in a folder by slug; files that begin with "_" hold what is shared."""
    shared = shared or load_shared(folder if (folder / "_items.yaml").is_file() else FOLDER)
    found = [read(path, shared=shared) for path in sorted(folder.glob("[!_]*.yaml"))]
    return MappingProxyType({d.slug: d for d in sorted(found, key=lambda d: d.number)})


def replaced(by: Path) -> Mapping[str, Definition]:
    """The standard definitions with one file, or every file of a folder, put in place of its namesake."""
    new = load(by) if by.is_dir() else {d.slug: d for d in (read(by),)}
    merged = {**standard(), **new}
    return MappingProxyType(dict(sorted(merged.items(), key=lambda pair: pair[1].number)))


def read(path: Path, *, shared: Shared | None = None) -> Definition:
    """One definition file; DefinitionError says what is wrong with it."""
    shared = shared or _standard_shared()
    raw = _yaml(path)
    missing = [key for key in ("slug", "number", "book", "name", "items") if key not in raw]
    if missing:
        raise DefinitionError(f"{path.name}: {', '.join(missing)} missing")
    entity = str(raw.get("entity", raw["name"]))
    items = tuple(_item(name, over, shared, entity, path) for name, over in _entries(raw, shared, entity))
    doubles = _named_twice(items)
    if doubles:
        raise DefinitionError(f"{path.name}: item named twice: {', '.join(sorted(doubles))}")
    return Definition(
        slug=raw["slug"],
        number=str(raw["number"]),
        book=raw["book"],
        name=raw["name"],
        items=items,
        editions=_editions(raw, items, shared, entity),
        confidence=raw.get("confidence", ""),
        sources=tuple(raw.get("sources", ())),
        names=tuple(raw.get("names", ())),
        key=tuple(raw.get("key", ())),
        entity=entity,
        signs=tuple(raw.get("signs", ())),
        against=tuple(raw.get("against", ())),
        needs=tuple(raw.get("needs", ())),
    )


def _named_twice(items: Sequence[Item]) -> set[str]:
    counts = Counter(item.name for item in items)
    return {name for name, count in counts.items() if count > 1}


def load_shared(folder: Path) -> Shared:
    """The shared parts of a folder of definitions."""
    return Shared(
        items=_yaml(folder / "_items.yaml"),
        blocks=_yaml(folder / "_blocks.yaml"),
        codes={name: _code_list(name, raw) for name, raw in _yaml(folder / "_codes.yaml").items()},
        editions=_yaml(folder / "_editions.yaml"),
    )


@cache
def _standard_shared() -> Shared:
    return load_shared(FOLDER)


def _yaml(path: Path) -> dict[str, Any]:
    # Every value stays a text: the heading NO must not become a boolean, nor 08 a number.
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - makes texts only
    except yaml.YAMLError as error:
        raise DefinitionError(f"{path.name}: not YAML ({error})") from error
    if not isinstance(raw, dict):
        raise DefinitionError(f"{path.name}: names with values expected")
    return raw


def _code_list(name: str, raw: Mapping[str, Any]) -> CodeList:
    return CodeList(
        name,
        tuple(raw["values"]),
        dict(raw.get("spellings", {})),
        raw.get("closed", "true") == "true",
        dict(raw.get("doubtful", {})),
    )


def _entries(raw: Mapping[str, Any], shared: Shared, entity: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [pair for entry in raw["items"] for pair in _entry(entry, shared, entity)]


def _entry(entry: Any, shared: Shared, entity: str) -> list[tuple[str, Mapping[str, Any]]]:
    """One name, names with what they say differently, or "+" and a block: all the names of that block."""
    if isinstance(entry, dict):
        return [(name, over or {}) for name, over in entry.items()]
    if str(entry).startswith("+"):
        return [(name.replace("{entity}", entity), {}) for name in shared.blocks[entry[1:]]]
    return [(str(entry), {})]


def _item(name: str, over: Mapping[str, Any], shared: Shared, entity: str, path: Path) -> Item:
    base = shared.items.get(name) or shared.items.get(name.removeprefix(f"{entity}_")) or {}
    said = {"demand": "任意", **base, **over}
    _prove(said, "kind", sorted(KINDS), where=f"{path.name}: {name}")
    _prove(said, "demand", DEMANDS, where=f"{path.name}: {name}")
    return Item(
        name=name,
        kind=said["kind"],
        demand=said["demand"],
        english=said.get("english"),
        aliases=tuple(dict.fromkeys(map(str, (*over.get("aliases", ()), *base.get("aliases", ()))))),
        codes=_codes_of(said, shared),
        unique=said.get("unique") == "true",
        many=said.get("many") == "true",
        low=_limit(said, "low"),
        high=_limit(said, "high"),
    )


def _prove(said: Mapping[str, Any], key: str, allowed: Sequence[str], *, where: str) -> None:
    value = said.get(key)
    if value not in allowed:
        raise DefinitionError(f"{where}: {key} {value!r} unknown (one of {', '.join(allowed)})")


def _codes_of(said: Mapping[str, Any], shared: Shared) -> CodeList | None:
    """The code list that an item names; a yes-no item need not name its own."""
    name = said.get("codes") or ("yes-no" if said["kind"] == "yes-no" else None)
    return shared.codes[name] if name else None


def _limit(said: Mapping[str, Any], key: str) -> float | None:
    return float(said[key]) if key in said else None


def _editions(
    raw: Mapping[str, Any], items: tuple[Item, ...], shared: Shared, entity: str
) -> tuple[Edition, ...]:
    names = tuple(i.name for i in items)
    found = [
        Edition(CURRENT, tuple(_plain(n, entity) for n in names), names),
        Edition(DATA_MODEL, *_data_model(names, shared, entity)),
        Edition(ENGLISH, *_english(items)),
    ]
    if raw.get("legacy"):
        header = tuple(raw["legacy"])
        found.insert(1, Edition(LEGACY, header, _legacy_items(header, raw["slug"], names, shared)))
    return tuple(found)


def _plain(name: str, entity: str) -> str:
    return name.removeprefix(f"{entity}_")


def _data_model(
    names: tuple[str, ...], shared: Shared, entity: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Entity headings first, then the headings of the facility file (施設_…)."""
    if FACILITY_KEY in names:
        return names, names
    facility = shared.editions["facility"]
    stay = [n for n in names if n not in facility]
    go = [n for n in names if n in facility]
    header = [f"{entity}_{_plain(n, entity)}" for n in stay]
    return (*header, *(facility[n] for n in go)), (*stay, *go)


def _english(items: tuple[Item, ...]) -> tuple[tuple[str, ...], ...]:
    header: list[str] = []
    for item in items:
        header.append(item.english if item.english and item.english not in header else item.name)
    return tuple(header), tuple(i.name for i in items)


def _legacy_items(
    header: tuple[str, ...], slug: str, names: tuple[str, ...], shared: Shared
) -> tuple[str | None, ...]:
    rules = shared.editions
    renamed = {**rules["legacy"], **rules["per_dataset"].get(slug, {})}
    parts = {part: whole for whole, both in rules["joined"].items() for part in both}

    def item_of(heading: str) -> str | None:
        own = [heading] if slug not in rules["per_dataset"] else []
        candidates = (*own, renamed.get(heading), parts.get(heading), heading)
        return next((candidate for candidate in candidates if candidate in names), None)

    return tuple(item_of(h) for h in header)
