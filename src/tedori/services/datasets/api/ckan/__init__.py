"""CKAN's action interface, for reading: what harvesters and ckanapi speak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tedori.services.datasets.api.answers import as_json, interface
from tedori.services.datasets.api.ckan import calling, datastore, listing, searching
from tedori.services.datasets.api.ckan.calling import Given, Refused, answered, failed, not_found
from tedori.services.datasets.api.usage import counted

Action = Callable[[Given, str], Any]


def help_show(given: Given, site: str) -> str:
    """What an action does."""
    name = given.need("name")
    if name not in ACTIONS:
        raise not_found(name)
    return ACTIONS[name].__doc__ or ""


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        listing.site_read,
        listing.status_show,
        listing.package_list,
        listing.package_show,
        listing.current_package_list_with_resources,
        listing.package_autocomplete,
        listing.resource_show,
        listing.organization_list,
        listing.organization_show,
        listing.group_list,
        listing.group_show,
        listing.tag_list,
        listing.tag_show,
        listing.license_list,
        searching.package_search,
        datastore.datastore_search,
        datastore.datastore_info,
        datastore.datastore_search_sql,
        help_show,
    )
}


def call(request: HttpRequest, action: str) -> HttpResponse:
    """Call an action; POST is read like GET, nothing is ever written."""
    if request.method not in {"GET", "POST"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS, POST"})
    if action not in ACTIONS:
        return as_json(f"Bad request - Action name not known: {action[:80]}", status=400)
    try:
        given = calling.given(request)
        result = ACTIONS[action](given, request.build_absolute_uri("/").rstrip("/"))
    except Refused as error:
        return failed(request, action, error.error, error.status)
    if action == "datastore_search":
        counted(request, _slug(given))
    return answered(request, action, result)


def _slug(given: Given) -> str:
    identity = given.text("resource_id") or given.text("id")
    found = searching.catalogue().resources.get(identity)
    return found[0].version.slug if found else identity


door = interface(call, refuse=calling.refused)
doors = [
    path(f"{place}action/<slug:action>", door) for place in ("api/3/", "api/", "ckan/api/3/", "ckan/api/")
]
