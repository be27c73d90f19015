"""Changes as they happen, for browsers: read once per process, written once per question, offered to many."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import orjson

from tedori.engines.ngsild.contexts import Context
from tedori.engines.ngsild.queries.matching import matches
from tedori.engines.ngsild.queries.tree import Selection
from tedori.engines.ngsild.subscriptions.watching import Change
from tedori.engines.ngsild.writing import Form, write_entity
from tedori.kernel.organisations.values import Actor
from tedori.services.live.queries import subscriptions as log_of
from tedori.services.live.queries.store import DOWN, STORE, ask
from tedori.services.live.rules.letters import Logged
from tedori.services.live.rules.publications import Publications

log = logging.getLogger(__name__)

POLL = 0.1  # seconds between looks at the log of changes
BATCH = 500
MOST_KEPT = 256  # events that wait for one client; one that is slower must read anew
MOST_REPLAYED = 5_000  # changes that are looked through for a client that comes back


@dataclass(frozen=True, slots=True)
class Question:
    """What a client wants to see; equal questions share one answer. `key` says whether two are equal."""

    key: tuple[object, ...]
    tenant: int
    selection: Selection = field(compare=False, hash=False)
    form: Form = field(compare=False, hash=False)
    context: Context = field(compare=False, hash=False)
    reader: Actor = field(compare=False, hash=False)

    def concerns(self, logged: Logged, publications: Publications) -> bool:
        """Whether a change happened in this world and may be seen by this reader."""
        mine = logged.tenant_id == self.tenant
        return mine and publications.readable(self.reader, self.tenant, logged.owner, logged.types)

    def event(self, seq: int, change: Change) -> bytes | None:
        """What a change is to this question: an event, or None.

        An entity that has come to match is told as `created` or `updated`, one that matched and does so no
        more as `left` or `deleted`, with its id and types alone.
        """
        if change.after is not None and matches(change.after, self.selection):
            return event(seq, change.operation, write_entity(change.after, self.context, self.form))
        return self._farewell(seq, change)

    def _farewell(self, seq: int, change: Change) -> bytes | None:
        if change.before is None or not matches(change.before, self.selection):
            return None
        bare = replace(change.before, attributes={}, scopes=())
        kind = "left" if change.after is not None else "deleted"
        return event(seq, kind, write_entity(bare, self.context, Form()))


def event(seq: int, kind: str, data: object) -> bytes:
    """One server-sent event; its id is the place in the log of changes."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (seq, kind.encode(), orjson.dumps(data))


class Listener:
    """One client: the events that wait for it. `lost` when it was too slow and must read anew."""

    __slots__ = ("came", "lost", "question", "waiting")

    def __init__(self, question: Question) -> None:
        self.question = question
        self.waiting: deque[bytes] = deque()
        self.came = asyncio.Event()
        self.lost = False

    def offer(self, told: bytes) -> None:
        """Another event; a client that does not keep up loses all that waits."""
        if len(self.waiting) >= MOST_KEPT:
            self.waiting.clear()
            self.lost = True
        if not self.lost:
            self.waiting.append(told)
        self.came.set()


class Streams:
    """The clients of this process, by question, and the one reader of changes that serves them."""

    def __init__(self, *, reading: Callable = ask) -> None:
        self.position = 0
        self._ask = reading
        self._listeners: dict[Question, set[Listener]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    def __len__(self) -> int:
        return sum(map(len, self._listeners.values()))

    async def join(self, question: Question) -> Listener:
        """A new client; it is told every change after the position at this moment."""
        listener = Listener(question)
        self._listeners.setdefault(question, set()).add(listener)
        if self._reader is None or self._reader.done():
            self._ready = asyncio.Event()
            self._reader = asyncio.create_task(self._read())
        try:
            await self._ready.wait()
        except BaseException:
            self.leave(listener)
            raise
        return listener

    def leave(self, listener: Listener) -> None:
        """A client has gone."""
        there = self._listeners.get(listener.question, set())
        there.discard(listener)
        if not there:
            self._listeners.pop(listener.question, None)

    async def since(self, question: Question, last: int, upto: int) -> tuple[bytes, ...] | None:
        """The events between two positions; None when there are too many, or the log does not reach back."""
        return await self._ask(_missed, question, last, upto)

    async def _read(self) -> None:
        """Read the log for as long as there are clients."""
        self.position = await self._ask(_newest)
        self._ready.set()
        while self._listeners:
            try:
                changes, publications = await self._ask(_following, self.position)
            except DOWN:
                log.exception("the log of changes cannot be read")
                await asyncio.sleep(1.0)
                continue
            for logged in changes:
                self._tell(logged, publications)
                self.position = logged.seq
            if len(changes) < BATCH:
                await asyncio.sleep(POLL)

    def _tell(self, logged: Logged, publications: Publications) -> None:
        asking = [question for question in self._listeners if question.concerns(logged, publications)]
        change = logged.change() if asking else None
        for question in asking:
            there, told = self._listeners[question], question.event(logged.seq, change)
            if told is not None:
                for listener in there:
                    listener.offer(told)


def _newest() -> int:
    return log_of.last_seq(STORE.session())


def _following(position: int) -> tuple[tuple[Logged, ...], Publications]:
    session = STORE.session()
    changes = log_of.changes_after(session, position, limit=BATCH)
    return changes, log_of.publications(session) if changes else Publications({})


def _missed(question: Question, last: int, upto: int) -> tuple[bytes, ...] | None:
    session = STORE.session()
    if upto - last > MOST_REPLAYED or last + 1 < log_of.first_seq(session):
        return None
    return tuple(_events(question, last, upto, log_of.publications(session)))


def _events(question: Question, last: int, upto: int, publications: Publications) -> Iterator[bytes]:
    session = STORE.session()
    while last < upto:
        changes = log_of.changes_after(session, last, limit=BATCH)
        for logged in changes:
            if logged.seq > upto:
                return
            told = question.concerns(logged, publications) and question.event(logged.seq, logged.change())
            if told:
                yield told
        if not changes:
            return
        last = changes[-1].seq


STREAMS = Streams()
