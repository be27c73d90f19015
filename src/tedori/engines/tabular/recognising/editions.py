"""Which header generation the headings of a recognised table follow."""

from __future__ import annotations

from collections.abc import Sequence

from tedori.engines.tabular.definitions import (
    CURRENT,
    DATA_MODEL,
    ENGLISH,
    FACILITY_KEY,
    FREE,
    LEGACY,
    word_list,
    words,
)
from tedori.engines.tabular.values import Definition
from tedori.vocabulary.folding import fold


def edition_of(header: Sequence[str], definition: Definition) -> tuple[str, str]:
    """The name of the edition and the reason.

    Every edition is measured by the share of the table's headings that are its own; a table whose headings
    are mostly none of them is `free`.
    """
    folded = [f for text in header if (f := fold(text))]
    if not folded:
        return FREE, "見出しがない (no headings)"
    prefixed = _prefixed(header, definition) / len(folded)
    if prefixed >= 0.3 and _is_data_model(folded, definition):
        return DATA_MODEL, f"見出しの{prefixed:.0%}に接頭辞「{definition.entity}_」(headings with a prefix)"
    if sum(text.isascii() for text in folded) >= 0.6 * len(folded):
        return ENGLISH, "見出しが英語 (headings are English)"
    shares = _shares(folded, definition)
    name = max(shares, key=lambda edition: shares[edition])
    if shares[name] < 0.65:
        return FREE, "見出しが独自 (headings of its own)"
    return name, f"見出しの{shares[name]:.0%}が版 {name} (share of headings of this edition)"


def _prefixed(header: Sequence[str], definition: Definition) -> int:
    """How many headings carry the entity's or the facility's prefix; 施設_ID itself does not count."""
    prefixes, key = (fold(definition.entity), fold("施設_")), fold(FACILITY_KEY)
    folded = [fold(text) for text in header if "_" in text]
    return sum(text != key and text.startswith(prefixes) for text in folded)


def _is_data_model(folded: Sequence[str], definition: Definition) -> bool:
    wanted = {fold(t) for e in definition.editions if e.name == DATA_MODEL for t in e.header}
    facility = fold("施設_")
    return sum(text in wanted or text.startswith(facility) for text in folded) >= 0.6 * len(folded)


def _shares(folded: Sequence[str], definition: Definition) -> dict[str, float]:
    headers = {e.name: {fold(text) for text in e.header} for e in definition.editions}
    names = {fold(item.name) for item in definition.items}
    current = headers[CURRENT] | names | words("current_only") | set(map(fold, _block_names()))
    shares = {CURRENT: _share(folded, current, words("current_only"), 1.0)}
    if LEGACY in headers:
        shares[LEGACY] = _share(folded, headers[LEGACY], words("legacy_only"), 0.64)
    return shares


def _share(folded: Sequence[str], wanted: set[str], marks: frozenset[str], without: float) -> float:
    """The share of headings that an edition has; `without` a mark that only it has, no more than so much.

    What both generations have counts for both, so the marks of one decide between them.
    """
    share = sum(text in wanted for text in folded) / len(folded)
    marked = sum(text in marks for text in folded)
    if not marked:
        return min(share, without)
    return share + 0.02 * marked if share >= 0.5 else share


def _block_names() -> tuple[str, ...]:
    return tuple(name for name in word_list("common") if "_" in name or "識別子" in name)
