"""The gallery of uses: what people made of the data, and the way to propose one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed
from tedori.kernel.pages.values import Crumb, Link
from tedori.services.datasets.actions.voices import Use, propose_use, show_use
from tedori.services.datasets.pages.asking import USES, UseForm
from tedori.services.datasets.queries.places import platform
from tedori.services.datasets.queries.public import reuse as reuse_of
from tedori.services.datasets.queries.public import reuses
from tedori.services.datasets.queries.values import ReuseRecord
from tedori.services.datasets.rules.words import WORDS, Bilingual, title


@audience("public")
def gallery(request: HttpRequest) -> HttpResponse:
    """Every use that was agreed to; who moderates also sees what waits."""
    moderates = allowed(actor_of(request), "datasets.answer", organisation=platform())
    slug = request.GET.get("dataset", "")
    found = reuses(slug or None, visible_only=not moderates)
    context = {
        "crumbs": (Crumb(_("活用事例")),),
        "slug": slug,
        "chosen": title(slug) if slug in WORDS else "",
        "shown": [_card(one) for one in found if one.visible],
        "waiting": [_card(one) for one in found if not one.visible],
        "moderates": moderates,
    }
    return render(request, "datasets/public/reuses.html", context)


def _card(one: ReuseRecord) -> dict[str, object]:
    return {
        "use": one,
        "title": Bilingual(one.title, one.title_en),
        "description": Bilingual(one.description, one.description_en),
        "kind": dict(USES).get(one.kind, one.kind),
        "datasets": [
            Link(title(slug), reverse("datasets:dataset", args=[slug]))
            for slug in one.datasets
            if slug in WORDS
        ],
    }


@audience("public")
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a use; it is shown once a person has looked at it."""
    asked = [slug for slug in request.GET.getlist("dataset") if slug in WORDS]
    form = UseForm(request.POST or None, initial={"datasets": asked})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"datasets": tuple(form.cleaned_data["datasets"])}
        secret = propose_use(Use(**given), by=actor_of(request), at=timezone.now()).secret
        link = request.build_absolute_uri(reverse("reports:link", args=[secret]))
        return render(request, "datasets/public/reuse-thanks.html", {"link": link})
    context = {
        "form": form,
        "crumbs": (Crumb(_("活用事例"), reverse("datasets:reuses")), Crumb(_("活用事例を知らせる"))),
    }
    return render(request, "datasets/public/reuse-new.html", context)


@audience("public")
def use(request: HttpRequest, reuse: int) -> HttpResponse:
    """One use; who moderates the gallery shows it here, or takes it off."""
    actor = actor_of(request)
    if request.method == "POST":
        return _moderated(request, reuse)
    moderates = allowed(actor, "datasets.answer", organisation=platform())
    found = reuse_of(reuse)
    if found is None or not (found.visible or moderates):
        raise Http404
    card = _card(found)
    context = {
        "crumbs": (Crumb(_("活用事例"), reverse("datasets:reuses")), Crumb(card["title"])),
        "card": card,
        "moderates": moderates,
    }
    return render(request, "datasets/public/reuse.html", context)


def _moderated(request: HttpRequest, reuse: int) -> HttpResponse:
    visible = request.POST.get("visible") == "yes"
    reason = request.POST.get("reason", "").strip()
    show_use(use=reuse, visible=visible, by=actor_of(request), at=timezone.now(), reason=reason)
    messages.success(request, _("掲載しました。") if visible else _("掲載を取りやめました。"))
    return redirect("datasets:reuses")


@audience("staff", permission="datasets.answer")
def from_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """From a case to the use that it is about."""
    found = reuse_of(case=case_id)
    if found is None:
        raise Http404
    return redirect("datasets:reuse", found.id)


urls = [
    path("datasets/reuse/", gallery, name="reuses"),
    path("datasets/reuse/new/", propose, name="reuse-new"),
    path("datasets/reuse/case/<int:case_id>/", from_case, name="reuse-case"),
    path("datasets/reuse/<int:reuse>/", use, name="reuse"),
]
