"""How much the data are used per day: counted without knowing by whom, or imported with the method."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed
from tedori.kernel.pages import charts
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Chart, Column, Crumb, Table, whole
from tedori.services.datasets.actions.viewing import import_views
from tedori.services.datasets.pages.asking import ViewsForm, dataset_choices
from tedori.services.datasets.queries.usage import DaySum, days, methods
from tedori.services.datasets.rules.views import read_views
from tedori.services.datasets.rules.words import WORDS, title

KINDS = {
    "page": gettext_lazy("ページの表示"),
    "download": gettext_lazy("ダウンロード"),
    "api": gettext_lazy("API の呼び出し"),
    "views": gettext_lazy("取り込んだページビュー"),
}
SPANS = (30, 90, 365)


@audience("public")
def usage(request: HttpRequest) -> HttpResponse:
    """The series per day, drawn and as a table, with how each number was counted."""
    span = request.GET.get("days", "")
    span = whole(span) if whole(span) in SPANS else SPANS[0]
    slug = request.GET.get("dataset", "")
    slug = slug if slug in WORDS else ""
    since = timezone.localdate() - timedelta(days=span - 1)
    found = days(slug or None, since=since)
    table = _table(found)
    if request.GET.get("format") == "csv":
        return sheet(table, name="usage")
    context = {
        "crumbs": (Crumb(_("利用の数")),),
        "table": table,
        "chart": _chart(found) if found else None,
        "span": span,
        "spans": SPANS,
        "slug": slug,
        "chosen": title(slug) if slug else "",
        "datasets": dataset_choices(),
        "methods": methods(),
        "imports": allowed(actor_of(request), "datasets.targets", organisation=None),
    }
    return render(request, "datasets/public/usage.html", context)


def _table(found: tuple[DaySum, ...]) -> Table:
    columns = (Column(_("日"), "date"), *(Column(label, "number") for label in KINDS.values()))
    rows = tuple(
        (one.day.isoformat(), *(one.counts.get(kind, 0) for kind in KINDS)) for one in reversed(found)
    )
    return Table(_("日ごとの利用の数"), columns, rows, "?format=csv")


def _chart(found: tuple[DaySum, ...]) -> Chart:
    shown = [kind for kind in KINDS if any(one.counts.get(kind) for one in found)]
    cells = [
        (one.day.isoformat(), str(KINDS[kind]), one.counts.get(kind, 0)) for one in found for kind in shown
    ]
    header = (_("日"), *(KINDS[kind] for kind in shown))
    return charts.line(_("日ごとの利用の数"), cells=cells, header=header)


@audience("staff", permission="datasets.targets")
def bring(request: HttpRequest) -> HttpResponse:
    """Bring in page views that another tool counted, with the method of counting."""
    form = ViewsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        rows = read_views(form.cleaned_data["file"].read(), known=frozenset(WORDS))
        kept = import_views(rows, method=form.cleaned_data["method"], by=actor_of(request), at=timezone.now())
        messages.success(request, _("%(count)s日分を取り込みました。") % {"count": kept})
        return redirect("datasets:usage")
    return render(request, "datasets/public/views.html", {"form": form})


urls = [
    path("datasets/usage/", usage, name="usage"),
    path("datasets/usage/import/", bring, name="usage-import"),
]
