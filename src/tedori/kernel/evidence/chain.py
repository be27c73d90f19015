"""The chain itself: canonical JSON, one hash per link, and the check that finds the first broken one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from tedori.kernel.evidence.values import Verdict

GENESIS = "0" * 64
FIELDS = ("number", "at", "action", "actor", "actor_organisation", "organisation", "subject", "grounds")


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8; raises on NaN and on what is not JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def moment(at: datetime) -> str:
    """The one text of a moment, in UTC to the microsecond; raises ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment in the evidence needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link_hash(previous: str, record: Mapping[str, object]) -> str:
    """The hash of a link: SHA-256 over the previous hash and the canonical record."""
    body = canonical({name: record[name] for name in FIELDS})
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def check(links: Iterable[Mapping[str, object]]) -> Verdict:
    """Walk the links (FIELDS plus previous and hash) in order and stop at the first that does not hold."""
    number, head = 0, GENESIS
    for link in links:
        because = _fault(link, number + 1, head)
        if because:
            return Verdict(False, number, head, number + 1, because)
        number, head = number + 1, str(link["hash"])
    return Verdict(True, number, head)


def _fault(link: Mapping[str, object], number: int, head: str) -> str:
    if link["number"] != number:
        return "gap" if link["number"] > number else "order"
    if link["previous"] != head:
        return "previous"
    if link["hash"] != link_hash(head, link):
        return "content"
    return ""


def at_head(verdict: Verdict, *, records: object, head: object) -> Verdict:
    """The verdict once the chain's end is compared with the head that was kept apart from it."""
    if not verdict.holds or (records, head) == (verdict.records, verdict.head):
        return verdict
    if records == verdict.records:
        first = max(verdict.records, 1)  # as many as there should be, but not the same last one
    else:
        first = min(verdict.records, records if isinstance(records, int) else verdict.records) + 1
    return replace(verdict, holds=False, broken_at=first, because="head")
