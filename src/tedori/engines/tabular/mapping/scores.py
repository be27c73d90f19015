"""How sure it is that a column is an item: heading and content weighed together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tedori.engines.tabular.mapping.contents import Profile, suits
from tedori.engines.tabular.mapping.headings import ALIAS, EDITION, PERHAPS
from tedori.engines.tabular.values import Definition

ACCEPT, REVIEW = 0.9, 0.35
# Kinds whose values are so peculiar that content alone may name the item, and how far it is believed.
TELLING_KINDS = {
    "latitude": 0.9,
    "longitude": 0.9,
    "email": 0.8,
    "postcode": 0.8,
    "url": 0.7,
    "phone": 0.75,
    "kana": 0.7,
    "address": 0.75,
    "corporate-number": 0.75,
    "code-municipality": 0.7,
    "weekdays": 0.6,
    "prefecture": 0.6,
}


def fitness(definition: Definition, seen: Sequence[Profile]) -> np.ndarray:
    """A matrix columns × items of how well the values suit, from -1 to 1."""
    table = np.zeros((len(seen), len(definition.items)))
    for row, profile in enumerate(seen):
        if profile.n == 0:
            continue
        done: dict[tuple[str, int | str], float] = {}
        for place, item in enumerate(definition.items):
            listed = item.codes is not None and item.kind not in ("yes-no", "flag")
            key = (item.kind, id(item.codes) if listed else item.name if item.kind in _NAMED else "")
            if key not in done:
                done[key] = suits(item.kind, item.name, item.codes, profile)
            table[row, place] = done[key]
    return table


_NAMED = frozenset({"text", "list", "code", "building"})


def certainty(heading: np.ndarray, content: np.ndarray, seen: Sequence[Profile], definition: Definition):
    """A matrix columns × items of confidences from 0 to 1."""
    rows = np.array([p.n for p in seen])[:, None]
    plus, minus = np.clip(content, 0, 1), np.clip(-content, 0, 1)
    sure = np.where(heading >= EDITION - 0.005, _exact(plus, minus, rows), 0.0)
    named = (heading >= ALIAS - 0.05) & (heading < EDITION - 0.005)
    sure = np.where(named, _alias(heading, plus, minus, rows), sure)
    perhaps = (heading >= PERHAPS - 0.06) & (heading < ALIAS - 0.05)
    sure = np.where(perhaps, np.clip(heading - 0.1 + 0.32 * plus - 0.5 * minus, 0, 0.95), sure)
    faint = (heading > 0) & (heading < PERHAPS - 0.06)
    sure = np.where(faint, np.clip(heading - 0.15 + 0.35 * plus - 0.5 * minus, 0, 0.89), sure)
    return np.where(heading == 0, _content_only(plus, definition), sure)


def _exact(plus: np.ndarray, minus: np.ndarray, rows: np.ndarray) -> np.ndarray:
    against = (minus >= 0.8) & (rows >= 5)
    # Still above what content alone says of another item, so that exchanged columns are found as a pair.
    return np.where(against, 0.72, 0.98 + 0.01 * plus - 0.02 * minus)


def _alias(heading: np.ndarray, plus: np.ndarray, minus: np.ndarray, rows: np.ndarray) -> np.ndarray:
    doubt = np.where(rows >= 3, np.clip(minus - 0.25, 0, 1) * 0.6, 0.0)
    return np.clip(heading + 0.015 + 0.01 * plus - doubt, 0, 0.985)


def _content_only(plus: np.ndarray, definition: Definition) -> np.ndarray:
    believed = np.array([TELLING_KINDS.get(item.kind, 0.0) for item in definition.items])
    return np.where(plus >= 0.75, believed[None, :] * plus * 0.75, 0.0)
