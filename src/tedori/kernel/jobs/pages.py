"""The HTML doors of jobs: the list, one job with its progress, cancelling and trying again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from tedori.kernel.jobs import actions, queries
from tedori.kernel.jobs.rules import LABELS, Job
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.pages.values import Pages, Progress, whole

SIZE = 50
KINDS = {"waiting": "wait", "running": "info", "done": "ok", "failed": "stop", "cancelled": "none"}


def progress_of(job: Job) -> Progress:
    """The design's progress value of a job, for any page that shows one."""
    return Progress(
        done=job.step if job.state != "done" else max(job.step, job.steps, 1),
        total=job.steps if job.state != "done" else max(job.steps, 1),
        text=job.error or (job.say if job.state == "running" else "") or job.state_label,
        url=reverse("jobs:progress", args=[job.id]),
        finished=not job.open,
        failed=job.state == "failed",
    )


@audience("staff")
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs of one's own organisation, newest first (platform administrators: all)."""
    state = request.GET.get("state", "")
    state = state if state in LABELS else ""
    asked = request.GET.get("page", "")
    number = max(1, whole(asked))
    rows, total = queries.queue(actor_of(request), state=state, page=number, size=SIZE)
    shown = tuple((job, KINDS[job.state]) for job in rows)
    return render(
        request,
        "jobs/list.html",
        {"pages": Pages(shown, number, SIZE, total), "states": LABELS.items(), "state": state},
    )


@audience("resident")
@never_cache
@require_GET
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job: how far it is, how it ended, what can be done."""
    found = queries.visible(job_id, to=actor_of(request))
    context = {
        "job": found,
        "progress": progress_of(found),
        "kind": KINDS[found.state],
        "staff": bool(actor_of(request).organisation),
    }
    return render(request, "jobs/job.html", context)


@audience("resident")
@never_cache
@require_GET
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The progress alone, which the page asks for every second; once the job has ended, the page anew."""
    found = queries.visible(job_id, to=actor_of(request))
    if not request.htmx:
        return redirect("jobs:job", job_id)
    if not found.open:
        return HttpResponseClientRefresh()
    return render(request, "jobs/progress.html", {"progress": progress_of(found)})


@audience("resident")
@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Call a job off."""
    found = queries.visible(job_id, to=actor_of(request))
    actions.cancel(found.id, by=actor_of(request), at=timezone.now())
    return redirect("jobs:job", job_id)


@audience("resident")
@require_POST
def again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ask for a failed job once more."""
    found = queries.visible(job_id, to=actor_of(request))
    new = actions.again(found.id, by=actor_of(request), at=timezone.now())
    return redirect("jobs:job", new.id)
