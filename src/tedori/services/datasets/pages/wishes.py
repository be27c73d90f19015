"""Wishes for data: the public record of who asked for what, the owner's answer, and when it comes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Column, Crumb, Link, Status, Table
from tedori.services.datasets.actions.voices import Wish, answer, ask
from tedori.services.datasets.pages.asking import AnswerForm, WishForm
from tedori.services.datasets.pages.links import day
from tedori.services.datasets.queries.places import places
from tedori.services.datasets.queries.public import request as wish_of
from tedori.services.datasets.queries.public import requests
from tedori.services.datasets.queries.values import RequestRecord
from tedori.services.datasets.rules.words import WORDS, title

STATES = {
    "open": Status("wait", gettext_lazy("回答待ち")),
    "accepted": Status("info", gettext_lazy("公開予定")),
    "released": Status("ok", gettext_lazy("公開済み")),
    "declined": Status("none", gettext_lazy("見送り")),
}


@audience("public")
def record(request: HttpRequest) -> HttpResponse:
    """All wishes with their answers; `?format=csv` for the round table's papers."""
    state = request.GET.get("state", "")
    found = requests(state=state if state in STATES else None)
    table = _table(found)
    if request.GET.get("format") == "csv":
        return sheet(table, name="requests")
    context = {
        "crumbs": (Crumb(_("データの要望")),),
        "table": table,
        "found": found,
        "states": [(code, status.label) for code, status in STATES.items()],
        "state": state,
    }
    return render(request, "datasets/public/wishes.html", context)


def _table(found: tuple[RequestRecord, ...]) -> Table:
    columns = (
        Column(_("ほしいデータ")),
        Column(_("自治体・組織")),
        Column(_("状態")),
        Column(_("受付日"), "date"),
        Column(_("回答日"), "date"),
        Column(_("公開の予定日"), "date"),
        Column(_("公開したデータ")),
        Column(_("きっかけ")),
    )
    known = places()
    rows = tuple(
        (
            Link(one.title, reverse("datasets:request", args=[one.id])),
            known[one.organisation].name if one.organisation in known else one.organisation,
            STATES[one.state],
            day(one.asked_at),
            day(one.answered_at),
            one.release_on.isoformat() if one.release_on else "",
            Link(title(one.slug), reverse("datasets:dataset", args=[one.slug])) if one.slug in WORDS else "",
            one.occasion,
        )
        for one in found
    )
    return Table(_("要望と回答の記録"), columns, rows, "?format=csv")


@audience("public")
def wish(request: HttpRequest, wish_id: int) -> HttpResponse:
    """One wish with its answer; the owner answers here."""
    found = wish_of(wish_id)
    if found is None:
        raise Http404
    actor = actor_of(request)
    answers = allowed(actor, "datasets.answer", organisation=found.organisation)
    form = AnswerForm(request.POST or None, initial={"release_on": found.release_on, "slug": found.slug})
    if request.method == "POST" and form.is_valid():
        answer(request=wish_id, by=actor, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("回答しました。要望した方にも届きます。"))
        return redirect("datasets:request", wish_id)
    known = places().get(found.organisation)
    context = {
        "wish": found,
        "owner": known.name if known else found.organisation,
        "status": STATES[found.state],
        "dataset": title(found.slug) if found.slug in WORDS else "",
        "form": form if answers and found.state in {"open", "accepted"} else None,
        "crumbs": (Crumb(_("データの要望"), reverse("datasets:requests")), Crumb(found.title)),
    }
    return render(request, "datasets/public/wish.html", context)


@audience("public")
def make(request: HttpRequest) -> HttpResponse:
    """Ask for a dataset; the asker gets a link on which the answer will stand."""
    slug = request.GET.get("dataset", "")
    initial = {"organisation": request.GET.get("organisation", "")}
    if slug in WORDS:
        initial["title"] = str(title(slug))
    form = WishForm(request.POST or None, initial=initial)
    context = {
        "form": form,
        "crumbs": (Crumb(_("データの要望"), reverse("datasets:requests")), Crumb(_("データの公開を求める"))),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "datasets/public/wish-new.html", context)
    asked = ask(Wish(**form.cleaned_data), by=actor_of(request), at=timezone.now())
    link = request.build_absolute_uri(reverse("reports:link", args=[asked.secret]))
    return render(
        request, "datasets/public/wish-thanks.html", context | {"link": link, "wish": asked.request}
    )


@audience("staff", permission="datasets.answer")
def from_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """From a case to the wish that it is about."""
    found = next((one.id for one in requests() if one.case == case_id), None)
    if found is None:
        raise Http404
    return redirect("datasets:request", found)


urls = [
    path("datasets/requests/", record, name="requests"),
    path("datasets/requests/new/", make, name="request-new"),
    path("datasets/requests/case/<int:case_id>/", from_case, name="request-case"),
    path("datasets/requests/<int:wish_id>/", wish, name="request"),
]
