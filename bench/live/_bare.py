"""The peer: a bare ASGI handler with hand-written SQL on the same tables, without anything of NGSI-LD.

It knows the documents' shape beforehand and checks nothing. Like the hub it writes what waits in one
transaction with statements for many rows, with the same durability, and the same rows: entity, type, values,
place, history and change. Questions use the same indexes; its answers are the stored documents, joined.
"""

from __future__ import annotations

import asyncio
import math
import os
import queue
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import orjson
import psycopg

ADDRESS = os.environ["BENCH_DATABASE"]
POSTGRESQL = ADDRESS.startswith("postgresql")
VOCABULARY = "https://uri.etsi.org/ngsi-ld/default-context/"
LOCATION = "https://uri.etsi.org/ngsi-ld/location"
KIND = f"{VOCABULARY}Toilet"
TYPES = orjson.dumps([KIND]).decode()
MOST = 256
LOCAL = threading.local()


def connection() -> Any:
    """This thread's connection."""
    found = getattr(LOCAL, "raw", None)
    if found is None:
        found = LOCAL.raw = _connected()
    return found


def _connected() -> Any:
    if POSTGRESQL:
        return psycopg.connect(ADDRESS, autocommit=True, options="-c jit=off")
    raw = sqlite3.connect(ADDRESS.removeprefix("sqlite:"), timeout=30, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=NORMAL")
    raw.execute("PRAGMA wal_autocheckpoint=8000")
    raw.execute("PRAGMA cache_size=-32000")
    return raw


def sql(text: str) -> str:
    """A statement with the database's parameter marks."""
    return text.replace("?", "%s") if POSTGRESQL else text


def into(table: str, columns: str) -> str:
    """An INSERT of these columns."""
    names = columns.split()
    return sql(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})")


ENTITY = into("live_entity", "id tenant_id urn owner scopes doc created_at modified_at version from_history")
RENEW = sql("UPDATE live_entity SET doc = ?, modified_at = ?, version = version + 1 WHERE id = ?")
VALUE = into("live_value", "entity_id tenant_id name kind number text observed_at")
PLACE = into("live_place", "entity_id tenant_id name geometry minx miny maxx maxy")
KINDS = into("live_entitytype", "entity_id tenant_id name")
HISTORY = into(
    "live_history",
    "tenant_id urn owner types instance name kind value number text observed_at created_at modified_at "
    "deleted subs",
)
CHANGE = into("live_change", 'tenant_id urn owner types operation changed doc before "by" at')
UNVALUE = sql("DELETE FROM live_value WHERE entity_id = ? AND name = ?")
UNPLACE = sql("DELETE FROM live_place WHERE entity_id = ? AND name = ?")
DOC = "doc::text" if POSTGRESQL else "doc"


