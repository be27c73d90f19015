"""Standardises deliveries: gathers what was decided, runs the engine, writes the results down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from tedori.kernel.jobs.rules import Progress
from tedori.kernel.organisations.queries import organisation as find_organisation
from tedori.kernel.organisations.queries import organisations
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.preparing import Work, prepare
from tedori.services.datasets.actions.settling import settle
from tedori.services.datasets.actions.storing import home
from tedori.services.datasets.models import Decision, Delivery
from tedori.services.datasets.rules.layouts import Answer

REPORTS = "reports"
STEPS = (
    ("ファイルを読んでいます", "Reading the file"),
    ("結果を保存しています", "Keeping the results"),
    ("完了しました", "Done"),
)


def standardise(delivery: int, *, by: Actor, at: datetime, progress: Progress) -> dict[str, object]:
    """Standardise one delivery; may be run again after a crash at any point."""
    row = Delivery.objects.get(pk=delivery)
    Delivery.objects.filter(pk=delivery).update(state=Delivery.State.RUNNING)
    progress.say(0, 2, *STEPS[0])
    prepared = prepare(works([row], at=at)[0])
    progress.say(1, 2, *STEPS[1])
    settle(prepared, by=by, at=at)
    progress.say(2, 2, *STEPS[2])
    state = Delivery.objects.values_list("state", flat=True).get(pk=delivery)
    return {"delivery": delivery, "state": state, "tables": len(prepared.parts)}


def works(rows: Iterable[Delivery], *, at: datetime) -> list[Work]:
    """What the engine needs to know about each delivery."""
    rows = list(rows)
    codes = {row.organisation for row in rows}
    answers = _answers(codes)
    own = {code: _own(code) for code in codes}
    municipalities = frozenset(one.code for one in organisations() if one.kind == "municipality")
    today = timezone.localdate(at)
    return [
        Work(
            delivery=row.pk,
            name=row.name,
            path=home() / row.path,
            out=home() / REPORTS / row.organisation / row.sha256 / str(row.round),
            today=today,
            home=home(),
            own=own[row.organisation],
            others=municipalities - {row.organisation},
            answers=answers.get(row.organisation, {}),
        )
        for row in rows
    ]


def _own(code: str) -> str:
    found = find_organisation(code)
    return code if found is not None and found.kind == "municipality" else ""


def _answers(codes: set[str]) -> dict[str, dict[str, tuple[Answer, ...]]]:
    """Organisation → fingerprint of a layout → answers that stand."""
    found: dict[str, dict[str, tuple[Answer, ...]]] = {}
    rows = Decision.objects.filter(layout__organisation__in=codes, undone_at=None).order_by("pk")
    fields = ("layout__organisation", "layout__fingerprint", "kind", "subject", "written", "answer")
    for code, layout, *answer in rows.values_list(*fields):
        layouts = found.setdefault(code, {})
        layouts[layout] = (*layouts.get(layout, ()), Answer(*answer))
    return found
