"""Ways in that are no city OS: MQTT topics, and CSV or JSON at an address that is asked again and again."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import aiomqtt

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.values import Entity
from tedori.services.live.actions.delivery.http import addresses
from tedori.services.live.actions.delivery.lanes import clock
from tedori.services.live.actions.linking import progress
from tedori.services.live.actions.linking.exchanging import FAILURES, Office, said, take
from tedori.services.live.actions.linking.partners import Refused, Wire
from tedori.services.live.actions.linking.progress import Step
from tedori.services.live.queries import links as queries
from tedori.services.live.rules.endpoints import port_of
from tedori.services.live.rules.links import Link, credentials, waits
from tedori.services.live.rules.locking import opened
from tedori.services.live.rules.records import Shape, entity_of, message_of, records_of, shape_of

TOGETHER = 200
UNCHANGED = 304
FAR = (*FAILURES, aiomqtt.MqttError, OSError)


class Inlet:
    """The work for one link that only takes in."""

    def __init__(self, office: Office, link: Link) -> None:
        self.office, self.link = office, link
        self.wire = Wire(_base(link.address), {}, office.setup.private)
        self.shape: Shape = shape_of(link.names.records)

    async def run(self) -> None:
        """Take in until the task is ended."""
        work = self._listen if self.link.protocol == "mqtt" else self._poll
        while True:
            try:
                await work()
            except FAR as error:
                await self._failed(error)
            else:
                await asyncio.sleep(self.link.every)

    async def _failed(self, error: Exception) -> None:
        link, told = self.link, said(error)
        await self.office.database(lambda: progress.went_wrong(self.office.session(), link, told, at=clock()))
        await self._reread()
        await asyncio.sleep(waits(self.link.failures))

    async def _reread(self) -> None:
        found = await self.office.database(lambda: queries.link(self.office.session(), self.link.id))
        self.link = found if found is not None and found.version == self.link.version else self.link

    async def _poll(self) -> None:
        """Ask the address; take the records in unless they are the ones that we have."""
        link = self.link
        etag, _, modified = link.mark.partition("\n")
        secret = opened(link.secret, key=self.office.setup.key)
        headers = {**credentials(link, secret)}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        parts = urlsplit(link.address)
        reply = await self.wire.ask("GET", _path(parts), **headers)
        if reply.status == UNCHANGED:
            await self._note(Step())
            return
        if reply.status != 200:
            raise Refused(reply.status)
        records = records_of(reply.body, link.protocol, self.shape)
        received, refused = await self._take(records)
        mark = f"{reply.headers.get('etag', '')}\n{reply.headers.get('last-modified', '')}"
        await self._note(Step(mark=mark[:500], received=received, refused=refused))

    async def _take(self, records: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
        """Take records in; one that is no entity is counted and stops nothing."""
        received = refused = 0
        group: list[Entity] = []
        for record in records:
            try:
                group.append(entity_of(record, self.shape))
            except NgsiLdError:
                refused += 1
            if len(group) == TOGETHER:
                received, refused, group = await self._settle(received, refused, group)
        received, refused, _ = await self._settle(received, refused, group)
        return received, refused

    async def _settle(
        self, received: int, refused: int, group: list[Entity]
    ) -> tuple[int, int, list[Entity]]:
        changed, wrong = await take(self.office, self.link, group)
        return received + changed, refused + wrong, []

    async def _note(self, step: Step) -> None:
        link = self.link
        await self.office.database(lambda: progress.went_well(self.office.session(), link, step, at=clock()))
        await self._reread()

    async def _listen(self) -> None:
        """Hear the messages of a topic; those that wait are taken in together."""
        parts, link = urlsplit(self.link.address), self.link
        topic = unquote(parts.path.lstrip("/")) + (f"#{parts.fragment}" if "#" in link.address else "")
        user, _, password = opened(link.secret, key=self.office.setup.key).partition(":")
        secure = parts.scheme.lower() == "mqtts"
        allowed = await addresses(
            parts.hostname or "", port_of(link.address), private=self.office.setup.private
        )
        async with aiomqtt.Client(
            parts.hostname if secure else allowed[0],
            port=port_of(link.address),
            username=user or None,
            password=password or None,
            identifier=f"tedori-link-{link.id}-{link.version}",
            clean_session=False,
            tls_context=ssl.create_default_context() if secure else None,
            timeout=10,
        ) as broker:
            await broker.subscribe(topic, qos=1)
            await self._note(Step())
            async for message in broker.messages:
                await self._hear(broker, message)

    async def _hear(self, broker: aiomqtt.Client, first: aiomqtt.Message) -> None:
        group = [first]
        while len(group) < TOGETHER and len(broker.messages):
            group.append(await anext(aiter(broker.messages)))
        records = (message_of(str(one.topic), bytes(one.payload or b"")) for one in group)
        received, refused = await self._take(records)
        await self._note(Step(received=received, refused=refused))

    async def close(self) -> None:
        """Let the connections go."""
        await self.wire.close()


def _base(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _path(parts: Any) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
