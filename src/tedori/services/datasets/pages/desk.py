"""The steward's desk: what came in, what must be decided, what was decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tedori.kernel.errors import UserError
from tedori.kernel.jobs.actions import again
from tedori.kernel.jobs.queries import job as find_job
from tedori.kernel.jobs.rules import NoSuchJob
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed, demand
from tedori.kernel.pages.sending import download
from tedori.kernel.pages.values import Progress, page_of, whole
from tedori.services.datasets.actions.deciding import correct, decide, undo
from tedori.services.datasets.actions.storing import home
from tedori.services.datasets.pages.shown import (
    DELIVERY,
    answer_label,
    answers,
    columns_of,
    corrections,
    dataset_choices,
    dataset_title,
    in_language,
    items_of,
    organisation_name,
    question,
)
from tedori.services.datasets.queries import desk
from tedori.services.datasets.queries.values import DeliveryRecord, PartRecord
from tedori.services.datasets.rules.doubts import KINDS
from tedori.services.datasets.rules.errors import NotFound

FILTERS = ("", "review", "running", "ready", "refused", "unchanged")


@audience("staff", permission="datasets.intake")
def overview(request: HttpRequest) -> HttpResponse:
    """The desk: what waits, and every file that came in."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    found = desk.deliveries(actor, state=state if state in FILTERS else "")
    rows = [(one, DELIVERY[one.state], organisation_name(one.organisation)) for one in found]
    shown = {
        "counts": desk.counts(actor),
        "pages": page_of(rows, number=request.GET.get("page"), size=25),
        "state": state,
        "filters": [(name, DELIVERY[name].label if name else _("すべて")) for name in FILTERS],
        "everywhere": actor.everywhere,
    }
    return render(request, "datasets/desk/overview.html", shown)


def _delivery(request: HttpRequest, delivery_id: int) -> DeliveryRecord:
    found = desk.delivery(delivery_id, actor=actor_of(request))
    if found is None:
        raise NotFound
    return found


@audience("staff", permission="datasets.intake")
def delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One file: how far it has come, and all that must be decided about it, in one form."""
    found = _delivery(request, delivery_id)
    problem = None
    if request.method == "POST":
        try:
            return _decided(request, found)
        except UserError as error:
            problem = error
            found = _delivery(request, delivery_id)
    return render(
        request, "datasets/desk/delivery.html", _delivery_shown(request, found) | {"problem": problem},
        status=problem.status if problem else 200,
    )  # fmt: skip


def _decided(request: HttpRequest, found: DeliveryRecord) -> HttpResponse:
    sent = request.POST
    part = next((part for part in found.parts if str(part.id) == sent.get("part")), None)
    if part is None:
        raise NotFound
    common = {
        "part": part.id,
        "seen": whole(sent.get("seen"), default=-1),
        "reason": sent.get("reason", ""),
        "by": actor_of(request),
        "at": timezone.now(),
    }
    if "correct" in sent:
        dataset = sent.get("dataset", "")
        changed = corrections(columns_of(part), sent.dict())
        count = correct(**common, dataset=dataset if dataset != part.slug else "", columns=changed)
    else:
        count = decide(**common, answers=answers(sent.dict()))
    said = ngettext("{count}件の判断を登録しました。", "{count}件の判断を登録しました。", count)
    messages.success(request, said.format(count=count))
    return redirect("datasets:delivery", found.id)


def _delivery_shown(request: HttpRequest, found: DeliveryRecord) -> dict[str, object]:
    actor = actor_of(request)
    parts = [_part_shown(part) for part in found.parts]
    return {
        "delivery": found,
        "status": DELIVERY[found.state],
        "progress": _progress(found),
        "parts": parts,
        "refusal": in_language(found.refusal_ja, found.refusal_en),
        "organisation": organisation_name(found.organisation),
        "may_decide": allowed(actor, "datasets.decide", organisation=found.organisation),
        "decisions": [
            (made, KINDS[made.kind], answer_label(made.kind, made.answer))
            for part in found.parts
            for made in desk.decisions(actor, part=part.id)
        ],
    }


def _part_shown(part: PartRecord) -> dict[str, object]:
    questions = [question(doubt, part.slug) for doubt in part.doubts]
    return {
        "part": part,
        "status": DELIVERY[part.state],
        "title": dataset_title(part.slug),
        "questions": [one for one in questions if one.kind != "vocabulary"],
        "words": [one for one in questions if one.kind == "vocabulary"],
        "refusal": in_language(part.refusal_ja, part.refusal_en),
        "columns": columns_of(part),
        "items": items_of(part.slug),
        "datasets": dataset_choices(),
    }


def _progress(found: DeliveryRecord) -> Progress | None:
    """The job's progress while there is something to wait for, and when it failed."""
    if found.job is None:
        return None
    try:
        job = find_job(found.job)
    except NoSuchJob:  # ended so long ago that it is forgotten
        return None
    url = reverse("datasets:delivery-progress", args=[found.id])
    if job.state in {"failed", "cancelled"}:
        return Progress(0, 1, job.error or job.state_label, url, finished=True, failed=True)
    if not job.open:
        return None
    return Progress(job.step, job.steps or 2, job.say or job.state_label, url)


