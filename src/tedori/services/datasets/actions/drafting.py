"""Decides which tables become a draft version, and writes those into the lake under numbers of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction
from django.db.models import Max

from tedori.kernel.lake.store import house_lake
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.preparing import PreparedPart
from tedori.services.datasets.models import Decision, Part, Version
from tedori.services.datasets.rules.doubts import OTHER, THIS, Doubt, rival_doubt

State = Version.State
Key = tuple[str, str]
OPEN = (State.DRAFT, State.APPROVED)
WRITERS = 4


@dataclass(slots=True)
class Draft:
    """A table with what the engine made of it, and the version that it becomes."""

    part: Part
    made: PreparedPart
    version: Version | None = None

    @property
    def key(self) -> Key:
        """Dataset and organisation."""
        return self.part.dataset, self.part.organisation


def draftable(rows: list[Draft], *, by: Actor, at: datetime) -> tuple[list[Draft], list[Version]]:
    """The tables that get a version now, and the drafts that these replace; rivals become a question."""
    ready = [row for row in rows if row.part.state == Part.State.READY]
    existing = _existing(ready)
    chosen = _chosen(ready, existing)
    replaced = [old for key in chosen for old in existing.get(key, ()) if old.state in OPEN]
    replaced += _outdated(rows, replaced)
    return list(chosen.values()), [_put_away(old, by=by, at=at) for old in replaced]


def _chosen(ready: list[Draft], existing: Mapping[Key, list[Version]]) -> dict[Key, Draft]:
    """The table of each dataset that neither stands already nor loses against a rival."""
    answers = _rival_answers(ready)
    chosen: dict[Key, Draft] = {}
    for row in ready:
        others = existing.get(row.key, [])
        if row.key in chosen:
            others = [*others, _as_version(chosen[row.key])]
        if not _stands(row, others) and _wins(row, others, answers):
            chosen[row.key] = row
    return chosen


def _outdated(rows: list[Draft], replaced: list[Version]) -> list[Version]:
    """Drafts that an earlier round made of these tables and that this round does not make again."""
    now = {row.part.pk: row for row in rows if row.part.pk}
    gone = {version.pk for version in replaced}
    drafts = Version.objects.filter(part__in=list(now), state__in=OPEN, restored_from=None)
    return [old for old in drafts if old.pk not in gone and not _made_again(old, now[old.part_id])]


def _made_again(old: Version, row: Draft) -> bool:
    same = (old.dataset, old.content) == (row.part.dataset, row.made.content)
    return same and row.part.state == Part.State.READY


def _existing(rows: list[Draft]) -> dict[Key, list[Version]]:
    found = Version.objects.select_related("part__delivery").filter(
        organisation__in={row.part.organisation for row in rows},
        state__in=(*OPEN, State.PUBLISHED),
    )
    groups: dict[Key, list[Version]] = {}
    for version in found:
        groups.setdefault((version.dataset, version.organisation), []).append(version)
    return groups


def _as_version(row: Draft) -> Version:
    """A table of the same batch that is about to become a draft, seen as a rival."""
    made = row.made
    return Version(
        state=State.DRAFT, content=made.content, rows=made.rows, number=0, part=row.part,
        source_name=row.part.delivery.name,
    )  # fmt: skip


def _foreign(version: Version, part: Part) -> bool:
    return version.part is not None and (
        version.part.delivery_id != part.delivery_id or version.part.position != part.position
    )


def _stands(row: Draft, others: list[Version]) -> bool:
    """Whether the same rows are public or drafted already; then nothing new is made of them."""
    same = [other for other in others if other.content == row.made.content]
    if not same:
        return False
    if all(_foreign(other, row.part) for other in same):
        row.part.state = Part.State.UNCHANGED
    return True


def _rival_answers(rows: list[Draft]) -> dict[tuple[str, str, str], str]:
    found = Decision.objects.filter(
        kind="rival", undone_at=None, layout__organisation__in={row.part.organisation for row in rows}
    )
    fields = ("layout__organisation", "layout__fingerprint", "written", "answer")
    return {(code, layout, pair): answer for code, layout, pair, answer in found.values_list(*fields)}


def _wins(row: Draft, others: list[Version], answers: Mapping[tuple[str, str, str], str]) -> bool:
    """Whether a person chose this copy over each rival; else it becomes a question or steps aside."""
    part = row.part
    for doubt in _rivals(row, others):
        answer = answers.get((part.organisation, part.layout, doubt.written))
        if answer == OTHER:
            part.state = Part.State.ASIDE
            return False
        if answer != THIS:
            part.doubts = [*part.doubts, doubt.as_dict()]
            part.state = Part.State.REVIEW
    return part.state == Part.State.READY


def _rivals(row: Draft, others: list[Version]) -> Iterator[Doubt]:
    """The question about each draft that another table made of the same dataset."""
    for rival in others:
        if rival.state != State.PUBLISHED and _foreign(rival, row.part):
            yield rival_doubt(
                number=rival.number,
                name=rival.source_name,
                rows=rival.rows,
                content=row.made.content,
                other=rival.content,
            )


def _put_away(version: Version, *, by: Actor, at: datetime) -> Version:
    version.state, version.ended_at, version.ended_by = State.DISCARDED, at, by.name
    version.ended_because = "新しい下書きに置き換え"
    version.revision += 1
    return version


@transaction.atomic
def reserve(drafts: list[Draft], *, by: Actor, at: datetime) -> None:
    """Take a number for every draft before the lake is written; numbers of a killed worker stay unused."""
    shas = {draft.part.delivery.sha256 for draft in drafts}
    Version.objects.filter(state=State.WRITING, source_sha256__in=shas).update(
        state=State.DISCARDED, ended_at=at, ended_because="処理の中断"
    )
    last = {
        (slug, code): number
        for slug, code, number in Version.objects.filter(
            organisation__in={draft.part.organisation for draft in drafts}
        )
        .values_list("dataset", "organisation")
        .annotate(Max("number"))
    }
    for draft in drafts:
        key = draft.key
        draft.version = _new_version(draft, number=last.get(key, 0) + 1, by=by, at=at)
    Version.objects.bulk_create([draft.version for draft in drafts], batch_size=100)


def _new_version(draft: Draft, *, number: int, by: Actor, at: datetime) -> Version:
    part, made = draft.part, draft.made
    return Version(
        dataset=part.dataset, organisation=part.organisation, number=number, state=State.WRITING,
        content=made.content, rows=made.rows, edition=made.edition, period=made.period, score=made.score,
        completeness={item: list(counts) for item, counts in made.completeness.items()},
        errors=made.errors, warnings=made.warnings, repairs=made.repairs, report=part.report,
        source_name=part.delivery.name, source_sha256=part.delivery.sha256,
        drafted_at=at, drafted_by=by.name, drafter=by.reference,
    )  # fmt: skip


def write_lake(drafts: list[Draft]) -> None:
    """Write the frames; in threads when there are many, since each waits for the disk."""
    if len(drafts) < WRITERS:
        for draft in drafts:
            _write_one(draft)
        return
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(_write_one, drafts))


def _write_one(draft: Draft) -> None:
    version = draft.version
    stored = house_lake().write(
        dataset=f"datasets/{version.dataset}",
        partition=version.organisation,
        version=version.number,
        frame=pl.read_parquet(draft.made.frame),
    )
    version.path, version.sha256, version.bytes = stored.path, stored.sha256, stored.bytes