class Work:
    """The rows of one transaction."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.known: dict[str, list[Any]] = {}
        self.rows: dict[str, list[tuple]] = {}

    def add(self, statement: str, *row: Any) -> None:
        """One more row."""
        self.rows.setdefault(statement, []).append(row)

    def read(self, urns: list[str]) -> None:
        """Fetch what is there of these."""
        among = "urn = ANY(%s)" if POSTGRESQL else "urn IN (SELECT value FROM json_each(?))"
        lock = " ORDER BY urn FOR UPDATE" if POSTGRESQL else ""
        asked = sorted(set(urns)) if POSTGRESQL else orjson.dumps(urns).decode()
        text = f"SELECT urn, id, {DOC} FROM live_entity WHERE tenant_id = 1 AND {among}{lock}"
        for urn, key, doc in self.raw.execute(text, (asked,)).fetchall():
            self.known[urn] = [key, orjson.loads(doc), doc]

    def numbers(self, amount: int) -> list[int]:
        """Fresh ids."""
        if POSTGRESQL:
            text = "SELECT nextval(pg_get_serial_sequence('live_entity', 'id')) FROM generate_series(1, %s)"
            return [row[0] for row in self.raw.execute(text, (amount,))]
        row = self.raw.execute("SELECT seq FROM sqlite_sequence WHERE name = 'live_entity'").fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + amount))

    def create(self, key: int, document: dict[str, Any]) -> None:
        """A new entity."""
        at, urn = self.at, document["id"]
        attributes = {
            named(name): [self.instance(part)] for name, part in document.items() if name not in HEAD
        }
        stored = {
            "id": urn,
            "types": [KIND],
            "scopes": [],
            "createdAt": at,
            "modifiedAt": at,
            "attributes": attributes,
        }
        doc = orjson.dumps(stored).decode()
        self.add(ENTITY, key, 1, urn, "", "", doc, at, at, 1, False)
        self.add(KINDS, key, 1, KIND)
        for name, (one,) in attributes.items():
            self.found(key, name, one)
            self.lived(urn, name, one)
        changed = orjson.dumps(dict.fromkeys(attributes, "created")).decode()
        self.add(CHANGE, 1, urn, "", TYPES, "created", changed, doc, None, "bench", at)

    def instance(self, part: dict[str, Any]) -> dict[str, Any]:
        """An attribute as it is stored."""
        kind = part["type"]
        one = {"kind": kind, "value": part["object" if kind == "Relationship" else "value"]}
        one |= {name: part[name] for name in ("observedAt", "unitCode") if name in part}
        return one | {"createdAt": self.at, "modifiedAt": self.at}

    def found(self, key: int, name: str, one: dict[str, Any]) -> None:
        """The rows by which it is found."""
        value = one["value"]
        if one["kind"] == "GeoProperty":
            x, y = value["coordinates"]
            self.add(PLACE, key, 1, name, orjson.dumps(value).decode(), x, y, x, y)
            self.add(VALUE, key, 1, name, "o", None, None, None)
        elif isinstance(value, str):
            self.add(
                VALUE, key, 1, name, "u" if one["kind"] == "Relationship" else "s", None, value, column(one)
            )
        else:
            self.add(VALUE, key, 1, name, "n", value, None, column(one))

    def lived(self, urn: str, name: str, one: dict[str, Any]) -> None:
        """The row of its history."""
        value = one["value"]
        number = value if isinstance(value, int) else None
        text = value if isinstance(value, str) else None
        rest = orjson.dumps({"unitCode": one["unitCode"]}).decode() if "unitCode" in one else None
        self.add(
            HISTORY, 1, urn, "", TYPES, f"urn:ngsi-ld:instance:{uuid4()}", name, one["kind"],
            orjson.dumps(value).decode(), number, text, column(one), one["createdAt"], self.at, False, rest,
        )  # fmt: skip

    def change(self, urn: str, parts: dict[str, dict[str, Any]]) -> None:
        """New members of attributes of an entity that was read."""
        known = self.known[urn]
        key, stored, before = known
        for short, part in parts.items():
            name = named(short)
            one = stored["attributes"][name][0]
            one |= {member: value for member, value in part.items() if member not in ("type", "object")}
            if "object" in part:
                one["value"] = part["object"]
            one["modifiedAt"] = self.at
            self.add(UNVALUE, key, name)
            if one["kind"] == "GeoProperty":
                self.add(UNPLACE, key, name)
            self.found(key, name, one)
            self.lived(urn, name, one)
        stored["modifiedAt"] = self.at
        doc = known[2] = orjson.dumps(stored).decode()
        self.add(RENEW, doc, self.at, key)
        changed = orjson.dumps(dict.fromkeys(map(named, parts), "updated")).decode()
        self.add(CHANGE, 1, urn, "", TYPES, "updated", changed, doc, before, "bench", self.at)

    def flush(self) -> None:
        """All of it."""
        if POSTGRESQL:
            self.raw.execute("SELECT pg_advisory_xact_lock(7405561)")
        order = (UNVALUE, UNPLACE, ENTITY, RENEW, VALUE, PLACE, KINDS, HISTORY, CHANGE)
        cursor = self.raw.cursor()
        for statement in order:
            rows = self.rows.get(statement)
            if rows:
                cursor.executemany(statement, rows)


HEAD = frozenset({"id", "type"})


def named(short: str) -> str:
    """The IRI of a name."""
    return LOCATION if short == "location" else VOCABULARY + short


def column(one: dict[str, Any]) -> str | None:
    """The time of observation as columns hold it."""
    found = one.get("observedAt")
    return f"{found[:19]}.000000Z" if found else None


def transaction(jobs: list[tuple[str, Any]]) -> None:
    """Several jobs at once."""
    raw = connection()
    raw.execute("BEGIN" if POSTGRESQL else "BEGIN IMMEDIATE")
    work = Work(raw)
    known = [urn for kind, job in jobs if kind != "create" for urn in _urns(kind, job)]
    if known:
        work.read(known)
    new = [job for kind, job in jobs if kind == "create"]
    for kind, job in jobs:
        if kind == "patch":
            work.change(job[0], {job[1]: job[2]})
        elif kind == "batch":
            for one in job:
                if one["id"] in work.known:
                    work.change(one["id"], {name: part for name, part in one.items() if name not in HEAD})
                else:
                    new.append(one)
    for key, one in zip(work.numbers(len(new)) if new else (), new, strict=True):
        work.create(key, one)
    work.flush()
    raw.execute("COMMIT")


def _urns(kind: str, job: Any) -> list[str]:
    return [job[0]] if kind == "patch" else [one["id"] for one in job]


WAITING: queue.SimpleQueue = queue.SimpleQueue()


def write_always() -> None:
    """Write what waits, together."""
    while True:
        group = [WAITING.get()]
        while len(group) < MOST:
            try:
                group.append(WAITING.get_nowait())
            except queue.Empty:
                break
        error = None
        for _ in range(5):
            try:
                transaction([(kind, job) for kind, job, _, _ in group])
                error = None
                break
            except Exception as failed:  # noqa: BLE001 - whoever waits is told
                connection().execute("ROLLBACK")
                error = failed
        for _, _, loop, future in group:
            loop.call_soon_threadsafe(_settled, future, error)


def _settled(future: asyncio.Future, error: Exception | None) -> None:
    if not future.done():
        future.set_result(None) if error is None else future.set_exception(error)


async def written(kind: str, job: Any) -> None:
    """Once it is kept."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    WAITING.put((kind, job, loop, future))
    await future


