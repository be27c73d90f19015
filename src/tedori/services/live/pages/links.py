"""`/live/links/`: links to other systems are set up, tried out, watched, paused and ended here."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tedori.kernel.errors import UserError
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.pages.values import Status
from tedori.services.live.actions import links as actions
from tedori.services.live.actions.linking.probing import probe
from tedori.services.live.actions.writing import column_time
from tedori.services.live.forms import (
    DIRECTIONS,
    PROTOCOLS,
    ChangeLinkForm,
    LinkForm,
    MappingForm,
    NewLinkForm,
)
from tedori.services.live.queries import links as queries
from tedori.services.live.queries.options import options
from tedori.services.live.queries.store import STORE
from tedori.services.live.rules.links import Draft, Health, Link, NoSuchLink
from tedori.services.live.rules.mappings import names_of, shown
from tedori.services.live.rules.previews import preview

PERMISSION = actions.PERMISSION
FARES = {
    "ok": gettext_lazy("つながっています"),
    "wait": gettext_lazy("うまくいっていません。もう一度試しています"),
    "stop": gettext_lazy("つながりません"),
    "none": gettext_lazy("まだやり取りがありません"),
}
PAUSED = gettext_lazy("止めています")


def _link(request: HttpRequest, number: int) -> Link:
    actor = actor_of(request)
    found = queries.link(STORE.session(), number, owner=None if actor.everywhere else actor.organisation)
    if found is None:
        raise NoSuchLink(where=str(number))
    return found


def _row(link: Link) -> dict[str, Any]:
    fares: Health = queries.health_of(STORE.session(), link, now=column_time(timezone.now()))
    label = FARES[fares.kind] if link.active else PAUSED
    return {
        "link": link,
        "health": fares,
        "status": Status(fares.kind if link.active else "none", str(label)),
        "protocol": dict(PROTOCOLS)[link.protocol],
        "direction": dict(DIRECTIONS)[link.direction],
        "types": shown(link.types),
        "last": link.last_ok[:16].replace("T", " "),
        "failed": link.last_failure[:16].replace("T", " "),
    }


@audience("staff", permission=PERMISSION)
def links(request: HttpRequest) -> HttpResponse:
    """The links of the organisation and how they fare."""
    actor = actor_of(request)
    found = queries.links(STORE.session(), owner=None if actor.everywhere else actor.organisation)
    return render(request, "live/links/links.html", {"rows": [_row(one) for one in found]})


def _draft(form: LinkForm, *, mapping: str, secret: str | None) -> Draft:
    given = {name: form.cleaned_data[name] for name in FIELDS}
    return Draft(**given, mapping=mapping, secret=secret)


FIELDS = ("name", "address", "protocol", "direction", "types", "service", "path", "every", "header")


def _failed(form: Any, error: UserError) -> None:
    field = error.where if error.where in form.fields else None
    form.add_error(field, str(error) if field is None else f"{error.what}{error.todo}")


@audience("staff", permission=PERMISSION)
def new(request: HttpRequest) -> HttpResponse:
    """A new link."""
    form = NewLinkForm(request.POST or None, initial={"direction": "in", "protocol": "ngsi-ld"})
    if request.method == "POST" and form.is_valid():
        draft = _draft(form, mapping=form.cleaned_data["mapping"], secret=form.cleaned_data["secret"])
        try:
            number = actions.create(draft, by=actor_of(request), at=timezone.now())
        except UserError as error:
            _failed(form, error)
        else:
            messages.success(request, _("連携を設定しました。まず「試す」で確かめてください。"))
            return redirect("live:link", number)
    return render(request, "live/links/form.html", {"form": form}, status=400 if form.errors else 200)


@audience("staff", permission=PERMISSION)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Other settings for a link."""
    link = _link(request, number)
    initial = {name: getattr(link, name) for name in FIELDS} | {"types": shown(link.types)}
    form = ChangeLinkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        secret = "" if form.cleaned_data["forget"] else form.cleaned_data["secret"] or None
        try:
            draft = _draft(form, mapping=link.mapping, secret=secret)
            actions.change(number, draft, by=actor_of(request), at=timezone.now())
        except UserError as error:
            _failed(form, error)
        else:
            messages.success(request, _("設定を保存しました。"))
            return redirect("live:link", number)
    context = {"form": form, "link": link}
    return render(request, "live/links/form.html", context, status=400 if form.errors else 200)


@audience("staff", permission=PERMISSION)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One link: how it fares, and what can be done with it."""
    return render(request, "live/links/link.html", _row(_link(request, number)))


@audience("staff", permission=PERMISSION)
@require_POST
def test(request: HttpRequest, number: int) -> HttpResponse:
    """Try the link out now."""
    link, chosen = _link(request, number), options()
    private = chosen.private_endpoints or chosen.trial
    found = async_to_sync(probe)(link, key=settings.SECRET_KEY, private=private)
    return render(request, "live/links/link.html", _row(link) | {"probe": found})


@audience("staff", permission=PERMISSION)
def mapping(request: HttpRequest, number: int) -> HttpResponse:
    """The sender's names and values, tried on a sample before they are saved."""
    link = _link(request, number)
    form = MappingForm(request.POST or None, initial={"mapping": link.mapping})
    context: dict[str, Any] = {"link": link, "form": form}
    if request.method == "POST" and form.is_valid():
        text, sample = form.cleaned_data["mapping"], form.cleaned_data["sample"]
        try:
            if sample.strip():
                context["previews"] = preview(names_of(text), link.protocol, sample)
            if "save" in request.POST:
                actions.save_mapping(number, text, by=actor_of(request), at=timezone.now())
                messages.success(request, _("対応表を保存しました。"))
                return redirect("live:link", number)
            names_of(text)
            context["sound"] = True
        except UserError as error:
            where = f"{error.where}: " if error.where else ""
            form.add_error("sample" if error.where == "sample" else "mapping", f"{where}{error.what}")
    return render(request, "live/links/mapping.html", context, status=400 if form.errors else 200)


@audience("staff", permission=PERMISSION)
@require_POST
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """Pause, or go on."""
    active = request.POST.get("active") == "yes"
    actions.switch(number, active=active, by=actor_of(request), at=timezone.now())
    messages.success(request, _("再開しました。") if active else _("止めました。"))
    return redirect("live:link", number)


@audience("staff", permission=PERMISSION)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a link, once that has been confirmed."""
    link = _link(request, number)
    if request.method == "POST":
        actions.delete(number, by=actor_of(request), at=timezone.now())
        messages.success(request, _("連携をやめました。届いた値は残っています。"))
        return redirect("live:links")
    return render(request, "live/links/end.html", {"link": link})


urls = [
    path("live/links/", links, name="links"),
    path("live/links/new/", new, name="link-new"),
    path("live/links/<int:number>/", one, name="link"),
    path("live/links/<int:number>/change/", change, name="link-change"),
    path("live/links/<int:number>/mapping/", mapping, name="link-mapping"),
    path("live/links/<int:number>/test/", test, name="link-test"),
    path("live/links/<int:number>/switch/", switch, name="link-switch"),
    path("live/links/<int:number>/end/", end, name="link-end"),
]
