"""Which sources may take part in a request, and what is passed on to them with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.registrations.sources import Source
from tedori.services.live.actions.partners import PARTNERS, Order, Reply
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.answers import CONTEXT_REL, JSON, LD
from tedori.services.live.api.calls import Answer, Call
from tedori.services.live.api.forms import context_of, flag
from tedori.services.live.queries.options import options
from tedori.services.live.queries.registrations import SOURCES, Partner
from tedori.services.live.queries.store import ask
from tedori.services.live.queries.tenants import tenant_id
from tedori.services.live.rules.endpoints import hub_name, passed_through
from tedori.services.live.rules.sources import acts_for, passed, via_of

Local = Callable[[Call], Awaitable[Answer]]
BASE = "/ngsi-ld/v1"


@dataclass(frozen=True, slots=True)
class Leg:
    """The part of one source in an operation, and how it went."""

    partner: Partner
    reply: Reply

    @property
    def source(self) -> Source:
        """The source."""
        return self.partner.source


async def partners_of(call: Call, *, reading: bool) -> tuple[Partner, ...]:
    """The sources that may take part: none where only local data is asked for, or in a loop."""
    tenant = await ask(tenant_id, call.tenant, quick=True)
    if tenant is None:
        return ()
    known = SOURCES.fresh(tenant)
    if known is None:
        known = await ask(SOURCES.read, tenant, quick=True)
    if not known or flag(call, "local"):
        return ()
    now, via = WRITER.now(), call.headers.get("via", "")
    return tuple(
        one
        for one in known
        if one.source.latest
        and one.source.expires_at > now
        and (reading or acts_for(one.source.owner, call.actor))
        and not passed(via, one.source.alias)
    )


def own_name() -> str:
    """The name by which this hub is known in Via headers."""
    return hub_name(settings.TEDORI_PUBLIC_URL)


def looped(call: Call) -> bool:
    """Whether a request has come through this hub already."""
    return passed_through(call.headers.get("via", ""), hub=own_name())


async def passed_on(
    call: Call,
    partner: Partner,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Leg:
    """Ask one source; gives how it went."""
    source = partner.source
    wanted = {**(query or {}), **({"local": "true"} if source.management("localOnly", False) else {})}
    sent = {
        "Accept": JSON,
        **(headers or {}),
        "Via": via_of(own_name(), call.headers.get("via", "")),
    }
    order = Order(method, BASE + path, wanted, body, sent, call.headers)
    chosen = options()
    return Leg(partner, await PARTNERS.ask(partner, order, private=chosen.private_endpoints or chosen.trial))


def preference(source: Source, name: str) -> str:
    """What a source has said of the form in which it wants to be asked, "" for nothing."""
    pairs = source.document.get("contextSourceInfo", ())
    return next((pair["value"] for pair in pairs if pair["key"] == name), "")


async def context_for(source: Source, context: Context) -> Context:
    """The context in whose names a source is asked: its own where it has named one."""
    url = preference(source, "jsonldContext")
    if not url:
        return context
    try:
        return await context_of(url)
    except NgsiLdError:
        return context


def link_headers(context: Context) -> dict[str, str]:
    """The Link header of a request without a body (none for the core context)."""
    source: Any = context.source
    while isinstance(source, list) and len(source) == 1:
        source = source[0]
    return {"Link": f'<{source}>; rel="{CONTEXT_REL}"; type="{LD}"'} if isinstance(source, str) else {}
