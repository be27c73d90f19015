"""Reads what the public added: uses, wishes, counted use; and the targets for missing rates."""

from __future__ import annotations

from datetime import date

from tedori.services.datasets.models import Request, Reuse, Target, UsageDay
from tedori.services.datasets.queries.values import RequestRecord, ReuseRecord, UsageCount

_REUSE_FIELDS = (
    "id", "title", "title_en", "description", "description_en", "address", "author", "organisation",
    "kind", "datasets", "visible", "proposed_at", "proposed_by",
)  # fmt: skip
_REQUEST_FIELDS = (
    "id", "title", "purpose", "wanted", "organisation", "dataset", "occasion", "state", "answer",
    "release_on", "case", "asked_at", "asked_by", "answered_at", "answered_by",
)  # fmt: skip


def reuses(slug: str | None = None, *, visible_only: bool = True) -> tuple[ReuseRecord, ...]:
    """Uses of datasets, newest first; of one dataset when `slug` is given."""
    found = Reuse.objects.order_by("-proposed_at", "-id")
    if visible_only:
        found = found.filter(visible=True)
    records = map(_reuse, found.values(*_REUSE_FIELDS))
    return tuple(record for record in records if slug is None or slug in record.datasets)


def reuse(identity: int | None = None, *, case: int | None = None) -> ReuseRecord | None:
    """One use by its id or by its case, shown in the gallery or not; None when there is none."""
    wanted = {"pk": identity} if case is None else {"case": case}
    row = Reuse.objects.filter(**wanted).values(*_REUSE_FIELDS).first()
    return _reuse(row) if row else None


def _reuse(row: dict) -> ReuseRecord:
    return ReuseRecord(**row | {"datasets": tuple(row["datasets"])})


def requests(
    *, organisation: str | None = None, slug: str | None = None, state: str | None = None
) -> tuple[RequestRecord, ...]:
    """Wishes for datasets, newest first."""
    given = {"organisation": organisation, "dataset": slug, "state": state}
    found = Request.objects.filter(**{name: value for name, value in given.items() if value})
    return tuple(_request(row) for row in found.order_by("-asked_at", "-id").values(*_REQUEST_FIELDS))


def request(identity: int) -> RequestRecord | None:
    """One wish, or None."""
    row = Request.objects.filter(pk=identity).values(*_REQUEST_FIELDS).first()
    return _request(row) if row else None


def _request(row: dict) -> RequestRecord:
    slug = row.pop("dataset")
    return RequestRecord(**row, slug=slug)


def usage(
    slug: str | None = None, *, since: date | None = None, until: date | None = None
) -> tuple[UsageCount, ...]:
    """Counted use per day and kind, oldest first."""
    given = {"dataset": slug, "day__gte": since, "day__lte": until}
    found = UsageDay.objects.filter(**{name: value for name, value in given.items() if value})
    rows = found.order_by("day", "dataset", "kind").values_list("dataset", "day", "kind", "count")
    return tuple(UsageCount(*row) for row in rows)


def targets() -> dict[tuple[str, str], float]:
    """The highest missing rate wanted per (dataset, item); item "" speaks for the whole dataset."""
    rows = Target.objects.values_list("dataset", "item", "missing_at_most")
    return {(dataset, item): rate for dataset, item, rate in rows}
