"""The public catalogue: search with facets, and the 27 datasets by theme when nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tedori.engines.tabular.definitions import standard
from tedori.kernel.organisations.audiences import audience
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Column, Link, Table, page_of
from tedori.services.datasets.pages.links import FACETS, day, facet_label, licence_label, score_status
from tedori.services.datasets.queries.catalogue import Choice, Record, SearchResult, search
from tedori.services.datasets.queries.versions import catalogue as entries
from tedori.services.datasets.rules.admission import DATA_CLASSES
from tedori.services.datasets.rules.words import THEMES, WORDS, edition

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value of a facet as a link that chooses it, or gives it up."""

    label: str | Promise
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values; `chosen` is the label of the value in force."""

    label: str | Promise
    links: tuple[FacetLink, ...]
    chosen: str | Promise


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """One of the 27 on the front of the catalogue."""

    slug: str
    title: str | Promise
    text: str | Promise
    organisations: int
    rows: int


@audience("public")
def catalogue(request: HttpRequest) -> HttpResponse:
    """Search the public datasets; `?format=csv` gives the whole result as a table."""
    text = request.GET.get("q", "").strip()
    order = request.GET.get("sort", "")
    chosen = {name: request.GET.get(name, "") for name in FACETS}
    found = search(text, chosen=chosen, now=timezone.now(), order=order)
    if request.GET.get("format") == "csv":
        return sheet(_table(found), name="catalogue")
    asked = bool(text or any(chosen.values()) or order or "page" in request.GET)
    context = {
        "q": text,
        "order": order,
        "asked": asked,
        "chosen": {name: value for name, value in chosen.items() if value},
        "facets": _facets(request, found),
        "found": found,
        "pages": page_of(found.records, number=request.GET.get("page"), size=PER_PAGE),
        "themes": () if asked else _themes(),
        "csv": _without(request, "page", format="csv"),
    }
    context["rows"] = [_row(record) for record in context["pages"].rows]
    return render(request, "datasets/public/catalogue.html", context)


def _row(record: Record) -> dict[str, object]:
    version, card = record.version, record.card
    return {
        "record": record,
        "score": score_status(version.score),
        "updated": day(version.published_at),
        "edition": edition(version.edition),
        "licence": licence_label(version.licence),
        "private": record.data_class == "private",
        "class": DATA_CLASSES.get(record.data_class, record.data_class),
        "steward": card.steward if card else "",
    }


def _facets(request: HttpRequest, found: SearchResult) -> tuple[Facet, ...]:
    return tuple(_facet(request, name, choices) for name, choices in found.facets.items())


def _facet(request: HttpRequest, name: str, choices: tuple[Choice, ...]) -> Facet:
    links = tuple(
        FacetLink(
            facet_label(name, choice.value),
            choice.count,
            choice.chosen,
            _without(request, "page", name, **({} if choice.chosen else {name: choice.value})),
        )
        for choice in choices
    )
    return Facet(FACETS[name], links, next((link.label for link in links if link.chosen), ""))


def _without(request: HttpRequest, *names: str, **added: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    for name, value in added.items():
        query[name] = value
    return f"?{query.urlencode()}" if query else request.path


def _themes() -> tuple[tuple[str | Promise, tuple[DatasetEntry, ...]], ...]:
    known = {entry.slug: entry for entry in entries()}
    shown = [
        DatasetEntry(
            slug,
            WORDS[slug].title,
            WORDS[slug].text,
            len(known[slug].organisations) if slug in known else 0,
            known[slug].rows if slug in known else 0,
        )
        for slug in standard()
        if slug in WORDS
    ]
    return tuple(
        (label, tuple(entry for entry in shown if WORDS[entry.slug].theme == theme))
        for theme, label in THEMES.items()
    )


def _table(found: SearchResult) -> Table:
    columns = (
        Column(_("名称")),
        Column(_("データセット"), "code"),
        Column(_("団体コード"), "code"),
        Column(_("自治体・組織")),
        Column(_("件数"), "number"),
        Column(_("品質"), "number"),
        Column(_("項目名の版")),
        Column(_("利用条件")),
        Column(_("データの区分")),
        Column(_("担当")),
        Column(_("更新日")),
        Column(_("版"), "number"),
    )
    return Table(_("検索結果"), columns, tuple(_table_row(record) for record in found.records))


def _table_row(record: Record) -> tuple:
    version = record.version
    return (
        Link(str(record.title), ""),
        version.slug,
        version.organisation,
        str(record.place.name),
        version.rows,
        version.score,
        version.edition,
        version.licence,
        record.data_class,
        version.steward,
        day(version.published_at),
        version.number,
    )


urls = [path("datasets/", catalogue, name="catalogue")]
