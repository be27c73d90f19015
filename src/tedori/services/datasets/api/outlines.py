"""The outlines of the municipalities, for maps."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tedori.services.datasets.api.answers import interface
from tedori.services.datasets.queries.outlines import outlines

NONE = b'{"type":"FeatureCollection","features":[]}'


@interface
def outline_file(request: HttpRequest) -> HttpResponse:
    """The imported outlines; an empty collection when there are none, so that a map just lacks them."""
    return HttpResponse(outlines() or NONE, content_type="application/geo+json")


doors = [path("api/v1/outlines.geojson", outline_file, name="api-outlines")]
