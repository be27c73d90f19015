"""The front page and the pages about the site itself."""

from __future__ import annotations

from django import forms
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.pages import charts
from tedori.kernel.pages.heat import heat
from tedori.kernel.pages.values import Column, Crumb, HomeCard, Link, Progress, Status, Table, page_of


@audience("public")
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what the site is, and its figures from every app that names a `home` function."""
    cards = sorted((card for give in _givers("home") for card in give()), key=lambda card: card.order)
    pictures = (give() for give in _givers("home_picture"))
    picture = next((picture for picture in pictures if picture is not None), None)
    return render(request, "pages/home.html", {"cards": cards, "picture": picture})


@audience("public")
def about(request: HttpRequest) -> HttpResponse:
    """What the site is, who answers for it, under which licences."""
    return render(request, "pages/about.html")


@audience("public")
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "pages/accessibility.html")


@audience("public")
def apis(request: HttpRequest) -> HttpResponse:
    """The doors for programs that apps declare: `doors_for_programs = (Link(text, url), …)`."""
    links = [link for app in apps.get_app_configs() for link in getattr(app, "doors_for_programs", ())]
    return render(request, "pages/apis.html", {"links": links})


@audience("public")
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the design once, with the way to write it."""
    return render(request, "pages/styleguide.html", _samples())


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=_("名前"), help_text=_("公開される名前です。"))
    kind = forms.ChoiceField(label=_("種類"), choices=(("a", _("あお")), ("b", _("みどり"))))
    note = forms.CharField(label=_("説明"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label=_("内容を確かめました"))


def _statuses() -> tuple[Status, ...]:
    return (
        Status("ok", _("公開中")),
        Status("wait", _("確認待ち")),
        Status("stop", _("停止")),
        Status("info", _("下書き")),
        Status("none", _("なし")),
    )


def _givers(attribute: str) -> list:
    named = (getattr(app, attribute, "") for app in apps.get_app_configs())
    return [import_string(name) for name in named if name]


def _samples() -> dict[str, object]:
    rows = ((_("あお"), 42), (_("みどり"), 27), (_("しろ"), 13))
    months = ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
    shares = (0.42, 0.35, 0.21, 0.12)
    cells = [(month, _("欠けている割合"), share) for month, share in zip(months, shares, strict=True)]
    grid = [
        (row, column, (place + step) % 5 / 4 if place + step else None)
        for place, row in enumerate("ABCD")
        for step, column in enumerate("vwxyz")
    ]
    columns = (Column(_("名前")), Column(_("番号"), "code"), Column(_("件数"), "number"), Column(_("状態")))
    table_rows = (
        (Link(_("あお"), "#table"), "A-01", 42, Status("ok", _("公開中"))),
        (Link(_("みどり"), "#table"), "A-02", 27, Status("wait", _("確認待ち"))),
        (Link(_("しろ"), "#table"), "A-03", None, Status("stop", _("停止"))),
    )
    return {
        "kinds": tuple((status.kind, status.label) for status in _statuses()),
        "form": SampleForm(),
        "card": HomeCard(figure="1,234", label=_("件数"), text=_("説明の文")),
        "bar": charts.bar(_("色ごとの件数"), rows=rows, header=(_("色"), _("件数"))),
        "line": charts.line(
            _("欠けている割合の推移"), cells=cells, header=(_("月"), _("割合")), target=0.1, percent=True
        ),
        "heat": heat(_("組み合わせ"), cells=grid, header=(_("名前"), *"vwxyz")),
        "table": Table(caption=_("表の見本"), columns=columns, rows=table_rows, url="#table"),
        "pages": page_of(tuple(range(240)), number=4, size=20),
        "progress": Progress(done=37, total=100, text=_("読み込んでいます"), url="", finished=True),
        "steps": (Crumb(_("部品"), "#"), Crumb(_("見本"))),
    }
