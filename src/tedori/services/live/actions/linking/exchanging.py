"""The exchange with one city OS: subscribe, catch up, hand on; after a failure again from where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeVar

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.services.live.actions.delivery.http import Unreachable
from tedori.services.live.actions.delivery.lanes import clock
from tedori.services.live.actions.delivery.matching import later
from tedori.services.live.actions.linking import handing, progress
from tedori.services.live.actions.linking.partners import Refused, Wire, partner
from tedori.services.live.actions.linking.progress import Step
from tedori.services.live.actions.linking.taking import taking
from tedori.services.live.actions.writing import column_time
from tedori.services.live.queries import links as queries
from tedori.services.live.rules.links import Link, credentials, waits
from tedori.services.live.rules.locking import Sealed, opened

Result = TypeVar("Result")

POLL = 0.5  # seconds between looks at the log of changes
OVERLAP = 10.0  # seconds that two queries of what has changed have in common
CHECK = 300.0  # seconds between looks at whether the subscription is still there
TAKEN_TOGETHER = 200
HOOK = "/ngsi-ld/links/{}"
FAILURES = (Unreachable, Refused, NgsiLdError, Sealed, TimeoutError, ValueError)


class Office(Protocol):
    """What the work for one link needs of the worker."""

    setup: Any

    def session(self) -> Any:
        """The connection of the worker's thread."""
        ...

    async def database(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Do it in the thread that has the connection."""
        ...


class Exchange:
    """The work for one link to a city OS."""

    def __init__(self, office: Office, link: Link) -> None:
        self.office, self.link = office, link
        setup = office.setup
        self.wire = Wire(link.address, {}, setup.private)
        self.partner = partner(link.protocol, self.wire)
        self._checked = self._caught = float("-inf")

    async def run(self) -> None:
        """Exchange until the task is ended."""
        self.wire.headers = credentials(self.link, opened(self.link.secret, key=self.office.setup.key))
        while True:
            try:
                more = await self.once()
            except FAILURES as error:
                await self._failed(error)
                continue
            if not more:
                await asyncio.sleep(POLL)

    async def _failed(self, error: Exception) -> None:
        link = self.link
        await self.office.database(
            lambda: progress.went_wrong(self.office.session(), link, said(error), at=clock())
        )
        await self._reread()
        self._checked = self._caught = float("-inf")  # whatever was missed meanwhile is fetched
        await asyncio.sleep(waits(self.link.failures))

    async def _reread(self) -> None:
        found = await self.office.database(lambda: queries.link(self.office.session(), self.link.id))
        self.link = found if found is not None and found.version == self.link.version else self.link

    async def once(self) -> bool:
        """One round; whether there is more to hand on at once."""
        now = asyncio.get_running_loop().time()
        if self.link.takes and now - self._checked > CHECK:
            await self._subscribe()
            self._checked = now
        if self.link.takes and now - self._caught > self.link.every:
            await self._catch_up()
            self._caught = now
        return await self._hand_on() if self.link.gives else False

    async def _subscribe(self) -> None:
        """See to it that the partner tells us of changes."""
        link = self.link
        if link.subscription and await self.partner.subscribed(link.subscription):
            return
        types = [link.names.foreign_type(one) for one in link.types]
        hook = self.office.setup.public.rstrip("/") + HOOK.format(link.id)
        key = opened(link.hook, key=self.office.setup.key)
        name = await self.partner.subscribe(types, hook, key)
        await self._note(Step(subscription=name))

    async def _catch_up(self) -> None:
        """Take in what the partner has changed since the last time, or at first all it has."""
        link = self.link
        types = [link.names.foreign_type(one) for one in link.types]
        began = await self._partners_time()
        group, received, refused = [], 0, 0
        async for one in self.partner.entities(types, since=link.caught_up):
            group.append(one)
            if len(group) == TAKEN_TOGETHER:
                received, refused = add((received, refused), await take(self.office, link, group))
                group = []
        received, refused = add((received, refused), await take(self.office, link, group))
        await self._note(Step(caught_up=began, received=received, refused=refused))

    async def _partners_time(self) -> str:
        """The partner's own time, since its own clock says when things changed there; a little earlier."""
        path = "/v2" if self.link.protocol == "ngsiv2" else "/ngsi-ld/v1/types"
        reply = await self.wire.ask("GET", path)
        told = reply.headers.get("date")
        try:
            now = column_time(parsedate_to_datetime(told)) if told else clock()
        except ValueError:
            now = clock()
        return later(now, -OVERLAP)[:19] + "Z"

    async def _hand_on(self) -> bool:
        link = self.link
        first = await self.office.database(lambda: handing.must_begin(self.office.session(), link))
        if first:
            return await self._hand_on_everything()
        parcel = await self.office.database(lambda: handing.packed(self.office.session(), link))
        if parcel.position == link.position:
            return False
        done = await handing.hand_over(parcel, link, self.partner)
        await self._note(Step(position=parcel.position, sent=done.sent, refused=done.refused))
        return parcel.more

    async def _hand_on_everything(self) -> bool:
        """At the start: all that there is, and only then what follows."""
        link, offset, begun = self.link, 0, None
        while True:
            parcel = await self.office.database(self._part, offset)
            begun = parcel.position if begun is None else begun
            done = await handing.hand_over(parcel, link, self.partner)
            last = not parcel.more
            await self._note(Step(position=begun if last else None, sent=done.sent, refused=done.refused))
            if last:
                return True
            offset += handing.BATCH

    def _part(self, offset: int) -> handing.Parcel:
        return handing.everything(self.office.session(), self.link, offset)

    async def _note(self, step: Step) -> None:
        link = self.link
        await self.office.database(lambda: progress.went_well(self.office.session(), link, step, at=clock()))
        await self._reread()

    async def close(self) -> None:
        """Let the connections go."""
        await self.wire.close()


def add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Both counts together."""
    return one[0] + other[0], one[1] + other[1]


async def take(office: Office, link: Link, entities: list[Any]) -> tuple[int, int]:
    """Take entities in; how many changed something, and how many were refused."""
    command = taking(link, entities)
    if not command.takes:
        return 0, 0
    outcomes = await office.setup.writer.write(command)
    changed = sum(one is True for one in outcomes)
    return changed, sum(isinstance(one, Exception) for one in outcomes)


def said(error: Exception) -> str:
    """What went wrong, for the person who looks after the link."""
    if isinstance(error, Refused):
        return f"answered {error}"
    if isinstance(error, Sealed):
        return "the secret cannot be read any more; enter it again"
    if isinstance(error, NgsiLdError):
        return f"{error.title} {error.detail} {error.where}"
    return str(error) or type(error).__name__
