"""Which of the datasets a table is, or none of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import PurePath

from tedori.engines.tabular.definitions import word_list, words
from tedori.engines.tabular.recognising.editions import edition_of
from tedori.engines.tabular.recognising.evidence import (
    NAME_POINTS,
    TITLE_POINTS,
    Evidence,
    add_heading_words,
    add_layout,
    add_only_one,
    add_signs,
    add_title,
    add_whole,
    are_positions,
    from_headings,
    generic_headings,
    lacks_what_it_needs,
    names,
    rare_headings,
    sign_columns,
    telling,
)
from tedori.engines.tabular.values import Alternative, Definition, Recognition, Table
from tedori.vocabulary.folding import fold, narrow

# So many points does a table need before it is believed to be one of the datasets at all.
NONE_POINTS = 3.2
SHARPNESS = 0.9
BLOCK_NAME_POINTS = 4.0
# From so many headings on, a header that a dataset knows through and through says something by itself.
WIDE = 8
FILE_NAME = "ファイル名 file name"


def recognise(
    table: Table, *, definitions: Mapping[str, Definition] | Iterable[Definition], hint: str | None = None
) -> Recognition:
    """The dataset and edition of a table, with confidence from 0 to 1 and up to three alternatives.

    Judged by headings, by words in the values and by titles inside the file. `hint` (a file name or a title
    from elsewhere) only decides between datasets that the content leaves open, and the reason says so.
    `slug` is None when the table is none of the datasets; editions are those of `tabular.definitions`.

    Confidence: the evidence gives every dataset points, and "none of them" has NONE_POINTS. Points are taken
    for log odds (SHARPNESS per point), so the confidence of an answer is its share
    exp(SHARPNESS · points) / Σ exp(SHARPNESS · points of every answer). A header that stands in the book
    comes out above 0.95, a dataset told by the file's name alone near 0.5. On demo worlds that nothing was
    tuned on, more than 99 % of the answers given with 0.9 or more are right, and most of those above 0.6.
    """
    known = _ordered(definitions)
    name = PurePath(hint or table.source.path).name
    evidence = _weigh(table, known, name)
    best, second = _two_best(evidence)
    if evidence[best].points < NONE_POINTS + 1.5 or evidence[best].points - evidence[second].points < 1.0:
        _break_tie(evidence, known, name, table.header)
    elif not evidence[best].alone:
        _believe_name(evidence, known, name, best)
    best, _ = _two_best(evidence)
    return _verdict(table, known, evidence, best)


def _ordered(definitions: Mapping[str, Definition] | Iterable[Definition]) -> tuple[Definition, ...]:
    return tuple(definitions.values() if isinstance(definitions, Mapping) else definitions)


def _weigh(table: Table, known: tuple[Definition, ...], name: str) -> dict[str, Evidence]:
    able = _able(table, known, name) if any(map(fold, table.header)) else known
    evidence = from_headings(table.header, able, _generic(known))
    columns = sign_columns(table.frame, table.header, words("not_telling"))
    named = any(found.alone for found in evidence.values())
    # A header of nothing but the standard's common block is a list of something else laid out by the
    # standard: had it been one of the datasets, it would have that dataset's own columns. Unless nearly every
    # value is of one dataset (保育園): then its own columns were merely left out.
    laid_out = is_common_block(table.header) and not named
    faint = 0.2 if laid_out or are_positions(columns) else 1.0
    own = telling(table.header, _generic(known))
    # Headings of the common block name equipment (バリアフリートイレ), not what the list is of.
    narrowed = [narrow(text) for text in table.header if fold(text) in own]
    for definition in able:
        found = evidence[definition.slug]
        # Headings that the dataset does not know at all speak against it.
        found.points *= 0.35 + 0.65 * min(1.0, found.known / 0.75)
        add_layout(own, definition, found, _generic(known))
        # Where headings name one dataset, words in the values (schools among shelters) say less of another.
        weight = (0.5 if named and not found.alone else 1.0) * faint
        own_kind = laid_out and definition.slug not in word_list("general")
        add_signs(columns, definition, found, weight, sure=0.7 if own_kind else weight)
        add_heading_words(narrowed, definition, found)
        _add_titles(table, definition, found)
    add_whole(table.header, able, evidence)
    add_only_one(table.header, evidence, laid_out=laid_out)
    _yield_to_others(evidence)
    return {d.slug: Evidence() for d in known} | evidence


def _able(table: Table, known: tuple[Definition, ...], name: str) -> tuple[Definition, ...]:
    """The datasets that the table could be: named by somebody, or with the columns that they need."""
    titles, rare = _titles(table, name), rare_headings(known)
    return tuple(d for d in known if names(titles, d) or not lacks_what_it_needs(table.header, d, rare))


def _titles(table: Table, name: str) -> list[str]:
    """Everything outside the table that may name it."""
    return [cell for row in table.preamble for cell in row if cell] + [table.source.sheet or "", name]


def _add_titles(table: Table, definition: Definition, found: Evidence) -> None:
    titles = [cell for row in table.preamble for cell in row if cell]
    add_title(titles, definition, found, points=TITLE_POINTS, where="表題 preamble")
    if table.source.sheet:
        sheets = [table.source.sheet]
        add_title(sheets, definition, found, points=TITLE_POINTS / 2, where="シート名 sheet name")


def _yield_to_others(evidence: Mapping[str, Evidence]) -> None:
    """A dataset that takes in places of every kind yields to one whose words fit nearly as well.

    Not where the header as a whole is the general dataset's own.
    """
    for slug in set(word_list("general")) & evidence.keys():
        others = [e.signs for s, e in evidence.items() if s != slug and e.points > 0]
        fits = max(others, default=0.0) >= max(0.4, 0.8 * evidence[slug].signs)
        if fits and not evidence[slug].whole:
            evidence[slug].points *= 0.6


@cache
def _generic(known: tuple[Definition, ...]) -> frozenset[str]:
    return generic_headings(known, words("common"))


def is_common_block(header: Iterable[str]) -> bool:
    """Whether a header has the standard's common block (code of the publisher and structured address)."""
    return len({fold(text) for text in header} & words("block")) >= 4


