"""`/live/publication/`: who may read the types that one's organisation has, and when a reading is old."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.values import Actor
from tedori.kernel.pages.values import Column, Crumb, Link, Status, Table
from tedori.services.live.actions.publications import Rule, publish
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.forms import PublicationForm
from tedori.services.live.pages.shown import type_iri, type_word
from tedori.services.live.pages.words import LEVELS, type_label
from tedori.services.live.queries.explorer import owned_types
from tedori.services.live.queries.publications import Publication, limits_of, publications
from tedori.services.live.queries.tenants import DEFAULT

PERMISSION = "live.publication"
EMPTY = Publication("", "", "internal", None, False, "", "", "")


@audience("staff", permission=PERMISSION)
def publication(request: HttpRequest) -> HttpResponse:
    """The types of one's organisation (of everybody for who administers the platform) and their rules."""
    actor, tenant = actor_of(request), WRITER.write_now(Found(DEFAULT))
    owner = _owner(actor)
    names = owned_types(tenant, owner)
    context = {
        "table": _table(tenant, names, owner),
        "everywhere": actor.everywhere,
        "crumbs": (Crumb(_("いまの状況"), reverse("live:types")), Crumb(_("公開範囲"))),
    }
    return render(request, "live/publication.html", context)


def _owner(actor: Actor) -> str:
    """Whose rules somebody decides: those of the own organisation, or the general ones."""
    return "" if actor.everywhere else actor.organisation


def _table(tenant: int, names: tuple[str, ...], owner: str) -> Table:
    columns = (
        Column(_("型")),
        Column(_("公開範囲")),
        Column(_("古くなるまで（分）"), "number"),
        Column(_("ほかのサービスへ")),
        Column(_("決めた理由")),
    )
    rules = {(rule.name, rule.owner): rule for rule in publications(tenant)}
    rows = []
    for name in names:
        rule = rules.get((name, owner)) or rules.get((name, "")) or EMPTY
        rows.append(
            (
                Link(type_label(name), reverse("live:publish", args=[type_word(name)])),
                Status(*LEVELS[rule.level]),
                limits_of(tenant, name).minutes(owner),
                _("伝える") if rule.relayed else None,
                rule.reason or None,
            )
        )
    return Table(_("型ごとの公開範囲"), columns, tuple(rows))


@audience("staff", permission=PERMISSION)
def publish_type(request: HttpRequest, word: str) -> HttpResponse:
    """One type: who may read it, from when on its readings are old, whether other services hear of it."""
    actor, tenant, name = actor_of(request), WRITER.write_now(Found(DEFAULT)), type_iri(word)
    owner = _owner(actor)
    if name not in owned_types(tenant, owner):
        raise Http404
    rules = {rule.owner: rule for rule in publications(tenant, name)}
    rule = rules.get(owner) or rules.get("") or EMPTY
    initial = {"level": rule.level, "fresh_minutes": rule.fresh_minutes, "relayed": rule.relayed}
    form = PublicationForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        publish(name, Rule(**form.cleaned_data), tenant=tenant, owner=owner, by=actor, at=timezone.now())
        messages.success(request, _("%(type)sの公開範囲を保存しました。") % {"type": type_label(name)})
        return redirect("live:publication")
    context = {
        "form": form,
        "title": type_label(name),
        "name": name,
        "minutes": limits_of(tenant, name).minutes(owner),
        "everywhere": actor.everywhere,
        "crumbs": (
            Crumb(_("いまの状況"), reverse("live:types")),
            Crumb(_("公開範囲"), reverse("live:publication")),
            Crumb(type_label(name)),
        ),
    }
    return render(request, "live/publish.html", context, status=400 if form.errors else 200)


urls = [
    path("live/publication/", publication, name="publication"),
    path("live/publication/<path:word>/", publish_type, name="publish"),
]
