"""The HTML doors of the evidence, for staff: a list that can be filtered, and one record."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tedori.kernel.evidence import queries
from tedori.kernel.evidence.chain import canonical
from tedori.kernel.evidence.values import EvidenceRecord
from tedori.kernel.evidence.words import act, subject
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of, names_of, organisations
from tedori.kernel.pages.values import Pages, Text, whole

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
            "pages": Pages(rows=told(rows), number=page, size=SIZE, total=total),
            "asked": asked,
            "actions": [(code, act(code)) for code in queries.actions_known(reader)],
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
    (shown,) = told((found,))
    return render(request, "evidence/entry.html", {"shown": shown, "grounds": canonical(found.grounds)})


@dataclass(frozen=True, slots=True)
class Shown:
    """A record with the words for its codes."""

    entry: EvidenceRecord
    act: Text
    subject: str
    actor: str
    organisation: str


def told(entries: tuple[EvidenceRecord, ...]) -> tuple[Shown, ...]:
    """The records in words; where nobody has a word for a code, the code stands for itself."""
    people = names_of({one.actor for one in entries})
    english = (get_language() or "ja").startswith("en")
    places = {one.code: one.name_en if english else one.name for one in organisations()}
    return tuple(
        Shown(
            one,
            act(one.action),
            subject(one.subject),
            people.get(one.actor, one.actor),
            places.get(one.organisation, one.organisation),
        )
        for one in entries
    )
