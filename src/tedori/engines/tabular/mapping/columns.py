"""The whole mapping of one table: decisions, headings, content, assignment, groups of columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tedori.engines.tabular.definitions import LEGACY
from tedori.engines.tabular.mapping.assignment import assign, best_choices
from tedori.engines.tabular.mapping.contents import Profile, profiles
from tedori.engines.tabular.mapping.groups import with_groups
from tedori.engines.tabular.mapping.headings import ALIAS, EDITION, EXACT, PERHAPS, strengths
from tedori.engines.tabular.mapping.publisher import publisher_pair
from tedori.engines.tabular.mapping.relations import edition_positions, exchanges, layout_of_values
from tedori.engines.tabular.mapping.scores import ACCEPT, certainty, fitness
from tedori.engines.tabular.values import ColumnMatch, Decisions, Definition, Edition, Status, Table
from tedori.vocabulary.folding import fold


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything known about a table's columns before they are assigned."""

    table: Table
    definition: Definition
    seen: tuple[Profile, ...]
    heading: np.ndarray
    content: np.ndarray
    sure: np.ndarray


def map_columns(
    table: Table, definition: Definition, *, edition: str | None = None, decisions: Decisions | None = None
) -> tuple[ColumnMatch, ...]:
    """One match per source column, in the order of the columns.

    `accepted` only where a person need not look; `review` with up to three choices; `unmapped` columns are
    kept as extra columns. What people decided before (`decisions.columns`) wins over everything.
    """
    decided = _decided(table.header, definition, decisions or Decisions())
    sight = _look(table, definition, edition)
    taken = assign(sight.sure, sight.seen, decided)
    swapped = _exchange(sight, taken, decided)
    matches = tuple(_match(sight, column, taken, decided, swapped) for column in range(len(table.header)))
    return with_groups(matches, sight.seen, definition, frozenset(decided))


def _look(table: Table, definition: Definition, edition: str | None) -> Sight:
    seen = profiles(table.frame, len(table.header))
    content = fitness(definition, seen)
    heading = strengths(definition, table.header)
    if edition == LEGACY:
        _prefer_edition(heading, table.header, definition, LEGACY)
    publisher_pair(heading, table.header, definition, edition == LEGACY)
    heading = _by_layout(table, definition, heading, content)
    sure = certainty(heading, content, seen, definition)
    return Sight(table, definition, seen, heading, content, sure)


def _prefer_edition(heading: np.ndarray, header: tuple[str, ...], definition: Definition, name: str) -> None:
    """Under a known edition each of its headings means its own item."""
    for edition in definition.editions:
        if edition.name != name:
            continue
        # Headings that are one item together stay out: they are joined as a pair.
        alone = (
            place if edition.items.count(name) == 1 else None for name, place in _placed(edition, definition)
        )
        places = dict(zip(map(fold, edition.header), alone, strict=True))
        for row, text in enumerate(header):
            place = places.get(fold(text))
            if place is not None:
                heading[row] = np.minimum(heading[row], PERHAPS)
                heading[row, place] = EXACT


def _placed(edition: Edition, definition: Definition) -> Iterator[tuple[str | None, int | None]]:
    return zip(edition.items, edition_positions(edition, definition), strict=True)


def _by_layout(table: Table, definition: Definition, heading: np.ndarray, content: np.ndarray) -> np.ndarray:
    """Replace what the headings say by the layout that the values follow, when they plainly disagree."""
    has_header = table.source.header_row is not None and any(fold(h) for h in table.header)
    named = [int(row.argmax()) if row.max(initial=0) >= ALIAS - 0.05 else None for row in heading]
    found = layout_of_values(definition, content, named, has_header)
    if found is None:
        return heading
    fresh = np.zeros_like(heading)
    positions, contested = found
    for column, item in enumerate(positions):
        if item is not None:
            fresh[column, item] = PERHAPS if column in contested else EDITION
    return fresh


