"""Trying a link out: is the partner there, does it speak as was said, what do its things look like?"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import aiomqtt
import orjson

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.ngsiv2.entities import Shape
from tedori.engines.ngsild.ngsiv2.entities import write_entity as write_v2
from tedori.engines.ngsild.writing import NORMALIZED, write_entity
from tedori.services.live.actions.delivery.http import Unreachable, addresses
from tedori.services.live.actions.linking.exchanging import FAILURES, said
from tedori.services.live.actions.linking.partners import Refused, Wire, done, partner
from tedori.services.live.rules.endpoints import port_of
from tedori.services.live.rules.links import HUBS, Link, credentials
from tedori.services.live.rules.locking import opened

SHOWN = 4_000
LEAST = {"ngsi-ld": "/ngsi-ld/v1/types", "ngsiv2": "/v2"}


@dataclass(frozen=True, slots=True)
class Probe:
    """What came of it: `reached`, `speaks` (None: that cannot be told), a sample, and what went wrong."""

    reached: bool
    speaks: bool | None = None
    sample: str = ""
    reason: str = ""


async def probe(link: Link, *, key: str, private: bool) -> Probe:
    """Try a link out; nothing is written on either side."""
    parts = urlsplit(link.address)
    base = link.address if link.protocol in HUBS else f"{parts.scheme}://{parts.netloc}"
    wire = Wire(base, {}, private)
    try:
        if link.protocol == "mqtt":
            return await _broker(link, private=private)
        wire.headers = credentials(link, opened(link.secret, key=key))
        return await (_hub(link, wire) if link.protocol in HUBS else _document(link, wire))
    except Unreachable as error:
        return Probe(reached=False, reason=said(error))
    except FAILURES as error:
        return Probe(reached=True, speaks=False, reason=said(error))
    finally:
        await wire.close()


async def _hub(link: Link, wire: Wire) -> Probe:
    done(await wire.ask("GET", LEAST[link.protocol])).json()
    types = [link.names.foreign_type(one) for one in link.types]
    async for one in partner(link.protocol, wire).entities(types, limit=1):
        document = (
            write_v2(one, Shape()) if link.protocol == "ngsiv2" else write_entity(one, CORE, NORMALIZED)
        )
        sample = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
        return Probe(reached=True, speaks=True, sample=sample)
    return Probe(reached=True, speaks=True)


async def _document(link: Link, wire: Wire) -> Probe:
    parts = urlsplit(link.address)
    reply = await wire.ask("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    if reply.status != 200:
        raise Refused(reply.status)
    return Probe(reached=True, sample=reply.body[:SHOWN].decode("utf-8", "replace"))


async def _broker(link: Link, *, private: bool) -> Probe:
    parts = urlsplit(link.address)
    allowed = await addresses(parts.hostname or "", port_of(link.address), private=private)
    try:
        async with aiomqtt.Client(allowed[0], port=port_of(link.address), timeout=5):
            return Probe(reached=True, speaks=True)
    except aiomqtt.MqttError as error:
        return Probe(reached=False, reason=f"MQTT: {error}"[:200])
