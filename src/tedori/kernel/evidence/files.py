"""Evidence as a file, JSON Lines: one record a line, the head last; checked without database or settings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tedori.kernel.evidence.chain import FIELDS, at_head, canonical, check
from tedori.kernel.evidence.rules import UnreadableExport
from tedori.kernel.evidence.values import Verdict

TYPES = {name: str for name in (*FIELDS, "previous", "hash")} | {"number": int, "grounds": dict}


def lines(links: Iterable[Mapping[str, object]], *, head: str, records: int) -> Iterator[str]:
    """The lines of an export: every link, then the head that the chain had when it was written."""
    for link in links:
        yield canonical(link) + "\n"
    yield canonical({"head": head, "records": records}) + "\n"


def verify_file(path: str | Path) -> Verdict:
    """Check an exported chain; raises UnreadableExport when it is not one."""
    seen: list[Mapping[str, object]] = []
    with Path(path).open(encoding="utf-8") as file:
        verdict = check(_links(file, seen, where=str(path)))
    kept = seen[0] if seen else {}
    return at_head(verdict, records=kept.get("records"), head=kept.get("head"))


def _links(
    file: Iterable[str], seen: list[Mapping[str, object]], *, where: str
) -> Iterator[Mapping[str, object]]:
    try:
        for number, line in enumerate(file, start=1):
            link = _parsed(line, where=f"{where}:{number}")
            if link.keys() == {"head", "records"} and not seen:
                seen.append(link)
            elif seen or not _is_link(link):
                raise UnreadableExport(where=f"{where}:{number}")
            else:
                yield link
    except UnicodeDecodeError as error:
        raise UnreadableExport(where=where) from error


def _parsed(line: str, *, where: str) -> Mapping[str, object]:
    try:
        link = json.loads(line)
    except ValueError as error:
        raise UnreadableExport(where=where) from error
    if not isinstance(link, dict):
        raise UnreadableExport(where=where)
    return link


def _is_link(link: Mapping[str, object]) -> bool:
    return link.keys() == TYPES.keys() and all(isinstance(link[name], kind) for name, kind in TYPES.items())
