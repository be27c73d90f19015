"""The worker of the links: one per database by lease, one task per link, none holding up another."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from tedori.services.live.actions.delivery.lanes import clock
from tedori.services.live.actions.delivery.matching import later
from tedori.services.live.actions.linking import progress
from tedori.services.live.actions.linking.exchanging import Exchange
from tedori.services.live.actions.linking.inlets import Inlet
from tedori.services.live.actions.writing import Writer
from tedori.services.live.queries import links as queries
from tedori.services.live.queries.store import DOWN, Store
from tedori.services.live.rules.links import HUBS, Link

log = logging.getLogger(__name__)
Result = TypeVar("Result")

LOOK = 1.0  # seconds between looks at what people have set up
LEASE = 6.0  # seconds after which a worker that says nothing is taken for dead


@dataclass(frozen=True, slots=True)
class Setup:
    """What the worker works with: the database, who writes, this installation's key and public address."""

    store: Store
    writer: Writer
    key: str
    public: str
    private: bool = False
    relay: Callable[[], int] = int  # tells other services of the next changes; gives how many it looked at


class Links:
    """Works for every active link until it is told to stop."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live-links")
        self._tasks: dict[tuple[int, int], asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Work whenever the lease is ours."""
        try:
            while not stop.is_set():
                try:
                    await self._look()
                except DOWN:
                    log.exception("the database does not answer")
                await pause(stop, LOOK)
        finally:
            await self._end(tuple(self._tasks))
            await self.database(lambda: progress.leave_lease(self.session(), holder=self.holder))
            self._thread.shutdown(wait=False)

    async def _look(self) -> None:
        """Begin what is new, end what is gone or was set up anew."""
        mine = await self.database(self._lease)
        while mine and await asyncio.get_running_loop().run_in_executor(None, self.setup.relay):
            pass
        found = await self.database(lambda: queries.links(self.session())) if mine else ()
        wanted = {(one.id, one.version): one for one in found if one.active}
        await self._end(tuple(key for key, task in self._tasks.items() if key not in wanted or task.done()))
        for key, link in wanted.items():
            if key not in self._tasks:
                self._tasks[key] = asyncio.create_task(self._work(link))

    async def _work(self, link: Link) -> None:
        worker = Exchange(self, link) if link.protocol in HUBS else Inlet(self, link)
        try:
            await worker.run()
        except Exception:  # noqa: BLE001 - a bug in one link's work ends that task; it begins anew
            log.exception("the work for link %s begins anew", link.id)
        finally:
            await worker.close()

    async def _end(self, keys: tuple[tuple[int, int], ...]) -> None:
        tasks = [self._tasks.pop(key) for key in keys]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _lease(self) -> bool:
        now = clock()
        return progress.take_lease(self.session(), holder=self.holder, now=now, until=later(now, LEASE))

    def session(self) -> Any:
        """The connection of the worker's own thread."""
        return self.setup.store.session()

    async def database(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Do it in the worker's own thread, which has the connection."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Rest, but wake up when the end is asked for."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
