"""A partner's API, in both dialects: ask, hand on, delete, subscribe. Only addresses that are allowed."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpx
import orjson

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.ngsiv2.entities import Shape
from tedori.engines.ngsild.ngsiv2.entities import read_entity as read_v2
from tedori.engines.ngsild.ngsiv2.entities import write_entity as write_v2
from tedori.engines.ngsild.ngsiv2.instants import utc
from tedori.engines.ngsild.ngsiv2.names import id_of, iri_of, name_of
from tedori.engines.ngsild.reading import read_fragment
from tedori.engines.ngsild.values import Entity
from tedori.engines.ngsild.writing import Form, write_entity
from tedori.services.live.actions.delivery.http import Unreachable, addresses
from tedori.services.live.rules.endpoints import port_of

PAGE = 500
LARGEST = 32 * 2**20
TIMEOUT = httpx.Timeout(20.0, connect=5.0)
KEY = "X-Link-Key"
JSON = {"Content-Type": "application/json"}
TIMES = Shape(attrs=("*", "dateModified"), metadata=frozenset(("*", "dateModified")))


class Refused(Exception):
    """The partner answered, but not with what was asked; the text says what, without secrets."""

    def __init__(self, status: int, said: str = "") -> None:
        super().__init__(f"{status} {said}".strip()[:300])
        self.status = status


@dataclass(slots=True)
class Reply:
    """What the partner answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Its JSON; raises Refused."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise Refused(self.status, "the answer is not JSON") from None


@dataclass(slots=True)
class Wire:
    """HTTP to one host: names resolved and checked here, no redirections, answers of bounded size."""

    base: str
    headers: Mapping[str, str]
    private: bool
    _client: httpx.AsyncClient | None = field(default=None)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        **more: str,
    ) -> Reply:
        """One exchange; raises Unreachable."""
        parts = urlsplit(self.base + path)
        address = (await addresses(parts.hostname or "", port_of(self.base), private=self.private))[0]
        literal = f"[{address}]" if ":" in address else address
        client = self._client = self._client or httpx.AsyncClient(
            timeout=TIMEOUT, trust_env=False, follow_redirects=False, verify=ssl.create_default_context()
        )
        request = client.build_request(
            method,
            urlunsplit((parts.scheme, f"{literal}:{port_of(self.base)}", parts.path, parts.query, "")),
            params=params,
            content=orjson.dumps(body) if body is not None else None,
            headers={"Host": parts.netloc, **self.headers, **(JSON if body is not None else {}), **more},
            extensions={"sni_hostname": parts.hostname},
        )
        try:
            return await self._exchange(client, request)
        except (httpx.HTTPError, OSError) as error:
            raise Unreachable(f"no answer ({type(error).__name__})") from error

    async def _exchange(self, client: httpx.AsyncClient, request: httpx.Request) -> Reply:
        response = await client.send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST:
                    raise Refused(response.status_code, "the answer is too large")
            return Reply(response.status_code, response.headers, bytes(body))
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Let the connections go."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


def done(reply: Reply, *also: int) -> Reply:
    """The reply when it says that all went well; raises Refused."""
    if 200 <= reply.status < 300 or reply.status in also:
        return reply
    raise Refused(reply.status, reply.body[:200].decode("utf-8", "replace"))


