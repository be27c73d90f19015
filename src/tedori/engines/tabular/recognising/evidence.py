"""What headings, values and titles say about which dataset a table is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from tedori.engines.tabular.definitions import word_list, words
from tedori.engines.tabular.mapping.contents import sample
from tedori.engines.tabular.mapping.headings import ALIAS, EDITION, index_of
from tedori.engines.tabular.values import Definition
from tedori.vocabulary.folding import bare, fold, narrow

# Points for a heading that only so many of the datasets know.
POINTS = {1: 3.0, 2: 2.0, 3: 1.3, 4: 0.9, 5: 0.5}
SIGN_POINTS, TITLE_POINTS, LAYOUT_POINTS, NAME_POINTS, AGAINST_POINTS = 7.0, 4.0, 6.0, 1.5, 5.0
HEADING_WORD_POINTS, KNOWN_POINTS = 2.0, 2.0
WHOLE_POINTS = 5.0
NEARLY_ALL = 0.85
_WORD = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")


@dataclass(slots=True)
class Evidence:
    """Points for one dataset with the reasons behind them, and the headings that are its own."""

    points: float = 0.0
    own: list[str] = field(default_factory=list)
    known: float = 0.0
    exact: float = 0.0
    alone: int = 0
    layout: float = 0.0
    signs: float = 0.0
    whole: bool = False
    because: list[str] = field(default_factory=list)


@cache
def _known_well(definition: Definition) -> Mapping[str, float]:
    """Every folded heading that a dataset knows well, and how well."""
    known = ((heading, max(items.values())) for heading, items in index_of(definition).known.items())
    return {heading: surely for heading, surely in known if surely >= ALIAS - 0.05}


@cache
def common_headings(definitions: tuple[Definition, ...]) -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Every folded heading with the datasets that know it well and how well."""
    found: dict[str, list[tuple[str, float]]] = {}
    for definition in definitions:
        for heading, surely in _known_well(definition).items():
            found.setdefault(heading, []).append((definition.slug, surely))
    return {heading: tuple(slugs) for heading, slugs in found.items()}


def from_headings(
    header: Sequence[str], definitions: tuple[Definition, ...], common: frozenset[str]
) -> dict[str, Evidence]:
    """Points for headings that few datasets know; headings of the common block say nothing."""
    gathered = {definition.slug: Evidence() for definition in definitions}
    known = [(definition.slug, _known_well(definition)) for definition in definitions]
    folded = [(text, key) for text in header if (key := fold(text))]
    for text, key in folded:
        slugs = _who_knows(known, key) or _who_knows(known, bare(text))
        points = 0.0 if key in common else POINTS.get(len(slugs), 0.0)
        for slug, surely in slugs:
            gathered[slug].known += 1 / len(folded)
            gathered[slug].exact += (surely >= EDITION - 0.005) / len(folded)
            if points:
                _own_heading(
                    gathered[slug], text, points * (1.0 if surely >= EDITION - 0.005 else 0.7), len(slugs)
                )
    for evidence in gathered.values():
        if evidence.own:
            evidence.because.append(f"見出し {'、'.join(evidence.own[:4])} (headings of this dataset)")
    return gathered


def _who_knows(known: Iterable[tuple[str, Mapping[str, float]]], heading: str) -> list[tuple[str, float]]:
    return [(slug, headings[heading]) for slug, headings in known if heading in headings]


def _own_heading(evidence: Evidence, text: str, points: float, datasets: int) -> None:
    """A heading that only so many datasets know."""
    evidence.points += points
    evidence.alone += datasets == 1
    if datasets <= 3:
        evidence.own.append(text.strip())


def telling(header: Iterable[str], generic: frozenset[str]) -> frozenset[str]:
    """The folded headings that could tell one dataset from another."""
    return frozenset(f for text in header if (f := fold(text)) and f not in generic)


def generic_headings(definitions: tuple[Definition, ...], listed: frozenset[str]) -> frozenset[str]:
    """Headings that say nothing: those listed as common, and those that many datasets know."""
    known = common_headings(definitions)
    return listed | {heading for heading, slugs in known.items() if len(slugs) > max(POINTS)}


