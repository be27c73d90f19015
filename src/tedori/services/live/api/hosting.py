"""An address for a context that has none of its own, so that answers in plain JSON can name it."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from tedori.engines.ngsild.contexts import Context
from tedori.services.live.actions.contexts import KeepContext
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.calls import Call
from tedori.services.live.api.contexts import BASE
from tedori.services.live.queries.contexts import stored
from tedori.services.live.queries.store import ask
from tedori.services.live.queries.tenants import DEFAULT


async def url_of(call: Call, context: Context) -> str | None:
    """The URL of a caller's context: its own, or one here that is made for it; None for the core context."""
    source: Any = context.source
    while isinstance(source, list) and len(source) == 1:
        source = source[0]
    if source is None or isinstance(source, str):
        return source
    body = orjson.dumps({"@context": source}, option=orjson.OPT_SORT_KEYS).decode()
    name = str(uuid5(NAMESPACE_URL, body))
    if await ask(stored, name, quick=True) is None:
        tenant = await WRITER.write(Found(DEFAULT))
        await WRITER.write(KeepContext(tenant, name, "ImplicitlyCreated", body))
    return f"{call.origin}{BASE}/{name}"
