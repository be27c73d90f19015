"""Writes the records of datasets: steward, granularity, licence, data class, rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from tedori.kernel.evidence.actions import record_many
from tedori.kernel.evidence.values import Fact
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.models import Card, Version
from tedori.services.datasets.rules.admission import BECAUSE, DATA_CLASSES, class_refusals, lacks, licence
from tedori.services.datasets.rules.errors import CardIncomplete, StaleDecision, StillPublished


@dataclass(frozen=True, slots=True)
class CardDraft:
    """What a steward writes into the record of a dataset; licence and steward may follow later."""

    title: str
    title_en: str = ""
    description: str = ""
    description_en: str = ""
    steward: str = ""
    steward_contact: str = ""
    granularity: str = ""
    update_cycle: str = ""
    licence: str = ""
    copyright_by_government: bool = True
    copyright_holder: str = ""
    data_class: str = "government"
    public_interest: str = ""
    agreement: str = ""
    keywords: tuple[str, ...] = ()


def save_card(
    draft: CardDraft, *, slug: str, organisation: str, by: Actor, at: datetime, seen: int | None = None
) -> None:
    """Write one record; raises CardIncomplete, StillPublished, StaleDecision (changed since `seen`)."""
    with transaction.atomic():
        row = Card.objects.select_for_update().filter(dataset=slug, organisation=organisation).first()
        if seen is not None and row is not None and row.revision != seen:
            raise StaleDecision
        save_cards([(slug, organisation, draft)], by=by, at=at)


@transaction.atomic
def save_cards(drafts: Iterable[tuple[str, str, CardDraft]], *, by: Actor, at: datetime) -> None:
    """Write many records (slug, organisation, draft) under the same rules."""
    drafts = list(drafts)
    for organisation in {organisation for _, organisation, _ in drafts}:
        demand(by, "datasets.card", organisation=organisation)
    public = set(Version.objects.filter(state=Version.State.PUBLISHED).values_list("dataset", "organisation"))
    for slug, organisation, draft in drafts:
        _check(draft, public=(slug, organisation) in public)
    rows = _rows(drafts, by=by, at=at)
    changed = [f.name for f in Card._meta.fields if f.name not in {"id", "dataset", "organisation"}]
    Card.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["dataset", "organisation"],
        update_fields=changed,
        batch_size=200,
    )
    record_many([_fact(slug, organisation, draft, by=by, at=at) for slug, organisation, draft in drafts])


def _rows(drafts: list[tuple[str, str, CardDraft]], *, by: Actor, at: datetime) -> list[Card]:
    """The rows to write, each one revision further than what is there."""
    known = Card.objects.filter(organisation__in={organisation for _, organisation, _ in drafts})
    revisions = {(row.dataset, row.organisation): row.revision for row in known}
    return [
        _row(slug, organisation, draft, by=by, at=at, revision=revisions.get((slug, organisation), 0) + 1)
        for slug, organisation, draft in drafts
    ]


def _wrong(draft: CardDraft) -> list[str]:
    """The values that no record may have."""
    rules = (
        ("title", draft.title.strip()),
        (draft.licence, not draft.licence or licence(draft.licence)),
        (draft.data_class, draft.data_class in DATA_CLASSES),
    )
    return [value for value, holds in rules if not holds]


def _check(draft: CardDraft, *, public: bool) -> None:
    if wrong := _wrong(draft):
        raise CardIncomplete(because=", ".join(wrong))
    if public and lacks(draft):
        raise StillPublished
    # Internal data may be described; they are refused only when somebody publishes them.
    refusals = () if draft.data_class == "internal" else class_refusals(draft)
    if refusals:
        raise CardIncomplete(because="".join(str(BECAUSE[code]) for code in refusals))


def _row(slug: str, organisation: str, draft: CardDraft, *, by: Actor, at: datetime, revision: int) -> Card:
    fields = asdict(draft) | {"keywords": list(draft.keywords)}
    return Card(
        dataset=slug,
        organisation=organisation,
        updated_at=at,
        updated_by=by.name,
        revision=revision,
        **fields,
    )


def _fact(slug: str, organisation: str, draft: CardDraft, *, by: Actor, at: datetime) -> Fact:
    grounds = {
        "dataset": slug, "licence": draft.licence, "steward": draft.steward, "data_class": draft.data_class,
        "granularity": draft.granularity, "copyright_by_government": draft.copyright_by_government,
    }  # fmt: skip
    return Fact("datasets.card", by, at, organisation, f"datasets/card/{slug}/{organisation}", grounds)
