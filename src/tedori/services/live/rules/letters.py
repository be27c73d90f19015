"""Subscriptions as they are kept, changes as they are logged, notifications as they wait: values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tedori.engines.ngsild.storing import load
from tedori.engines.ngsild.subscriptions.documents import Record
from tedori.engines.ngsild.subscriptions.watching import Change

OWN = "ngsiv2"  # in the contexts of a subscription: the document of one that was made through that door
GONE = "the subscription is gone"  # why a notification was given up that was on its way when that happened


@dataclass(frozen=True, slots=True)
class Kept:
    """A subscription as it is kept; see models/subscriptions.py."""

    id: int
    tenant_id: int
    tenant: str
    urn: str
    owner: str
    by: str
    document: Mapping[str, Any]
    contexts: Mapping[str, Any]
    since: int
    version: int
    created_at: str
    modified_at: str
    next_at: str | None
    failures: int
    record: Record


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification to be sent: its id, to whom, its body as JSON bytes, tried so often so far.

    `via` names the hubs through which the change has come that it tells of.
    """

    key: str
    subscription: int
    endpoint: str
    body: bytes
    attempts: int
    at: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A change with its place in the log, its world and its owner; the states as JSON, read when needed."""

    seq: int
    tenant_id: int
    owner: str
    urn: str
    types: tuple[str, ...]
    operation: str
    before: str | None
    after: str | None
    at: str
    via: str = ""

    def change(self) -> Change:
        """The change with its states."""
        before, after = (load(text) if text else None for text in (self.before, self.after))
        return Change(self.urn, self.operation, before, after, self.at)
