"""`/live/uses/`: how much was read and written of the types that one's organisation has."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.organisations.queries import actor_of
from tedori.kernel.pages import charts
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Chart, Column, Crumb, Table
from tedori.services.live.actions.counting import READ, USES
from tedori.services.live.pages.shown import names_of_organisations
from tedori.services.live.pages.words import type_label
from tedori.services.live.queries.explorer import owned_types
from tedori.services.live.queries.tenants import DEFAULT, tenant_id
from tedori.services.live.queries.uses import UseDay
from tedori.services.live.queries.uses import uses as counted

DAYS = 30


@audience("staff")
def uses(request: HttpRequest) -> HttpResponse:
    """The last thirty days by type and by the organisation that read or wrote; as CSV too."""
    actor, tenant, now = actor_of(request), tenant_id(DEFAULT), timezone.now()
    USES.keep()
    names = owned_types(tenant, "" if actor.everywhere else actor.organisation) if tenant is not None else ()
    found = counted(tenant, since=(now - timedelta(days=DAYS)).date(), names=names) if names else ()
    table = _table(found)
    if request.GET.get("format") == "csv":
        return sheet(table, name="live-uses")
    context = {
        "table": table,
        "chart": _chart(found),
        "crumbs": (Crumb(_("いまの状況"), reverse("live:types")), Crumb(_("読み書きの数"))),
    }
    return render(request, "live/uses.html", context)


def _table(found: tuple[UseDay, ...]) -> Table:
    names = names_of_organisations()
    columns = (
        Column(_("日"), "date"),
        Column(_("型")),
        Column(_("使った組織")),
        Column(_("読み・書き")),
        Column(_("件数"), "number"),
    )
    rows = tuple(
        (
            one.day,
            type_label(one.name),
            names.get(one.organisation, one.organisation) or _("一般"),
            _verb(one.verb),
            one.count,
        )
        for one in found
    )
    return Table(_("日ごとの数（エンティティの件数）"), columns, rows, "?format=csv")


def _verb(verb: str) -> str:
    return _("読み") if verb == READ else _("書き")


def _chart(found: tuple[UseDay, ...]) -> Chart | None:
    """Reads and writes by day; None while there are no two days."""
    sums: dict[tuple[str, str], int] = {}
    for one in reversed(found):
        key = (one.day, _verb(one.verb))
        sums[key] = sums.get(key, 0) + one.count
    if len({day for day, _verb_ in sums}) < 2:
        return None
    cells = [(day, verb, count) for (day, verb), count in sums.items()]
    return charts.line(
        _("日ごとの読み書き"), cells=cells, header=(_("日"), *dict.fromkeys(verb for _day, verb in sums))
    )


urls = [path("live/uses/", uses, name="uses")]
