"""Reads who publishes: the municipalities of the vocabulary and the organisations that are registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tedori.kernel.organisations.queries import organisations
from tedori.services.datasets.rules.words import Bilingual
from tedori.vocabulary.municipalities import BY_CODE, TOKYO, TOKYO_PREFECTURE, tiles

OWN = TOKYO_PREFECTURE.code


@dataclass(frozen=True, slots=True)
class Place:
    """A publisher: code, name, how it is read, kind, and where it lies on the tile map."""

    code: str
    name: Bilingual
    kana: str
    kind: str
    column: int | None = None
    row: int | None = None

    @property
    def own(self) -> bool:
        """Whether this is the metropolis itself or one of its bureaus, which are measured first."""
        return self.kind in {"prefecture", "bureau"}


def municipalities() -> tuple[Place, ...]:
    """The 62, in the order of their codes."""
    return tuple(_of_vocabulary(place.code) for place in TOKYO)


def places() -> Mapping[str, Place]:
    """Every possible publisher by code: bureaus first, then the 62, then others that are registered."""
    known = {place.code: place for place in municipalities()}
    others = [
        _of_vocabulary(found.code)
        if found.code in BY_CODE
        else Place(found.code, Bilingual(found.name, found.name_en), "", found.kind)
        for found in organisations()
        if found.code not in known
    ]
    # Tokyo's own line stands first even before anybody registered it: the metropolis measures itself.
    first = {OWN: _of_vocabulary(OWN)} | {place.code: place for place in others if place.own}
    last = {place.code: place for place in others if not place.own}
    return first | known | last


def place(code: str) -> Place | None:
    """One publisher, or None."""
    return _of_vocabulary(code) if code in BY_CODE else places().get(code)


def reachable() -> tuple[Place, ...]:
    """Those who can be asked for data: the registered bureaus and municipalities, in that order."""
    registered = {found.code for found in organisations() if found.kind in {"bureau", "municipality"}}
    return tuple(place for code, place in places().items() if code in registered)


def platform() -> str:
    """The code of the organisation that answers for the platform as a whole."""
    return next((one.code for one in organisations() if one.steward_of_platform), OWN)


def neighbours(code: str) -> tuple[Place, ...]:
    """The municipalities beside one on the tile map, nearest first; none without a tile."""
    here = BY_CODE.get(code)
    if here is None or here.column is None or here.row is None:
        return ()
    near = [
        (abs(column - here.column) + abs(row - here.row), other.code)
        for column, row, other in tiles()
        if other.code != code and abs(column - here.column) <= 1 and abs(row - here.row) <= 1
    ]
    return tuple(_of_vocabulary(found) for _, found in sorted(near))


def _of_vocabulary(code: str) -> Place:
    known = BY_CODE[code]
    name = Bilingual(known.name, known.english)
    return Place(code, name, known.kana, known.kind, known.column, known.row)
