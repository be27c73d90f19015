"""Rows through Django: the same answers as the hot door gives, and their description."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from tedori.services.datasets.api.answers import marked, unchanged
from tedori.services.datasets.api.forms import CONTENT
from tedori.services.datasets.api.hot import etag_of, paged, parameters
from tedori.services.datasets.api.usage import counted
from tedori.services.datasets.api.v1.datasets import Slug, known
from tedori.services.datasets.api.v1.house import extra, told
from tedori.services.datasets.queries.shelving import SHELVES
from tedori.services.datasets.rules.asking import FORMATS, MOST, USUAL, asked

router = Router(tags=["datasets"])


def _parameter(name: str, ja: str, en: str, example: Any, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": told(ja, en),
        "schema": {"type": "string", **schema},
        "example": example,
    }


PARAMETERS = [
    _parameter("municipality", "発行者の団体コード（, で複数）", "codes of publishers", "131016,132012"),
    _parameter("bbox", "西,南,東,北（度）", "west,south,east,north in degrees", "139.70,35.66,139.80,35.72"),
    _parameter(
        "near", "緯度,経度,メートル。近い順", "latitude,longitude,metres; nearest first", "35.68,139.76,500"
    ),
    _parameter("text", "どれかの項目に含まれる言葉", "words that any item holds", "図書館", maxLength=300),
    _parameter(
        "changed_since", "この日時より後に公開された版の行", "rows of versions published later", "2026-04-01"
    ),
    _parameter("fields", "返す項目（, で複数）", "items to give, parted by commas", "名称,緯度,経度"),
    _parameter("format", "返す形", "the form of the answer", "json", enum=list(FORMATS)),
    _parameter("limit", "件数", "how many", USUAL, type="integer", minimum=1, maximum=MOST),
    _parameter("cursor", "前の答えの next にある値", "the value in the next of the answer before", ""),
    {
        "name": "item",
        "in": "query",
        "required": False,
        "style": "form",
        "explode": True,
        "description": told("項目名=値。ほかの条件と同時に使える", "item=value, besides other conditions"),
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        "example": {"名称": "中央図書館"},
    },
]
_ROW = {"type": "object", "additionalProperties": True}
_PLACE = {"type": ["object", "null"]}
CONTENTS = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["dataset", "matched", "next", "rows"],
            "properties": {
                "dataset": {"type": "string"},
                "matched": {"type": "integer"},
                "next": {
                    "type": ["string", "null"],
                    "description": "続きのアドレス / address of the next page",
                },
                "rows": {"type": "array", "items": _ROW},
            },
        },
        "example": {
            "dataset": "aed",
            "matched": 1,
            "next": None,
            "rows": [{"名称": "千代田区役所", "_organisation": "131016", "_version": 1, "_row": 2}],
        },
    },
    "application/geo+json": {
        "schema": {
            "type": "object",
            "required": ["type", "features", "numberMatched", "numberReturned"],
            "properties": {
                "type": {"const": "FeatureCollection"},
                "features": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"geometry": _PLACE, "properties": _ROW}},
                },
            },
        }
    },
    "application/x-ndjson": {"schema": {"type": "string"}},
    "text/csv": {"schema": {"type": "string"}},
}


@router.get(
    "/datasets/{slug}/rows",
    summary="行 / Rows",
    description=told(
        "条件に合う行を、発行者コードと行の鍵の順に返します。続きは next（Link ヘッダーにも）をたどります。"
        "各行の後ろに _organisation（発行者）, _version（版）, _source（元ファイル）, _row（元の行番号）, "
        "_key, _lat, _lon が付きます。",
        "Rows that meet every condition, by publisher and key. Follow next (also a Link header) for more. "
        "Behind the items stand _organisation, _version, _source, _row, _key, _lat and _lon.",
    ),
    openapi_extra=extra(400, 404, content=CONTENTS, parameters=PARAMETERS),
)
def rows(request: HttpRequest, slug: Slug) -> HttpResponse:
    """The rows that answer the question in the address."""
    shelf = SHELVES.get(known(slug))
    etag = etag_of(shelf)
    if (same := unchanged(request, etag)) is not None:
        return same
    question = parameters(request.META.get("QUERY_STRING", "").encode("latin-1"))
    ask = asked(question, items=shelf.columns)
    page, link = paged(shelf, ask, question)
    counted(request, slug)
    response = HttpResponse(page, content_type=CONTENT[ask.format].decode())
    if link:
        response.headers["Link"] = link
    return marked(response, etag)
