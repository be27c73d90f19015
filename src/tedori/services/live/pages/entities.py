"""`/live/types/…/`: the entities of one type as a list and a map, each reading with its age."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.pages.values import Crumb, Link, Pages, whole
from tedori.services.live.pages.shown import (
    columns_of,
    context_url,
    names_of_organisations,
    row,
    stream_url,
    type_iri,
)
from tedori.services.live.pages.words import item_of, label, of, scripted, type_label, unit
from tedori.services.live.queries import explorer
from tedori.services.live.queries.publications import limits_of
from tedori.services.live.queries.tenants import DEFAULT, tenant_id
from tedori.services.live.rules.access import Wall, wall
from tedori.services.live.rules.datamodels import Model, model_of

PER_PAGE = 50


@audience("public")
def entities(request: HttpRequest, word: str) -> HttpResponse:
    """One type: filters, map, list; every row goes on by itself where there is JavaScript."""
    name, tenant, held = type_iri(word), tenant_id(DEFAULT), wall(actor_of(request))
    if tenant is None or not (owners := explorer.owners(tenant, name, held)):
        raise Http404
    model, now = model_of(name), timezone.now()
    asked = explorer.Asked(
        name,
        place=request.GET.get("place", "").strip()[:40],
        words=request.GET.get("q", "").strip()[:100],
        stale=request.GET.get("stale") == "1",
    )
    names = names_of_organisations()
    places = sorted(
        (code, names.get(code, code)) for code in {*owners, *([asked.place] if asked.place else ())}
    )
    context = {
        "name": name,
        "word": word,
        "title": type_label(name),
        "text": of(model.text) if model else "",
        "asked": asked,
        "places": places,
        "crumbs": (Crumb(_("いまの状況"), reverse("live:types")), Crumb(type_label(name))),
        "model": model,
        "files": _files(request, word),
    }
    context |= _page(request, tenant, asked, held, model=model, names=names, now=now)
    return render(request, "live/entities.html", context)


def _files(request: HttpRequest, word: str) -> tuple[Link, ...]:
    """All entities of the type as files, under the names of our context."""
    ours = quote(context_url(request), safe="")
    return tuple(
        Link(label, f"/live/{quote(word, safe='')}.{ending}?context={ours}")
        for label, ending in (("CSV", "csv"), ("GeoJSON", "geojson"))
    )


def _page(
    request: HttpRequest,
    tenant: int,
    asked: explorer.Asked,
    held: Wall | None,
    *,
    model: Model | None,
    names: dict[str, str],
    now: datetime,
) -> dict[str, object]:
    """The rows of the page that is asked for, and what keeps them up to date."""
    limits, position = limits_of(tenant, asked.name), explorer.position()
    number = max(1, whole(request.GET.get("page"), default=1))
    found, total = explorer.entities(
        tenant, asked, held, limits=limits, now=now, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    columns = columns_of(found, model)
    rows = tuple(row(one, columns, model, names=names, limits=limits, now=now) for one in found)
    return {
        "columns": [label(model, column) for column in columns],
        "pages": Pages(rows=rows, number=number, size=PER_PAGE, total=total),
        "placed": any(one.latitude is not None for one in rows),
        "stream": stream_url(position, type=asked.name),
        "words": scripted() | {"items": vocabulary(model)},
        "limit": limits.general,
        "now": now,
    }


def vocabulary(model: Model | None) -> dict[str, dict[str, object]]:
    """By attribute what the page's script must know to write its values."""
    if model is None:
        return {}
    found = ((name, item_of(model, name)) for name in model.items)
    return {
        name: {
            "label": of(item.label),
            "unit": unit(item.unit),
            "words": {value: of(pair) for value, pair in item.words.items()},
        }
        for name, item in found
    }


urls = [path("live/types/<path:word>/", entities, name="entities")]
