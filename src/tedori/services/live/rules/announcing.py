"""What subscribers to registrations are told when one comes, changes or goes (clause 5.11.7). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import orjson

from tedori.engines.ngsild.contexts import CORE, CORE_CONTEXT_URL, Context, compiled
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.registrations.documents import write_registration
from tedori.engines.ngsild.registrations.finding import Wanted, narrowed, suits, wanted_of
from tedori.engines.ngsild.subscriptions.bodies import LD_JSON
from tedori.services.live.rules.letters import Kept, Letter
from tedori.services.live.rules.telling import key_of

Reason = Literal["newlyMatching", "updated", "noLongerMatching"]
Load = Callable[[str], Any]


def wanted_by(kept: Kept, *, load: Load) -> Wanted | None:
    """What a subscriber looks for; None when that cannot be read any more."""
    try:
        return wanted_of(kept.document, compiled(kept.contexts["q"], load=load))
    except NgsiLdError:
        return None


def reason_of(
    wanted: Wanted, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[Reason, Mapping[str, Any]] | None:
    """Why a subscriber is told of a change, and the registration that it is told; None: it is not."""
    was = before is not None and suits(before, wanted)
    if after is not None and suits(after, wanted):
        return ("updated" if was else "newlyMatching"), after
    return ("noLongerMatching", before) if was and before is not None else None


def announcement(
    kept: Kept,
    registrations: Iterable[Mapping[str, Any]],
    wanted: Wanted,
    reason: Reason,
    *,
    at: str,
    load: Load,
) -> Letter:
    """The notification of these registrations, each with what is relevant of it."""
    context, source = _context(kept, load)
    within = source if kept.document["notification"]["endpoint"].get("accept") == LD_JSON else None
    shown = [write_registration(narrowed(one, wanted), context) for one in registrations]
    key = key_of(kept, f"{at} {reason} {' '.join(one['id'] for one in shown)}")
    body = {
        "id": key,
        "type": "ContextSourceNotification",
        "subscriptionId": kept.urn,
        "notifiedAt": at,
        "triggerReason": reason,
        "data": shown if within is None else [{**one, "@context": within} for one in shown],
    }
    uri = kept.document["notification"]["endpoint"]["uri"]
    return Letter(key, kept.id, uri, orjson.dumps(body), 0, at)


def _context(kept: Kept, load: Load) -> tuple[Context, Any]:
    source = kept.contexts["notify"]
    try:
        return compiled(source, load=load), source or CORE_CONTEXT_URL
    except NgsiLdError:
        return CORE, CORE_CONTEXT_URL  # whole IRIs say the same
