"""Writes what the public says: uses of the data, wishes for data and the owner's answers; counts use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from tedori.engines.tabular.definitions import standard
from tedori.kernel.cases import actions as cases
from tedori.kernel.cases.queries import case as find_case
from tedori.kernel.events.actions import publish
from tedori.kernel.evidence.actions import record
from tedori.kernel.organisations.queries import organisation as find_organisation
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.models import Request, Reuse, Target, UsageDay
from tedori.services.datasets.queries.places import platform
from tedori.services.datasets.rules.errors import CardIncomplete, NotFound, ReasonMissing

PAGE, DOWNLOAD, API = "page", "download", "api"
ANSWERED = {"accepted", "released", "declined"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: for which purpose, which data, from whom; `occasion` names a round table."""

    title: str
    purpose: str
    organisation: str
    wanted: str = ""
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A kept wish: its id, its case, and the secret of the asker's link, known only now."""

    request: int
    case: int
    secret: str


@transaction.atomic
def ask(wish: Wish, *, by: Actor, at: datetime) -> Asked:
    """Keep a wish for data and open its case with the owner; anybody may ask, and hears back."""
    if not wish.title.strip() or not wish.purpose.strip():
        raise ReasonMissing
    if find_organisation(wish.organisation) is None:
        raise NotFound(where=wish.organisation)
    row = Request.objects.create(**asdict(wish), asked_at=at, asked_by=by.name)
    case = cases.open_case(
        "datasets.request",
        organisation=wish.organisation,
        title=wish.title,
        subject=f"datasets/request/{row.pk}",
        facts={"request": row.pk, "purpose": wish.purpose, "wanted": wish.wanted, "occasion": wish.occasion},
        reporter=by,
        by=by,
        at=at,
        key=f"request:{row.pk}",
    )
    row.case = case.id
    row.save(update_fields=["case"])
    return Asked(row.pk, case.id, case.secret)


def _possible(to: str, slug: str) -> bool:
    """Whether a wish can be answered so; no slug: no dataset came of it."""
    return to in ANSWERED and (not slug or slug in standard())


@transaction.atomic
def answer(
    *,
    request: int,
    to: str,
    text: str,
    by: Actor,
    at: datetime,
    release_on: date | None = None,
    slug: str = "",
) -> None:
    """Answer a wish: accepted (perhaps for a day), released (with the dataset that came of it), declined."""
    row = Request.objects.select_for_update().filter(pk=request).first()
    if row is None:
        raise NotFound(where=f"request {request}")
    demand(by, "datasets.answer", organisation=row.organisation)
    if not _possible(to, slug):
        raise NotFound(where=to)
    if not text.strip():
        raise ReasonMissing
    case = find_case(row.case)
    cases.move(row.case, to=to, by=by, at=at, seen_version=case.version, reason=text, answer=text)
    row.state, row.answer, row.release_on = to, text.strip(), release_on or row.release_on
    row.dataset = slug or row.dataset
    row.answered_at, row.answered_by = at, by.name
    row.save()
    publish(
        "datasets.request_answered",
        {"request": row.pk, "state": to, "dataset": row.dataset},
        key=f"request:{row.pk}",
        organisation=row.organisation,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Use:
    """A use of datasets to show in the gallery; `datasets` are slugs."""

    title: str
    address: str
    author: str
    datasets: tuple[str, ...]
    description: str = ""
    title_en: str = ""
    description_en: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposed use: its id, its case, and the secret of the proposer's link, known only now."""

    use: int
    case: int
    secret: str


@transaction.atomic
def propose_use(use: Use, *, by: Actor, at: datetime) -> Proposed:
    """Propose a use for the gallery and open its case; it is shown once the platform's people agree."""
    unknown = [slug for slug in use.datasets if slug not in standard()]
    if unknown or not use.datasets or not use.title.strip():
        raise CardIncomplete(because=", ".join(unknown) or "datasets")
    fields = asdict(use) | {"datasets": list(use.datasets)}
    row = Reuse.objects.create(**fields, organisation=by.organisation, proposed_at=at, proposed_by=by.name)
    case = cases.open_case(
        "datasets.reuse",
        organisation=platform(),
        title=use.title,
        subject=f"datasets/reuse/{row.pk}",
        facts={"reuse": row.pk, "address": use.address, "datasets": list(use.datasets)},
        reporter=by,
        by=by,
        at=at,
        key=f"reuse:{row.pk}",
    )
    row.case = case.id
    row.save(update_fields=["case"])
    return Proposed(row.pk, case.id, case.secret)


@transaction.atomic
def show_use(*, use: int, visible: bool, by: Actor, at: datetime, reason: str = "") -> None:
    """Show a proposed use in the gallery, or take it off; `reason` answers who proposed it."""
    demand(by, "datasets.answer", organisation=platform())
    row = Reuse.objects.select_for_update().filter(pk=use).first()
    if row is None:
        raise NotFound(where=f"reuse {use}")
    case = find_case(row.case) if row.case else None
    if case is not None and not case.final:
        to = "shown" if visible else "declined"
        cases.move(case.id, to=to, by=by, at=at, seen_version=case.version, reason=reason, answer=reason)
    row.visible, row.decided_at, row.decided_by = visible, at, by.name
    row.save(update_fields=["visible", "decided_at", "decided_by"])
    record(
        "datasets.reuse",
        by=by,
        at=at,
        organisation=by.organisation,
        subject=f"datasets/reuse/{row.pk}",
        grounds={"visible": visible, "address": row.address},
    )


@transaction.atomic
def count_uses(counts: Mapping[tuple[str, str, date], int]) -> None:
    """Add counts to those of a day: (slug, kind, day) → times; kinds are page, download and api.

    Nobody is tracked. Days that nobody has counted yet begin at nought, whoever else begins them meanwhile.
    """
    days = {day for _, _, day in counts}
    begun = [UsageDay(dataset=slug, kind=kind, day=day) for slug, kind, day in counts]
    UsageDay.objects.bulk_create(begun, ignore_conflicts=True, batch_size=200)
    rows = [
        row for row in UsageDay.objects.filter(day__in=days) if (row.dataset, row.kind, row.day) in counts
    ]
    for row in rows:
        row.count = F("count") + counts[row.dataset, row.kind, row.day]
    UsageDay.objects.bulk_update(rows, ["count"], batch_size=200)


@transaction.atomic
def set_targets(targets: Iterable[tuple[str, str, float | None]], *, by: Actor, at: datetime) -> None:
    """Set the highest missing rate wanted per (slug, item), or take it away (None).

    Only who administers the platform may.
    """
    demand(by, "datasets.targets", organisation=None)
    wanted = list(targets)
    rows = [
        Target(dataset=slug, item=item, missing_at_most=rate, set_by=by.name, set_at=at)
        for slug, item, rate in wanted
        if rate is not None
    ]
    for slug, item, rate in wanted:
        if rate is None:
            Target.objects.filter(dataset=slug, item=item).delete()
    Target.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["dataset", "item"],
        update_fields=["missing_at_most", "set_by", "set_at"],
    )
    said = {f"{slug}/{item}": rate for slug, item, rate in wanted}
    record(
        "datasets.targets",
        by=by,
        at=at,
        organisation=by.organisation,
        subject="datasets/targets",
        grounds=said,
    )
