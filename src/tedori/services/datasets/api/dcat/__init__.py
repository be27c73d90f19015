"""`/dcat`: the catalogue in the words of DCAT-AP, as Turtle and JSON-LD, for other catalogues."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tedori.services.datasets.api.answers import interface
from tedori.services.datasets.api.dcat.documents import catalogue_document, dataset_document
from tedori.services.datasets.rules.asking import BadParameter, whole

KINDS = {"ttl": "text/turtle; charset=utf-8", "jsonld": "application/ld+json"}


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _kind(request: HttpRequest, ending: str) -> str:
    """By the ending of the address, else by what the caller accepts."""
    return ending or ("jsonld" if "json" in request.headers.get("Accept", "") else "ttl")


def _answer(body: bytes, kind: str) -> HttpResponse:
    return HttpResponse(body, content_type=KINDS[kind], headers={"Vary": "Accept, Accept-Language"})


@interface
def catalogue(request: HttpRequest, ending: str = "") -> HttpResponse:
    """One page of the catalogue."""
    given = request.GET.get("page", "1")
    page = whole(given)
    if not page:
        raise BadParameter(name="page", value=given[:40], example="page=1", where="page")
    kind = _kind(request, ending)
    return _answer(catalogue_document(_site(request), kind=kind, page=page), kind)


@interface
def dataset(request: HttpRequest, slug: str, code: str = "", ending: str = "") -> HttpResponse:
    """One dataset with its parts, or one part."""
    kind = _kind(request, ending)
    return _answer(dataset_document(_site(request), kind=kind, slug=slug, code=code), kind)


doors = [
    path("dcat/catalog", catalogue),
    path("dcat/datasets/<slug:slug>", dataset),
    path("dcat/datasets/<slug:slug>/<slug:code>", dataset),
]
for _ending in KINDS:
    doors += [
        path(f"dcat/catalog.{_ending}", catalogue, {"ending": _ending}),
        path(f"dcat/datasets/<slug:slug>.{_ending}", dataset, {"ending": _ending}),
        path(f"dcat/datasets/<slug:slug>/<slug:code>.{_ending}", dataset, {"ending": _ending}),
    ]
