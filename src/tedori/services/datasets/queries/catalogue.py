"""Reads the public catalogue: search, facets, and what one dataset's page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Count, Max, Sum
from django.utils.translation import override

from tedori.engines.tabular.definitions import standard
from tedori.services.datasets.models import Card, Version
from tedori.services.datasets.queries.places import Place, places
from tedori.services.datasets.queries.values import CardRecord, PublishedVersion
from tedori.services.datasets.queries.versions import PUBLISHED, cards, published
from tedori.services.datasets.rules.search import fold, score, terms
from tedori.services.datasets.rules.words import WORDS, Bilingual

BANDS = ((90, "90-"), (70, "70-89"), (50, "50-69"), (0, "0-49"))
AGES = ((30, "30"), (90, "90"), (365, "365"))
OLDER = "older"
UNKNOWN_CLASS = "government"


@dataclass(frozen=True, slots=True)
class Record:
    """One dataset of one publisher as the catalogue shows it, with the folded texts that search reads."""

    version: PublishedVersion
    card: CardRecord | None
    place: Place
    texts: tuple[tuple[float, str], ...]

    @property
    def title(self) -> Bilingual:
        """The title that the steward gave it; the dataset's name where there is none."""
        if self.card and self.card.title:
            return Bilingual(self.card.title, self.card.title_en)
        words = WORDS.get(self.version.slug)
        return Bilingual(str(words.title) if words else self.version.slug, "")

    @property
    def short_title(self) -> Bilingual:
        """The title where the publisher's name stands beside it, and need not be said twice."""
        return self.title.without(self.place.name)

    @property
    def data_class(self) -> str:
        """government or private."""
        return self.card.data_class if self.card else UNKNOWN_CLASS


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet, how many records have it, and whether it is chosen."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The records found, best first, and the facets with their counts."""

    records: tuple[Record, ...]
    facets: Mapping[str, tuple[Choice, ...]]
    total: int


def band(points: float) -> str:
    """The quality band of a score."""
    return next(name for least, name in BANDS if points >= least)


def age(then: datetime, *, now: datetime) -> str:
    """How long ago, as one of the ages or OLDER."""
    return next((name for days, name in AGES if now - then <= timedelta(days=days)), OLDER)


def facet_readers(now: datetime) -> Mapping[str, Callable[[Record], str]]:
    """What each facet reads from a record; the order is the order on the page."""
    return {
        "dataset": lambda record: record.version.slug,
        "municipality": lambda record: record.version.organisation,
        "edition": lambda record: record.version.edition,
        "licence": lambda record: record.version.licence,
        "class": lambda record: record.data_class,
        "quality": lambda record: band(record.version.score),
        "updated": lambda record: age(record.version.published_at, now=now),
    }


def search(text: str, *, chosen: Mapping[str, str], now: datetime, order: str = "") -> SearchResult:
    """Records that hold every word of `text` and every chosen facet value.

    Each facet counts the records that the other facets leave, so that a choice can be changed in one step.
    `order` may be updated, score, rows or empty (best answer first; without words, newest first).
    """
    wanted = terms(text)
    scored = [(score(wanted, record.texts) if wanted else 1.0, record) for record in records()]
    hits = [(points, record) for points, record in scored if points > 0]
    readers = facet_readers(now)
    given = {name: value for name, value in chosen.items() if value and name in readers}
    facets = {name: _choices(name, hits, readers, given) for name in readers}
    left = [hit for hit in hits if all(readers[name](hit[1]) == value for name, value in given.items())]
    return SearchResult(tuple(record for _, record in _sorted(left, order)), facets, len(left))


def _choices(name: str, hits: list, readers: Mapping, given: Mapping[str, str]) -> tuple[Choice, ...]:
    others = {other: value for other, value in given.items() if other != name}
    counted = Counter(
        readers[name](record)
        for _, record in hits
        if all(readers[other](record) == value for other, value in others.items())
    )
    value = given.get(name)
    if value and value not in counted:
        counted[value] = 0
    return tuple(Choice(found, count, found == value) for found, count in counted.most_common())


def _sorted(hits: list[tuple[float, Record]], order: str) -> list[tuple[float, Record]]:
    keys: dict[str, Callable] = {
        "updated": lambda hit: -hit[1].version.published_at.timestamp(),
        "score": lambda hit: -hit[1].version.score,
        "rows": lambda hit: -hit[1].version.rows,
    }
    newest = keys["updated"]
    best = keys.get(order, lambda hit: (-hit[0], newest(hit)))
    return sorted(hits, key=best)


def records() -> tuple[Record, ...]:
    """Every public record, read again only when something was published, retracted or described anew."""
    return _records(stamp())


def stamp() -> tuple:
    """What changes whenever the public catalogue changes."""
    versions = Version.objects.filter(state=PUBLISHED).aggregate(
        Count("id"), Max("id"), Sum("id"), Sum("rows"), Sum("score"), Max("published_at"), Max("sha256")
    )
    described = Card.objects.aggregate(Count("id"), Max("id"), Sum("revision"), Max("updated_at"))
    return (*versions.values(), *described.values())


@lru_cache(maxsize=2)
def _records(stamp: tuple) -> tuple[Record, ...]:
    described = {(card.slug, card.organisation): card for card in cards()}
    known = places()
    return tuple(
        _record(version, described.get((version.slug, version.organisation)), known)
        for version in published()
    )


def _record(version: PublishedVersion, card: CardRecord | None, known: Mapping[str, Place]) -> Record:
    code = version.organisation
    place = known.get(code) or Place(code, Bilingual(code, code), "", "")
    return Record(version, card, place, _texts(version.slug, card, place))


def _texts(slug: str, card: CardRecord | None, place: Place) -> tuple[tuple[float, str], ...]:
    words = [(5.0, f"{place.name.ja} {place.kana} {place.name.en} {place.code}"), *_dataset_texts(slug)]
    if card:
        words.append((8.0, f"{card.title} {card.title_en}"))
        words.append((4.0, " ".join(card.keywords)))
        words.append((2.0, f"{card.description} {card.description_en} {card.steward}"))
    return tuple((weight, fold(text)) for weight, text in words)


@lru_cache(maxsize=64)
def _dataset_texts(slug: str) -> tuple[tuple[float, str], ...]:
    definition = standard().get(slug)
    if definition is None:
        return ((6.0, slug),)
    items = " ".join(f"{item.name} {item.english or ''}" for item in definition.items)
    names = f"{definition.name} {' '.join(definition.names)} {slug.replace('_', ' ')}"
    return ((6.0, names), (3.0, _in_both_languages(slug)), (1.0, items))


def _in_both_languages(slug: str) -> str:
    words = WORDS.get(slug)
    found = []
    for language in ("ja", "en") if words else ():
        with override(language):
            found += [str(words.title), str(words.text)]
    return " ".join(found)
