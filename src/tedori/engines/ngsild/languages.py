"""The text of a LanguageProperty that suits a reader best (GS CIM 009, clause 4.5.18; RFC 4647, lookup)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tedori.engines.ngsild.errors import invalid_request
from tedori.engines.ngsild.kinds import NO_DATASET


def best_language(texts: Mapping[str, Any], wanted: str) -> str:
    """The tag among `texts` that fits a list of preferences best.

    Each preference is tried as it is, then without its last part (`fr-CH`, `fr`), then a text of a region of
    that language (`fr-FR`); then the text without a language (`@none`), then the first one.
    """
    folded = {tag.lower(): tag for tag in texts}
    for preference in preferences(wanted):
        if preference == "*":
            break
        found = _match(preference, folded)
        if found is not None:
            return found
    return folded.get(NO_DATASET) or next(iter(texts))


@lru_cache(maxsize=1_024)
def preferences(wanted: str) -> tuple[str, ...]:
    """Language tags in order of preference from a list such as `fr-CH, fr;q=0.9, *;q=0.5`.

    Raises InvalidRequest for a weight that is no number.
    """
    weighted = []
    for place, part in enumerate(wanted.split(",")):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            raise invalid_request("A weight of a language is no number.", detail=part, where="lang") from None
        if tag and weight > 0:
            weighted.append((-weight, place, tag.strip().lower()))
    return tuple(tag for _, _, tag in sorted(weighted))


def _match(preference: str, folded: Mapping[str, str]) -> str | None:
    parts = preference.split("-")
    while parts:
        tag = "-".join(parts)
        if tag in folded:
            return folded[tag]
        parts.pop()
    language = preference.split("-")[0]
    return next((tag for low, tag in folded.items() if low.split("-")[0] == language), None)
