"""Documents of the catalogue, made once for what is public and then kept."""

from __future__ import annotations

from functools import lru_cache

from rdflib import Graph, Literal
from rdflib.namespace import RDF, XSD

from tedori.services.datasets.api.dcat.graphs import Describer
from tedori.services.datasets.api.dcat.vocabularies import HYDRA, PREFIXES
from tedori.services.datasets.api.describing import by_dataset
from tedori.services.datasets.queries.catalogue import Record, stamp
from tedori.services.datasets.queries.periods import periods
from tedori.services.datasets.rules.errors import NotFound

PAGE = 100  # datasets on one page
KEPT = 64  # documents
CONTEXT = {prefix: str(space) for prefix, space in PREFIXES.items()}


def catalogue_document(site: str, *, kind: str, page: int) -> bytes:
    """A page of the catalogue; raises NotFound beyond the last one."""
    return _catalogue(stamp(), site, kind, page)


def dataset_document(site: str, *, kind: str, slug: str, code: str = "") -> bytes:
    """One dataset with all its parts, or one part; raises NotFound."""
    return _dataset(stamp(), site, kind, slug, code)


def _entries() -> list[tuple[str, Record | None]]:
    """Every dataset, each followed by its parts."""
    return [
        entry
        for slug, found in by_dataset().items()
        if found
        for entry in ((slug, None), *((slug, record) for record in found))
    ]


@lru_cache(maxsize=KEPT)
def _catalogue(stamp: tuple, site: str, kind: str, page: int) -> bytes:
    entries = _entries()
    last = max(1, -(-len(entries) // PAGE))
    if page > last:
        raise NotFound(where=f"page {page}")
    groups = by_dataset()
    describer = Describer(site, periods())
    updated = max(
        (record.version.published_at for found in groups.values() for record in found), default=None
    )
    describer.describe_catalogue(updated)
    for slug, record in entries[(page - 1) * PAGE : page * PAGE]:
        if record is None:
            describer.describe_dataset(slug, groups[slug])
        else:
            describer.describe_part(record)
    _paged(describer, kind, page=page, last=last, total=len(entries))
    return _written(describer.graph, kind)


def _paged(describer: Describer, kind: str, *, page: int, last: int, total: int) -> None:
    """Where the other pages are, in Hydra's words."""

    def at(number: int):
        return describer.at(f"/dcat/catalog.{kind}?page={number}") if 1 <= number <= last else None

    here = at(page)
    describer.say(
        here,
        (RDF.type, HYDRA.PagedCollection),
        (RDF.type, HYDRA.PartialCollectionView),
        (HYDRA.totalItems, Literal(total, datatype=XSD.integer)),
        (HYDRA.itemsPerPage, Literal(PAGE, datatype=XSD.integer)),
        (HYDRA.first, at(1)),
        (HYDRA.last, at(last)),
        (HYDRA.previous, at(page - 1)),
        (HYDRA.next, at(page + 1)),
    )
    describer.say(describer.catalogue, (HYDRA.view, here))


@lru_cache(maxsize=KEPT)
def _dataset(stamp: tuple, site: str, kind: str, slug: str, code: str) -> bytes:
    found = by_dataset().get(slug) or []
    chosen = [record for record in found if not code or record.version.organisation == code]
    if not chosen:
        raise NotFound(where=f"{slug}/{code}".strip("/"))
    describer = Describer(site, periods(slug))
    if not code:
        describer.describe_dataset(slug, found)
    for record in chosen:
        describer.describe_part(record)
    return _written(describer.graph, kind)


def _written(graph: Graph, kind: str) -> bytes:
    if kind == "ttl":
        return graph.serialize(format="turtle").encode()
    return graph.serialize(format="json-ld", context=CONTEXT, indent=None, ensure_ascii=False).encode()
