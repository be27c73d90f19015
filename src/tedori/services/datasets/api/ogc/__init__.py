"""`/ogc`: OGC API Features, so that maps and their tools read the datasets as layers."""

from django.urls import path

from tedori.services.datasets.api.ogc import describing, items, openapi

doors = [
    path("ogc/", describing.landing),
    path("ogc", describing.landing),
    path("ogc/conformance", describing.conformance),
    path("ogc/api", openapi.api),
    path("ogc/collections", describing.collections),
    path("ogc/collections/<slug:slug>", describing.collection),
    path("ogc/collections/<slug:slug>/queryables", describing.queryables),
    path("ogc/collections/<slug:slug>/schema", describing.schema),
    path("ogc/collections/<slug:slug>/items", items.items),
    path("ogc/collections/<slug:slug>/items/<path:feature>", items.item),
]
