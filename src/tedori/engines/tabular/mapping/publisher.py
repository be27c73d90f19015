"""Prefecture and municipality columns: part of the publisher's name, or part of an address?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tedori.engines.tabular.definitions import words
from tedori.engines.tabular.mapping.headings import EDITION
from tedori.engines.tabular.values import Definition
from tedori.vocabulary.folding import fold

PUBLISHER = "地方公共団体名"


def publisher_pair(heading: np.ndarray, header: Sequence[str], definition: Definition, legacy: bool) -> None:
    """Raise the strength of 地方公共団体名 for a pair 都道府県名, 市区町村名 that names the publisher."""
    names = [item.name for item in definition.items]
    if PUBLISHER not in names or heading[:, names.index(PUBLISHER)].max(initial=0.0) >= 1.0:
        return
    folded = [fold(text) for text in header]
    pair = pair_of(folded)
    if not pair:
        return
    has_parts = any(item.kind == "city" for item in definition.items)
    if legacy or not has_parts or names_publisher(folded, pair):
        heading[list(pair)] = 0.0
        # One column carries the item; the other joins it (see groups).
        heading[pair[-1], names.index(PUBLISHER)] = EDITION


def pair_of(folded: Sequence[str]) -> tuple[int, ...]:
    """The columns with the prefecture's and the municipality's name, side by side, or one of the two."""
    city = next((c for c, text in enumerate(folded) if text in words("city")), None)
    if city is None:
        return ()
    if city and folded[city - 1] in words("prefecture"):
        return city - 1, city
    return (city,)


def names_publisher(folded: Sequence[str], pair: tuple[int, ...]) -> bool:
    """Whether the pair stands with the publisher's code and not before the rest of an address."""
    before = folded[pair[0] - 1] if pair[0] else ""
    after = folded[pair[-1] + 1] if pair[-1] + 1 < len(folded) else ""
    return before in words("before_publisher") and after not in words("after_address")
