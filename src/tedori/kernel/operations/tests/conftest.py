"""Installations in folders of their own, driven as people drive them: by commands in processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest


class House:
    """An installation in a folder of its own."""

    def __init__(self, home: Path, database: str = "") -> None:
        self.home = home
        self.started: list[subprocess.Popen[str]] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TEDORI_")},
            "TEDORI_HOME": str(home),
            **({"TEDORI_DATABASE": database} if database else {}),
            "DJANGO_SETTINGS_MODULE": "tedori.site.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONUTF8": "1",
        }

    def run(self, *arguments: str, good: bool = True) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True, timeout=100
        )
        assert (done.returncode == 0) == good, done.stdout + done.stderr
        return (done.stdout if good else done.stdout + done.stderr).strip()

    def cut(self, *arguments: str) -> str:
        """What a process says that may be killed in the middle."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True, timeout=100
        )
        assert done.returncode in {0, 9}, done.stdout + done.stderr
        return done.stdout

    def tedori(self, *arguments: str, good: bool = True) -> str:
        return self.run("-m", "tedori.site.cli", *arguments, good=good)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """End what a failed test left running."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()


SERVERS = ("postgresql://root@127.0.0.1:5432/test", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture
def postgresql():
    """The address of an empty PostgreSQL database, or a skip that says which server does not answer."""
    name = f"tedori_moved_{token_hex(4)}"
    given = os.environ.get("TEDORI_TEST_POSTGRESQL")
    for server in (given,) if given else SERVERS:
        try:
            with psycopg.connect(server, autocommit=True, connect_timeout=2) as connection:
                connection.execute(f"CREATE DATABASE {name}")
        except psycopg.Error:
            continue
        yield f"{server.rsplit('/', 1)[0]}/{name}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        return
    pytest.skip("no PostgreSQL answers at 127.0.0.1:5432 (set TEDORI_TEST_POSTGRESQL)")


@pytest.fixture(scope="session")
def new_house():
    """`new_house(folder)` makes an installation; on PostgreSQL when the tests run there."""
    given = os.environ.get("TEDORI_DATABASE", "")
    if not given.startswith("postgresql:"):
        yield House
        return
    server, made = given.rsplit("/", 1)[0], []

    def make(home: Path) -> House:
        made.append(f"tedori_house_{token_hex(4)}")
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {made[-1]}")
        return House(home, f"{server}/{made[-1]}")

    yield make
    with psycopg.connect(given, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
