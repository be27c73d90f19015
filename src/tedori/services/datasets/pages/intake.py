"""The doors for files: upload in the browser, addresses and catalogues."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tedori.kernel.errors import UserError
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of, organisations
from tedori.kernel.organisations.values import Actor
from tedori.kernel.pages.bodies import takes
from tedori.services.datasets.actions.receiving import Receipt, receive
from tedori.services.datasets.actions.sources import add_source, visit_soon
from tedori.services.datasets.forms import SourceForm, UploadForm
from tedori.services.datasets.pages.shown import LINK, SOURCE_KINDS, organisation_name
from tedori.services.datasets.queries import desk
from tedori.services.datasets.rules.errors import NotFound

# Several files may come in one form; together they may be this many times as large as one.
FORM_FACTOR = 2


def organisation_choices(actor: Actor) -> list[tuple[str, str]]:
    """The organisations that the actor may send files for."""
    if actor.everywhere:
        return [(found.code, f"{found.code} {organisation_name(found.code)}") for found in organisations()]
    return [(actor.organisation, organisation_name(actor.organisation))]


@takes(lambda: settings.TEDORI_MAX_UPLOAD * FORM_FACTOR)
@audience("staff", permission="datasets.intake")
def intake(request: HttpRequest) -> HttpResponse:
    """Send files, or name a place that they come from."""
    actor = actor_of(request)
    form = UploadForm(
        request.POST or None, request.FILES or None, organisations=organisation_choices(actor),
        initial={"organisation": actor.organisation},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        return _receive_all(request, form.cleaned_data["organisation"], actor)
    shown = {
        "form": form,
        "source_form": SourceForm(),
        "sources": [(found, SOURCE_KINDS.get(found.kind, found.kind)) for found in desk.sources(actor)],
        "limit": settings.TEDORI_MAX_UPLOAD,
    }
    return render(request, "datasets/desk/intake.html", shown, status=200 if not form.errors else 400)


def _receive_all(request: HttpRequest, organisation: str, actor: Actor) -> HttpResponse:
    """Receive each file for itself: one that is refused says why and disturbs none of the others."""
    receipts: list[Receipt] = []
    for file in request.FILES.getlist("files"):
        try:
            receipts.append(
                receive(file.chunks(), name=file.name, organisation=organisation, by=actor, at=timezone.now())
            )
        except UserError as error:
            messages.error(request, f"{file.name}: {error}")
    for receipt in receipts:
        said = _("受け取りました") if receipt.new else _("同じ内容のファイルを以前に受け取っています")
        messages.success(request, f"{receipt.name}: {said}")
    if len(receipts) == 1:
        return redirect("datasets:delivery", receipts[0].delivery)
    return redirect("datasets:desk" if receipts else "datasets:intake")


@audience("staff", permission="datasets.sources")
@require_POST
def source_add(request: HttpRequest) -> HttpResponse:
    """Remember an address or a catalogue and visit it."""
    actor = actor_of(request)
    form = SourceForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("datasets:intake")
    try:
        added = add_source(
            kind=form.cleaned_data["kind"],
            address=form.cleaned_data["address"],
            query=form.cleaned_data["query"],
            organisation=actor.organisation,
            by=actor,
            at=timezone.now(),
        )
    except UserError as error:
        messages.error(request, str(error))
        return redirect("datasets:intake")
    return redirect("datasets:source", added)


@audience("staff", permission="datasets.intake")
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """One source: what was found at its links, dead ones first."""
    actor = actor_of(request)
    found = desk.source(source_id, actor=actor)
    if found is None:
        raise NotFound
    if request.method == "POST":
        visit_soon(source=source_id, by=actor, at=timezone.now())
        messages.success(request, _("巡回を始めます"))
        return redirect("datasets:source", source_id)
    links = [(link, LINK[link.state]) for link in desk.links(source_id, actor=actor)]
    kinds = {"source": found, "kind": SOURCE_KINDS.get(found.kind, found.kind), "links": links}
    return render(request, "datasets/desk/source.html", kinds)


urls = [
    path("desk/intake/", intake, name="intake"),
    path("desk/sources/", source_add, name="source-add"),
    path("desk/sources/<int:source_id>/", source, name="source"),
]
