"""Real instances for tests: web server, notifier and links as processes, a wire between them that can be cut."""

# ruff: noqa: E501 - a script inside
from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

PATIENCE = 60
CLI = [sys.executable, "-m", "tedori.site.cli"]
SETUP = """
import sys, django
django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tedori.kernel.organisations.actions import issue_token
from tedori.kernel.organisations.models import Membership, Organisation, User
from tedori.kernel.organisations.queries import person_actor
from tedori.services.live.actions.links import create
from tedori.services.live.rules.links import Draft
at = datetime.now(UTC)
ward, _ = Organisation.objects.get_or_create(
    code="131016", defaults={"name": "千代田区", "name_en": "Chiyoda", "kind": "municipality"})
person, new = User.objects.get_or_create(username="tanaka", defaults={"name": "田中健"})
if new:
    Membership.objects.create(user=person, organisation=ward, role="admin", added_at=at)
by = person_actor(person)
if sys.argv[1] == "token":
    print(issue_token(organisation="131016", label="t", scopes=["live.write", "live.subscribe"], by=by, at=at)[1])
else:
    address, protocol, direction, types, token, mapping = sys.argv[2:]
    draft = Draft(name="B", address=address, protocol=protocol, direction=direction, types=types,
                  secret="Bearer " + token if token else "", mapping=mapping, every=10)
    print(create(draft, by=by, at=at))
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Relay:
    """A wire to a port of this machine that can be cut and mended."""

    def __init__(self, target: int) -> None:
        self.target, self.whole = target, True
        self._open: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                one, _ = self._server.accept()
                if not self.whole:
                    one.close()
                    continue
                other = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                if self._server.fileno() < 0:
                    return
                one.close()
                continue
            self._open += [one, other]
            for pair in ((one, other), (other, one)):
                threading.Thread(target=self._pump, args=pair, daemon=True).start()

    @staticmethod
    def _pump(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self.whole = False
        for one in self._open:
            one.close()
        self._open = []

    def mend(self) -> None:
        self.whole = True

    def close(self) -> None:
        self.cut()
        self._server.close()


@dataclass
class Instance:
    """One hub of its own."""

    home: Path
    port: int = field(default_factory=free_port)
    public: str = ""
    token: str = ""
    more: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "TEDORI_HOME": str(self.home),
            "TEDORI_RATE_PUBLIC": "",
            "TEDORI_RATE_TOKEN": "",
            "TEDORI_LIVE_PRIVATE_ENDPOINTS": "yes",
            "TEDORI_PUBLIC_URL": self.public or f"http://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "tedori.site.settings",
            **self.more,
        }

    def do(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SETUP, *arguments],
            env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip().splitlines()[-1]

    def begin(self, *names: str) -> None:
        """Start `web`, `notifier` or `links`."""
        for name in names:
            command = (
                [sys.executable, "-m", "uvicorn", "tedori.site.asgi:application", "--port", str(self.port),
                 "--log-level", "warning"]
                if name == "web" else [*CLI, name]
            )  # fmt: skip
            self.processes[name] = subprocess.Popen(command, env=self.environment)
        if "web" in names:
            self.until(lambda: self.call("GET", "/ngsi-ld/v1/types").status_code == 200)

    def kill(self, *names: str) -> None:
        for name in names or tuple(self.processes):
            process = self.processes.pop(name)
            process.kill()
            process.wait()

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        given = {"json": body} if body is not None else {}
        return httpx.request(
            method,
            f"http://127.0.0.1:{self.port}{path}",
            headers=headers,
            timeout=20,
            trust_env=False,
            **given,
        )

    def until(self, true, seconds: float = PATIENCE) -> None:
        """Wait for something to become true."""
        ends = time.monotonic() + seconds
        while True:
            try:
                if true():
                    return
            except (httpx.HTTPError, KeyError, TypeError):  # not there yet
                pass
            assert time.monotonic() < ends, "it did not come to that in time"
            time.sleep(0.2)
