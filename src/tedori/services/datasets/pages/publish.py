"""The doors of publication: drafts, one version with its differences, the record of a dataset."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tedori.engines.tabular.definitions import standard
from tedori.kernel.errors import UserError
from tedori.kernel.lake.store import house_lake
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed, demand
from tedori.kernel.organisations.values import Actor
from tedori.kernel.pages.sending import download
from tedori.kernel.pages.values import whole
from tedori.services.datasets.actions import publishing
from tedori.services.datasets.actions.cards import CardDraft, save_card
from tedori.services.datasets.actions.options import four_eyes
from tedori.services.datasets.actions.returning import folder, ready, return_soon
from tedori.services.datasets.actions.storing import home
from tedori.services.datasets.forms import CardForm
from tedori.services.datasets.pages.shown import VERSION, dataset_title, organisation_name
from tedori.services.datasets.queries import card as find_card
from tedori.services.datasets.queries import changes, desk, version_history
from tedori.services.datasets.queries.values import CardRecord, VersionRecord
from tedori.services.datasets.rules import publication
from tedori.services.datasets.rules.differences import CellChange
from tedori.services.datasets.rules.errors import NotFound
from tedori.services.datasets.rules.frames import head_of
from tedori.services.datasets.rules.minutes import saved

FINDINGS = 100
RETURNED = {
    "feedback.csv": gettext_lazy("直したファイル（元の様式と文字コード）"),
    "fixes.ja.csv": gettext_lazy("修正一覧（日本語・CSV）"),
    "fixes.en.csv": gettext_lazy("修正一覧（英語・CSV）"),
    "report.ja.html": gettext_lazy("品質レポート（日本語・HTML）"),
    "report.en.html": gettext_lazy("品質レポート（英語・HTML）"),
}


@audience("staff", permission="datasets.intake")
def overview(request: HttpRequest) -> HttpResponse:
    """What waits to be published, and what was published last."""
    actor = actor_of(request)
    inside = [one for one in changes(limit=200) if actor.everywhere or one.organisation == actor.organisation]
    shown = {
        "drafts": [_row(found) for found in desk.drafts(actor)[:500]],
        "recent": [_row(found) for found in inside[:30]],
        "four_eyes": four_eyes(),
    }
    return render(request, "datasets/desk/publish.html", shown)


def _row(found: VersionRecord) -> tuple[VersionRecord, object, object, str]:
    return found, VERSION[found.state], dataset_title(found.slug), organisation_name(found.organisation)


def _version(version_id: int, actor: Actor) -> VersionRecord:
    found = desk.version_for(version_id, actor=actor)
    if found is None:
        raise NotFound
    return found


@audience("staff", permission="datasets.intake")
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: what changed, what stands in its way, and the steps that may be taken."""
    actor = actor_of(request)
    found = _version(version_id, actor)
    problem = None
    if request.method == "POST":
        try:
            return _step(request, found, actor)
        except UserError as error:
            problem = error
            found = _version(version_id, actor)
    return render(
        request, "datasets/desk/version.html", _version_shown(found, actor) | {"problem": problem},
        status=problem.status if problem else 200,
    )  # fmt: skip


def _step(request: HttpRequest, found: VersionRecord, actor: Actor) -> HttpResponse:
    """Take the step that was asked for; then show the version that it leads to."""
    sent, at = request.POST, timezone.now()
    common = {"version": found.id, "by": actor, "at": at}
    seen = {"seen": whole(sent["seen"], default=-1)} if sent.get("seen") else {}
    steps: Mapping[str, Callable[[], int | None]] = {
        "approve": lambda: publishing.approve(**common, **seen),
        "publish": lambda: publishing.publish(**common, **seen, confirmed=sent.get("confirmed", "")),
        "retract": lambda: publishing.retract(**common, **seen, reason=sent.get("reason", "")),
        "discard": lambda: publishing.discard(**common, **seen, reason=sent.get("reason", "")),
        "restore": lambda: publishing.restore(**common),
    }
    step = sent.get("step", "")
    if step not in steps:
        raise NotFound(where=step)
    led_to = steps[step]()
    messages.success(request, _("{step}しました。").format(step=publication.STEPS[step][0]))
    return redirect("datasets:version", led_to or found.id)


