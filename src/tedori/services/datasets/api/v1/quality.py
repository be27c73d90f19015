"""The quality matrix and missing rates."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from tedori.services.datasets.api.naming import pair
from tedori.services.datasets.api.v1 import schemas
from tedori.services.datasets.api.v1.datasets import Municipality, Slug, known
from tedori.services.datasets.api.v1.house import extra, told
from tedori.services.datasets.queries.places import places
from tedori.services.datasets.queries.quality import MatrixRow, grid, missing_table, trend
from tedori.services.datasets.queries.values import Cell
from tedori.services.datasets.rules.asking import codes

router = Router(tags=["quality"])


@router.get(
    "/quality",
    response=schemas.Matrix,
    summary="品質マトリクス / Quality matrix",
    description=told(
        "発行者×データセットの公開状況と品質です。東京都が先頭です。",
        "Who publishes what, and how good it is; the Metropolis first.",
    ),
    openapi_extra=extra(422),
)
def matrix(request: HttpRequest, municipality: Municipality = "") -> dict:
    """The whole matrix, or the lines of some publishers."""
    chosen = [code for code in codes(municipality) if code in places()]
    whole = grid()
    shown = grid(codes=chosen) if municipality else whole
    return {
        "datasets": list(whole.slugs),
        "covered": whole.covered,
        "publishers": [_line(row) for row in shown.rows],
    }


def _line(row: MatrixRow) -> dict:
    return {
        "municipality": row.place.code,
        "name": pair(row.place.name),
        "published": row.published,
        "score": row.score,
        "datasets": [_cell(cell) for cell in row.cells if cell],
    }


def _cell(cell: Cell) -> dict:
    return {
        "dataset": cell.slug,
        "version": cell.number,
        "edition": cell.edition,
        "rows": cell.rows,
        "score": cell.score,
        "updated_at": cell.updated_at,
    }


@router.get(
    "/datasets/{slug}/missing",
    response=schemas.Missing,
    summary="欠損率 / Missing rates",
    description=told(
        "項目ごと・発行者ごとの欠損率と、目標、推移です。",
        "Missing rates per item and publisher, with target and trend.",
    ),
    openapi_extra=extra(404, 422),
)
def missing(request: HttpRequest, slug: Slug, municipality: Municipality = "") -> dict:
    """Missing rates of one dataset."""
    chosen = [code for code in codes(municipality) if code in places()]
    table = missing_table(known(slug), codes=chosen or None)
    names = [rate.name for rate in table.items]
    return {
        "dataset": slug,
        "target": table.target,
        "items": [
            {
                "item": rate.name,
                "demand": rate.demand,
                "rate": rate.rate,
                "target": rate.target,
                "filled": rate.filled,
                "rows": rate.rows,
            }
            for rate in table.items
        ],
        "publishers": [
            {
                "municipality": row.place.code,
                "name": pair(row.place.name),
                "overall": row.overall,
                "items": dict(zip(names, row.rates, strict=True)),
            }
            for row in table.rows
            if not municipality or row.place.code in chosen
        ],
        "trend": [{"day": day, "rate": rate} for day, rate in trend(slug)],
    }
