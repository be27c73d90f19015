"""The rows of a dataset as features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlencode

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tedori.services.datasets.api.answers import address, interface, marked, unchanged
from tedori.services.datasets.api.forms import APART, collection, features_of
from tedori.services.datasets.api.hot import etag_of
from tedori.services.datasets.api.ogc import crs
from tedori.services.datasets.api.ogc.describing import GEOJSON, JSON, link, published_records
from tedori.services.datasets.api.usage import counted
from tedori.services.datasets.queries.filtering import rows_where
from tedori.services.datasets.queries.shelves import Shelf
from tedori.services.datasets.queries.shelving import SHELVES, Found, both, page
from tedori.services.datasets.rules.asking import BadParameter, UnknownParameter, opened, sealed, whole
from tedori.services.datasets.rules.cql2 import parsed
from tedori.services.datasets.rules.errors import NotFound

OWN = {
    "bbox", "bbox-crs", "crs", "limit", "offset", "cursor", "filter", "filter-lang", "filter-crs",
    "datetime", "f",
}  # fmt: skip
USUAL, MOST = 100, 10_000


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a collection; `rows` are those that meet every condition, None for all."""

    rows: np.ndarray | None
    crs: str
    limit: int
    offset: int
    cursor: str


@interface
def items(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of features."""
    published_records(slug)
    shelf = SHELVES.get(slug)
    etag = etag_of(shelf)
    if (same := unchanged(request, etag)) is not None:
        return same
    ask = _asked(shelf, request.GET.dict())
    found = _found(shelf, ask)
    counted(request, slug)
    body = collection(
        features_of(shelf, found.rows, points=_points(shelf, found.rows, ask.crs)),
        links=_links(request, slug, found),
        timeStamp=timezone.now().isoformat(timespec="seconds"),
        numberMatched=found.matched,
        numberReturned=len(found.rows),
    )
    return _features(body, ask.crs, etag)


@interface
def item(request: HttpRequest, slug: str, feature: str) -> HttpResponse:
    """One feature."""
    published_records(slug)
    for name in request.GET:
        if name not in {"crs", "f"}:
            raise UnknownParameter(name=name, where=name)
    shelf = SHELVES.get(slug)
    code, _, key = feature.partition(APART)
    row = shelf.find(code, key)
    if row is None:
        raise NotFound(where=feature[:200])
    wanted = crs.system("crs", request.GET.get("crs", ""))
    (body,) = features_of(shelf, [row], points=_points(shelf, [row], wanted))
    counted(request, slug)
    return _features(body, wanted, etag_of(shelf))


def _features(body: bytes, system: str, etag: str) -> HttpResponse:
    response = HttpResponse(body, content_type=GEOJSON, headers={"Content-Crs": f"<{system}>"})
    return marked(response, etag)


def _points(shelf: Shelf, rows: tuple[int, ...] | list[int], system: str) -> list[tuple[float, float]]:
    chosen = list(rows)
    return crs.given(shelf.longitudes[chosen], shelf.latitudes[chosen], crs=system)


def _asked(shelf: Shelf, given: Mapping[str, str]) -> Ask:
    conditions = [
        shelf.rows_equal(_item(shelf, name), (value,)) for name, value in given.items() if name not in OWN
    ]
    if given.get("bbox"):
        system = crs.system("bbox-crs", given.get("bbox-crs", ""))
        conditions.append(shelf.rows_inside(*crs.box(given["bbox"], crs=system)))
    if given.get("filter"):
        conditions.append(_filtered(shelf, given))
    rows = conditions[0] if conditions else None
    for others in conditions[1:]:
        rows = both(rows, others)
    return Ask(
        rows=rows,
        crs=crs.system("crs", given.get("crs", "")),
        limit=min(_whole("limit", given.get("limit", str(USUAL)), least=1), MOST),
        offset=_whole("offset", given.get("offset", "0"), least=0),
        cursor=opened(given["cursor"]) if given.get("cursor") else "",
    )


def _item(shelf: Shelf, name: str) -> str:
    if name not in shelf.columns:
        raise UnknownParameter(name=name, where=name)
    return name


def _filtered(shelf: Shelf, given: Mapping[str, str]) -> np.ndarray:
    spoken = given.get("filter-lang", "cql2-text")
    if spoken != "cql2-text":
        example = "filter-lang=cql2-text"
        raise BadParameter(name="filter-lang", value=spoken[:40], example=example, where="filter-lang")
    system = crs.system("filter-crs", given.get("filter-crs", ""))
    return rows_where(shelf, parsed(given["filter"]), placed=partial(crs.in_degrees, crs=system))


def _whole(name: str, text: str, *, least: int) -> int:
    found = whole(text)
    if found is None or found < least:
        raise BadParameter(name=name, value=text[:40], example=f"{name}=100", where=name)
    return found


def _found(shelf: Shelf, ask: Ask) -> Found:
    start = shelf.after(ask.cursor) if ask.cursor else 0
    if not ask.offset:
        return page(shelf, ask.rows, start=start, limit=ask.limit)
    rows = np.arange(len(shelf)) if ask.rows is None else ask.rows
    left = rows[np.searchsorted(rows, start) + ask.offset :]
    found = page(shelf, left, start=0, limit=ask.limit)
    return Found(found.rows, len(rows), found.cursor)


def _links(request: HttpRequest, slug: str, found: Found) -> list[dict[str, str]]:
    here = f"/ogc/collections/{slug}/items"
    query = request.GET.dict()
    links = [
        {"href": request.build_absolute_uri(), "rel": "self", "type": GEOJSON},
        link(request, f"/ogc/collections/{slug}", "collection", JSON),
    ]
    if found.cursor:
        further = {name: value for name, value in query.items() if name != "offset"}
        further["cursor"] = sealed(found.cursor)
        href = f"{address(request, here)}?{urlencode(further)}"
        links.append({"href": href, "rel": "next", "type": GEOJSON})
    return links


def feature_path(slug: str, code: str, key: str) -> str:
    """The address of one feature."""
    return f"/ogc/collections/{slug}/items/{quote(f'{code}{APART}{key}', safe='')}"
