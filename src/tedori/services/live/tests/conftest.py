"""A hub of its own for each test, on SQLite and on PostgreSQL where that answers."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from secrets import token_hex
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from tedori.services.live.actions.counting import USES
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.router import hub as door
from tedori.services.live.queries import tenants
from tedori.services.live.queries.contexts import DOCUMENTS
from tedori.services.live.queries.store import STORE

SERVER = os.environ.get("TEDORI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


def described(address):
    """The database of an address, as Django's settings describe one."""
    if address.startswith("sqlite:"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": address.removeprefix("sqlite:")}
    parts = urlsplit(address)
    names = {"NAME": parts.path[1:], "USER": parts.username, "HOST": parts.hostname, "PORT": parts.port}
    return {"ENGINE": "django.db.backends.postgresql", "PASSWORD": parts.password or "", **names}


def migrate(address, home):
    """Make the hub's tables in a new database."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TEDORI_")},
        "TEDORI_HOME": str(home),
        "TEDORI_DATABASE": address,
        "DJANGO_SETTINGS_MODULE": "tedori.site.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "django", "migrate", "live", "-v0"]
    subprocess.run(command, env=environment, check=True, timeout=100)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    migrate(f"sqlite:{folder / 'hub.sqlite3'}", folder)
    return folder / "hub.sqlite3"


@pytest.fixture(scope="session")
def postgresql_template(tmp_path_factory):
    """A migrated database to copy from, or a skip that says why there is none."""
    try:
        connection = psycopg.connect(SERVER, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers (set TEDORI_TEST_POSTGRESQL)")
    name = f"tedori_live_{token_hex(4)}"
    address = f"{SERVER.rsplit('/', 1)[0]}/{name}"
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            migrate(address, tmp_path_factory.mktemp("live"))
            yield name
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """The address of an empty, migrated database."""
    template = request.getfixturevalue(f"{request.param}_template")
    if request.param == "sqlite":
        shutil.copy(template, tmp_path / "hub.sqlite3")
        yield f"sqlite:{tmp_path / 'hub.sqlite3'}"
        return
    name = f"{template}_{token_hex(3)}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"{SERVER.rsplit('/', 1)[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(place):
    """The hub's own connections, led to that database."""
    _fresh(described(place))
    yield STORE
    _fresh(None)


@pytest.fixture
def here(transactional_db):
    """The hub's own connections, led to the database in which the test's people are."""
    _fresh(None)
    yield STORE
    _fresh(None)


def _fresh(where):
    WRITER.close()
    USES.forget()
    STORE.close()
    tenants.forget()
    DOCUMENTS.forget()
    STORE.place = where


class Caller:
    """Asks the hub's door as a server would."""

    def __init__(self, **headers):
        self.headers = headers

    def __call__(self, method, path, body=None, *, params=None, **headers):
        """One answer; a body that is no text or bytes is sent as JSON."""
        sent = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        given = (
            {"content": body} if isinstance(body, str | bytes) else {"json": body} if body is not None else {}
        )

        async def one():
            transport = httpx.ASGITransport(app=door, client=("127.0.0.1", 50000))
            async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
                return await client.request(
                    method, f"/ngsi-ld/v1{path}", params=params, headers=sent, **given
                )

        return asyncio.run(one())


@pytest.fixture
def ask(store, settings):
    """`ask("GET", "/types")` on a hub in trial mode: this machine's own user may do everything."""
    settings.TEDORI_LIVE_TRIAL = "yes"
    return Caller()
