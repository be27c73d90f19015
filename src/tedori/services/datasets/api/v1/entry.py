"""The entry of the interface: where everything is, and the outlines for maps."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from tedori.services.datasets.api.v1.house import extra, told
from tedori.services.datasets.api.v1.schemas import Entry

router = Router()
LINKS = {
    "docs": "/api/v1/docs",
    "openapi": "/api/v1/openapi.json",
    "datasets": "/api/v1/datasets",
    "publishers": "/api/v1/publishers",
    "changes": "/api/v1/changes",
    "quality": "/api/v1/quality",
    "outlines": "/api/v1/outlines.geojson",
    "ogc": "/ogc/",
    "ckan": "/api/3/action/site_read",
    "dcat": "/dcat/catalog.ttl",
}


@router.get(
    "/",
    response=Entry,
    summary="入口 / Entry",
    description=told("すべての入口の一覧です。", "Where everything is."),
    openapi_extra=extra(),
)
def entry(request: HttpRequest) -> dict:
    """Where everything is."""
    return {
        "title": "Tedori",
        "links": {name: request.build_absolute_uri(path) for name, path in LINKS.items()},
    }