def _two_best(evidence: Mapping[str, Evidence]) -> tuple[str, str]:
    ranked = sorted(evidence, key=lambda slug: -evidence[slug].points)
    return ranked[0], ranked[1] if len(ranked) > 1 else ranked[0]


def _break_tie(
    evidence: dict[str, Evidence], known: tuple[Definition, ...], name: str, header: tuple[str, ...]
) -> None:
    """Let the file's name weigh a little where the content leaves it open.

    It weighs more, the more headings the dataset knows: with a wide header it may just decide alone.
    """
    block = is_common_block(header)
    for definition in known:
        found = evidence[definition.slug]
        if block or found.known >= 0.5:
            wide = found.known >= 0.8 and len(header) >= WIDE
            points = BLOCK_NAME_POINTS if block else NAME_POINTS * (2.4 if wide else 1)
            add_title([_stem(name)], definition, found, points=points, where=FILE_NAME)


def _believe_name(evidence: dict[str, Evidence], known: tuple[Definition, ...], name: str, best: str) -> None:
    """Let the file's name decide where no heading does.

    A list of shelters, or of school districts, may hold nothing but schools: its words then speak of schools.
    The dataset that the publisher names is believed when it knows every heading that the best one knows.
    """
    named = {d.slug: d for d in known if names([_stem(name)], d)}
    enough = max(0.8, evidence[best].known - 0.001)
    able = [slug for slug in named if evidence[slug].known >= enough]
    if best in named or len(able) != 1:
        return
    found = evidence[able[0]]
    points = evidence[best].points - found.points + NAME_POINTS / 2
    add_title([_stem(name)], named[able[0]], found, points=points, where=FILE_NAME)


def _stem(name: str) -> str:
    return re.sub(r"\.\w{2,5}$", "", name)


def _verdict(
    table: Table, known: tuple[Definition, ...], evidence: Mapping[str, Evidence], best: str
) -> Recognition:
    ranked = sorted(evidence, key=lambda slug: -evidence[slug].points)
    weights = {slug: math.exp(SHARPNESS * min(evidence[slug].points, 30)) for slug in ranked[:6]}
    total = sum(weights.values()) + math.exp(SHARPNESS * NONE_POINTS)
    shares = {slug: weight / total for slug, weight in weights.items()}
    others = tuple(
        Alternative(slug, round(shares[slug], 3)) for slug in ranked[:4] if shares.get(slug, 0.0) >= 0.02
    )
    if evidence[best].points < NONE_POINTS:
        because = ("どのデータセットの特徴も足りない (not enough that belongs to any of the datasets)",)
        return Recognition(None, None, round(1 - max(shares.values()), 3), others[:3], because)
    definition = next(d for d in known if d.slug == best)
    edition, reason = edition_of(table.header, definition)
    alternatives = tuple(a for a in others if a.slug != best)[:3]
    confidence = min(0.999, shares[best])
    return Recognition(best, edition, round(confidence, 3), alternatives, (*evidence[best].because, reason))
