"""The targets for missing rates: open to everybody, set by who administers the platform."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed, demand
from tedori.kernel.pages.values import Crumb, Link, Status
from tedori.services.datasets.actions.voices import set_targets
from tedori.services.datasets.pages.links import percent
from tedori.services.datasets.pages.missing import met_status
from tedori.services.datasets.queries import quality as readings
from tedori.services.datasets.queries.public import targets as chosen_targets
from tedori.services.datasets.rules.words import DEMANDS, title


class TargetsForm(forms.Form):
    """A percentage per dataset or item; an empty field goes back to what holds for all."""

    def __init__(self, *args: object, wanted: dict[str, tuple[str, float | None]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, rate) in wanted.items():
            self.fields[name] = forms.FloatField(
                label=label, required=False, min_value=0, max_value=100,
                initial=None if rate is None else round(100 * rate, 2),
                widget=forms.NumberInput(attrs={"step": "any", "size": 5}),
            )  # fmt: skip


@audience("public")
def targets(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What is aimed at, for every dataset or for the items of one; who may, sets it here."""
    actor = actor_of(request)
    rates = readings.missing_table(slug).items if slug else readings.dataset_rates()
    chosen = chosen_targets()
    keys = {
        f"goal-{number}": (slug, rate.name) if slug else (rate.name, "") for number, rate in enumerate(rates)
    }
    labels = [rate.name if slug else str(title(rate.name)) for rate in rates]
    wanted = {name: (label, chosen.get(key)) for (name, key), label in zip(keys.items(), labels, strict=True)}
    form = TargetsForm(request.POST or None, wanted=wanted)
    if request.method == "POST":
        demand(actor, "datasets.targets", organisation=None)
        if form.is_valid():
            changed = list(_changed(form, keys))
            set_targets(changed, by=actor, at=timezone.now())
            messages.success(request, _("%(count)s件の目標を保存しました。") % {"count": len(changed)})
            return redirect(request.path)
    context = {
        "slug": slug,
        "title": title(slug) if slug else "",
        "rows": [
            _row(rate, form[name], label, slug) for rate, name, label in zip(rates, keys, labels, strict=True)
        ],
        "default": percent(readings.DEFAULT_TARGET),
        "sets": allowed(actor, "datasets.targets", organisation=None),
        "form": form,
        "crumbs": _crumbs(slug),
    }
    return render(request, "datasets/public/targets.html", context, status=400 if form.errors else 200)


def _changed(form: TargetsForm, keys: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str, float | None]]:
    for name in form.changed_data:
        rate = form.cleaned_data[name]
        yield (*keys[name], None if rate is None else rate / 100)


def _row(
    rate: readings.Rate, bound: BoundField, label: str, slug: str
) -> tuple[Link, str, str | None, str | None, Status | None, BoundField]:
    page = "datasets:missing" if slug else "datasets:targets-of"
    named = Link(label, reverse(page, args=[slug or rate.name]))
    demanded = str(DEMANDS[rate.demand]) if slug else ""
    return named, demanded, percent(rate.rate), percent(rate.target), met_status(rate), bound


def _crumbs(slug: str) -> tuple[Crumb, ...]:
    quality = Crumb(_("品質"), reverse("datasets:quality"))
    if not slug:
        return (quality, Crumb(_("欠損率の目標")))
    return (quality, Crumb(_("欠損率の目標"), reverse("datasets:targets")), Crumb(title(slug)))


urls = [
    path("datasets/quality/targets/", targets, name="targets"),
    path("datasets/quality/targets/<dataset:slug>/", targets, name="targets-of"),
]
