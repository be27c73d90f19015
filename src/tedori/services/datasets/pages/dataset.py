"""The page of one dataset over all publishers, of one publisher's dataset, and of a dataset's items."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from tedori.engines.tabular.definitions import definition
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Column, Crumb, Link, Pages, Table, whole
from tedori.services.datasets.actions.voices import PAGE
from tedori.services.datasets.api.usage import counted
from tedori.services.datasets.pages.jsonld import dataset_jsonld, record_jsonld
from tedori.services.datasets.pages.links import day, downloads, licence_label, percent, score_status
from tedori.services.datasets.pages.tiles import tile_map
from tedori.services.datasets.queries import public, versions
from tedori.services.datasets.queries.catalogue import Record, records
from tedori.services.datasets.queries.outlines import outlines
from tedori.services.datasets.queries.quality import Rate, missing_table
from tedori.services.datasets.queries.rows import page as page_of_rows
from tedori.services.datasets.queries.rows import sample
from tedori.services.datasets.rules.admission import DATA_CLASSES
from tedori.services.datasets.rules.words import DEMANDS, WORDS, edition, title

PER_PAGE = 100
SAMPLED = 8


@audience("public")
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """One dataset over all publishers: what it is, who has it, how good it is, where to get it."""
    found = [record for record in records() if record.version.slug == slug]
    listed = _publishers(found)
    if request.GET.get("format") == "csv":
        return sheet(listed, name=slug)
    public_versions = [record.version for record in found]
    shown = sample(public_versions[:SAMPLED])
    names = {record.version.organisation: record.place.name for record in found}
    context = {
        "slug": slug,
        "words": WORDS.get(slug),
        "definition": definition(slug),
        "crumbs": (Crumb(_("データをさがす"), reverse("datasets:catalogue")), Crumb(title(slug))),
        "found": found,
        "municipalities": sum(not record.place.own for record in found),
        "rows": sum(version.rows for version in public_versions),
        "updated": day(max((version.published_at for version in public_versions), default=None)),
        "score": _mean_score(found),
        "licences": sorted({str(licence_label(version.licence)) for version in public_versions}),
        "downloads": downloads(slug),
        "publishers": listed,
        "tiles": tile_map(
            _("区市町村ごとの品質（点）。選ぶと、その自治体のデータに移ります。"),
            points={one.place.code: one.version.score for one in found},
            address=_record_address(slug),
        ),
        "sample": [(names.get(code, code), code, row) for code, row in shown],
        "reuses": public.reuses(slug),
        "jsonld": dataset_jsonld(request, slug, found),
    }
    counted(request, slug, kind=PAGE)
    return render(request, "datasets/public/dataset.html", context)


def _record_address(slug: str):
    return lambda code: reverse("datasets:record", args=[slug, code])


def _mean_score(found: list[Record]) -> float | None:
    return sum(record.version.score for record in found) / len(found) if found else None


def _publishers(found: list[Record]) -> Table:
    columns = (
        Column(_("自治体・組織")),
        Column(_("団体コード"), "code"),
        Column(_("件数"), "number"),
        Column(_("品質")),
        Column(_("項目名の版")),
        Column(_("利用条件"), "code"),
        Column(_("更新日"), "date"),
        Column("CSV"),
    )
    rows = tuple(
        (
            Link(record.place.name, reverse("datasets:record", args=[v.slug, v.organisation])),
            v.organisation,
            v.rows,
            score_status(v.score),
            edition(v.edition),
            v.licence,
            day(v.published_at),
            Link("CSV", downloads(v.slug, code=v.organisation)[0].url),
        )
        for record in sorted(found, key=lambda one: (not one.place.own, one.place.code))
        for v in (record.version,)
    )
    return Table(_("公開している自治体・組織"), columns, rows, "?format=csv")


@audience("public")
def record(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One publisher's dataset: record, quality, rows in table and map, downloads, provenance, history."""
    found = next((r for r in records() if (r.version.slug, r.version.organisation) == (slug, code)), None)
    history = versions.version_history(slug, code)
    if found is None:
        return _ended(request, slug, code, history)
    number = _number(request.GET.get("page"), last=-(-found.version.rows // PER_PAGE))
    shown = page_of_rows(found.version, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    context = _described(found) | {
        "shown": shown,
        "pages": Pages(shown.rows, number, PER_PAGE, found.version.rows),
        "downloads": downloads(slug, code=code),
        "rates": _rates(_item_rates(found)),
        "history": _history(history),
        "outlines": reverse("api-outlines") if outlines() else "",
        "jsonld": record_jsonld(request, found),
    }
    counted(request, slug, kind=PAGE)
    return render(request, "datasets/public/record.html", context)


def _described(found: Record) -> dict[str, object]:
    version = found.version
    return {
        "slug": version.slug,
        "code": version.organisation,
        "record": found,
        "version": version,
        "card": found.card,
        "title": found.short_title,
        "crumbs": (
            Crumb(_("データをさがす"), reverse("datasets:catalogue")),
            Crumb(title(version.slug), reverse("datasets:dataset", args=[version.slug])),
            Crumb(found.place.name),
        ),
        "score": score_status(version.score),
        "updated": day(version.published_at),
        "edition": edition(version.edition),
        "licence": licence_label(version.licence),
        "data_class": DATA_CLASSES.get(found.data_class, found.data_class),
    }


def _item_rates(found: Record) -> list[Rate]:
    quality = missing_table(found.version.slug, codes=[found.version.organisation])
    rates = quality.rows[0].rates if quality.rows else ()
    return [
        Rate(item.name, item.demand, *_filled(rate, found.version.rows), item.target)
        for item, rate in zip(quality.items, rates, strict=False)
    ]


def _number(given: str | None, *, last: int) -> int:
    wanted = whole(given, default=1)
    return min(max(wanted, 1), max(last, 1))


def _filled(rate: float | None, rows: int) -> tuple[int, int]:
    return (0, 0) if rate is None else (round((1 - rate) * rows), rows)


def _rates(rates: list[Rate]) -> Table:
    columns = (
        Column(_("項目")),
        Column(_("区分")),
        Column(_("欠損率"), "number"),
        Column(_("目標"), "number"),
    )
    rows = tuple((r.name, DEMANDS[r.demand], percent(r.rate), percent(r.target)) for r in rates)
    return Table(_("項目ごとの欠損率"), columns, rows)


def _history(history: tuple) -> Table:
    columns = (
        Column(_("版"), "number"),
        Column(_("公開日"), "date"),
        Column(_("承認・公開")),
        Column(_("件数"), "number"),
        Column(_("追加"), "number"),
        Column(_("削除"), "number"),
        Column(_("変更"), "number"),
        Column(_("品質"), "number"),
        Column(_("状態")),
    )
    states = {"published": _("公開中"), "superseded": _("新しい版に交代"), "retracted": _("取り下げ")}
    rows = tuple(
        (
            v.number,
            day(v.published_at),
            v.published_by,
            v.rows,
            *(v.difference.get(part) for part in ("added", "removed", "changed")),
            round(v.score, 1),
            " ".join(str(text) for text in (states.get(v.state, v.state), v.ended_because) if text),
        )
        for v in history
    )
    return Table(_("公開の履歴"), columns, rows)


def _ended(request: HttpRequest, slug: str, code: str, history: tuple) -> HttpResponse:
    """The page of what was public once; what never was is not found."""
    if not history:
        raise Http404
    context = {
        "slug": slug,
        "title": title(slug),
        "crumbs": (Crumb(title(slug), reverse("datasets:dataset", args=[slug])), Crumb(code)),
        "history": _history(history),
    }
    return render(request, "datasets/public/ended.html", context, status=410)


@audience("public")
def items(request: HttpRequest, slug: str) -> HttpResponse:
    """The items of a dataset: order, demand, type, allowed values, and their names in other editions."""
    found = definition(slug)
    columns = (
        Column(_("項目名")),
        Column(_("英字名")),
        Column(_("区分")),
        Column(_("型"), "code"),
        Column(_("許される値")),
        Column(_("2017年テンプレートでの名前")),
    )
    rows = tuple(
        (
            item.name,
            item.english,
            DEMANDS[item.demand],
            item.kind,
            "／".join(item.codes.values) if item.codes else "",
            item.legacy,
        )
        for item in found.items
    )
    table = Table(_("項目の定義"), columns, rows, "?format=csv")
    if request.GET.get("format") == "csv":
        return sheet(table, name=f"{slug}-items")
    context = {
        "slug": slug,
        "words": WORDS.get(slug),
        "definition": found,
        "table": table,
        "editions": [(edition(one.name), one.header) for one in found.editions],
        "crumbs": (
            Crumb(_("データをさがす"), reverse("datasets:catalogue")),
            Crumb(title(slug), reverse("datasets:dataset", args=[slug])),
            Crumb(_("項目の定義")),
        ),
    }
    return render(request, "datasets/public/items.html", context)


urls = [
    path("datasets/<dataset:slug>/", dataset, name="dataset"),
    path("datasets/<dataset:slug>/items/", items, name="items"),
    path("datasets/<dataset:slug>/<slug:code>/", record, name="record"),
]
