"""One-to-one assignment of columns to items over the whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import lap
import numpy as np

from tedori.engines.tabular.mapping.contents import Profile
from tedori.engines.tabular.mapping.scores import ACCEPT, REVIEW

# So many columns at most compete for the items, the most certain ones: the work grows with their square.
RIVALS = 1000


def assign(sure: np.ndarray, seen: Sequence[Profile], fixed: Mapping[int, int | None]) -> dict[int, int]:
    """Column → item, at most one of each, with the greatest certainty in all.

    `fixed` columns are settled beforehand (None: no item). Equal columns are told apart by how full they
    are, then by their order.
    """
    columns, items = sure.shape
    best = sure.max(axis=1, keepdims=True, initial=0.0)
    # A column that is sure of an item is never pushed aside to a much weaker one.
    eligible = (sure >= REVIEW) & ((best < ACCEPT) | (sure >= best - 0.1))
    weights = np.where(eligible, sure**2, 0.0)
    for column, item in fixed.items():
        weights[column, :] = 0.0
        if item is not None:
            weights[:, item] = 0.0
    order = np.arange(columns)[:, None] / max(columns, 1)
    full = np.array([p.filled for p in seen])[:, None]
    weights = np.where(weights > 0, weights + 0.004 * full - 0.001 * order, 0.0)
    return {**_heaviest(weights), **{c: i for c, i in fixed.items() if i is not None}}


def _heaviest(weights: np.ndarray) -> dict[int, int]:
    """The pairs of column and item, each used once, whose weights add up to the most."""
    most = weights.max(axis=1, initial=0.0)
    rivals = np.sort(np.argsort(-most, kind="stable")[: min(RIVALS, int((most > 0).sum()))])
    if not len(rivals):
        return {}
    _, places, _ = lap.lapjv(-weights[rivals], extend_cost=True)
    pairs = zip(rivals.tolist(), places.tolist(), strict=True)
    return {column: item for column, item in pairs if item >= 0 and weights[column, item] > 0}


def best_choices(sure: np.ndarray, names: Sequence[str], column: int) -> tuple[tuple[str, float], ...]:
    """The three best items for a column, with their certainty."""
    order = np.argsort(-sure[column], kind="stable")[:3]
    return tuple((names[i], round(float(sure[column, i]), 3)) for i in order if sure[column, i] > 0.1)
