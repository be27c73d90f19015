"""`/live/`: the types of things whose present state is known here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed
from tedori.services.live.pages.shown import age_of, type_url
from tedori.services.live.pages.words import LEVELS, of, type_label
from tedori.services.live.queries.explorer import types as summaries
from tedori.services.live.queries.publications import limits_of, publications
from tedori.services.live.queries.tenants import DEFAULT, tenant_id
from tedori.services.live.rules.access import wall
from tedori.services.live.rules.datamodels import model_of


@audience("public")
def types(request: HttpRequest) -> HttpResponse:
    """Every type that the reader may see: how many, who may read it, how old the newest reading is."""
    actor, tenant, now = actor_of(request), tenant_id(DEFAULT), timezone.now()
    found = summaries(tenant, wall(actor)) if tenant is not None else ()
    general = {rule.name: rule.level for rule in publications(tenant)} if tenant is not None else {}
    rows = []
    for one in found:
        model, level = model_of(one.name), LEVELS[general.get(one.name, "internal")]
        rows.append(
            {
                "summary": one,
                "label": type_label(one.name),
                "text": of(model.text) if model else "",
                "url": type_url(one.name),
                "level": level,
                "age": age_of(one.latest, "", limits_of(tenant, one.name), now),
            }
        )
    context = {
        "rows": rows,
        "signed_in": bool(actor.organisation),
        "decides": allowed(actor, "live.publication", organisation=None),
    }
    return render(request, "live/types.html", context)


urls = [path("live/", types, name="types")]
