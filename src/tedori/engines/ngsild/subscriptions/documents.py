"""Subscription documents: read, changed by fragments, written back.

A stored document is the JSON of the standard with defaults left out, every name of an attribute or type
expanded, and without @context; `q`, `scopeQ` and `csf` stay as they were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tedori.engines.ngsild.contexts import CORE, Context
from tedori.engines.ngsild.errors import bad_request
from tedori.engines.ngsild.instants import sortable
from tedori.engines.ngsild.projections import HEAD, Projection, check_choice, read_projection
from tedori.engines.ngsild.subscriptions.checks import NAME_IN_PROJECTION, NAME_IN_SELECTION, SUBSCRIPTION

NULL = "urn:ngsi-ld:null"
DEFAULT_TRIGGERS = ("attributeCreated", "attributeUpdated")
MANDATORY = ("id", "type", "notification")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """How the notifications of a subscription went; times as texts, None for never."""

    times_sent: int = 0
    times_failed: int = 0
    last_notification: str | None = None
    last_success: str | None = None
    last_failure: str | None = None

    @property
    def status(self) -> str | None:
        """`ok` or `failed` by the latest attempt; None before the first has ended."""
        if not self.last_success and not self.last_failure:
            return None
        return "ok" if (self.last_success or "") >= (self.last_failure or "") else "failed"


def read_subscription(payload: Any, context: Context, *, at: str) -> Document:
    """The document of a new subscription; raises BadRequestData.

    `at` is the present moment: a subscription cannot expire before it.
    """
    document = SUBSCRIPTION(payload, "", context)
    _check_together(document, at=at)
    return document


def changed_subscription(document: Document, fragment: Any, context: Context, *, at: str) -> Document:
    """The document after a fragment: its members replace those there, nulls remove them (clause 5.5.8)."""
    if not isinstance(fragment, dict):
        raise bad_request("the fragment is not an object")
    gone = _removed(document, fragment)
    kept = {name: value for name, value in fragment.items() if name not in gone}
    filled = {"type": "Subscription", "notification": document["notification"], **kept}
    read = SUBSCRIPTION(filled, "", context)
    if "notification" not in kept:
        read["notification"] = document["notification"]  # already expanded
    changed = {**{name: value for name, value in document.items() if name not in gone}, **read}
    _check_together(changed, at=at if "expiresAt" in kept else "")
    return changed


def _removed(document: Document, fragment: Mapping[str, Any]) -> set[str]:
    """The members that a fragment takes away; raises BadRequestData for what must stay."""
    gone = {name for name, value in fragment.items() if value in (None, NULL)}
    for name in MANDATORY:
        if name in gone:
            raise bad_request(f"{name} cannot be removed", where=name)
    if "id" in fragment and fragment["id"] != document.get("id"):
        raise bad_request("the id of a subscription does not change", where="id")
    return gone


def _check_together(document: Document, *, at: str) -> None:
    """What members say about each other."""
    if not ("entities" in document or "watchedAttributes" in document or document.get("localOnly")):
        raise bad_request("entities or watchedAttributes is missing", where="entities")
    if "timeInterval" in document:
        _check_interval(document)
    if expired(document, at=at):
        raise bad_request("expiresAt lies in the past", where="expiresAt")
    _check_notification(document["notification"])


def _check_interval(document: Document) -> None:
    for name in ("throttling", "watchedAttributes"):
        if name in document:
            raise bad_request(f"{name} does not go with timeInterval", where=name)
    if "entities" not in document and not document.get("localOnly"):
        raise bad_request("entities is missing", where="entities")


def _check_notification(wanted: Mapping[str, Any]) -> None:
    pick, omit = projection(wanted.get("pick")), projection(wanted.get("omit"))
    check_choice(attrs=wanted.get("attributes"), pick=pick, omit=omit)
    if wanted.get("showChanges") and wanted.get("format") in ("keyValues", "simplified"):
        raise bad_request("showChanges does not go with this format", where="notification.showChanges")


def projection(members: list[str] | None) -> Projection | None:
    """What a kept `pick` or `omit` means."""
    return read_projection(",".join(members), CORE) if members else None


def expired(document: Mapping[str, Any], *, at: str) -> bool:
    """Whether its time was over at that moment."""
    return "expiresAt" in document and sortable(document["expiresAt"]) <= at


def status(document: Mapping[str, Any], *, at: str) -> str:
    """`active`, `paused` or `expired` at that moment."""
    if expired(document, at=at):
        return "expired"
    return "active" if document.get("isActive", True) else "paused"


def write_subscription(
    document: Mapping[str, Any],
    context: Context,
    *,
    record: Record,
    at: str,
    stamps: Mapping[str, str] | None = None,
) -> Document:
    """The document as callers see it: names compacted, status and record added, with `stamps` (the system's
    own times) where they are asked for."""
    shown = {
        name: _SHOWN[name](value, context) if name in _SHOWN else value for name, value in document.items()
    }
    shown.setdefault("notificationTrigger", list(DEFAULT_TRIGGERS))
    shown["status"] = status(document, at=at)
    shown["notification"] = {**_notification(document["notification"], context), **_told(record)}
    return shown | dict(stamps or {})


def _told(record: Record) -> Document:
    told = {
        "status": record.status,
        "timesSent": record.times_sent,
        "timesFailed": record.times_failed,
        "lastNotification": record.last_notification,
        "lastSuccess": record.last_success,
        "lastFailure": record.last_failure,
    }
    return {name: value for name, value in told.items() if value}


def _names(names: list[str], context: Context) -> list[str]:
    return [
        NAME_IN_PROJECTION.sub(lambda name: name[0] if name[0] in HEAD else context.compact(name[0]), one)
        for one in names
    ]


def _selectors(selectors: list[Document], context: Context) -> list[Document]:
    return [
        {**one, "type": NAME_IN_SELECTION.sub(lambda name: context.compact(name[0]), one["type"])}
        for one in selectors
    ]


def _geo(geo: Document, context: Context) -> Document:
    named = {"geoproperty": context.compact(geo["geoproperty"])} if "geoproperty" in geo else {}
    return {**geo, **named}


def _notification(wanted: Mapping[str, Any], context: Context) -> Document:
    lists = ("attributes", "pick", "omit")
    return {name: _names(value, context) if name in lists else value for name, value in wanted.items()}


def _same(value: Any, context: Context) -> Any:
    return value


_SHOWN = {"entities": _selectors, "watchedAttributes": _names, "geoQ": _geo}
