"""The HTML doors of the evidence, for staff: a list that can be filtered, and one record."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tedori.kernel.evidence import queries
from tedori.kernel.evidence.chain import canonical
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of, organisations
from tedori.kernel.pages.values import Pages, whole

SIZE = 50


@audience("staff", permission="evidence.read")
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """What was recorded, newest first, for one's own organisation (platform administrators: all)."""
    reader = actor_of(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("organisation", "subject", "action")}
    page = max(1, whole(request.GET.get("page")))
    rows, total = queries.entries(reader=reader, **asked, page=page, size=SIZE)
    return render(
        request,
        "evidence/list.html",
        {
            "pages": Pages(rows=rows, number=page, size=SIZE, total=total),
            "asked": asked,
            "actions": queries.actions_known(reader),
            "organisations": organisations() if reader.everywhere else (),
        },
    )


@audience("staff", permission="evidence.read")
@require_GET
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One record whole, with its place in the chain."""
    found = queries.entry(number, reader=actor_of(request))
    if found is None:
        raise Http404
    return render(request, "evidence/entry.html", {"entry": found, "grounds": canonical(found.grounds)})
