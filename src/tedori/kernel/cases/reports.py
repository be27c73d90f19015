"""The HTML doors of reporters: what became of their report, by sign-in or by a secret link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tedori.kernel.cases import actions, queries, rules
from tedori.kernel.cases.pages import attached, told
from tedori.kernel.cases.rules import Case
from tedori.kernel.errors import UserError
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.values import Actor


@audience("resident")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What the signed-in person has reported."""
    found = queries.reported_by(request.user.pk)
    return render(request, "cases/reports.html", {"cases": found})


@audience("resident")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_report(request: HttpRequest, case_id: int) -> HttpResponse:
    """One of the signed-in person's reports; a POST adds something to it."""
    found = queries.reported_case(case_id, user_id=request.user.pk)
    here = reverse("reports:report", args=[case_id])
    return _page(request, found, here=here, files="reports:file", key=case_id, by=actor_of(request))


@audience("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def linked(request: HttpRequest, secret: str) -> HttpResponse:
    """The report behind a secret link; whoever has the link is the reporter."""
    found = queries.reported(secret)
    reporter = Actor(name=found.reporter_name or _("報告した人"))
    here = reverse("reports:link", args=[secret])
    answer = _page(request, found, here=here, files="reports:linked-file", key=secret, by=reporter)
    # The address is the key: it must not travel on, nor be found.
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _page(
    request: HttpRequest, found: Case, *, here: str, files: str, key: object, by: Actor
) -> HttpResponse:
    error = None
    if request.method == "POST":
        try:
            actions.reporter_says(found.id, text=request.POST.get("text", ""), by=by, at=timezone.now())
        except UserError as caught:
            error = caught
        else:
            messages.success(request, _("お知らせを受け付けました。"))
            return redirect(here)
    kind = rules.kinds().get(found.kind)
    labels = {state.code: state.label for state in kind.states} if kind else {}
    attached = queries.attachments(found.id, for_reporter=True)
    context = {
        "case": found,
        "history": told(queries.history(found.id, for_reporter=True), labels),
        "files": [(one, reverse(files, args=[key, one.id])) for one in attached],
        "error": error,
        "entered": request.POST.get("text", "") if error else "",
    }
    return render(request, "cases/report.html", context, status=error.status if error else 200)


@audience("resident")
@require_GET
def my_file(request: HttpRequest, case_id: int, file_id: int) -> HttpResponse:
    """A file of one's own report."""
    found = queries.reported_case(case_id, user_id=request.user.pk)
    return attached(request, queries.attachment(found.id, file_id, for_reporter=True))


@audience("public")
@require_GET
def linked_file(request: HttpRequest, secret: str, file_id: int) -> HttpResponse:
    """A file of the report behind a secret link."""
    answer = attached(request, queries.attachment(queries.reported(secret).id, file_id, for_reporter=True))
    answer["Referrer-Policy"] = "no-referrer"
    return answer