class NgsiLd:
    """A partner that speaks NGSI-LD."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def entities(
        self, types: Iterable[str], *, since: str = "", limit: int = 0
    ) -> AsyncIterator[Entity]:
        """All entities of the types (IRIs), or those changed since; pages are asked for as they are used."""
        given: dict[str, Any] = {"type": ",".join(types), "options": "sysAttrs", "limit": limit or PAGE}
        if since:
            given["q"] = f"modifiedAt>={since}"
        offset = 0
        while True:
            reply = await self.wire.ask("GET", "/ngsi-ld/v1/entities", params=given | {"offset": offset})
            found = done(reply).json()
            for one in found:
                yield read(one)
            offset += len(found)
            if limit or len(found) < PAGE:
                return

    async def fetch(self, ids: Iterable[str]) -> dict[str, Entity]:
        """Those of these entities that the partner has."""
        wanted = list(ids)
        found: dict[str, Entity] = {}
        for start in range(0, len(wanted), 50):
            given = {"id": ",".join(wanted[start : start + 50]), "options": "sysAttrs", "local": "true"}
            reply = await self.wire.ask("GET", "/ngsi-ld/v1/entities", params=given | {"limit": 100})
            found |= {one["id"]: read(one) for one in done(reply).json()}
        return found

    async def send(self, entities: Iterable[Entity]) -> int:
        """Entities that are to stand at the partner, attribute by attribute; gives how many it refused."""
        body = [write_entity(one, CORE, Form()) for one in entities]
        path = "/ngsi-ld/v1/entityOperations/upsert"
        reply = done(await self.wire.ask("POST", path, params={"options": "update"}, body=body))
        return len(reply.json().get("errors", ())) if reply.status == 207 else 0

    async def delete(self, entity: Entity) -> None:
        """An entity that is no more."""
        done(await self.wire.ask("DELETE", f"/ngsi-ld/v1/entities/{quote(entity.id, safe=':')}"), 404)

    async def delete_attribute(self, entity: Entity, iri: str) -> None:
        """An attribute that is no more."""
        path = f"/ngsi-ld/v1/entities/{quote(entity.id, safe=':')}/attrs/{quote(CORE.compact(iri), safe='')}"
        done(await self.wire.ask("DELETE", path, params={"deleteAll": "true"}), 404)

    async def subscribe(self, types: Iterable[str], hook: str, key: str) -> str:
        """The id of a new subscription."""
        endpoint = {"uri": hook, "accept": "application/json", "receiverInfo": [{"key": KEY, "value": key}]}
        body = {
            "type": "Subscription",
            "entities": [{"type": one} for one in types],
            "notificationTrigger": ["entityCreated", "entityUpdated", "entityDeleted"],
            "notification": {"endpoint": endpoint, "sysAttrs": True},
        }
        reply = done(await self.wire.ask("POST", "/ngsi-ld/v1/subscriptions", body=body))
        return reply.headers.get("location", "").rpartition("/")[2]

    async def subscribed(self, name: str) -> bool:
        """Whether the subscription is still there."""
        reply = await self.wire.ask("GET", f"/ngsi-ld/v1/subscriptions/{quote(name, safe=':')}")
        return done(reply, 404).status != 404

    async def unsubscribe(self, name: str) -> None:
        """End a subscription."""
        done(await self.wire.ask("DELETE", f"/ngsi-ld/v1/subscriptions/{quote(name, safe=':')}"), 404)


def read(document: Any) -> Entity:
    """An entity of an answer or a notification of NGSI-LD."""
    if not isinstance(document, dict):
        raise Refused(200, "an entity is no object")
    plain = {name: value for name, value in document.items() if name != "@context"}
    return read_fragment(plain, CORE, system=True)


class NgsiV2:
    """A partner that speaks NGSIv2."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def entities(
        self, types: Iterable[str], *, since: str = "", limit: int = 0
    ) -> AsyncIterator[Entity]:
        """All entities of the types (IRIs), or those changed since; pages are asked for as they are used."""
        given: dict[str, Any] = {"type": ",".join(map(name_of, types)), "limit": limit or PAGE, **WITH_TIMES}
        if since:
            given["q"] = f"dateModified>={since}"
        offset = 0
        while True:
            reply = await self.wire.ask("GET", "/v2/entities", params=given | {"offset": offset})
            found = done(reply).json()
            for one in found:
                yield timed(one)
            offset += len(found)
            if limit or len(found) < PAGE:
                return

    async def fetch(self, ids: Iterable[str]) -> dict[str, Entity]:
        """Those of these entities that the partner has."""
        wanted = [{"id": id_of(one)} for one in ids]
        body = {"entities": wanted, "attrs": ["*", "dateModified"], "metadata": ["*", "dateModified"]}
        found = {}
        for start in range(0, len(wanted), PAGE):
            part = body | {"entities": wanted[start : start + PAGE]}
            reply = await self.wire.ask("POST", "/v2/op/query", params={"limit": 1000}, body=part)
            found |= {one.id: one for one in map(timed, done(reply).json())}
        return found

    async def send(self, entities: Iterable[Entity]) -> int:
        """Entities that are to stand at the partner, attribute by attribute; gives how many it refused."""
        documents = [write_v2(one, Shape()) for one in entities]
        if (await self._append(documents)).status < 300:
            return 0
        # One of them is refused, and v2 does not say which: each alone.
        return sum([(await self._append([one])).status >= 300 for one in documents])

    async def _append(self, documents: list[Any]) -> Reply:
        body = {"actionType": "append", "entities": documents}
        given = {"options": "overrideMetadata"}
        return done(await self.wire.ask("POST", "/v2/op/update", params=given, body=body), 400, 403, 404, 422)

    async def delete(self, entity: Entity) -> None:
        """An entity that is no more."""
        done(await self.wire.ask("DELETE", f"/v2/entities/{quote(id_of(entity.id), safe=':')}"), 404)

    async def delete_attribute(self, entity: Entity, iri: str) -> None:
        """An attribute that is no more."""
        path = f"/v2/entities/{quote(id_of(entity.id), safe=':')}/attrs/{quote(name_of(iri), safe='')}"
        done(await self.wire.ask("DELETE", path), 404)

    async def subscribe(self, types: Iterable[str], hook: str, key: str) -> str:
        """The id of a new subscription."""
        body = {
            "subject": {"entities": [{"idPattern": ".*", "type": name_of(one)} for one in types]},
            "notification": {
                "httpCustom": {"url": hook, "headers": {KEY: key}},
                "attrs": ["*", "dateModified"],
                "metadata": ["*", "dateModified"],
            },
        }
        reply = done(await self.wire.ask("POST", "/v2/subscriptions", body=body))
        return reply.headers.get("location", "").rpartition("/")[2]

    async def subscribed(self, name: str) -> bool:
        """Whether the subscription is still there."""
        return done(await self.wire.ask("GET", f"/v2/subscriptions/{quote(name)}"), 404).status != 404

    async def unsubscribe(self, name: str) -> None:
        """End a subscription."""
        done(await self.wire.ask("DELETE", f"/v2/subscriptions/{quote(name)}"), 404)


WITH_TIMES = {"attrs": "*,dateModified", "metadata": "*,dateModified"}
Partner = NgsiLd | NgsiV2


def timed(document: Any) -> Entity:
    """An entity of NGSIv2 with the times at which its attributes were written."""
    entity = read_v2(document)
    return replace(
        entity,
        attributes={
            iri: tuple(replace(one, modified_at=_modified(document, iri)) for one in several)
            for iri, several in entity.attributes.items()
        },
    )


def _modified(document: Mapping[str, Any], iri: str) -> str | None:
    one = next((value for name, value in document.items() if iri_of(name) == iri), None)
    told = one.get("metadata", {}).get("dateModified", {}) if isinstance(one, dict) else {}
    return utc(told["value"]) if isinstance(told, dict) and isinstance(told.get("value"), str) else None


def partner(protocol: str, wire: Wire) -> Partner:
    """The dialect of a protocol."""
    return NgsiV2(wire) if protocol == "ngsiv2" else NgsiLd(wire)
