"""CKAN's datastore for reading: rows of one publication, or of a dataset over all publishers by its slug."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

import numpy as np
import polars as pl

from tedori.engines.tabular.definitions import standard
from tedori.engines.tabular.writing import neutral
from tedori.services.datasets.api.ckan.calling import Given, Refused, invalid, not_found
from tedori.services.datasets.api.ckan.packages import catalogue
from tedori.services.datasets.queries.shelves import TYPES, Shelf
from tedori.services.datasets.queries.shelving import SHELVES, both
from tedori.services.datasets.rules.search import fold

ID = "_id"
USUAL, MOST = 100, 10_000
NAMES = {"Int64": "int", "Float64": "numeric", "String": "text"}
FORMATS = {"objects", "lists", "csv", "tsv"}


def datastore_search_sql(given: Given, site: str) -> None:
    """Never: raw SQL has opened other catalogues to strangers."""
    raise Refused(
        "Authorization Error",
        403,
        message="Access denied: raw SQL is never run here. Use datastore_search with filters, q and sort. "
        "SQLは実行しません。datastore_search の filters・q・sort を使ってください。",
    )


def _opened(identity: str) -> tuple[Shelf, str]:
    """The shelf of a resource, and the one publisher whose rows are meant ("" for all)."""
    if identity in standard():
        return SHELVES.get(identity), ""
    found = catalogue().resources.get(identity)
    if found is None:
        raise not_found(f'Resource "{identity}" was not found.')
    version = found[0].version
    return SHELVES.get(version.slug), version.organisation


def _rows(shelf: Shelf, code: str) -> np.ndarray:
    return shelf.rows_of([code]) if code else np.arange(len(shelf))


def _fields(shelf: Shelf) -> list[dict[str, str]]:
    named = ((name, NAMES[str(TYPES.get(name, pl.String))]) for name in (*shelf.columns, *TYPES))
    return [{"id": ID, "type": "int"}, *({"id": name, "type": kind} for name, kind in named)]


def datastore_info(given: Given, site: str) -> dict[str, Any]:
    """What a resource holds."""
    identity = given.text("id") or given.need("resource_id")
    shelf, code = _opened(identity)
    fields = _fields(shelf)
    return {
        "meta": {"id": identity, "count": len(_rows(shelf, code)), "table_type": "BASE TABLE", "aliases": []},
        "fields": fields[1:],
        "schema": {field["id"]: field["type"] for field in fields[1:]},
    }


def datastore_search(given: Given, site: str) -> dict[str, Any]:
    """Rows of a resource."""
    identity = given.text("resource_id") or given.need("id")
    shelf, code = _opened(identity)
    own = _rows(shelf, code)
    first = int(own[0]) if len(own) else 0
    rows = _matching(shelf, own, given, first=first)
    table = _table(shelf, rows, first)
    total = table.height
    table = _sorted(table, given.text("sort"))
    offset, limit = given.number("offset", 0, most=10**9), given.number("limit", USUAL, most=MOST)
    chosen = _chosen(shelf, given.many("fields"))
    page = table.slice(offset, limit).select([field["id"] for field in chosen])
    answer = {
        "resource_id": identity,
        "fields": chosen,
        "records": _records(page, given.text("records_format", "objects")),
        "records_format": given.text("records_format", "objects"),
        "limit": limit,
        "offset": offset,
        "include_total": given.flag("include_total", default=True),
        "total_estimation_threshold": None,
        "_links": _links(site, identity, given, offset=offset, limit=limit),
    }
    return answer | ({"total": total, "total_was_estimated": False} if answer["include_total"] else {})


def _matching(shelf: Shelf, rows: np.ndarray, given: Given, *, first: int) -> np.ndarray:
    filters = given.value("filters")
    if filters not in (None, "", {}):
        if not isinstance(filters, dict):
            raise invalid("filters", "Not a JSON object")
        for name, value in filters.items():
            rows = both(rows, _equal(shelf, name, value, first=first))
    wanted = given.value("q")
    if isinstance(wanted, dict):
        for name, text in wanted.items():
            rows = both(rows, _holding(shelf, name, text))
    elif wanted not in (None, ""):
        rows = both(rows, shelf.rows_with_text(given.text("q")[:300]))
    return rows


def _equal(shelf: Shelf, name: str, value: Any, *, first: int) -> np.ndarray:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str | int | float | None) for one in values):
        raise invalid("filters", f"{name[:80]}: a value or a list of values is expected")
    texts = ["" if one is None else str(one) for one in values]
    if name in shelf.columns:
        return shelf.rows_equal(name, texts)
    if name not in {ID, *TYPES}:
        raise invalid("filters", f'field "{name[:80]}" not in table')
    column = pl.Series(range(1 - first, len(shelf) + 1 - first)) if name == ID else shelf.frame[name]
    return np.flatnonzero(column.cast(pl.String).is_in(texts).fill_null(value=False).to_numpy())


def _holding(shelf: Shelf, name: str, text: Any) -> np.ndarray:
    if name not in shelf.columns or not isinstance(text, str):
        raise invalid("q", f'field "{str(name)[:80]}" not in table')
    column = shelf.frame[name].fill_null("").str.normalize("NFKC").str.to_lowercase()
    plain = column.map_elements(fold, return_dtype=pl.String)
    return np.flatnonzero(plain.str.contains(fold(text[:300]), literal=True).to_numpy())


def _table(shelf: Shelf, rows: np.ndarray, first: int) -> pl.DataFrame:
    """The rows with their number within the resource, which counts from 1."""
    return shelf.frame[rows].with_columns(pl.Series(ID, rows - first + 1, dtype=pl.Int64))


def _sorted(table: pl.DataFrame, sort: str) -> pl.DataFrame:
    names, falling = [], []
    for part in (one.strip() for one in sort.split(",")):
        name, _, direction = (
            part.rpartition(" ") if part.lower().endswith((" asc", " desc")) else (part, "", "")
        )
        name = name.strip().strip('"')
        if part and name not in table.columns:
            raise invalid("sort", f'field "{name[:80]}" not in table')
        if part:
            names.append(name)
            falling.append(direction.lower() == "desc")
    return table.sort(names, descending=falling, nulls_last=True, maintain_order=True) if names else table


def _chosen(shelf: Shelf, wanted: list[str]) -> list[dict[str, str]]:
    known = {field["id"]: field for field in _fields(shelf)}
    for name in wanted:
        if name not in known:
            raise invalid("fields", f'field "{name[:80]}" not in table')
    return [known[name] for name in dict.fromkeys(wanted)] if wanted else list(known.values())


def _records(page: pl.DataFrame, form: str) -> Any:
    if form not in FORMATS:
        raise invalid("records_format", f"must be one of {', '.join(sorted(FORMATS))}")
    if form == "objects":
        return page.to_dicts()
    if form == "lists":
        return [list(row) for row in page.rows()]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t" if form == "tsv" else ",")
    for row in page.rows():
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def _links(site: str, identity: str, given: Given, *, offset: int, limit: int) -> dict[str, str]:
    here = "/api/3/action/datastore_search"
    plain = {
        name: value for name, value in given.items() if isinstance(value, str | int) and name != "offset"
    }
    plain["resource_id"] = identity
    return {
        "start": f"{here}?{urlencode(plain)}",
        "next": f"{here}?{urlencode(plain | {'offset': offset + limit})}",
    }
