"""`/info/sourceIdentity`: who this hub is, for those who look for loops (clauses 5.15.1 and 5.2.40)."""

from __future__ import annotations

import time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import BOTH, accepted, content
from tedori.services.live.api.calls import Answer, Call, Route
from tedori.services.live.api.forms import asked_context, known_tenant
from tedori.services.live.rules.endpoints import MARK, hub_name

STARTED = time.monotonic()


async def identity(call: Call) -> Answer:
    """GET: its id, its name in Via headers, the time here, and for how long this process is up."""
    media, context = accepted(call, BOTH), await asked_context(call)
    await known_tenant(call)
    return content(call, identity_of(call.tenant), context, media=media)


def identity_of(tenant: str) -> dict[str, Any]:
    """This hub, or one tenant of it."""
    place = settings.TEDORI_PUBLIC_URL
    return {
        "id": f"urn:ngsi-ld:ContextSourceIdentity:{uuid5(NAMESPACE_URL, f'{place} {tenant}')}",
        "type": "ContextSourceIdentity",
        "contextSourceAlias": MARK + hub_name(place),
        "contextSourceUptime": f"PT{int(time.monotonic() - STARTED)}S",
        "contextSourceTimeAt": WRITER.now(),
    }


ROUTES = (Route("GET", "/ngsi-ld/v1/info/sourceIdentity", identity, frozenset({"local"})),)
