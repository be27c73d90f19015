"""Whole datasets as files."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Path, Query, Router

from tedori.kernel.pages.sending import streamed
from tedori.services.datasets.api.answers import marked, unchanged
from tedori.services.datasets.api.files import chunks
from tedori.services.datasets.api.usage import downloaded
from tedori.services.datasets.api.v1.datasets import Slug, known
from tedori.services.datasets.api.v1.house import extra, told
from tedori.services.datasets.pages.jsonld import MEDIA
from tedori.services.datasets.queries.exporting import export
from tedori.services.datasets.rules.asking import codes
from tedori.services.datasets.rules.errors import NotFound

router = Router(tags=["datasets"])
Kind = Annotated[
    Literal["csv", "xlsx", "geojson", "parquet"], Path(description="形式 / format", example="csv")
]
Municipality = Annotated[
    str,
    Query(description="団体コード（, で複数）。なければ全部 / codes; without, all", example="131016"),
]
BINARY = {"type": "string", "format": "binary"}
COLLECTION = {"type": "object", "required": ["type", "features"]}
CONTENTS = {media: {"schema": COLLECTION if kind == "geojson" else BINARY} for kind, media in MEDIA.items()}


@router.get(
    "/datasets/{slug}/download.{kind}",
    summary="ファイル / Files",
    description=told(
        "データセット全体を1つのファイルで返します。列は標準の項目、extra:（標準にない列）、出どころの順です。"
        "CSVとExcelでは、数式として動く文字列の前に ' を付けます。",
        "A whole dataset as one file. Columns: standard items, extra: columns, where the row comes from. In "
        "CSV and Excel a text that would run as a formula has an apostrophe before it.",
    ),
    openapi_extra=extra(404, 413, 422, content=CONTENTS),
)
def download(
    request: HttpRequest, slug: Slug, kind: Kind, municipality: Municipality = ""
) -> HttpResponse | StreamingHttpResponse:
    """One file, streamed."""
    chosen = codes(municipality)
    found = export(known(slug), organisations=chosen)
    if chosen and not found.versions:
        raise NotFound(where=municipality[:80])
    etag = f'W/"{found.etag}-{kind}"'
    if (same := unchanged(request, etag)) is not None:
        return same
    pieces = chunks(found, kind)
    downloaded(request, slug)
    response = streamed(request, pieces, kind=MEDIA[kind])
    stem = f"{chosen[0]}_{slug}" if len(chosen) == 1 else slug
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{kind}"'
    return marked(response, etag)