def _decided(header: tuple[str, ...], definition: Definition, decisions: Decisions) -> dict[int, int | None]:
    """Column → item (None: no item) as people decided; a decision for an unknown item is left out."""
    places: dict[str | None, int | None] = {item.name: place for place, item in enumerate(definition.items)}
    places[None] = None
    by_heading = {fold(source): item for source, item in decisions.columns.items()}
    decided: dict[int, int | None] = {}
    for column, heading in enumerate(header):
        item = decisions.columns.get(heading, by_heading.get(fold(heading), ""))
        if item in places and (item is None or places[item] not in decided.values()):
            decided[column] = places[item]
    return decided


def _exchange(
    sight: Sight, taken: dict[int, int], decided: dict[int, int | None]
) -> dict[int, tuple[str, bool]]:
    swapped: dict[int, tuple[str, bool]] = {}
    for found in exchanges(sight.definition, taken, sight.seen):
        if found.one in decided or found.other in decided:
            continue
        if found.certain:
            taken[found.one], taken[found.other] = taken[found.other], taken[found.one]
        swapped[found.one] = swapped[found.other] = (found.because, found.certain)
    return swapped


def _match(
    sight: Sight,
    column: int,
    taken: dict[int, int],
    decided: dict[int, int | None],
    swapped: dict[int, tuple[str, bool]],
) -> ColumnMatch:
    source, names = sight.table.header[column], [item.name for item in sight.definition.items]
    item = taken.get(column)
    items = () if item is None else (names[item],)
    if column in decided:
        status: Status = "accepted" if items else "unmapped"
        return ColumnMatch(column, source, items, status, 1.0, ("以前の決定 (decided before)",))
    match = ColumnMatch(
        column, source, items, "unmapped", 0.0, choices=best_choices(sight.sure, names, column)
    )
    if item is None:
        return replace(match, because=_why_not(sight, column, taken))
    if column in swapped:
        return _swapped_match(match, *swapped[column])
    confidence = round(float(sight.sure[column, item]), 3)
    status = "accepted" if confidence >= ACCEPT else "review"
    return replace(match, status=status, confidence=confidence, because=_why(sight, column, item))


def _swapped_match(match: ColumnMatch, reason: str, certain: bool) -> ColumnMatch:
    if certain:
        return replace(match, status="accepted", confidence=0.95, because=(reason,), how="exchanged")
    return replace(match, status="review", confidence=0.5, because=(reason,))


def _why(sight: Sight, column: int, item: int) -> tuple[str, ...]:
    strength, fit = sight.heading[column, item], sight.content[column, item]
    if strength >= EXACT:
        reason = "見出しが標準項目名と同じ (heading is the item's name)"
    elif strength >= EDITION - 0.005:
        reason = "見出しが標準の版の項目名 (heading of a known edition)"
    elif strength >= ALIAS - 0.05:
        reason = "見出しが別名として知られている (heading is a known alias)"
    elif strength > 0:
        reason = f"見出しが近い (heading is near, {strength:.2f})"
    else:
        reason = "見出しではなく内容から (from content, not from the heading)"
    if fit >= 0.5:
        return reason, f"値が項目の型に合う (values suit, {fit:.2f})"
    if fit <= -0.4:
        return reason, f"値が項目の型に合わない (values do not suit, {fit:.2f})"
    return (reason,)


def _why_not(sight: Sight, column: int, taken: dict[int, int]) -> tuple[str, ...]:
    best = int(sight.sure[column].argmax())
    if sight.sure[column, best] >= ACCEPT and best in taken.values():
        other = next(c for c, i in taken.items() if i == best)
        name = sight.definition.items[best].name
        return (f"{name}は別の列「{sight.table.header[other]}」が満たす (another column fills this item)",)
    return ("標準項目に当たるものがない (no standard item); 追加の列として残す (kept as an extra column)",)
