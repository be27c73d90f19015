"""`/live/entities/…/`: one entity with all that is known of it now, and the past of each reading."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.engines.ngsild.values import Entity
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.pages import charts
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Chart, Column, Crumb, Table
from tedori.services.live.pages.entities import vocabulary
from tedori.services.live.pages.shown import (
    age_of,
    cell,
    names_of_organisations,
    place_of,
    stream_url,
    type_url,
)
from tedori.services.live.pages.words import (
    clock,
    item_of,
    label,
    name_of,
    plain,
    read,
    scripted,
    type_label,
    unit,
)
from tedori.services.live.queries import explorer
from tedori.services.live.queries.publications import limits_of
from tedori.services.live.queries.tenants import DEFAULT, tenant_id
from tedori.services.live.rules.access import wall
from tedori.services.live.rules.datamodels import Item, Model, model_of, short

DRAWN, LISTED = 96, 1_000  # readings in the chart and its table, and in the file


@audience("public")
def entity(request: HttpRequest, urn: str) -> HttpResponse:
    """One entity: every reading with unit and age, whose it is, its past; `?format=csv` gives the past."""
    tenant, now, position = tenant_id(DEFAULT), timezone.now(), explorer.position()
    held = wall(actor_of(request))
    shown = explorer.entity(tenant, urn, held) if tenant is not None else None
    if shown is None:
        raise Http404
    kind = shown.entity.types[0]
    model, limits = model_of(kind), limits_of(tenant, kind)
    chosen = _chosen(request.GET.get("attribute", ""), shown.entity, model)
    file = request.GET.get("format") == "csv"
    past = explorer.past(tenant, shown, chosen, limit=LISTED if file else DRAWN) if chosen else ()
    table = _table(past, chosen, model, query=f"?attribute={quote(short(chosen))}&format=csv")
    if file:
        return sheet(table, name=f"{short(urn.replace(':', '/'))}-{short(chosen)}")
    latitude, longitude = place_of(shown.entity)
    context = {
        "urn": urn,
        "kind": kind,
        "title": name_of(shown.entity),
        "types": [(type_label(name), type_url(name)) for name in shown.entity.types],
        "owner": names_of_organisations().get(shown.owner, shown.owner),
        "age": age_of(shown.latest, shown.owner, limits, now),
        "cells": [
            cell(name, one, model, shown, limits, now)
            for name, instances in _ordered(shown.entity, model)
            for one in instances
        ],
        "latitude": latitude,
        "longitude": longitude,
        "histories": [
            (short(name), label(model, name), name == chosen)
            for name, _instances in _ordered(shown.entity, model)
        ],
        "chosen": short(chosen),
        "chart": _chart(past, chosen, model, table),
        "table": table,
        "raw": f"/ngsi-ld/v1/entities/{quote(urn, safe=':')}",
        "origin": f"{request.scheme}://{request.get_host()}",
        "stream": stream_url(position, id=urn, type=kind),
        "words": scripted() | {"items": vocabulary(model)},
        "crumbs": (
            Crumb(_("いまの状況"), reverse("live:types")),
            Crumb(type_label(kind), type_url(kind)),
            Crumb(name_of(shown.entity)),
        ),
        "now": now,
    }
    return render(request, "live/entity.html", context)


def _ordered(entity: Entity, model: Model | None) -> Sequence[tuple[str, tuple]]:
    """The attributes in the order of the model, all others behind."""
    order = list(model.items) if model else []
    known = {name: number for number, name in enumerate(order)}
    return sorted(
        entity.attributes.items(), key=lambda pair: (known.get(short(pair[0]), len(known)), pair[0])
    )


def _chosen(word: str, entity: Entity, model: Model | None) -> str:
    """The attribute whose past is shown: the one that is asked for, the model's, or the first number."""
    names = {short(name): name for name in entity.attributes}
    if word in names:
        return names[word]
    if model and model.chart in names:
        return names[model.chart]
    numbers = (
        name
        for name, (one, *_) in entity.attributes.items()
        if isinstance(one.value, int | float) and not isinstance(one.value, bool)
    )
    return next(numbers, next(iter(entity.attributes), ""))


def _table(past: Sequence[explorer.Reading], name: str, model: Model | None, *, query: str) -> Table:
    item = item_of(model, name)
    caption = _("%(what)sのこれまで") % {"what": label(model, name)}
    columns = (Column(_("時刻"), "date"), Column(_heading(name, model), "number"))
    rows = tuple((_moment(one), _cell(one, item)) for one in reversed(past))
    return Table(caption, columns, rows, query)


def _heading(name: str, model: Model | None) -> str:
    item = item_of(model, name)
    sign = unit(item.unit) if item else ""
    return f"{label(model, name)}（{sign}）" if sign else label(model, name)


def _moment(one: explorer.Reading) -> str:
    moment = read(one.at)
    return clock(moment) if moment else one.at


def _cell(one: explorer.Reading, item: Item | None) -> str | int | float:
    if one.deleted:
        return _("なし")
    number = isinstance(one.value, int | float) and not isinstance(one.value, bool)
    return one.value if number else plain(one.value, item)


def _chart(past: Sequence[explorer.Reading], name: str, model: Model | None, table: Table) -> Chart | None:
    """The numbers of the past as a line; None where there are no two."""
    points = [(_moment(one), one.number) for one in past if one.number is not None and not one.deleted]
    if len(points) < 2:
        return None
    cells = [(moment[5:], label(model, name), number) for moment, number in points]
    return charts.line(table.caption, cells=cells, header=(_("時刻"), _heading(name, model)))


urls = [path("live/entities/<path:urn>/", entity, name="entity")]
