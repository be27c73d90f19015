"""Figure on sudden ends: kill -9 at random points under load; nothing acknowledged is lost or half there.

Writers create entities, update values and send batches, and note what was acknowledged. After each kill the
database itself is looked at: every entity, its rows of values, its history and the log of changes must tell
the same story.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson
import psycopg

from bench.figure import CannotMeasure, Figure, Measured
from bench.live.databases import TITLES, Base, bases
from bench.live.loading import request
from bench.live.servers import Server, start_hub
from bench.live.things import instant, thing, urn
from bench.live.writing import ENTITIES, UPSERT

KILLS, WRITERS, THINGS, BATCH = 50, 8, 40, 20
LEVEL = "https://uri.etsi.org/ngsi-ld/default-context/occupancy"


@dataclass(slots=True)
class Ledger:
    """What was acknowledged: by the number of a thing the newest turn; and all that was sent."""

    kept: dict[int, int] = field(default_factory=dict)
    turns: Iterator[int] = field(default_factory=lambda: count(1))
    written: int = 0

    def note(self, numbers: range | list[int], turn: int) -> None:
        """These are acknowledged."""
        self.written += len(numbers)
        for number in numbers:
            self.kept[number] = max(turn, self.kept.get(number, 0))


async def _write(port: int, ledger: Ledger, writer: int) -> None:
    """One writer: things of its own, created, updated, and sent in batches, until the server is gone."""
    own = [writer * 1_000_000 + one for one in range(THINGS)]
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        reader, sender = await asyncio.open_connection("127.0.0.1", port)
        while True:
            turn = next(ledger.turns)
            number = random.choice(own)
            if number not in ledger.kept:
                sent, numbers = request("POST", ENTITIES, orjson.dumps(_thing(number, turn))), [number]
            elif turn % 5:
                path = f"{ENTITIES}/{urn(number)}/attrs/occupancy"
                sent, numbers = request("PATCH", path, orjson.dumps({"value": turn})), [number]
            else:
                numbers = random.sample(own, BATCH)
                sent = request("POST", UPSERT, orjson.dumps([_thing(one, turn) for one in numbers]))
            sender.write(sent)
            status = await _status(reader)
            if status == 409:  # created before the kill, though nobody was told
                ledger.kept[number] = 0
            elif status >= 300:
                raise CannotMeasure(f"{sent[:80]!r} was answered with {status}")
            else:
                ledger.note(numbers, turn)


def _thing(number: int, turn: int) -> dict[str, Any]:
    """A thing whose level tells the turn."""
    level = {"type": "Property", "value": turn, "observedAt": instant(turn)}
    return {**thing(number, turn), "occupancy": level}


async def _status(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, found, rest = head.partition(b"content-length: ")
    if found:
        await reader.readexactly(int(rest.split(b"\r\n")[0]))
    return int(head.split()[1])


async def _loaded(server: Server, ledger: Ledger, seconds: float) -> None:
    """Write for so long, then kill the server."""
    writers = [asyncio.create_task(_write(server.port, ledger, one)) for one in range(WRITERS)]
    await asyncio.wait(writers, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    server.process.kill()
    server.process.wait()
    for done in await asyncio.gather(*writers, return_exceptions=True):
        if isinstance(done, Exception):
            raise done


def killed(base: Base, ledger: Ledger, *, seconds: float) -> None:
    """One life of a hub on this database: load, and kill -9."""
    server = start_hub(base, quickly=True)
    try:
        asyncio.run(_loaded(server, ledger, seconds))
    finally:
        server.process.kill()
        server.process.wait()


def faults(base: Base, ledger: Ledger) -> list[str]:
    """What is wrong in the database, in words."""
    with closing(_connected(base)) as raw:

        def rows(text: str) -> list[tuple]:
            return raw.execute(text).fetchall()

        doc = "doc" if base.vendor == "sqlite" else "doc::text"
        documents = {key: orjson.loads(text) for key, text in rows(f"SELECT id, {doc} FROM live_entity")}
        return [
            *_lost({one["id"]: one for one in documents.values()}, ledger),
            *_torn(documents, rows("SELECT entity_id, name, number, text FROM live_value")),
            *_unlike(documents, rows),
        ]


def _connected(base: Base) -> Any:
    if base.vendor == "sqlite":
        return sqlite3.connect(base.address.removeprefix("sqlite:"))
    return psycopg.connect(base.address)


def _lost(entities: dict[str, dict], ledger: Ledger) -> Iterator[str]:
    """Acknowledged writes that are not there; a later one, never answered, may stand in their place."""
    for number, turn in ledger.kept.items():
        entity = entities.get(urn(number))
        if entity is None:
            yield f"{urn(number)} is lost"
        elif _level_of(entity) < turn:
            yield f"{urn(number)} is at {_level_of(entity)}, acknowledged was {turn}"


def _level_of(entity: dict) -> int:
    return entity["attributes"][LEVEL][0]["value"]


def _torn(documents: dict[int, dict], values: list[tuple]) -> Iterator[str]:
    """Entities whose rows of values are not those of their document."""
    found: dict[int, dict[str, Any]] = {}
    for key, name, number, text in values:
        if name in found.setdefault(key, {}):
            yield f"{key} has {name} twice"
        found[key][name] = number if number is not None else text
    for key, document in documents.items():
        expected = {name: one[0]["value"] for name, one in document["attributes"].items()}
        expected = {name: None if isinstance(value, dict) else value for name, value in expected.items()}
        if found.pop(key, {}) != expected:
            yield f"{document['id']} has other values than its document"
    yield from (f"values of {key}, which is no entity" for key in found)


def _unlike(documents: dict[int, dict], rows: Any) -> Iterator[str]:
    """Entities whose history or log of changes ends otherwise than their document."""
    history, changes = {}, {}
    for at, name, value in rows("SELECT urn, name, value FROM live_history ORDER BY id"):
        history[at, name] = value
    for at, doc in rows("SELECT urn, doc FROM live_change ORDER BY seq"):
        changes[at] = doc
    for document in documents.values():
        for name, (one,) in document["attributes"].items():
            past = history.get((document["id"], name))
            if past is None or orjson.loads(past) != one["value"]:
                yield f"the history of {document['id']} ends otherwise: {name}"
        if orjson.loads(changes.pop(document["id"], "null")) != document:
            yield f"the last change of {document['id']} tells otherwise"
    yield from (f"a change of {one}, which is no entity" for one in changes)


def _kill() -> Measured:
    dice, told, wrong = random.Random(20_261_122), [], []
    with bases() as empty:
        for vendor, base in empty.items():
            with base.copied() as own:
                ledger, began = Ledger(), time.monotonic()
                for _ in range(KILLS):
                    killed(own, ledger, seconds=dice.uniform(0.2, 1.5))
                    wrong += faults(own, ledger)
                took = time.monotonic() - began
                told.append(f"{TITLES[vendor]} {ledger.written} writes acknowledged in {took:.0f} s")
    return Measured(
        value=len(wrong),
        holds=not wrong,
        what=f"{KILLS} times each; {', '.join(told)}{'; ' if wrong else ''}{'; '.join(wrong[:3])}",
    )


FIGURE = Figure("live-kill", "kill -9 at random points under load", "faults", "none", _kill)
