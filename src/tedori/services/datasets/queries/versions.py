"""Reads the versions: what is published, what was, and what waits."""

from __future__ import annotations

from datetime import datetime

from tedori.services.datasets.models import Card, Version
from tedori.services.datasets.queries.values import (
    CardRecord,
    CatalogueEntry,
    Cell,
    Missing,
    PublishedVersion,
    VersionRecord,
)

PUBLISHED = Version.State.PUBLISHED
# States in which a version has once been public.
SEEN = (Version.State.PUBLISHED, Version.State.SUPERSEDED, Version.State.RETRACTED)

_PUBLISHED_FIELDS = (
    "id", "dataset", "organisation", "number", "path", "sha256", "rows", "edition", "score",
    "published_at", "licence", "source_name", "source_sha256", "steward", "errors", "repairs",
)  # fmt: skip
_RECORD_FIELDS = (
    "id", "dataset", "organisation", "number", "state", "part_id", "path", "sha256", "content", "rows",
    "bytes", "edition", "period", "score", "errors", "warnings", "repairs", "report", "source_name",
    "source_sha256", "restored_from", "licence", "steward", "confirmed", "revision", "drafted_at",
    "drafted_by", "approved_at", "approved_by", "published_at", "published_by", "ended_at", "ended_by",
    "ended_because", "difference", "completeness",
)  # fmt: skip
_CARD_FIELDS = (
    "dataset", "organisation", "title", "title_en", "description", "description_en", "steward",
    "steward_contact", "granularity", "update_cycle", "licence", "copyright_by_government",
    "copyright_holder", "data_class", "public_interest", "agreement", "keywords", "revision",
    "updated_at", "updated_by",
)  # fmt: skip


def _filters(slug: str | None, organisation: str | None) -> dict[str, str]:
    given = {"dataset": slug, "organisation": organisation}
    return {name: value for name, value in given.items() if value is not None}


def published(slug: str | None = None, *, organisation: str | None = None) -> tuple[PublishedVersion, ...]:
    """All versions that the public sees now, by dataset and organisation code."""
    rows = (
        Version.objects.filter(state=PUBLISHED, **_filters(slug, organisation))
        .order_by("dataset", "organisation")
        .values_list(*_PUBLISHED_FIELDS)
    )
    return tuple(PublishedVersion(*row) for row in rows)


def public_tables() -> dict[str, tuple[str, ...]]:
    """The stored paths of what is public now, by dataset: tables that others may read, too."""
    found: dict[str, tuple[str, ...]] = {}
    for one in published():
        found[one.dataset] = (*found.get(one.dataset, ()), one.path)
    return found


def changes(*, since: datetime | None = None, limit: int = 50) -> tuple[VersionRecord, ...]:
    """The versions published or retracted last, newest first: the update feed."""
    found = Version.objects.filter(state__in=SEEN)
    if since:
        found = found.filter(published_at__gt=since)
    return _records(found.order_by("-published_at", "-id")[:limit])


def version(identity: int) -> VersionRecord | None:
    """One version in any state; the caller checks who may see a draft."""
    return next(iter(_records(Version.objects.filter(pk=identity))), None)


def version_history(slug: str, organisation: str, *, public_only: bool = True) -> tuple[VersionRecord, ...]:
    """All versions of one dataset of one organisation, newest first."""
    found = Version.objects.filter(dataset=slug, organisation=organisation)
    found = found.filter(state__in=SEEN) if public_only else found.exclude(state=Version.State.WRITING)
    return _records(found.order_by("-number"))


def waiting_versions(organisations: frozenset[str] | None) -> tuple[VersionRecord, ...]:
    """Drafts that wait for approval or publication, in these organisations (None: in all)."""
    found = Version.objects.filter(state__in=(Version.State.DRAFT, Version.State.APPROVED))
    if organisations is not None:
        found = found.filter(organisation__in=organisations)
    return _records(found.order_by("-drafted_at", "-id"))


def _records(found) -> tuple[VersionRecord, ...]:
    records = []
    for row in found.values_list(*_RECORD_FIELDS):
        *plain, difference, completeness = row
        filled = {item: tuple(counts) for item, counts in completeness.items()}
        records.append(VersionRecord(*plain, difference=difference, completeness=filled))
    return tuple(records)


def matrix(slug: str | None = None, *, organisation: str | None = None) -> tuple[Cell, ...]:
    """The filled fields of the matrix organisation × dataset, from what is published."""
    return tuple(
        Cell(v.slug, v.organisation, v.number, v.edition, v.published_at, v.score, v.rows)
        for v in published(slug, organisation=organisation)
    )


def catalogue() -> tuple[CatalogueEntry, ...]:
    """One entry per published dataset, by slug; `score` is the mean over its organisations."""
    groups: dict[str, list[PublishedVersion]] = {}
    for found in published():
        groups.setdefault(found.slug, []).append(found)
    return tuple(_entry(slug, group) for slug, group in sorted(groups.items()))


def _entry(slug: str, group: list[PublishedVersion]) -> CatalogueEntry:
    return CatalogueEntry(
        slug=slug,
        organisations=tuple(found.organisation for found in group),
        rows=sum(found.rows for found in group),
        score=sum(found.score for found in group) / len(group),
        updated_at=max(found.published_at for found in group),
        licences=tuple(sorted({found.licence for found in group})),
    )


def missing(
    slug: str | None = None, *, organisation: str | None = None, history: bool = False
) -> tuple[Missing, ...]:
    """Filled and total rows per item of what is published now; with `history`, of every public version."""
    states = SEEN if history else (PUBLISHED,)
    rows = (
        Version.objects.filter(state__in=states, **_filters(slug, organisation))
        .order_by("dataset", "organisation", "number")
        .values_list("dataset", "organisation", "number", "published_at", "completeness")
    )
    return tuple(
        Missing(dataset, code, number, item, demand, filled, total, published_at)
        for dataset, code, number, published_at, completeness in rows
        for item, (demand, filled, total) in completeness.items()
    )


def card(slug: str, organisation: str) -> CardRecord | None:
    """The record of one dataset of one organisation, if somebody wrote one."""
    return next(iter(_cards(Card.objects.filter(dataset=slug, organisation=organisation))), None)


def cards(slug: str | None = None, *, organisation: str | None = None) -> tuple[CardRecord, ...]:
    """The records of datasets, by dataset and organisation code."""
    return _cards(Card.objects.filter(**_filters(slug, organisation)).order_by("dataset", "organisation"))


def _cards(found) -> tuple[CardRecord, ...]:
    records = []
    for row in found.values(*_CARD_FIELDS):
        slug = row.pop("dataset")
        records.append(CardRecord(**row | {"slug": slug, "keywords": tuple(row["keywords"])}))
    return tuple(records)