for _ in range(3 if POSTGRESQL else 1):
    threading.Thread(target=write_always, daemon=True).start()

READERS = ThreadPoolExecutor(4)
LEVEL, STATUS = f"{VOCABULARY}occupancy", f"{VOCABULARY}condition"
OF_TYPE = (
    "EXISTS (SELECT 1 FROM live_entitytype t WHERE t.entity_id = e.id AND t.tenant_id = 1 AND t.name = ?)"
)
LEVELS = "SELECT v.entity_id FROM live_value v WHERE v.tenant_id = 1 AND v.name = ? AND v.number > ?"
IS_OPEN = "EXISTS (SELECT 1 FROM live_value s WHERE s.entity_id = e.id AND s.name = ? AND s.text = ?)"
HIGHER = "EXISTS (SELECT 1 FROM live_value v WHERE v.entity_id = e.id AND v.name = ? AND v.number > ?)"
BOXED = (
    "SELECT p.entity_id FROM live_place p WHERE p.tenant_id = 1 AND p.name = ? AND "
    "box(point(p.minx, p.miny), point(p.maxx, p.maxy)) && box(point(?, ?), point(?, ?))"
    if POSTGRESQL
    else "SELECT p.entity_id FROM live_place_rtree r JOIN live_place p ON p.id = r.id "
    "WHERE p.tenant_id = 1 AND p.name = ? AND r.minx >= ? AND r.miny >= ? AND r.maxx <= ? AND r.maxy <= ?"
)
# On a sphere, as everybody writes it.
NEAR = (
    " AND 2 * 6371008.8 * asin(sqrt(power(sin(radians(p.miny - ?) / 2), 2) + cos(radians(?)) * "
    "cos(radians(p.miny)) * power(sin(radians(p.minx - ?) / 2), 2))) <= ?"
)


def question(asked: dict[str, str]) -> tuple[str, list[Any]]:
    """The statement of a question and its parameters."""
    parts, given = [OF_TYPE], [KIND]
    leads = "lon" not in asked
    if "lon" in asked:
        lon, lat, reach = float(asked["lon"]), float(asked["lat"]), float(asked["reach"])
        high = math.degrees(reach / 6371008.8) * 1.001
        wide = high / math.cos(math.radians(lat))
        parts.append(f"e.id IN ({BOXED}{NEAR})")
        given += [LOCATION, lon - wide, lat - high, lon + wide, lat + high, lat, lat, lon, reach]
    if "above" in asked:
        parts.append(f"e.id IN ({LEVELS})" if leads else HIGHER)
        given += [LEVEL, float(asked["above"])]
        parts.append(IS_OPEN)
        given += [STATUS, "open"]
    text = f"SELECT {'e.doc::text' if POSTGRESQL else 'e.doc'} FROM live_entity e WHERE {' AND '.join(parts)}"
    return sql(f"{text} ORDER BY e.id LIMIT 20"), given


def answered(asked: dict[str, str]) -> bytes:
    """The stored documents, joined."""
    text, given = question(asked)
    return f"[{','.join(doc for (doc,) in connection().execute(text, given))}]".encode()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The handler."""
    if scope["type"] != "http":
        return
    status, body = await _answer(scope, receive)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _answer(scope: dict[str, Any], receive: Any) -> tuple[int, bytes]:
    path, method = scope["path"], scope["method"]
    if method == "GET":
        if path == "/ready":
            return 200, b""
        asked = dict(parse_qsl(scope["query_string"].decode()))
        return 200, await asyncio.get_running_loop().run_in_executor(READERS, answered, asked)
    body = orjson.loads(await _body(receive))
    if method == "PATCH":
        _, _, urn, _, name = path.split("/")
        await written("patch", (urn, name, body))
        return 204, b""
    await written("batch" if path == "/batch" else "create", body)
    return 201, b""


async def _body(receive: Any) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
