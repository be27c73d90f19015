"""Which items a heading may mean: exact, as an alias, by its core, or nearly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from rapidfuzz import fuzz, process

from tedori.engines.tabular.values import Definition, Item
from tedori.vocabulary.folding import bare, fold

EXACT, EDITION, ALIAS, PREFIXED, PERHAPS = 1.0, 0.99, 0.95, 0.93, 0.72
MAYBE = "~"  # before an alias that is often, but not always, this item
NEAR_FROM = 84
TELLING = frozenset("男女緯経始終和洋小大前後東西南北上下名数英カ者日時曜月年歳口")


@dataclass(frozen=True, slots=True)
class Index:
    """All headings of a definition, folded, with the items (by position) each may mean and how surely."""

    known: dict[str, dict[int, float]]
    spellings: tuple[str, ...]
    names: tuple[str, ...]


@cache
def index_of(definition: Definition) -> Index:
    """The index of a definition; built once per process."""
    known: dict[str, dict[int, float]] = {}
    add = partial(_note, known)
    places = {item.name: position for position, item in enumerate(definition.items)}
    for position, item in enumerate(definition.items):
        add(item.name, position, EXACT)
        _add_aliases(add, definition, position, item)
    for edition in definition.editions:
        for heading, name in zip(edition.header, edition.items, strict=True):
            # Two headings that are one item together (都道府県名, 市区町村名) are joined elsewhere.
            if name is not None and edition.items.count(name) == 1:
                add(heading, places[name], EDITION)
    return Index(known, tuple(known), tuple(fold(item.name) for item in definition.items))


def _note(known: dict[str, dict[int, float]], heading: str, item: int, surely: float) -> None:
    """Note that a heading may mean an item; of two certainties the greater stays."""
    key = fold(heading)
    if key:
        found = known.setdefault(key, {})
        if found.get(item, 0.0) < surely:
            found[item] = surely


def _add_aliases(add, definition: Definition, position: int, item: Item) -> None:
    plain = item.name.removeprefix(f"{definition.entity}_")
    add(plain, position, EDITION)
    for alias in item.aliases:
        surely = PERHAPS if alias.startswith(MAYBE) else ALIAS
        core = alias.removeprefix(MAYBE)
        add(core, position, surely)
        add(f"{definition.entity}_{core}", position, min(surely, PREFIXED))
    if item.english:
        add(item.english, position, ALIAS)


def strengths(definition: Definition, header: tuple[str, ...]) -> np.ndarray:
    """A matrix headings × items: how surely a heading means an item, from 0 to 1."""
    index = index_of(definition)
    table = np.zeros((len(header), len(definition.items)))
    open_rows: list[int] = []
    for row, heading in enumerate(header):
        folded = fold(heading)
        if not folded:
            continue
        for item, surely in _candidates(index, heading, folded).items():
            table[row, item] = surely
        if table[row].max(initial=0.0) < PERHAPS:
            open_rows.append(row)
    _add_near(index, header, open_rows, table)
    return table


def _candidates(index: Index, heading: str, folded: str) -> dict[int, float]:
    found = index.known.get(folded)
    if found:
        return found if len(found) == 1 else _nearer_name(index, folded, found)
    core = index.known.get(bare(heading))
    if core:
        return {item: surely * 0.96 for item, surely in core.items()}
    for prefix in ("施設ノ", "施設", "所在地ノ"):
        rest = folded.removeprefix(prefix)
        if 1 < len(rest) < len(folded) and rest in index.known:
            return {item: surely * 0.93 for item, surely in index.known[rest].items()}
    return {}


def _nearer_name(index: Index, folded: str, found: dict[int, float]) -> dict[int, float]:
    """Of items that share an alias, the one whose own name is nearer to the heading is a little likelier."""
    return {
        item: min(surely, surely - 0.01 + 0.01 * fuzz.ratio(folded, index.names[item]) / 100)
        for item, surely in found.items()
    }


def _add_near(index: Index, header: tuple[str, ...], rows: list[int], table: np.ndarray) -> None:
    """Headings that nobody has listed: compare with all that are known; look for a known one at the end."""
    rows = [row for row in rows if len(fold(header[row])) >= 2]
    if not rows:
        return
    folded = [fold(header[row]) for row in rows]
    near = process.cdist(folded, index.spellings, scorer=fuzz.ratio, score_cutoff=NEAR_FROM)
    for row, text, scores in zip(rows, folded, near, strict=True):
        for place in np.flatnonzero(scores):
            spelling = index.spellings[place]
            if len(spelling) >= 3 and _tells_alike(text, spelling):
                surely = 0.55 + 0.35 * (scores[place] - NEAR_FROM) / (100 - NEAR_FROM)
                _raise(table, row, index.known[spelling], surely)
        ending = next((text[-n:] for n in range(len(text) - 1, 1, -1) if text[-n:] in index.known), None)
        if ending:
            _raise(table, row, index.known[ending], 0.5 + 0.25 * len(ending) / len(text))


def _tells_alike(one: str, other: str) -> bool:
    """Numbers and words such as 男, 女, 緯, 経 tell columns apart (0-4歳, 5-9歳), so they must agree."""
    return [c for c in one if c.isdigit() or c in TELLING] == [
        c for c in other if c.isdigit() or c in TELLING
    ]


def _raise(table: np.ndarray, row: int, items: dict[int, float], surely: float) -> None:
    for item, certainty in items.items():
        table[row, item] = max(table[row, item], min(surely, 0.9) * certainty)
