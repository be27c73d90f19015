"""One lane per endpoint: its notifications in their order; a lane that waits holds up no other."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tedori.services.live.actions.delivery import http, mqtt
from tedori.services.live.actions.delivery.books import Outcome
from tedori.services.live.rules.endpoints import is_final, wait_after
from tedori.services.live.rules.letters import GONE, Letter
from tedori.services.live.rules.telling import Endpoint

log = logging.getLogger(__name__)

IN_MEMORY = 64  # notifications of one endpoint that are kept at hand; the others wait in the database
AT_ONCE, SUSPECTS_AT_ONCE = 512, 32  # attempts under way at endpoints that work, and at those that do not
IDLE = 30.0  # seconds after which a lane without work ends


def clock() -> str:
    """The present moment as columns hold it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(slots=True)
class Desk:
    """What a lane needs of the notifier: the endpoint of a subscription (None when it is gone), the waiting
    notifications of an address, and where outcomes are noted."""

    endpoint: Callable[[int], Endpoint | None]
    waiting: Callable[[str, int], Awaitable[Iterable[Letter]]]
    settle: Callable[[Outcome], asyncio.Future[None]]
    private: bool


class Lanes:
    """All lanes; made when the first notification for an address comes, ended when none comes any more."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.healthy = asyncio.Semaphore(AT_ONCE)
        self.suspect = asyncio.Semaphore(SUSPECTS_AT_ONCE)
        self._lanes: dict[str, Lane] = {}
        self._tasks: set[asyncio.Task] = set()

    def put(self, letters: Iterable[Letter]) -> None:
        """Send these, each in the lane of its address."""
        for letter in letters:
            self.lane(letter.endpoint).put(letter)

    def lane(self, address: str) -> Lane:
        """The lane of an address."""
        lane = self._lanes.get(address)
        if lane is None:
            lane = self._lanes[address] = Lane(address, self)
            task = asyncio.create_task(self._run(lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return lane

    async def _run(self, lane: Lane) -> None:
        try:
            while not await self._ended(lane):
                await asyncio.sleep(1.0)
        finally:
            self._lanes.pop(lane.address, None)
            await lane.close()

    async def _ended(self, lane: Lane) -> bool:
        """Whether the lane has done its work; False when something unexpected stopped it."""
        try:
            await lane.run()
        except Exception:  # noqa: BLE001 - neither a bug nor a lost database may end a lane with work left
            log.exception("a lane stopped; it begins anew")
            lane.begin()
            return False
        return True

    def failing(self) -> tuple[str, ...]:
        """The addresses that did not take the latest notification."""
        return tuple(address for address, lane in self._lanes.items() if lane.failures)

    async def close(self) -> None:
        """End every lane; what was not sent waits in the database."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Lane:
    """The notifications of one address."""

    def __init__(self, address: str, lanes: Lanes) -> None:
        self.address = address
        self.failures = 0
        self._lanes = lanes
        self._came = asyncio.Event()
        self._client: http.Client | mqtt.Client | None = None
        self.begin()

    def begin(self) -> None:
        """Start with what waits in the database."""
        self._letters: deque[Letter] = deque()
        self._more = True
        self._reading = False
        self._read_already: deque[str] = deque(maxlen=2 * IN_MEMORY)
        self._noted: asyncio.Future[None] | None = None

    def put(self, letter: Letter) -> None:
        """Another notification; beyond what memory holds it is read from the database in its turn."""
        if letter.key in self._read_already:
            return  # it was in the database before it was handed over here
        if self._more or self._reading or len(self._letters) >= IN_MEMORY:
            self._more = True
        else:
            self._letters.append(letter)
        self._came.set()

    def look(self) -> None:
        """Read what waits in the database when there is nothing else to do."""
        self._more = True
        self._came.set()

    async def run(self) -> None:
        """Send until nothing has come for a while."""
        while await self._refilled():
            letter = self._letters.popleft()
            endpoint = self._lanes.desk.endpoint(letter.subscription)
            outcome = await self._attempt(letter, endpoint)
            self._noted = self._lanes.desk.settle(outcome)
            if outcome.taken or outcome.final:
                self.failures = 0
                continue
            self.failures += 1
            # All of them are read again, in order and with the attempts counted.
            self._letters.clear()
            self._more = True
            cooldown = endpoint.cooldown if endpoint else 0.0
            await asyncio.sleep(wait_after(self.failures, chance=random.random(), cooldown=cooldown))  # noqa: S311

    async def _refilled(self) -> bool:
        """Whether there is something to send; waits for it, and gives up after a time without any."""
        while not self._letters:
            if self._more:
                await self._read()
            else:
                if isinstance(self._client, mqtt.Client):
                    await self.close()  # brokers are many, silent ones are no use
                if not await self._called():
                    return False
        return True

    async def _read(self) -> None:
        """Take the next ones from the database, once it knows what became of those before them."""
        if self._noted is not None:
            await self._noted
        self._more, self._reading = False, True
        try:
            self._letters.extend(await self._lanes.desk.waiting(self.address, IN_MEMORY))
            self._read_already.extend(letter.key for letter in self._letters)
        finally:
            self._reading = False
        self._more = self._more or len(self._letters) >= IN_MEMORY

    async def _called(self) -> bool:
        """Whether something came within the time that a lane waits."""
        self._came.clear()
        try:
            await asyncio.wait_for(self._came.wait(), IDLE)
        except TimeoutError:
            return bool(self._letters or self._more)
        return True

    async def _attempt(self, letter: Letter, endpoint: Endpoint | None) -> Outcome:
        if endpoint is None:
            return Outcome(letter, clock(), GONE, final=True)
        gate = self._lanes.suspect if self.failures else self._lanes.healthy
        async with gate:
            began = clock()
            try:
                async with asyncio.timeout(endpoint.timeout):
                    status = await self._send(letter, endpoint)
            except TimeoutError:
                await self.close()
                return Outcome(letter, began, f"no answer within {endpoint.timeout:g} s")
            except http.Unreachable as error:
                return Outcome(letter, began, str(error))
        if 200 <= status < 300:
            return Outcome(letter, clock())
        return Outcome(letter, began, f"answered {status}", final=is_final(status))

    async def _send(self, letter: Letter, endpoint: Endpoint) -> int:
        """The status of the answer; MQTT has none but success."""
        if endpoint.uri.lower().startswith("mqtt"):
            if self._client is None:
                self._client = mqtt.Client(
                    endpoint.uri, endpoint.info, private=self._lanes.desk.private, timeout=endpoint.timeout
                )
            await self._client.publish(letter.body)
            return 200
        if self._client is None:
            self._client = http.Client(endpoint.uri, private=self._lanes.desk.private)
        return await self._client.post(letter.body, endpoint.headers_for(letter.via), method=endpoint.method)

    async def close(self) -> None:
        """Let the connection go."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()
