"""The municipalities: all as a list and a map, and one with its datasets beside its neighbours."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from tedori.kernel.organisations.audiences import audience
from tedori.kernel.pages.sheets import sheet
from tedori.kernel.pages.values import Column, Crumb, Link, Table, TileMap
from tedori.services.datasets.pages.links import day, score_status
from tedori.services.datasets.pages.tiles import tile_map
from tedori.services.datasets.queries.places import neighbours
from tedori.services.datasets.queries.places import place as place_of
from tedori.services.datasets.queries.public import requests
from tedori.services.datasets.queries.quality import Matrix, MatrixRow, grid
from tedori.services.datasets.rules.words import edition, title


def address(code: str) -> str:
    """The page of a publisher."""
    return reverse("datasets:place", args=[code])


@audience("public")
def places(request: HttpRequest) -> HttpResponse:
    """Every publisher: how many of the datasets it has, and how good they are."""
    matrix = grid()
    table = _all(matrix)
    if request.GET.get("format") == "csv":
        return sheet(table, name="municipalities")
    context = {
        "crumbs": (Crumb(_("自治体から探す")),),
        "table": table,
        "tiles": tile_map(
            _("区市町村ごとの品質の平均（点）"),
            points={row.place.code: row.score for row in matrix.rows if row.score is not None},
            address=address,
        ),
    }
    return render(request, "datasets/public/places.html", context)


def picture() -> TileMap | None:
    """The map for the front page: how many of the 27 each municipality publishes; None while nobody does."""
    matrix = grid()
    counts = {row.place.code: row.published for row in matrix.municipal if row.published}
    if not counts:
        return None
    share = {code: 100 * count / len(matrix.slugs) for code, count in counts.items()}
    drawn = tile_map(_("区市町村ごとの公開データの数（27のうち）"), points=share, address=address)
    labelled = tuple(
        replace(tile, label=str(round(float(tile.label) * len(matrix.slugs) / 100))) if tile.url else tile
        for tile in drawn.tiles
    )
    return replace(drawn, tiles=labelled, scale=())


def _all(matrix: Matrix) -> Table:
    columns = (
        Column(_("自治体・組織")),
        Column(_("団体コード"), "code"),
        Column(_("公開数"), "number"),
        Column(_("件数"), "number"),
        Column(_("品質の平均")),
        Column(_("最新の更新"), "date"),
    )
    rows = tuple(
        (
            Link(row.place.name, address(row.place.code)),
            row.place.code,
            row.published,
            sum(cell.rows for cell in row.cells if cell),
            score_status(row.score) if row.score is not None else None,
            _latest(row),
        )
        for row in matrix.rows
    )
    return Table(_("自治体・組織の一覧"), columns, rows, "?format=csv")


def _latest(row: MatrixRow) -> str:
    return day(max((cell.updated_at for cell in row.cells if cell), default=None))


@audience("public")
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One publisher: its datasets, what is still missing, and its neighbours."""
    found = place_of(code)
    matrix = grid(codes=[code])
    if found is None or not matrix.rows:
        raise Http404
    table = _datasets(matrix)
    if request.GET.get("format") == "csv":
        return sheet(table, name=f"{code}-datasets")
    row = matrix.rows[0]
    context = {
        "place": found,
        "row": row,
        "total": len(matrix.slugs),
        "rows": sum(cell.rows for cell in row.cells if cell),
        "updated": _latest(row),
        "table": table,
        "neighbours": neighbours(code),
        "requests": requests(organisation=code)[:5],
        "crumbs": (Crumb(_("自治体から探す"), reverse("datasets:places")), Crumb(found.name)),
    }
    return render(request, "datasets/public/place.html", context)


def _datasets(matrix: Matrix) -> Table:
    columns = (
        Column(_("データセット")),
        Column(_("品質")),
        Column(_("件数"), "number"),
        Column(_("項目名の版")),
        Column(_("更新日"), "date"),
    )
    row = matrix.rows[0]
    rows = tuple(
        (
            Link(title(slug), reverse("datasets:record", args=[slug, row.place.code])),
            score_status(cell.score),
            cell.rows,
            edition(cell.edition),
            day(cell.updated_at),
        )
        if cell
        else (title(slug), None, None, None, None)
        for slug, cell in zip(matrix.slugs, row.cells, strict=True)
    )
    return Table(_("27のデータセット"), columns, rows, "?format=csv")


urls = [
    path("datasets/places/", places, name="places"),
    path("datasets/places/<slug:code>/", place, name="place"),
]
