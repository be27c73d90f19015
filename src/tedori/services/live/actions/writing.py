"""The writer queue: waiting commands share one transaction, each is told its own outcome after the commit."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, TypeAlias

import psycopg

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.kernel.errors import UserError
from tedori.services.live.actions.passing import marked
from tedori.services.live.actions.unit import Key, Unit
from tedori.services.live.queries.store import STORE, Session, Store

log = logging.getLogger(__name__)

MOST = 256  # commands in one transaction
HEAVY = 2_000  # entities in one transaction, after which no further command joins it
TRIES = 8
WRITERS = {"sqlite": 1, "postgresql": 3}
AGAIN = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.UniqueViolation,
    psycopg.OperationalError,
)


class Command(Protocol):
    """Something to do to entities: which ones it reads, and what it does to them as they stand then."""

    keys: tuple[Key, ...]

    def apply(self, unit: Unit) -> Any:
        """Change the unit and give the outcome; raise NgsiLdError or UserError before changing anything."""


@dataclass(slots=True)
class _Waiting:
    command: Command
    settle: Callable[[Any], None]
    loop: asyncio.AbstractEventLoop | None = None  # where to settle, if not just here


Queue: TypeAlias = "queue.SimpleQueue[_Waiting | None]"


@dataclass(slots=True)
class _Crew:
    """The threads at work and the queue that they share; those who come after a closing get another."""

    queue: Queue = field(default_factory=queue.SimpleQueue)
    threads: list[threading.Thread] = field(default_factory=list)


class Writer:
    """Threads that carry commands to the database; started by the first command."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.store = store
        self.clock = clock
        self._crew: _Crew | None = None
        self._lock = threading.Lock()

    async def write(self, command: Command) -> Any:
        """Do it, and give its outcome once it is kept; raises what the command raised."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._put(_Waiting(marked(command), partial(_settled, future), loop))
        return await future

    def write_now(self, command: Command) -> Any:
        """The same for callers without an event loop."""
        future: Future = Future()
        self._put(_Waiting(command, partial(_settled, future)))
        return future.result()

    def write_soon(self, command: Command) -> None:
        """The same for callers who do not wait for its outcome; a failure is logged."""
        self._put(_Waiting(command, lambda outcome: None))

    def _put(self, waiting: _Waiting) -> None:
        with self._lock:
            if self._crew is None:
                self._crew = self._started()
            self._crew.queue.put(waiting)

    def _started(self) -> _Crew:
        crew = _Crew()
        for number in range(WRITERS[self.store.vendor]):
            name = f"live-writer-{number}"
            thread = threading.Thread(target=self._work, args=(crew.queue,), name=name, daemon=True)
            crew.threads.append(thread)
            thread.start()
        return crew

    def close(self) -> None:
        """Write what waits, then end the threads."""
        with self._lock:
            crew, self._crew = self._crew, None
        for _ in crew.threads if crew else ():
            crew.queue.put(None)
        for thread in crew.threads if crew else ():
            thread.join()

    def _work(self, waiting: Queue) -> None:
        while (first := waiting.get()) is not None:
            group, ended = self._gathered(first, waiting)
            try:
                outcomes = write_group(self.store.session(), [one.command for one in group], self.now)
            except Exception as error:  # noqa: BLE001 - whatever happens, nobody may wait for ever
                log.exception("the writer failed")
                outcomes = [error] * len(group)
            _tell(group, outcomes)
            if ended:
                return

    @staticmethod
    def _gathered(first: _Waiting, waiting: Queue) -> tuple[list[_Waiting], bool]:
        """What waits by now, as far as one transaction should hold it; whether the end was among it."""
        group, weight = [first], len(first.command.keys)
        while len(group) < MOST and weight < HEAVY:
            try:
                following = waiting.get_nowait()
            except queue.Empty:
                break
            if following is None:
                return group, True
            group.append(following)
            weight += len(following.command.keys)
        return group, False

    def now(self) -> str:
        """The time as columns hold it."""
        return column_time(self.clock())


def column_time(moment: datetime) -> str:
    """A moment as columns hold it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def write_group(session: Session, commands: list[Command], now: Callable[[], str]) -> list[Any]:
    """Do all in one transaction; where that fails for another reason than a command's own, one by one."""
    try:
        return _tried(session, commands, now)
    except Exception as error:  # noqa: BLE001 - one command's surprise must not fail its neighbours
        if len(commands) == 1:
            log.exception("a command failed")
            return [error]
        return [outcome for command in commands for outcome in write_group(session, [command], now)]


def _tried(session: Session, commands: list[Command], now: Callable[[], str]) -> list[Any]:
    """The transaction, again where another writer came between (PostgreSQL)."""
    for attempt in range(TRIES):
        try:
            with session.writing():
                return carry_out(Unit(session, now()), commands)
        except AGAIN:
            if attempt == TRIES - 1 or session.raw.closed:
                raise
            time.sleep(0.002 * 2**attempt)
    raise AssertionError


def carry_out(unit: Unit, commands: Iterable[Command]) -> list[Any]:
    """What each command gives, or the error that it raised; the caller owns the transaction."""
    commands = list(commands)
    unit.read(key for command in commands for key in command.keys)
    outcomes = [_outcome(command, unit) for command in commands]
    unit.flush()
    return outcomes


def _outcome(command: Command, unit: Unit) -> Any:
    try:
        return command.apply(unit)
    except (NgsiLdError, UserError) as error:
        return error


def _tell(group: list[_Waiting], outcomes: list[Any]) -> None:
    """Settle all, with one call to each event loop: waking it costs more than the settling."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[tuple[Callable[[Any], None], Any]]] = {}
    for one, outcome in zip(group, outcomes, strict=True):
        by_loop.setdefault(one.loop, []).append((one.settle, outcome))
    for loop, told in by_loop.items():
        if loop is None:
            _settle(told)
        else:
            with suppress(RuntimeError):  # closed: those who waited there have gone
                loop.call_soon_threadsafe(_settle, told)


def _settle(told: list[tuple[Callable[[Any], None], Any]]) -> None:
    for settle, outcome in told:
        settle(outcome)


def _settled(future: Any, outcome: Any) -> None:
    if future.done():  # the caller has gone away
        return
    if isinstance(outcome, BaseException):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


WRITER = Writer(STORE)
