"""Describes datasets, publishers and publications as plain values, the same for every interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from tedori.engines.tabular.definitions import standard
from tedori.engines.tabular.values import Item
from tedori.services.datasets.api.naming import both, named, pair, text, theme, title
from tedori.services.datasets.pages.links import FORMATS, download
from tedori.services.datasets.queries.catalogue import Record, records
from tedori.services.datasets.queries.places import Place
from tedori.services.datasets.queries.quality import mean, overall
from tedori.services.datasets.queries.values import Missing, VersionRecord
from tedori.services.datasets.queries.versions import missing
from tedori.services.datasets.rules.admission import licence
from tedori.services.datasets.rules.search import fold
from tedori.services.datasets.rules.words import Bilingual

BASE = "/api/v1"


def by_dataset() -> dict[str, list[Record]]:
    """What is public now, by dataset, in the order of the definitions; a dataset nobody has is empty."""
    groups: dict[str, list[Record]] = {slug: [] for slug in standard()}
    for record in records():
        groups.setdefault(record.version.slug, []).append(record)
    return groups


def by_publisher() -> dict[str, list[Record]]:
    """What is public now, by publisher."""
    groups: dict[str, list[Record]] = {}
    for record in sorted(records(), key=lambda one: one.version.organisation):
        groups.setdefault(record.version.organisation, []).append(record)
    return groups


@lru_cache(maxsize=64)
def folded(slug: str) -> tuple[str, ...]:
    """What a search for a dataset reads: its names and its sentence in both languages."""
    definition = standard().get(slug)
    names = definition.names if definition else ()
    found = (slug.replace("_", " "), *names, *pair(title(slug)).values(), *pair(text(slug)).values())
    return tuple(fold(one) for one in found)


def publication_title(record: Record) -> Bilingual:
    """The title that the steward gave, else the dataset's name."""
    own = record.card and record.card.title
    return both(record.title) if own else title(record.version.slug)


def licence_value(code: str) -> dict[str, Any] | None:
    """A licence with its address, or None."""
    known = licence(code)
    return {"code": known.code, "label": pair(known.label), "address": known.address} if known else None


def item_value(item: Item) -> dict[str, Any]:
    """One item of a definition."""
    return {
        "name": item.name,
        "english": item.english,
        "kind": item.kind,
        "demand": item.demand,
        "codes": list(item.codes.values) if item.codes else None,
        "many": item.many,
    }


def dataset_value(slug: str, found: list[Record]) -> dict[str, Any]:
    """One dataset over all its publishers."""
    definition = standard().get(slug)
    return {
        "slug": slug,
        "number": definition.number if definition else "",
        "title": pair(title(slug)),
        "description": pair(text(slug)),
        "theme": theme(slug),
        "publishers": len(found),
        "rows": sum(record.version.rows for record in found),
        "score": mean([record.version.score for record in found]),
        "updated_at": max((record.version.published_at for record in found), default=None),
        "licences": sorted({record.version.licence for record in found}),
        "links": dataset_links(slug),
    }


def dataset_links(slug: str, *, code: str = "") -> dict[str, str]:
    """Where a dataset's rows, files and history are; of one publisher when a code is given."""
    query = f"?municipality={code}" if code else ""
    page = f"/datasets/{slug}/{code}/" if code else f"/datasets/{slug}/"
    return {
        "self": f"{BASE}/datasets/{slug}",
        "rows": f"{BASE}/datasets/{slug}/rows{query}",
        "versions": f"{BASE}/datasets/{slug}/versions{query}",
        "page": page,
        **{kind: download(slug, kind, code=code) for kind, _ in FORMATS},
    }


def publisher_value(code: str, place: Place | None, found: list[Record]) -> dict[str, Any]:
    """One publisher and how much it publishes."""
    return {
        "code": code,
        "name": pair(named(place, code)),
        "kind": place.kind if place else "",
        "datasets": len(found),
        "rows": sum(record.version.rows for record in found),
        "score": mean([record.version.score for record in found]),
        "updated_at": max((record.version.published_at for record in found), default=None),
        "links": {"self": f"{BASE}/publishers/{code}", "page": f"/datasets/places/{code}/"},
    }


def rates(slug: str | None = None, *, organisation: str | None = None) -> dict[tuple[str, str], float | None]:
    """The missing rate over the wanted items, per dataset and publisher."""
    groups: dict[tuple[str, str], list[Missing]] = {}
    for one in missing(slug, organisation=organisation):
        groups.setdefault((one.slug, one.organisation), []).append(one)
    return {key: overall(group) for key, group in groups.items()}


def publications(found: Iterable[Record], known: Mapping[tuple[str, str], float | None]) -> list[dict]:
    """Several publications, with the missing rates known."""
    return [publication_value(record, known) for record in found]


def publication_value(record: Record, known: Mapping[tuple[str, str], float | None]) -> dict[str, Any]:
    """One dataset of one publisher."""
    version, card = record.version, record.card
    return {
        "dataset": version.slug,
        "municipality": version.organisation,
        "name": pair(record.place.name),
        "title": pair(publication_title(record)),
        "version": version.number,
        "rows": version.rows,
        "edition": version.edition,
        "score": version.score,
        "missing_rate": known.get((version.slug, version.organisation)),
        "licence": licence_value(version.licence),
        "steward": version.steward,
        "granularity": card.granularity if card else "",
        "update_cycle": card.update_cycle if card else "",
        "published_at": version.published_at,
        "source": version.source_name,
        "sha256": version.sha256,
        "links": dataset_links(version.slug, code=version.organisation),
    }


def version_value(version: VersionRecord) -> dict[str, Any]:
    """One version that is or was public; people's names stay inside, the steward's apart."""
    difference = version.difference
    return {
        "dataset": version.slug,
        "municipality": version.organisation,
        "version": version.number,
        "state": str(version.state),
        "rows": version.rows,
        "edition": version.edition,
        "period": version.period,
        "score": version.score,
        "licence": version.licence,
        "steward": version.steward,
        "sha256": version.sha256,
        "source": version.source_name,
        "published_at": version.published_at,
        "ended_at": version.ended_at,
        "ended_because": version.ended_because,
        **{name: _count(difference.get(name)) for name in ("added", "removed", "changed")},
    }


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None