@audience("staff", permission="datasets.intake")
def delivery_progress(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """The progress alone, for the page that asks again; when the work is over, the page is loaded anew."""
    found = _progress(_delivery(request, delivery_id))
    if found is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "datasets/desk/progress.html", {"progress": found})


@audience("staff", permission="datasets.intake")
@require_POST
def delivery_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Try a failed job once more."""
    found = _delivery(request, delivery_id)
    demand(actor_of(request), "datasets.intake", organisation=found.organisation)
    if found.job is not None:
        again(found.job, by=actor_of(request), at=timezone.now())
    return redirect("datasets:delivery", found.id)


@audience("staff", permission="datasets.intake")
def original(request: HttpRequest, delivery_id: int) -> StreamingHttpResponse:
    """The file as it was received, byte for byte."""
    found = _delivery(request, delivery_id)
    try:
        return download(request, home() / found.path, name=found.name, kind="application/octet-stream")
    except FileNotFoundError as error:
        raise NotFound(where=found.name) from error


@audience("staff", permission="datasets.intake")
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """From a case to the table that it asks about."""
    found = desk.part_of_case(case_id, actor=actor_of(request))
    if found is None:
        raise NotFound
    return redirect("datasets:delivery", found.delivery)


@audience("staff", permission="datasets.intake")
def decisions(request: HttpRequest) -> HttpResponse:
    """Everything that was decided and is not asked again; each can be taken back."""
    actor = actor_of(request)
    if request.method == "POST":
        undo(
            decision=whole(request.POST.get("decision")),
            reason=request.POST.get("reason", ""),
            by=actor,
            at=timezone.now(),
        )
        messages.success(request, _("判断を取り消しました。もう一度確認します。"))
        return redirect("datasets:decisions")
    rows = [
        (made, KINDS[made.kind], answer_label(made.kind, made.answer), dataset_title(made.slug))
        for made in desk.decisions(actor)
    ]
    shown = {
        "pages": page_of(rows, number=request.GET.get("page"), size=50),
        "may_decide": allowed(actor, "datasets.decide", organisation=None),
    }
    return render(request, "datasets/desk/decisions.html", shown)


urls = [
    path("desk/", overview, name="desk"),
    path("desk/deliveries/<int:delivery_id>/", delivery, name="delivery"),
    path("desk/deliveries/<int:delivery_id>/progress", delivery_progress, name="delivery-progress"),
    path("desk/deliveries/<int:delivery_id>/again", delivery_again, name="delivery-again"),
    path("desk/deliveries/<int:delivery_id>/original", original, name="original"),
    path("desk/cases/<int:case_id>/", case, name="case"),
    path("desk/decisions/", decisions, name="decisions"),
]
