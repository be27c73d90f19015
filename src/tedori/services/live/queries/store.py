"""Connections of the hub's own: plain SQL to the tables of this room, one connection per thread.

The hot doors do not go through Django's request machinery, and their statements are written by hand; `?`
marks a parameter in both databases.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import psycopg
from django.conf import settings

from tedori.engines.ngsild.queries.sqlite import FUNCTIONS, MATHEMATICS
from tedori.services.live.queries.options import options

READERS = 4
BRIEF = 200_000  # steps of SQLite's machine, some milliseconds
WAIT = 30  # seconds that a connection waits for another process's write
Rows = list[tuple[Any, ...]]
# Compiling a query costs PostgreSQL more than most of ours take; none may keep a connection for ever.
POSTGRESQL = "-c jit=off -c statement_timeout=60s"
DOWN = (sqlite3.OperationalError, psycopg.OperationalError)  # what a database that is away raises


@lru_cache(1024)
def marked(text: str, vendor: str) -> str:
    """A statement of ours with the parameter marks of the database."""
    return text.replace("?", "%s") if vendor == "postgresql" else text


ROW = re.compile(r"VALUES (\([^()]*\))")
PIECES = (256, 64, 16, 4)  # rows in one statement


@lru_cache(1024)
def marked_rows(text: str, amount: int) -> str:
    """An INSERT of one row as one of several."""
    return ROW.sub(lambda row: f"VALUES {', '.join([row[1]] * amount)}", text, count=1)


class Session:
    """One connection, and the few verbs that the hub needs of it."""

    def __init__(self, raw: Any, vendor: str) -> None:
        self.raw = raw
        self.vendor = vendor
        self.mark = "%s" if vendor == "postgresql" else "?"
        self.doc = "e.doc::text" if vendor == "postgresql" else "e.doc"

    def all(self, text: str, parameters: Sequence[Any] = ()) -> Rows:
        """Every row of one of our statements."""
        return self.raw.execute(marked(text, self.vendor), parameters).fetchall()

    def native(self, text: str, parameters: Sequence[Any] = ()) -> Rows:
        """Every row of a statement that is written with the database's own marks."""
        return self.raw.execute(text, parameters).fetchall()

    def documents(self, text: str, parameters: Sequence[Any] = ()) -> list[str]:
        """The column `doc` of every row, of a statement with the database's own marks.

        SQLite gives them in one piece, a line each (JSON has no line breaks of its own), because the
        interpreter's lock is let go and asked for again with every row.
        """
        if self.vendor == "postgresql":
            return [doc for (doc,) in self.native(text, parameters)]
        text = f"SELECT group_concat(doc, char(10)) FROM ({text})"  # noqa: S608 - our own words
        ((lines,),) = self.native(text, parameters)
        return lines.split("\n") if lines is not None else []

    def one(self, text: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        return self.raw.execute(marked(text, self.vendor), parameters).fetchone()

    def run(self, text: str, parameters: Sequence[Any] = ()) -> int:
        """Do something; gives how many rows it touched."""
        return self.raw.execute(marked(text, self.vendor), parameters).rowcount

    def many(self, text: str, rows: Iterable[Sequence[Any]]) -> None:
        """Do the same for many rows.

        On SQLite rows to insert go in pieces, for the interpreter's lock is let go and asked for with every
        statement.
        """
        rows = rows if isinstance(rows, list) else list(rows)
        if not rows:
            return
        if self.vendor == "postgresql":
            with self.raw.cursor() as cursor:
                cursor.executemany(marked(text, self.vendor), rows)
            return
        found = ROW.search(text)
        at = 0
        for size in PIECES if found else ():
            while len(rows) - at >= size:
                several = marked_rows(text, size)
                self.raw.execute(several, tuple(chain.from_iterable(rows[at : at + size])))
                at += size
        if at < len(rows):
            self.raw.executemany(text, rows[at:])

    def listed(self, column: str) -> str:
        """The condition that a column is among the texts of a parameter: JSON on SQLite, else an array."""
        if self.vendor == "postgresql":
            return f"{column} = ANY(?)"
        return f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; SQLite takes the write lock at its start, so that what is read stays true."""
        self.raw.execute("BEGIN" if self.vendor == "postgresql" else "BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.raw.execute("ROLLBACK")
            raise
        self.raw.execute("COMMIT")


class Store:
    """The database of the settings, one Session per thread that asks."""

    def __init__(self) -> None:
        self.place: dict[str, Any] | None = None  # another database than that of the settings
        self._local = threading.local()
        self._open: list[Any] = []
        self._lock = threading.Lock()

    @property
    def vendor(self) -> str:
        """Which database it is: sqlite or postgresql."""
        return "postgresql" if "postgresql" in self.where["ENGINE"] else "sqlite"

    @property
    def where(self) -> dict[str, Any]:
        """The database, as the settings describe one."""
        return self.place or settings.DATABASES["default"]

    def session(self) -> Session:
        """This thread's connection to the database that the settings name now."""
        where = self.where
        key = (where["NAME"], where.get("HOST"))
        known = getattr(self._local, "session", None)
        if known is not None and known[0] == key and not getattr(known[1].raw, "closed", False):
            return known[1]
        session = Session(connect(where), self.vendor)
        self._local.session = (key, session)
        with self._lock:
            self._open.append(session.raw)
        return session

    def close(self) -> None:
        """Close every connection; whoever asks later gets a new one."""
        with self._lock:
            opened, self._open = self._open, []
        self._local = threading.local()
        for raw in opened:
            raw.close()


def connect(where: dict[str, Any]) -> Any:
    """A new connection, in autocommit, with what the queries' SQL counts on."""
    if "postgresql" in where["ENGINE"]:
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given = {name: str(where[key]) for name, key in names.items() if where.get(key)}
        return psycopg.connect(**given, autocommit=True, options=POSTGRESQL)
    name = str(where["NAME"])
    raw = sqlite3.connect(
        name,
        timeout=WAIT,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        uri=name.startswith("file:"),
    )
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute(f"PRAGMA synchronous={'FULL' if options().durable else 'NORMAL'}")
    raw.execute("PRAGMA wal_autocheckpoint=8000")  # pages: many writes to one page reach the file as one
    raw.execute("PRAGMA cache_size=-32000")
    raw.execute("PRAGMA temp_store=MEMORY")
    for name, arity, function in FUNCTIONS if _calculates(raw) else FUNCTIONS + MATHEMATICS:
        raw.create_function(name, arity, function, deterministic=True)
    return raw


def _calculates(raw: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with mathematics."""
    try:
        raw.execute("SELECT asin(0)")
    except sqlite3.OperationalError:
        return False
    return True


_READERS = ThreadPoolExecutor(READERS, thread_name_prefix="live-read")


async def ask(question: Callable[..., Any], *given: Any, quick: bool = False) -> Any:
    """What a reading function answers, asked on a thread that may wait.

    A quick question (one row by its key) is answered at once on SQLite: a thread would take longer than it.
    """
    if quick and STORE.vendor == "sqlite":
        return question(*given)
    return await asyncio.get_running_loop().run_in_executor(_READERS, partial(question, *given))


async def ask_briefly(question: Callable[..., Any], *given: Any) -> Any:
    """The same for a question that most often is small, and has no effect when it is asked twice.

    On SQLite it is tried at once: threads that take turns with the interpreter cost more than the answer. One
    that turns out to be work is broken off and asked anew on a thread.
    """
    if STORE.vendor == "sqlite":
        raw = STORE.session().raw
        raw.set_progress_handler(_enough, BRIEF)
        try:
            return question(*given)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            raw.set_progress_handler(None, 0)
    return await ask(question, *given)


def _enough() -> bool:
    return True


STORE = Store()
