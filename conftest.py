"""What every test may count on: no network beyond loopback, real data where it lies beside us."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

pytest_plugins = ("tests.people", "tests.installation")

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}
REAL_DATA = Path(os.environ.get("TEDORI_REAL_DATA", Path(__file__).parent.parent / "shared"))


class NetworkReached(RuntimeError):
    """A test tried to leave this machine."""


def _guard(connect):
    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            self.close()
            raise NetworkReached(f"a test tried to reach {address[0]}")
        return connect(self, address)

    return guarded


def pytest_make_parametrize_id(config, val, argname) -> str | None:
    """Leave bytes out of the names of tests: they may hold the time of day."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Shut the network for the whole session, loopback apart."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guard(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _guard(socket.socket.connect_ex))
        yield


@pytest.fixture(autouse=True)
def home(settings, tmp_path) -> Path:
    """Each test has a data folder of its own."""
    settings.TEDORI_HOME = tmp_path / "home"
    return settings.TEDORI_HOME


@pytest.fixture(autouse=True)
def japanese_first() -> Iterator[None]:
    """No test inherits the language of another."""
    with translation.override("ja"):
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hash passwords quickly, since no test keeps one."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real data for trials, or a skip that says why."""
    if not (REAL_DATA / "data").is_dir():
        pytest.skip(f"no real data at {REAL_DATA.name}/data beside the project (set TEDORI_REAL_DATA)")
    return REAL_DATA