def add_whole(header: Iterable[str], known: tuple[Definition, ...], gathered: Mapping[str, Evidence]) -> None:
    """Points when a header is, heading for heading, the edition of one dataset and of no other."""
    folded = {f for text in header if (f := fold(text))}
    overlaps = sorted(((_overlap(folded, d), d.slug) for d in known), reverse=True)
    (best, slug), second = overlaps[0], overlaps[1][0] if len(overlaps) > 1 else 0.0
    if best >= 0.6 and best >= second + 0.15:
        # An official header as it stands in the book leaves no room for another dataset.
        gathered[slug].points += WHOLE_POINTS * best * (1.8 if best >= 0.9 else 1.0)
        gathered[slug].whole = best >= 0.8
        gathered[slug].because.append(f"見出し全体が{best:.0%}一致 (the whole header is an edition's)")


def add_only_one(header: Iterable[str], gathered: Mapping[str, Evidence], *, laid_out: bool) -> None:
    """Points when one dataset, and no other, knows every heading exactly, or nearly all of them somehow.

    A header `laid_out` by the standard without any dataset's own columns must be known far better by one.
    """
    headings = sum(bool(fold(text)) for text in header)
    if headings < 6 or len(gathered) < 2:
        return
    best, second = sorted(gathered.values(), key=lambda one: -one.exact)[:2]
    if best.exact >= 0.95 and second.exact <= best.exact - 0.1 and not laid_out:
        best.points += WHOLE_POINTS
        best.because.append("この見出しすべてを持つのはこれだけ (no other dataset has all these headings)")
    else:
        _add_best_known(gathered, enough=0.12 if laid_out else 0.1)


def _add_best_known(gathered: Mapping[str, Evidence], *, enough: float) -> None:
    best, second = sorted(gathered.values(), key=lambda one: -one.known)[:2]
    ahead = best.known - second.known
    if best.known >= 0.9 and (ahead >= enough or (best.alone and ahead >= 0.02)):
        best.points += KNOWN_POINTS * (1 + min(1.0, ahead / 0.2))
        best.because.append("ほぼすべての見出しを知るのはこれだけ (no other knows nearly all headings)")


def _overlap(folded: set[str], definition: Definition) -> float:
    wanted = _headers(definition)
    return max((len(folded & w) / len(folded | w) for w in wanted), default=0.0) if folded else 0.0


@cache
def _headers(definition: Definition) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(map(fold, edition.header)) for edition in definition.editions)


@cache
def _telling_of(definition: Definition, generic: frozenset[str]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((edition.name, telling(edition.header, generic)) for edition in definition.editions)


def add_layout(
    own: frozenset[str], definition: Definition, evidence: Evidence, generic: frozenset[str]
) -> None:
    """Points when the telling headings are, as a whole, those of one of the dataset's editions."""
    best, name = 0.0, ""
    for edition, wanted in _telling_of(definition, generic):
        shared = len(own & wanted)
        # A single heading is no layout; it has had its points already.
        overlap = shared / len(own | wanted) if shared > 1 or own == wanted != frozenset() else 0.0
        if overlap > best:
            best, name = overlap, edition
    evidence.layout = best
    if best >= 0.3:
        evidence.points += LAYOUT_POINTS * best
        evidence.because.append(
            f"固有の見出しが版 {name} と{best:.0%}一致 (telling headings of this edition)"
        )


@dataclass(frozen=True, slots=True)
class Words:
    """The sampled texts of one column that may tell a dataset, under its folded heading."""

    heading: str
    values: tuple[str, ...]
    believed: float = 1.0

    @property
    def joined(self) -> str:
        """All texts, a line each: one look tells whether a word occurs at all."""
        return "\n".join(self.values)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(words)) if words else None


