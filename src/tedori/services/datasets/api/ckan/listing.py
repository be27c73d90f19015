"""CKAN's reading actions on packages, organisations, groups, tags, resources and licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tedori.services.datasets.api.ckan import packages
from tedori.services.datasets.api.ckan.calling import Given, not_found
from tedori.services.datasets.api.ckan.packages import (
    catalogue,
    identity,
    name_of,
    organisation_name,
    package,
)
from tedori.services.datasets.api.naming import theme
from tedori.services.datasets.queries.catalogue import Record
from tedori.services.datasets.queries.places import places
from tedori.services.datasets.rules.admission import LICENCES
from tedori.services.datasets.rules.search import fold
from tedori.services.datasets.rules.words import THEMES

MOST = 1000


def site_read(given: Given, site: str) -> bool:
    """Whether the site may be read: always."""
    return True


def status_show(given: Given, site: str) -> dict[str, Any]:
    """What answers here."""
    return {
        "ckan_version": "2.11",
        "site_title": "Tedori",
        "site_description": "東京都と区市町村の標準データセット",
        "site_url": site,
        "error_emails_to": None,
        "locale_default": "ja",
        "extensions": ["datastore"],
    }


def _slice(found: Sequence, given: Given, *, usual: int = MOST) -> list:
    offset, limit = given.number("offset", 0, most=10**9), given.number("limit", usual, most=MOST)
    return list(found[offset : offset + limit])


def package_list(given: Given, site: str) -> list[str]:
    """The names of all packages."""
    found = list(catalogue().packages)
    return _slice(found, given, usual=len(found)) if "limit" in given or "offset" in given else found


def package_show(given: Given, site: str) -> dict[str, Any]:
    """One package by name or id."""
    return package(found_package(given.need("id")), site=site)


def found_package(name: str) -> Record:
    """The package with this name or id; raises CKAN's Not Found Error."""
    known = catalogue()
    record = known.packages.get(name.lower()) or known.by_id.get(name)
    if record is None:
        raise not_found(name)
    return record


def current_package_list_with_resources(given: Given, site: str) -> list[dict[str, Any]]:
    """Packages with everything in them, newest first."""
    newest = sorted(
        catalogue().packages.values(), key=lambda one: (one.version.published_at, name_of(one)), reverse=True
    )
    return [package(record, site=site) for record in _slice(newest, given, usual=100)]


def package_autocomplete(given: Given, site: str) -> list[dict[str, str]]:
    """Packages whose name or title holds a text."""
    wanted = fold(given.text("q"))
    hits = []
    for name, record in catalogue().packages.items():
        full = packages.full_title(record)
        field = "title" if wanted in fold(full) else "name" if wanted in name else ""
        if field:
            hits.append({"name": name, "title": full, "match_field": field, "match_displayed": full})
    return hits[: given.number("limit", 10, most=100)]


def resource_show(given: Given, site: str) -> dict[str, Any]:
    """One file by its id."""
    name = given.need("id")
    found = catalogue().resources.get(name)
    if found is None:
        raise not_found(name)
    return packages.resource(*found, site=site)


def _counts(reader: Callable[[Record], Iterable[str]]) -> Counter[str]:
    return Counter(value for record in catalogue().packages.values() for value in reader(record))


def organization_list(given: Given, site: str) -> list[Any]:
    """Publishers, by name."""
    counts = _counts(lambda one: (one.version.organisation,))
    found = [
        packages.organisation(code, place) | {"package_count": counts[code]}
        for code, place in places().items()
    ]
    return _named(sorted(found, key=lambda one: one["name"]), given, only="organizations")


def _named(found: list[dict[str, Any]], given: Given, *, only: str) -> list[Any]:
    wanted = given.many(only)
    found = [one for one in found if not wanted or one["name"] in wanted or one["id"] in wanted]
    if given.text("sort").startswith("package_count"):
        found = sorted(found, key=lambda one: -one["package_count"])
    shown = _slice(found, given)
    return shown if given.flag("all_fields") else [one["name"] for one in shown]


def organization_show(given: Given, site: str) -> dict[str, Any]:
    """One publisher by name, code or id."""
    wanted = given.need("id")
    for code, place in places().items():
        if wanted in {code, organisation_name(code), identity("organization", code)}:
            own = [r for r in catalogue().packages.values() if r.version.organisation == code]
            return packages.organisation(code, place) | _holding(own, given, site)
    raise not_found(wanted)


def _holding(own: list[Record], given: Given, site: str) -> dict[str, Any]:
    found = {"package_count": len(own), "users": [], "extras": [], "groups": [], "tags": []}
    if given.flag("include_datasets"):
        found["packages"] = [package(record, site=site) for record in own[:MOST]]
    return found


def group_list(given: Given, site: str) -> list[Any]:
    """Themes, by name."""
    counts = _counts(lambda one: (theme(one.version.slug),))
    found = [packages.group(code) | {"package_count": counts[code]} for code in sorted(THEMES)]
    return _named(found, given, only="groups")


def group_show(given: Given, site: str) -> dict[str, Any]:
    """One theme by name or id."""
    wanted = given.need("id")
    for code in THEMES:
        if wanted in {code, identity("group", code)}:
            own = [r for r in catalogue().packages.values() if theme(r.version.slug) == code]
            return packages.group(code) | _holding(own, given, site)
    raise not_found(wanted)


def tag_list(given: Given, site: str) -> list[Any]:
    """Tags in use; with `query`, those that hold it."""
    wanted = fold(given.text("query"))
    found = [name for name in sorted(_counts(packages.tags)) if wanted in fold(name)]
    return [packages.tag(name) for name in found] if given.flag("all_fields") else found


def tag_show(given: Given, site: str) -> dict[str, Any]:
    """One tag by name or id."""
    wanted = given.need("id")
    for name in _counts(packages.tags):
        if wanted in {name, identity("tag", name)}:
            return packages.tag(name)
    raise not_found(wanted)


def license_list(given: Given, site: str) -> list[dict[str, Any]]:
    """Licences that data may be given under."""
    return [packages.licence_value(known) for known in LICENCES]
