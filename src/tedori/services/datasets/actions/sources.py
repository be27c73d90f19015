"""Keeps places that files come from, and visits them: a folder, an address, a CKAN catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tedori.kernel.errors import UserError
from tedori.kernel.evidence.actions import record
from tedori.kernel.jobs.actions import enqueue
from tedori.kernel.organisations.rules import demand
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.fetching import GONE, Fetched, fetch
from tedori.services.datasets.actions.options import private_addresses
from tedori.services.datasets.actions.receiving import Receipt, receive
from tedori.services.datasets.models import Link, Source
from tedori.services.datasets.rules.addresses import check_address, name_of
from tedori.services.datasets.rules.errors import FetchFailed, NotFound

VISIT = "datasets.visit"
OK = 200


@transaction.atomic
def add_source(
    *, kind: str, address: str, organisation: str, by: Actor, at: datetime, query: str = ""
) -> int:
    """Remember a place (url or ckan), visit it soon, return its id; the same place comes back as known."""
    demand(by, "datasets.sources", organisation=organisation)
    check_address(address, inside=private_addresses())
    source, new = Source.objects.get_or_create(
        organisation=organisation,
        kind=Source.Kind(kind).value,
        address=address,
        query=query,
        defaults={"created_at": at, "created_by": by.name},
    )
    if new:
        subject = f"datasets/source/{source.pk}"
        grounds = {"kind": kind, "address": address, "query": query}
        record("datasets.source", by=by, at=at, organisation=organisation, subject=subject, grounds=grounds)
    visit_soon(source=source.pk, by=by, at=at)
    return source.pk


@transaction.atomic
def visit_soon(*, source: int, by: Actor, at: datetime) -> int:
    """Ask for a visit, or for the rest of one that stopped; returns the job's id."""
    row = Source.objects.filter(pk=source).first()
    if row is None:
        raise NotFound(where=f"source {source}")
    demand(by, "datasets.sources", organisation=row.organisation)
    job = enqueue(VISIT, {"source": row.pk}, by=by, organisation=row.organisation, at=at)
    return job.id


def visit_link(link: Link, *, by: Actor, at: datetime) -> Receipt | None:
    """Fetch one link if it changed; whatever goes wrong is noted at the link and stops nothing else."""
    receipt = None
    try:
        with fetch(link.address, etag=link.etag, last_modified=link.last_modified) as answer:
            receipt = _taken(link, answer, by=by, at=at)
    except FetchFailed as error:
        link.state, link.reason = Link.State.DEAD, str(error)[:400]
    except UserError as error:
        link.state, link.reason = Link.State.REFUSED, str(error)[:400]
    link.checked_at = at
    link.save()
    return receipt


def _taken(link: Link, answer: Fetched, *, by: Actor, at: datetime) -> Receipt | None:
    """Receive what the place answered, if it is a file, and note at the link how it went."""
    link.status = answer.status
    if answer.unchanged:
        link.state, link.reason = Link.State.UNCHANGED, ""
        return None
    if answer.status != OK:
        link.state = Link.State.DEAD if answer.status in GONE else Link.State.REFUSED
        link.reason = f"HTTP {answer.status}"
        return None
    receipt = receive(
        answer.chunks,
        name=link.name or name_of(answer.address),
        organisation=link.organisation,
        by=by,
        at=at,
        source=link.source_id,
        origin=link.address,
    )
    link.state = Link.State.FETCHED if receipt.new else Link.State.UNCHANGED
    link.etag, link.last_modified, link.reason = answer.etag, answer.last_modified, ""
    return receipt


def files_below(folder: Path) -> Iterator[Path]:
    """The files of a folder in order, hidden ones and links that lead outside left out."""
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and path.is_file() and path.resolve().is_relative_to(root):
            yield path


def import_files(
    paths: Iterable[Path], *, organisation: str, by: Actor, at: datetime
) -> Iterator[tuple[Path, Receipt | UserError]]:
    """Receive files from this machine one by one; a refused one is told and disturbs none of the others."""
    for path in paths:
        try:
            with path.open("rb") as file:
                chunks = iter(lambda: file.read(1 << 20), b"")
                yield (
                    path,
                    receive(
                        chunks, name=path.name, organisation=organisation, by=by, at=at, origin=path.name
                    ),
                )
        except UserError as error:
            yield path, error
