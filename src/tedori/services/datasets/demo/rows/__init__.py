"""The true rows of the 27 datasets, in the standard's own words, before any house style spoils them."""

from __future__ import annotations

from collections.abc import Callable

from tedori.services.datasets.demo.rows import civic, learning, leisure, living, money, welfare
from tedori.services.datasets.demo.towns import Town

Rows = list[dict[str, str]]
MAKERS: dict[str, Callable[[Town], Rows]] = {
    **civic.MAKERS,
    **learning.MAKERS,
    **welfare.MAKERS,
    **leisure.MAKERS,
    **living.MAKERS,
    **money.MAKERS,
}


def rows_of(slug: str, town: Town) -> Rows:
    """The true rows of one dataset in one municipality: item → value, items without a value left out."""
    return MAKERS[slug](town)
