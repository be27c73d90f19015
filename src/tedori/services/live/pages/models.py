"""`/live/models/`: the data models to write by, with examples to copy; `/live/connect/`: how to begin."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.organisations.rules import allowed
from tedori.kernel.pages.values import Column, Crumb, Link, Table
from tedori.services.live.pages.shown import context_url, origin, type_url
from tedori.services.live.pages.words import of, unit
from tedori.services.live.rules.datamodels import Item, Model, example, models

KINDS = {
    "text": "Property (string)",
    "texts": "Property (array of strings)",
    "number": "Property (number)",
    "boolean": "Property (true / false)",
    "moment": "Property (DateTime)",
    "choice": "Property (string)",
    "place": "GeoProperty (GeoJSON)",
    "link": "Relationship (URI)",
    "links": "Relationship (URIs)",
}


@audience("public")
def all_models(request: HttpRequest) -> HttpResponse:
    """Every data model that this hub recommends."""
    columns = (
        Column(_("名称")),
        Column(_("型"), "code"),
        Column(_("何を表すか")),
        Column(_("古くなるまで（分）"), "number"),
    )
    rows = tuple(
        (
            Link(of(one.label), reverse("live:model", args=[one.name])),
            one.name,
            of(one.text),
            one.fresh_minutes,
        )
        for one in models().values()
    )
    context = {
        "table": Table(_("データモデル"), columns, rows),
        "context_url": context_url(request),
        "crumbs": (_live(), Crumb(_("データモデル"))),
    }
    return render(request, "live/models.html", context)


@audience("public")
def model(request: HttpRequest, name: str) -> HttpResponse:
    """One data model: its attributes, the words of its values, an example as JSON and as a command."""
    found = models().get(name)
    if found is None:
        raise Http404
    document = json.dumps(example(found), ensure_ascii=False, indent=2)
    context = {
        "model": found,
        "title": of(found.label),
        "text": of(found.text),
        "table": _items(found),
        "words": [
            (of(item.label), [(value, of(pair)) for value, pair in item.words.items()])
            for item in found.items.values()
            if item.words
        ],
        "document": document,
        "urn": example(found)["id"],
        "observed": next((item.name for item in found.items.values() if item.observed), ""),
        "origin": origin(request),
        "context_url": context_url(request),
        "entities": type_url(found.iri),
        "crumbs": (_live(), Crumb(_("データモデル"), reverse("live:models")), Crumb(of(found.label))),
    }
    return render(request, "live/model.html", context)


def _items(found: Model) -> Table:
    columns = (
        Column(_("項目"), "code"),
        Column(_("意味")),
        Column(_("種類")),
        Column(_("単位")),
        Column(_("必須")),
    )
    rows = tuple(
        (item.name, _meaning(item), KINDS[item.kind], _unit(item), _("必須") if item.required else "")
        for item in found.items.values()
    )
    return Table(_("項目"), columns, rows)


def _meaning(item: Item) -> str:
    note = of(item.note)
    return f"{of(item.label)}: {note}" if note else of(item.label)


def _unit(item: Item) -> str:
    sign = unit(item.unit)
    return f"{item.unit}（{sign}）" if sign else item.unit


@audience("public")
def connect(request: HttpRequest) -> HttpResponse:
    """How to begin: a token, a first entity, a subscription, the stream."""
    actor = actor_of(request)
    tokens = ""
    if actor.organisation and allowed(actor, "organisations.tokens", organisation=None):
        tokens = reverse("organisations:tokens", args=[actor.organisation])
    shelter = models()["EvacuationShelter"]
    context = {
        "origin": origin(request),
        "context_url": context_url(request),
        "tokens": tokens,
        "document": json.dumps(example(shelter), ensure_ascii=False, indent=2),
        "urn": example(shelter)["id"],
        "crumbs": (_live(), Crumb(_("つなぎ方"))),
    }
    return render(request, "live/connect.html", context)


def _live() -> Crumb:
    return Crumb(_("いまの状況"), reverse("live:types"))


urls = [
    path("live/connect/", connect, name="connect"),
    path("live/models/", all_models, name="models"),
    path("live/models/<slug:name>/", model, name="model"),
]