def _version_shown(found: VersionRecord, actor: Actor) -> dict[str, object]:
    obstacle, confirm = desk.obstacles(found, four_eyes=four_eyes())
    report = _report(found)
    frame = house_lake().open(found.path).head(20).collect() if found.path else pl.DataFrame()
    header, rows = head_of(frame)
    mine = {
        "may_publish": allowed(actor, "datasets.publish", organisation=found.organisation),
        "may_card": allowed(actor, "datasets.card", organisation=found.organisation),
    }
    part = desk.part(found.part, actor=actor) if found.part else None
    return mine | {
        "version": found,
        "status": VERSION[found.state],
        "title": dataset_title(found.slug),
        "organisation": organisation_name(found.organisation),
        "steps": {step for step in publication.STEPS if publication.may(step, found.state)},
        "four_eyes": four_eyes(),
        "obstacle": obstacle,
        "confirm": [publication.CONFIRM[code] for code in confirm],
        "difference": found.difference,
        "cells": [CellChange(**cell) for cell in found.difference.get("cells", ())],
        "completeness": _completeness(found),
        "findings": report.get("findings", [])[:FINDINGS],
        "finding_count": len(report.get("findings", [])),
        "header": header,
        "rows": rows,
        "history": [_row(one) for one in version_history(found.slug, found.organisation, public_only=False)],
        "card": find_card(found.slug, found.organisation),
        "delivery": part.delivery if part else None,
        "returned": [(name, RETURNED[name]) for name in ready(found.report)],
        "saved": _saved(found, report, actor),
    }


def _report(found: VersionRecord) -> Mapping:
    place = home() / found.report
    return json.loads(place.read_text(encoding="utf-8")) if found.report and place.is_file() else {}


def _completeness(found: VersionRecord) -> list[tuple[str, str, int, int, int]]:
    """(item, class, filled, rows, percent), the demanded items first."""
    order = {"必須": 0, "推奨": 1, "任意": 2}
    rows = [
        (item, demand, filled, total, round(100 * filled / total) if total else 0)
        for item, (demand, filled, total) in found.completeness.items()
    ]
    return sorted(rows, key=lambda row: order[row[1]])


def _saved(found: VersionRecord, report: Mapping, actor: Actor) -> object:
    columns = [column for column in report.get("columns", ()) if column["status"] == "accepted"]
    renamed = [column for column in columns if column["source"] != column["item"]]
    decided = desk.decisions(actor, part=found.part, standing=True) if found.part else ()
    return saved(
        columns=len(renamed),
        repairs=found.repairs,
        findings=found.errors + found.warnings,
        decisions=len(decided),
    )


@audience("staff", permission="datasets.intake")
def card(request: HttpRequest, slug: str, organisation: str) -> HttpResponse:
    """The record of a dataset: steward, granularity, licence, data class, rights."""
    actor = actor_of(request)
    demand(actor, "datasets.card", organisation=organisation)
    if slug not in standard():
        raise NotFound(where=slug)
    known = find_card(slug, organisation)
    form = CardForm(request.POST or None, initial=_initial(known, slug, actor))
    problem = None
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        seen = fields.pop("seen")
        try:
            save_card(
                CardDraft(**fields),
                slug=slug,
                organisation=organisation,
                by=actor,
                at=timezone.now(),
                seen=seen,
            )
            messages.success(request, _("台帳を保存しました。"))
            return redirect(request.GET.get("next", "") if _inside(request) else "datasets:publish")
        except UserError as error:
            problem = error
    shown = {
        "form": form,
        "problem": problem,
        "title": dataset_title(slug),
        "organisation": organisation_name(organisation),
        "known": known,
    }
    return render(request, "datasets/desk/card.html", shown, status=problem.status if problem else 200)


def _inside(request: HttpRequest) -> bool:
    """Whether `next` leads back into the desk and nowhere else."""
    target = request.GET.get("next", "")
    return target.startswith(("/desk/", "/en/desk/")) and "//" not in target


def _initial(known: CardRecord | None, slug: str, actor: Actor) -> dict[str, object]:
    if known is None:
        return {"title": standard()[slug].name, "steward": actor.name, "copyright_by_government": True}
    fields = asdict(known) | {"keywords": "、".join(known.keywords), "seen": known.revision}
    return {name: value for name, value in fields.items() if name in CardForm.base_fields}


@audience("staff", permission="datasets.intake")
def returned(request: HttpRequest, version_id: int, name: str = "") -> HttpResponse | StreamingHttpResponse:
    """What goes back to the municipality: ask for it by POST, fetch one of its files by name."""
    actor = actor_of(request)
    found = _version(version_id, actor)
    if request.method == "POST":
        return_soon(version=found.id, by=actor, at=timezone.now())
        messages.success(request, _("自治体に返すファイルを作成しています。数秒後に読み込み直してください。"))
        return redirect("datasets:version", found.id)
    if name not in ready(found.report):
        raise NotFound(where=name)
    stem = Path(found.source_name).stem
    saved_as = f"{stem}_{name}" if name != "feedback.csv" else f"{stem}.csv"
    kind = "text/html" if name.endswith("html") else "text/csv"
    return download(request, folder(found.report) / name, name=saved_as, kind=kind)


urls = [
    path("desk/publish/", overview, name="publish"),
    path("desk/versions/<int:version_id>/", version, name="version"),
    path("desk/versions/<int:version_id>/return/", returned, name="return"),
    path("desk/versions/<int:version_id>/return/<str:name>", returned, name="return-file"),
    path("desk/cards/<slug:slug>/<slug:organisation>/", card, name="card"),
]
