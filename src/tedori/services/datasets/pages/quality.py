"""Quality in public: the matrix, Tokyo's own first, missing rates with trend and target, neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.pages import charts
from tedori.kernel.pages.heat import heat
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Chart, Column, Crumb, Link, Table
from tedori.services.datasets.pages.links import day, level, percent
from tedori.services.datasets.pages.missing import met_status
from tedori.services.datasets.pages.tiles import SCALE
from tedori.services.datasets.queries import quality as readings
from tedori.services.datasets.queries.places import Place
from tedori.services.datasets.queries.values import Cell
from tedori.services.datasets.rules.words import edition, title

SHOWN = {
    "score": gettext_lazy("品質（点）"),
    "exists": gettext_lazy("公開の有無"),
    "edition": gettext_lazy("項目名の版"),
    "updated": gettext_lazy("更新日"),
    "rows": gettext_lazy("件数"),
}
SHORT_EDITIONS = {
    "current": gettext_lazy("現行"),
    "legacy-2017": gettext_lazy("2017"),
    "data-model": gettext_lazy("モデル"),
    "english": gettext_lazy("英字"),
    "free": gettext_lazy("独自"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the drawn matrix: its text, its step on the heat scale, its link and all it knows."""

    text: str | Promise
    level: int
    url: str
    full: str


@dataclass(frozen=True, slots=True)
class Line:
    """One publisher's line of the drawn matrix."""

    place: Place
    fields: tuple[Field | None, ...]
    published: int
    score: float | None


@audience("public")
def matrix(request: HttpRequest) -> HttpResponse:
    """The matrix publisher × dataset, in one of five readings; `?format=csv` has all of them."""
    found = readings.grid()
    if request.GET.get("format") == "csv":
        return sheet(matrix_table(found), name="matrix")
    shown = request.GET.get("show", "score")
    shown = shown if shown in SHOWN else "score"
    context = {
        "crumbs": (Crumb(_("品質")),),
        "matrix": found,
        "own": lines(found.own, shown=shown, slugs=found.slugs),
        "lines": lines(found.municipal, shown=shown, slugs=found.slugs),
        "heads": [(slug, title(slug)) for slug in found.slugs],
        "shown": shown,
        "readings": tuple(SHOWN.items()),
        "covered": percent(found.covered),
        "coverage": _coverage(found),
        "rates": _dataset_rates(),
        "heat": _heat(found),
        "scale": SCALE,
    }
    return render(request, "datasets/public/matrix.html", context)


def lines(rows: Sequence[readings.MatrixRow], *, shown: str, slugs: Sequence[str]) -> tuple[Line, ...]:
    """The lines of the matrix as drawn."""
    return tuple(
        Line(
            row.place,
            tuple(_field(cell, shown) if cell else None for cell in row.cells),
            row.published,
            row.score,
        )
        for row in rows
    )


def _field(cell: Cell, shown: str) -> Field:
    texts = {
        "score": str(round(cell.score)),
        "exists": "✓",
        "edition": SHORT_EDITIONS.get(cell.edition, cell.edition),
        "updated": day(cell.updated_at)[2:7],
        "rows": str(cell.rows),
    }
    full = _("%(title)s %(score)s点 %(edition)s %(day)s %(rows)s件") % {
        "title": title(cell.slug),
        "score": round(cell.score),
        "edition": edition(cell.edition),
        "day": day(cell.updated_at),
        "rows": cell.rows,
    }
    return Field(
        texts[shown], level(cell.score), reverse("datasets:record", args=[cell.slug, cell.organisation]), full
    )


def matrix_table(found: readings.Matrix) -> Table:
    """The matrix as one row per publisher and dataset, with everything known."""
    columns = (
        Column(_("団体コード"), "code"),
        Column(_("自治体・組織")),
        Column(_("データセット"), "code"),
        Column(_("名称")),
        Column(_("公開の有無"), "number"),
        Column(_("項目名の版")),
        Column(_("更新日")),
        Column(_("品質（点）"), "number"),
        Column(_("件数"), "number"),
        Column(_("版"), "number"),
    )
    rows = tuple(
        (row.place.code, str(row.place.name), slug, str(title(slug)), *_known(cell))
        for row in found.rows
        for slug, cell in zip(found.slugs, row.cells, strict=True)
    )
    return Table(_("公開状況"), columns, rows)


def _known(cell: Cell | None) -> tuple:
    if cell is None:
        return (0, None, None, None, None, None)
    return (1, cell.edition, day(cell.updated_at), cell.score, cell.rows, cell.number)


def _coverage(found: readings.Matrix) -> Chart:
    rows = [(str(title(slug)), count) for slug, count in found.coverage()]
    return charts.bar(
        _("データセットごとの公開自治体数（62のうち）"),
        rows=rows,
        header=(_("データセット"), _("自治体の数")),
        limit=62,
    )


def _dataset_rates() -> Table:
    columns = (
        Column(_("データセット")),
        Column(_("欠損率"), "number"),
        Column(_("目標"), "number"),
        Column(_("達成")),
    )
    rows = tuple(
        (
            Link(title(rate.name), reverse("datasets:missing", args=[rate.name])),
            percent(rate.rate),
            percent(rate.target),
            met_status(rate),
        )
        for rate in readings.dataset_rates()
    )
    return Table(_("必須・推奨項目の欠損率と目標"), columns, rows)


def _heat(found: readings.Matrix) -> Chart:
    cells = [
        (str(row.place.name), str(title(slug)), cell.score / 100 if cell else None)
        for row in found.rows
        for slug, cell in zip(found.slugs, row.cells, strict=True)
    ]
    header = (_("自治体・組織"), *(str(title(slug)) for slug in found.slugs))
    return heat(_("品質の濃淡図（濃いほど高い。＋は未公開）"), cells=cells, header=header)


@audience("public")
def beside(request: HttpRequest, code: str) -> HttpResponse:
    """One municipality and its neighbours, side by side, for every dataset."""
    found = readings.beside(code)
    if not found.rows:
        raise Http404
    table = _beside_table(found)
    if request.GET.get("format") == "csv":
        return sheet(table, name=f"{code}-beside")
    context = {
        "place": found.rows[0].place,
        "table": table,
        "crumbs": (Crumb(_("品質"), reverse("datasets:quality")), Crumb(found.rows[0].place.name)),
    }
    return render(request, "datasets/public/beside.html", context)


def _beside_table(found: readings.Matrix) -> Table:
    columns = (Column(_("データセット")), *(Column(row.place.name, "number") for row in found.rows))
    scores = tuple(
        (
            str(title(slug)),
            *(round(row.cells[place].score) if row.cells[place] else None for row in found.rows),
        )
        for place, slug in enumerate(found.slugs)
    )
    published = (_("公開数"), *(row.published for row in found.rows))
    means = (_("品質の平均"), *(None if row.score is None else round(row.score) for row in found.rows))
    return Table(_("となりの自治体との比較（品質、点）"), columns, (published, means, *scores), "?format=csv")


urls = [
    path("datasets/quality/", matrix, name="quality"),
    path("datasets/quality/beside/<slug:code>/", beside, name="beside"),
]
