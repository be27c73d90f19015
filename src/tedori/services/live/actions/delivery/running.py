"""The notifier at work: one per database, by lease; matching in its own thread, sending on the loop."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from tedori.services.live.actions.counting import KeepUses
from tedori.services.live.actions.delivery import books
from tedori.services.live.actions.delivery.books import NotMine, Outcome
from tedori.services.live.actions.delivery.lanes import Desk, Lanes, clock
from tedori.services.live.actions.delivery.matching import Matcher, Roll, later
from tedori.services.live.actions.expiring import Expire
from tedori.services.live.actions.writing import write_group
from tedori.services.live.queries import subscriptions as queries
from tedori.services.live.queries.expiring import expired_keys
from tedori.services.live.queries.store import DOWN, Store
from tedori.services.live.rules.endpoints import KEEP_HOURS
from tedori.services.live.rules.letters import Letter

log = logging.getLogger(__name__)
Result = TypeVar("Result")

POLL = 0.05  # seconds between looks at the log while nothing happens
LEASE = 6.0  # seconds after which a notifier that says nothing is taken for dead
RENEW = 2.0
TIDY = 60.0


@dataclass(frozen=True, slots=True)
class Setup:
    """What a notifier works with: the database, the loader of contexts, this hub's name in Via headers, and
    whether private endpoints and trial callers are allowed."""

    store: Store
    load: Callable[[str], Any]
    hub: str
    private: bool = False
    trial: bool = False


class Pulse:
    """Says when something is due again that is done every so many seconds."""

    def __init__(self, every: float) -> None:
        self._every, self._last = every, time.monotonic()

    def due(self) -> bool:
        """Whether it is time; if so, the time runs anew."""
        now = time.monotonic()
        if now - self._last < self._every:
            return False
        self._last = now
        return True


class Notifier:
    """Watches, writes down and sends until it is told to stop."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live-notifier")
        self._books = ThreadPoolExecutor(1, thread_name_prefix="live-notifier-books")
        self._outcomes: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._came = asyncio.Event()
        self._matcher: Matcher | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Notify whenever the lease is ours; wait while it is another's or the database is away."""
        try:
            while not stop.is_set():
                try:
                    if await self._database(self._lease):
                        await self._serve(stop)
                    else:
                        await _pause(stop, 1.0)
                except NotMine:
                    log.warning("another notifier has taken over")
                except DOWN:
                    log.exception("the database does not answer")
                    await _pause(stop, 1.0)
                except Exception:  # noqa: BLE001 - subscribers must not be forgotten because of a bug
                    log.exception("the notifier begins anew")
                    await _pause(stop, 5.0)
        finally:
            self._thread.shutdown(wait=False)
            self._books.shutdown(wait=False)

    async def _serve(self, stop: asyncio.Event) -> None:
        """The work of the one notifier."""
        self._matcher = await self._database(self._prepare)
        desk = Desk(self._matcher.endpoint, self._waiting, self._settle, self.setup.private)
        lanes = Lanes(desk)
        settling = asyncio.create_task(self._settling())
        try:
            for address in await self._database(queries.endpoints_waiting, self._matcher.session):
                lanes.lane(address)
            await self._watch(lanes, stop, settling)
        finally:
            await lanes.close()
            settling.cancel()
            await asyncio.gather(settling, return_exceptions=True)
            await self._database(self._leave)

    def _prepare(self) -> Matcher:
        setup = self.setup
        roll = Roll(load=setup.load, hub=setup.hub, trial=setup.trial)
        return Matcher(setup.store.session(), roll=roll, holder=self.holder)

    async def _watch(self, lanes: Lanes, stop: asyncio.Event, settling: asyncio.Task[None]) -> None:
        releasing, renewing, tidying = Pulse(POLL), Pulse(RENEW), Pulse(TIDY)
        while not stop.is_set():
            if settling.done():
                settling.result()  # raises what ended it
            count, letters = await self._database(self._matcher.round, clock())
            if releasing.due():
                letters += await self._database(self._matcher.release, clock())
            lanes.put(letters)
            await self._look(lanes, self._matcher)
            if renewing.due():
                await self._renew()
            if tidying.due():
                await self._database(self._tidy, lanes.failing())
            await _pause(stop, 0.0 if count else POLL)

    async def _renew(self) -> None:
        """Stay the one notifier; raises NotMine when another has taken over."""
        if not await self._database(self._lease):
            raise NotMine(self.holder)
        await self._database(self._expire)

    async def _look(self, lanes: Lanes, matcher: Matcher) -> None:
        """See to letters that others have written, as those about context sources."""
        if matcher.roll.written:
            matcher.roll.written = False
            for address in await self._database(queries.endpoints_waiting, matcher.session):
                lanes.lane(address).look()

    def _lease(self) -> bool:
        now = clock()
        session = self.setup.store.session()
        return books.take_lease(session, holder=self.holder, now=now, until=later(now, LEASE))

    def _expire(self) -> None:
        """End what was stored for a time only, so that subscribers hear of it though nobody asks."""
        session = self.setup.store.session()
        if expired_keys(session, at=clock(), limit=1):
            write_group(session, [Expire()], clock)

    def _leave(self) -> None:
        books.leave_lease(self.setup.store.session(), holder=self.holder)

    def _tidy(self, failing: Iterable[str]) -> None:
        """Give up what is too much, and count the writes, so that the log of changes need not wait for it."""
        session = self.setup.store.session()
        for address in failing:
            books.give_up_overflow(session, address)
        write_group(session, [KeepUses()], clock)
        self._matcher.roll.try_again()

    async def _waiting(self, address: str, limit: int) -> tuple[Letter, ...]:
        def read() -> tuple[Letter, ...]:
            return queries.letters_waiting(self.setup.store.session(), address, limit=limit)

        return await self._noted(read)

    def _settle(self, outcome: Outcome) -> asyncio.Future[None]:
        noted = asyncio.get_running_loop().create_future()
        self._outcomes.append((outcome, noted))
        self._came.set()
        return noted

    async def _settling(self) -> None:
        """Write outcomes down, as many together as there are."""
        while True:
            await self._came.wait()
            self._came.clear()
            group, self._outcomes = self._outcomes, []
            until = later(clock(), -KEEP_HOURS * 3600)
            await self._noted(self._settled, [outcome for outcome, _ in group], until)
            for _, noted in group:
                if not noted.done():
                    noted.set_result(None)

    def _settled(self, outcomes: list[Outcome], until: str) -> None:
        books.settle(self.setup.store.session(), outcomes, until=until)

    async def _noted(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Do it in the thread that keeps the books, which never waits for the matching of changes."""
        return await asyncio.get_running_loop().run_in_executor(self._books, work, *arguments)

    async def _database(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Do it in the notifier's own thread, which has the connection."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Rest, but wake up when the end is asked for."""
    if not seconds:
        return
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
