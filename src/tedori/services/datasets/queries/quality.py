"""Reads how good the data are: the matrix, missing rates with their trend and target, and neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import timezone

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.queries.catalogue import stamp
from tedori.services.datasets.queries.places import Place, neighbours, place, places
from tedori.services.datasets.queries.public import targets
from tedori.services.datasets.queries.values import Cell, Missing
from tedori.services.datasets.queries.versions import matrix, missing

WANTED = ("必須", "推奨")
"""The demands whose items count in a dataset's missing rate; optional items may be empty."""
DEFAULT_TARGET = 0.1
STEPS = 12


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One publisher's line of the matrix; a cell is None where nothing is published."""

    place: Place
    cells: tuple[Cell | None, ...]

    @property
    def published(self) -> int:
        """How many of the datasets exist."""
        return sum(cell is not None for cell in self.cells)

    @property
    def score(self) -> float | None:
        """The mean score of what exists."""
        return mean([cell.score for cell in self.cells if cell])


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix publisher × dataset: Tokyo's own first, then the 62, in the order of the definitions."""

    slugs: tuple[str, ...]
    rows: tuple[MatrixRow, ...]

    @property
    def municipal(self) -> tuple[MatrixRow, ...]:
        """The rows of the 62."""
        return tuple(row for row in self.rows if not row.place.own)

    @property
    def own(self) -> tuple[MatrixRow, ...]:
        """The rows of Tokyo itself."""
        return tuple(row for row in self.rows if row.place.own)

    @property
    def covered(self) -> float:
        """The share of the fields of the 62 that are filled."""
        fields = len(self.municipal) * len(self.slugs)
        return sum(row.published for row in self.municipal) / fields if fields else 0.0

    def coverage(self) -> tuple[tuple[str, int], ...]:
        """How many of the 62 publish each dataset."""
        rows = self.municipal
        return tuple(
            (slug, sum(row.cells[place] is not None for row in rows)) for place, slug in enumerate(self.slugs)
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """The missing rate of one item, of one dataset or of one publisher; None rows means nothing published."""

    name: str
    demand: str
    filled: int
    rows: int
    target: float

    @property
    def rate(self) -> float | None:
        """The missing rate from 0 to 1."""
        return 1 - self.filled / self.rows if self.rows else None

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.rate is not None and self.rate <= self.target


@dataclass(frozen=True, slots=True)
class MissingRow:
    """One publisher's missing rates, in the order of the items; None where the item does not exist."""

    place: Place
    overall: float | None
    rates: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class MissingTable:
    """Missing rates of one dataset: per item over all publishers, and per publisher and item."""

    slug: str
    items: tuple[Rate, ...]
    rows: tuple[MissingRow, ...]
    target: float


def mean(numbers: Sequence[float]) -> float | None:
    """The mean, or None of nothing."""
    return sum(numbers) / len(numbers) if numbers else None


def grid(*, codes: Iterable[str] | None = None) -> Matrix:
    """The whole matrix, or its lines for some publishers, in the given order."""
    known = places()
    cells = {(cell.organisation, cell.slug): cell for cell in matrix()}
    slugs = tuple(standard())
    busy = {code for code, _ in cells}
    # Tokyo's own line stands first even while it is empty: the metropolis measures itself before others.
    shown = codes if codes is not None else [code for code, one in known.items() if _shown(one, busy)]
    rows = tuple(
        MatrixRow(known[code], tuple(cells.get((code, slug)) for slug in slugs))
        for code in shown
        if code in known
    )
    return Matrix(slugs, rows)


def _shown(one: Place, busy: set[str]) -> bool:
    return one.column is not None or one.kind == "prefecture" or one.code in busy


def target(slug: str, item: str = "", *, known: Mapping[tuple[str, str], float] | None = None) -> float:
    """The highest missing rate wanted of an item: its own, else the dataset's, else DEFAULT_TARGET."""
    found = targets() if known is None else known
    return found.get((slug, item), found.get((slug, ""), DEFAULT_TARGET))


def missing_table(slug: str, *, codes: Sequence[str] | None = None) -> MissingTable:
    """Missing rates of one dataset, required items first; for some publishers when `codes` are given."""
    known = places()
    wanted = targets()
    found = [one for one in _missing_now(stamp()) if one.slug == slug]
    items = [(item.name, item.demand) for item in standard()[slug].items]
    ordered = sorted(items, key=lambda pair: ("必須", "推奨", "任意").index(pair[1]))
    by_item = _summed(found, lambda one: one.item)
    rates = tuple(
        Rate(name, demand, *by_item.get(name, (0, 0)), target(slug, name, known=wanted))
        for name, demand in ordered
    )
    own = {one.organisation for one in found}
    shown = [code for code in (codes or known) if code in known and (codes or code in own)]
    fields = {(one.organisation, one.item): one for one in found}
    rows = tuple(_missing_row(known[code], [name for name, _ in ordered], fields) for code in shown)
    return MissingTable(slug, rates, rows, target(slug, known=wanted))


def _missing_row(one: Place, items: list[str], fields: Mapping[tuple[str, str], Missing]) -> MissingRow:
    found = [fields.get((one.code, item)) for item in items]
    rates = tuple(cell.rate if cell and cell.rows else None for cell in found)
    return MissingRow(one, overall([cell for cell in found if cell]), rates)


def overall(found: Sequence[Missing]) -> float | None:
    """The missing rate over all fields of the wanted items; None where there are no rows."""
    counted = [one for one in found if one.demand in WANTED]
    rows = sum(one.rows for one in counted)
    return 1 - sum(one.filled for one in counted) / rows if rows else None


def dataset_rates() -> tuple[Rate, ...]:
    """The missing rate of every dataset over all publishers, wanted items only."""
    wanted = targets()
    sums = _summed((one for one in _missing_now(stamp()) if one.demand in WANTED), lambda one: one.slug)
    return tuple(Rate(slug, "", *sums.get(slug, (0, 0)), target(slug, known=wanted)) for slug in standard())


def _summed(found: Iterable[Missing], name_of) -> dict[str, tuple[int, int]]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        sums[name_of(one)][0] += one.filled
        sums[name_of(one)][1] += one.rows
    return {name: (filled, rows) for name, (filled, rows) in sums.items()}


@lru_cache(maxsize=2)
def _missing_now(stamp: tuple) -> tuple[Missing, ...]:
    return missing()


def trend(slug: str, *, organisation: str | None = None) -> tuple[tuple[date, float], ...]:
    """The missing rate of a dataset after each day of publication, at most STEPS days, oldest first.

    Of every publisher the version counts that was the newest on that day.
    """
    versions: dict[tuple[str, int], list[Missing]] = defaultdict(list)
    for one in missing(slug, organisation=organisation, history=True):
        versions[(one.organisation, one.number)].append(one)
    dated = sorted(
        (timezone.localdate(found[0].published_at), code, number, found)
        for (code, number), found in versions.items()
        if found[0].published_at
    )
    return _thinned(_after_each_day(dated))


def _after_each_day(dated: list) -> list[tuple[date, float]]:
    current: dict[str, list[Missing]] = {}
    points: dict[date, float] = {}
    for day, code, _number, found in dated:
        current[code] = found
        rate = overall([one for group in current.values() for one in group])
        if rate is not None:
            points[day] = rate
    return list(points.items())


def _thinned(points: list[tuple[date, float]]) -> tuple[tuple[date, float], ...]:
    if len(points) <= STEPS:
        return tuple(points)
    places_kept = {round(step * (len(points) - 1) / (STEPS - 1)) for step in range(STEPS)}
    return tuple(points[index] for index in sorted(places_kept))


def beside(code: str) -> Matrix:
    """One municipality and its neighbours as lines of the matrix, itself first."""
    return grid(codes=(code, *(other.code for other in neighbours(code)))) if place(code) else Matrix((), ())