@cache
def _in_lines(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The same pattern for many texts at once, a line each."""
    return re.compile(pattern.pattern, re.MULTILINE)


def sign_columns(frame: pl.DataFrame, header: Sequence[str], aside: frozenset[str]) -> list[Words]:
    """Samples of the columns whose values can tell a dataset: texts, but no notes, links or addresses."""
    columns = []
    for index, heading in enumerate(header):
        folded = fold(heading)
        if folded in aside:
            continue
        values = sample(frame[f"c{index}"])
        short = [v for v in values if len(v) <= 60 and _WORD.search(v)]
        if len(short) >= 0.5 * max(len(values), 1) and short:
            columns.append(Words(folded, tuple(short), 0.5 if folded in words("describing") else 1.0))
    return columns


def add_signs(
    columns: Sequence[Words], definition: Definition, evidence: Evidence, weight: float, *, sure: float
) -> None:
    """Points for words in names and kinds that belong to a dataset (保育園, 病院, 消火栓 …).

    Words count in full under a heading that the dataset knows, or under none; elsewhere (where something is
    put up, which school is near) they say little. `sure` is the weight where nearly every value has one.
    """
    share = _share_of(_pattern(definition.signs), columns, definition)
    if _share_of(_pattern(definition.against), columns, definition) >= 0.3:
        evidence.points -= AGAINST_POINTS
    evidence.signs = share
    if share >= 0.3:
        evidence.points += (sure if share >= NEARLY_ALL else weight) * SIGN_POINTS * (share - 0.2) / 0.8
        evidence.because.append(f"値の{share:.0%}にこのデータセットの語 (values with words of this dataset)")


def are_positions(columns: Sequence[Words]) -> bool:
    """Whether names are positions beside something (…小学校西側 フェンス): then they name no facility."""
    position = _pattern(word_list("positions"))
    assert position is not None
    return any(
        sum(bool(position.search(narrow(v))) for v in column.values) >= 0.3 * len(column.values)
        for column in columns
    )


def add_heading_words(header: Iterable[str], definition: Definition, evidence: Evidence) -> None:
    """Points for headings that speak of the dataset's subject (指定緊急避難場所との住所同一)."""
    pattern = _pattern(definition.signs)
    found = [text for text in header if pattern and 4 <= len(text) <= 20 and pattern.search(text)]
    if found:
        evidence.points += min(len(found), 2) * HEADING_WORD_POINTS
        evidence.because.append(
            f"見出し「{found[0].strip()}」にこのデータセットの語 (heading with a word of this dataset)"
        )


def _share_of(pattern: re.Pattern[str] | None, columns: Sequence[Words], definition: Definition) -> float:
    if pattern is None or not columns:
        return 0.0
    known = index_of(definition).known
    best = 0.0
    for column in columns:
        if not _in_lines(pattern).search(column.joined):
            continue
        surely = max(known.get(column.heading, {0: 0.0}).values())
        believed = column.believed if surely >= ALIAS - 0.05 or not column.heading else 0.45
        best = max(best, believed * sum(bool(pattern.search(v)) for v in column.values) / len(column.values))
    return best


def lacks_what_it_needs(header: Sequence[str], definition: Definition, rare: Mapping[str, str]) -> bool:
    """Whether none of the items that a dataset cannot do without has a heading in the table.

    Two headings that only this dataset has (`rare`: folded heading → its one dataset) outweigh that.
    """
    if not definition.needs or sum(rare.get(fold(text)) == definition.slug for text in header) >= 2:
        return False
    wanted = {place for place, item in enumerate(definition.items) if item.name in definition.needs}
    known = index_of(definition).known
    found = (known.get(fold(text)) or known.get(bare(text)) or {} for text in header)
    return not any(set(items) & wanted for items in found)


@cache
def rare_headings(definitions: tuple[Definition, ...]) -> Mapping[str, str]:
    """Every folded heading of an edition that only one of the datasets knows, with that dataset."""
    known = common_headings(definitions)
    return {
        heading: slugs[0][0]
        for heading, slugs in known.items()
        if len(slugs) == 1 and slugs[0][1] >= EDITION - 0.005
    }


def names(texts: Sequence[str], definition: Definition) -> bool:
    """Whether one of some titles or names of files holds a name of the dataset."""
    inside, alone = _names_of(definition)
    return any(any(name in fold(text) for name in inside) or alone.search(text.lower()) for text in texts)


@cache
def _names_of(definition: Definition) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The names that count anywhere in a text, and those in Latin letters, which must stand alone.

    Random names of files (3aed7c….csv) hold short words by chance.
    """
    known = [name for name in (definition.name, *definition.names) if len(fold(name)) >= 3]
    latin = [definition.slug, *(name.lower() for name in known if name.isascii())]
    words = "|".join(map(re.escape, latin))
    alone = re.compile(rf"(?<![a-z0-9])(?<![a-z]_)(?:{words})(?!_[a-z])(?=(?:\d{{4,8}})?(?:[^a-z0-9]|$))")
    return tuple(fold(name) for name in known if not name.isascii()), alone


def add_title(
    texts: Sequence[str], definition: Definition, evidence: Evidence, *, points: float, where: str
) -> None:
    """Points for a name of the dataset in a title, a sheet's name or, weakly, the file's name."""
    if names(texts, definition):
        evidence.points += points
        evidence.because.append(f"{where}に名称がある (named in the {where})")
