"""Searches packages as CKAN does, for as much of its query language as its clients use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tedori.services.datasets.api.ckan.calling import Given, invalid, unsearchable
from tedori.services.datasets.api.ckan.packages import (
    FORMATS,
    catalogue,
    identity,
    name_of,
    organisation_name,
    package,
    tags,
)
from tedori.services.datasets.api.describing import publication_title
from tedori.services.datasets.api.naming import named, theme, theme_name
from tedori.services.datasets.queries.catalogue import Record
from tedori.services.datasets.rules.search import fold, score, terms

USUAL, MOST = 10, 1000
ALL = {"*:*", "*"}
_PARTS = re.compile(
    r"""(?P<sign>[+-]?)(?P<field>[a-zA-Z_.]+):(?P<value>"[^"]*"|\([^)]*\)|\S+)|(?P<word>"[^"]*"|\S+)""",
    re.VERBOSE,
)
READERS: dict[str, Callable[[Record], tuple[str, ...]]] = {
    "organization": lambda one: (organisation_name(one.version.organisation),),
    "owner_org": lambda one: (identity("organization", one.version.organisation),),
    "groups": lambda one: (theme(one.version.slug),),
    "tags": lambda one: tuple(tags(one)),
    "license_id": lambda one: (one.version.licence,),
    "res_format": lambda one: tuple(FORMATS.values()),
    "name": lambda one: (name_of(one),),
    "id": lambda one: (identity("package", name_of(one)),),
    "title": lambda one: (publication_title(one).ja, named(one.place, one.version.organisation).ja),
    "notes": lambda one: ((one.card and one.card.description) or "",),
    "type": lambda one: ("dataset",),
    "dataset_type": lambda one: ("dataset",),
    "state": lambda one: ("active",),
    "capacity": lambda one: ("public",),
}
LOOSE = {"title", "notes", "tags"}  # a part of the text is enough
FACETS = ("organization", "groups", "tags", "license_id", "res_format")
SORTS: dict[str, Callable[[Record], Any]] = {
    "metadata_modified": lambda one: one.version.published_at,
    "metadata_created": lambda one: one.version.published_at,
    "title": lambda one: publication_title(one).ja,
    "title_string": lambda one: publication_title(one).ja,
    "name": name_of,
    "id": lambda one: identity("package", name_of(one)),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that must, or must not, hold one of some values."""

    field: str
    values: tuple[str, ...]
    wanted: bool = True

    def holds(self, record: Record) -> bool:
        """Whether the record meets it."""
        own = READERS[self.field](record)
        if self.field in LOOSE:
            found = any(fold(value.strip("*")) in fold(text) for value in self.values for text in own)
        else:
            found = any(_alike(value, text) for value in self.values for text in own)
        return found == self.wanted


def _alike(value: str, text: str) -> bool:
    if value.endswith("*"):
        return text.lower().startswith(value[:-1].lower())
    return value.lower() == text.lower()


def understood(query: str) -> tuple[list[Condition], list[str]]:
    """The conditions and the free words of a query; raises CKAN's Search Query Error."""
    conditions, words = [], []
    for found in _PARTS.finditer(query):
        if found["word"] is not None:
            words += _words(found["word"])
        elif found["field"] + ":" + found["value"] not in ALL:
            conditions.append(_condition(found))
    return conditions, words


def _words(word: str) -> list[str]:
    plain = word.strip('"+()')
    return [] if not plain or plain in ALL or plain in {"AND", "OR", "TO"} else [plain]


def _condition(found: re.Match[str]) -> Condition:
    field = found["field"]
    if field not in READERS:
        raise unsearchable(f"undefined field {field}")
    inner = found["value"].strip("()")
    values = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', inner) if one not in {"OR", "AND"}]
    return Condition(field, tuple(values), wanted=found["sign"] != "-")


def package_search(given: Given, site: str) -> dict[str, Any]:
    """`package_search`."""
    conditions, words = understood(given.text("q"))
    for query in (given.text("fq"), *given.many("fq_list")):
        more, others = understood(query)
        conditions += more
        words += others
    found = _found(conditions, " ".join(words))
    ordered = _ordered(found, given.text("sort"))
    start, rows = given.number("start", 0, most=10**9), given.number("rows", USUAL, most=MOST)
    facets = _facets(ordered, given)
    return {
        "count": len(ordered),
        "sort": given.text("sort") or "score desc, metadata_modified desc",
        "results": [package(record, site=site) for record in ordered[start : start + rows]],
        "facets": {field: dict(counted) for field, counted in facets.items()},
        "search_facets": {
            field: {
                "title": field,
                "items": [
                    {"name": name, "display_name": _display(field, name), "count": count}
                    for name, count in counted
                ],
            }
            for field, counted in facets.items()
        },
    }


def _found(conditions: Iterable[Condition], words: str) -> list[Record]:
    wanted = terms(words)
    hits = [
        (score(wanted, record.texts) if wanted else 1.0, record)
        for record in catalogue().packages.values()
        if all(condition.holds(record) for condition in conditions)
    ]
    newest = sorted(hits, key=lambda hit: hit[1].version.published_at, reverse=True)
    return [record for points, record in sorted(newest, key=lambda hit: -hit[0]) if points > 0]


def _ordered(found: list[Record], sort: str) -> list[Record]:
    for part in reversed([one for one in sort.split(",") if one.strip()]):
        field, _, direction = part.strip().partition(" ")
        if field in {"score", "views_recent"}:
            continue
        if field not in SORTS or direction.strip().lower() not in {"", "asc", "desc"}:
            raise unsearchable(f"sort {part.strip()}")
        found = sorted(found, key=SORTS[field], reverse=direction.strip().lower() == "desc")
    return found


def _facets(found: list[Record], given: Given) -> dict[str, list[tuple[str, int]]]:
    fields = given.many("facet.field")
    if not given.flag("facet", default=True):
        return {}
    limit = given.number("facet.limit", 50, most=MOST)
    counted = {}
    for field in fields:
        if field not in FACETS:
            raise invalid("facet.field", f"undefined field {field[:80]}")
        counts = Counter(value for record in found for value in set(READERS[field](record)))
        counted[field] = counts.most_common(limit or None)
    return counted


def _display(field: str, name: str) -> str:
    if field == "groups":
        return theme_name(name).ja
    if field == "organization":
        code = name.removeprefix("t")
        known = (one for one in catalogue().packages.values() if one.version.organisation == code)
        return next((named(one.place, code).ja for one in known), name)
    return name
