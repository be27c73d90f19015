"""Walks through a CKAN catalogue politely, and goes on where it stopped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urljoin
from urllib.robotparser import RobotFileParser

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tedori.kernel.jobs.rules import Progress
from tedori.kernel.organisations.queries import organisations
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.fetching import fetch
from tedori.services.datasets.actions.options import pause
from tedori.services.datasets.actions.sources import OK, visit_link
from tedori.services.datasets.models import Link, Source
from tedori.services.datasets.rules.addresses import name_of, wanted
from tedori.services.datasets.rules.errors import FetchFailed

PAGE = 50
ANSWER_LIMIT = 32 * 2**20
AGENT = "tedori"
LONGEST_PAUSE = 30.0


def visit(
    source: int, *, by: Actor, progress: Progress, sleep: Callable[[float], None] = time.sleep
) -> dict[str, int]:
    """Visit a source to the end; returns the counts of its links by state."""
    row = Source.objects.get(pk=source)
    manners = _manners(row) if row.kind == Source.Kind.CKAN else _Manners(None, 0.0)
    if row.walk_started_at is None:
        _begin(row, at=timezone.now())
    if row.kind == Source.Kind.CKAN:
        _list(row, by=by, progress=progress, rest=lambda: sleep(manners.seconds))
    else:
        Link.objects.get_or_create(
            source=row, address=row.address, defaults={"organisation": row.organisation}
        )
    _fetch_links(row, manners, by=by, progress=progress, sleep=sleep)
    row.walk_started_at, row.checked_at, row.note = None, timezone.now(), ""
    row.save()
    states = list(Link.objects.filter(source=row).values_list("state", flat=True))
    return {state: states.count(state) for state in sorted(set(states))}


class _Manners:
    """What the catalogue's robots.txt asks for."""

    def __init__(self, robots: RobotFileParser | None, seconds: float) -> None:
        self.robots, self.seconds = robots, seconds

    def allow(self, address: str) -> bool:
        """Whether we are welcome at this address."""
        return self.robots is None or self.robots.can_fetch(AGENT, address)


def _manners(row: Source) -> _Manners:
    address = urljoin(row.address, "/robots.txt")
    with fetch(address, limit=1 << 19, seconds=20) as answer:
        if answer.status != OK:
            return _Manners(None, pause())
        text = b"".join(answer.chunks).decode("utf-8", "replace")
    robots = RobotFileParser(address)
    robots.parse(text.splitlines())
    asked = robots.crawl_delay(AGENT) or 0
    return _Manners(robots, min(max(pause(), float(asked)), LONGEST_PAUSE))


def _begin(row: Source, *, at: datetime) -> None:
    row.walk_started_at, row.cursor, row.listed = at, 0, False
    row.save()


def _note_page(row: Source, result: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Keep the links of one page, and that it was read."""
    for package in result["results"]:
        _note_package(row, package, names)
    row.cursor += len(result["results"])
    row.listed = not result["results"] or row.cursor >= result["count"]
    row.save()


def _list(row: Source, *, by: Actor, progress: Progress, rest: Callable[[], None]) -> None:
    """Read the catalogue page by page; the cursor is kept with each page's links."""
    names = {found.name: found.code for found in organisations()} if by.everywhere else {}
    while not row.listed:
        result = _search(row)
        with transaction.atomic():
            _note_page(row, result, names)
        progress.say(
            row.cursor,
            max(result["count"], 1),
            f"カタログを読んでいます（{row.cursor}／{result['count']}件）",
            f"Reading the catalogue ({row.cursor} of {result['count']})",
        )
        if not row.listed:
            rest()


def _search(row: Source) -> Mapping:
    asked = {"rows": PAGE, "start": row.cursor, "sort": "metadata_created asc"}
    asked |= {"fq": row.query} if row.query else {}
    address = f"{row.address.rstrip('/')}/api/3/action/package_search?{urlencode(asked)}"
    with fetch(address, limit=ANSWER_LIMIT) as answer:
        if answer.status != OK:
            raise FetchFailed(because=f"HTTP {answer.status}", where=address)
        body = b"".join(answer.chunks)
    try:
        result = json.loads(body)["result"]
        return {"count": int(result["count"]), "results": list(result["results"])}
    except (ValueError, KeyError, TypeError) as error:
        raise FetchFailed(because="CKAN", where=address) from error


def _note_package(row: Source, package: Mapping, names: Mapping[str, str]) -> None:
    """Note every table among the package's files, for the organisation that owns it if we know that."""
    owner = (package.get("organization") or {}).get("title", "")
    for resource in package.get("resources", ()):
        address = quote(_text(resource, "url"), safe=":/?#[]@!$&'()*+,;=%~-._")[:2000]
        if wanted(_text(resource, "format"), address):
            said = {
                "organisation": names.get(owner, row.organisation),
                "name": name_of(address)[:300],
                "title": f"{_text(package, 'title')} {_text(resource, 'name')}".strip()[:300],
                "licence": _text(package, "license_id")[:100],
            }
            Link.objects.update_or_create(source=row, address=address, defaults=said)


def _text(found: Mapping, name: str) -> str:
    """A field of somebody else's JSON as text; nothing for null."""
    return str(found.get(name) or "")


def _fetch_links(
    row: Source, manners: _Manners, *, by: Actor, progress: Progress, sleep: Callable[[float], None]
) -> None:
    """Visit every link that this walk has not visited yet."""
    waiting = Link.objects.filter(source=row).filter(
        Q(checked_at=None) | Q(checked_at__lt=row.walk_started_at)
    )
    total = Link.objects.filter(source=row).count()
    for link in list(waiting.order_by("pk")):
        if manners.allow(link.address):
            visit_link(link, by=by, at=timezone.now())
        else:
            link.state, link.reason, link.checked_at = Link.State.REFUSED, "robots.txt", timezone.now()
            link.save()
        done = total - waiting.count()
        progress.say(
            done,
            total,
            f"ファイルを取得しています（{done}／{total}件）",
            f"Fetching files ({done} of {total})",
        )
        sleep(manners.seconds)
