"""Missing rates of one dataset in public: per item with target, per publisher and item, and over time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.pages import charts
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Chart, Column, Crumb, Status, Table
from tedori.services.datasets.pages.links import level, percent
from tedori.services.datasets.queries import quality as readings
from tedori.services.datasets.queries.places import municipalities, neighbours
from tedori.services.datasets.rules.words import DEMANDS, title


@audience("public")
def missing(request: HttpRequest, slug: str) -> HttpResponse:
    """Missing rates of one dataset: per item with target, per publisher and item, and over time."""
    code = request.GET.get("code", "")
    beside = [code, *(one.code for one in neighbours(code))] if code else None
    found = readings.missing_table(slug, codes=beside)
    table = missing_sheet(found)
    if request.GET.get("format") == "csv":
        return sheet(table, name=f"{slug}-missing")
    items = _item_rates(found)
    context = {
        "slug": slug,
        "title": title(slug),
        "code": code,
        "places": municipalities(),
        "found": found,
        "items": items,
        "heads": [(item.name, DEMANDS[item.demand]) for item in found.items],
        "lines": [_missing_line(row) for row in found.rows],
        "trend": _trend(slug, organisation=code or None, target=found.target),
        "target": percent(found.target),
        "crumbs": (Crumb(_("品質"), reverse("datasets:quality")), Crumb(title(slug))),
    }
    return render(request, "datasets/public/missing.html", context)


def _missing_line(row: readings.MissingRow) -> dict[str, object]:
    fields = [
        None if rate is None else (str(round(100 * rate)), level(100 * (1 - rate))) for rate in row.rates
    ]
    return {"place": row.place, "overall": percent(row.overall), "fields": fields}


def missing_sheet(found: readings.MissingTable) -> Table:
    """Missing rates as one row per publisher and item."""
    columns = (
        Column(_("団体コード"), "code"),
        Column(_("自治体・組織")),
        Column(_("データセット"), "code"),
        Column(_("項目")),
        Column(_("区分")),
        Column(_("欠損率"), "number"),
        Column(_("目標"), "number"),
    )
    rows = tuple(
        (row.place.code, str(row.place.name), found.slug, item.name, item.demand, _rounded(rate), item.target)
        for row in found.rows
        for item, rate in zip(found.items, row.rates, strict=True)
    )
    return Table(_("欠損率"), columns, rows)


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 4)


def _item_rates(found: readings.MissingTable) -> Table:
    columns = (
        Column(_("項目")),
        Column(_("区分")),
        Column(_("欠損率"), "number"),
        Column(_("目標"), "number"),
        Column(_("達成")),
    )
    rows = tuple(
        (
            item.name,
            DEMANDS[item.demand],
            percent(item.rate),
            percent(item.target) if item.demand in readings.WANTED else None,
            met_status(item) if item.demand in readings.WANTED else None,
        )
        for item in found.items
    )
    return Table(_("項目ごとの欠損率（全体）"), columns, rows, "?format=csv")


def _trend(slug: str, *, organisation: str | None, target: float) -> Chart | None:
    points = readings.trend(slug, organisation=organisation)
    if not points:
        return None
    cells = [(point.isoformat(), _("欠損率"), round(rate, 4)) for point, rate in points]
    return charts.line(
        _("必須・推奨項目の欠損率の推移（点線は目標）"),
        cells=cells,
        header=(_("日"), _("欠損率")),
        target=target,
        percent=True,
    )


def met_status(rate: readings.Rate) -> Status | None:
    """Whether a target is reached, as a chip; None where nothing is published."""
    if rate.rate is None:
        return None
    return (
        Status("ok", _("達成"))
        if rate.met
        else Status("wait", _("あと少し") if rate.rate < 2 * rate.target else _("未達"))
    )


urls = [path("datasets/quality/<dataset:slug>/", missing, name="missing")]
