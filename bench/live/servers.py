"""The servers that are measured: our hub as `tedori serve` runs it, a bare handler under the same uvicorn."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from bench.figure import CannotMeasure
from bench.live.databases import Base
from bench.servers import free_port

TICKS = os.sysconf("SC_CLK_TCK")
WAIT = 90.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server under measurement."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def cpu(self) -> float:
        """CPU seconds of its process so far, all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def start(command: list[str], port: int, ready: str, log: Path, **env: str) -> Server:
    """Start a server and wait until it answers; raises CannotMeasure."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEDORI_")}
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**kept, **env})
    until = time.monotonic() + WAIT
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}{ready}", timeout=30):
                return Server(port, process)
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise CannotMeasure(f"a server did not start: {log.read_text(errors='replace')[-300:]}")


def stop(server: Server) -> None:
    """End a server in order."""
    server.process.terminate()
    try:
        server.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def hub_environment(base: Base) -> dict[str, str]:
    """What a hub of this database is told: callers from this machine may do everything."""
    return {
        "TEDORI_HOME": str(base.home),
        "TEDORI_DATABASE": base.address,
        "TEDORI_RATE_PUBLIC": "",
        "TEDORI_LIVE_TRIAL": "yes",
    }


def start_hub(base: Base, *, quickly: bool = False) -> Server:
    """Tedori without its worker and companions; `quickly` without a look at tables and texts first."""
    port = free_port()
    command = [sys.executable, "-m", "tedori.site.cli", "serve", "--no-worker", "--port", str(port)]
    if quickly:
        command = [sys.executable, "-m", "uvicorn", "tedori.site.asgi:application", "--no-access-log"]
        command += ["--log-level", "warning", "--port", str(port)]
    ready = "/ngsi-ld/v1/types"
    return start(command, port, ready, base.home / "hub.log", **hub_environment(base))


@contextmanager
def hub(base: Base) -> Iterator[Server]:
    """The same for as long as the block lasts."""
    server = start_hub(base)
    try:
        yield server
    finally:
        stop(server)


@contextmanager
def notifier(base: Base) -> Iterator[None]:
    """What tells subscribers, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEDORI_")}
    with (base.home / "notifier.log").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tedori.site.cli", "notifier"],
            stdout=out, stderr=out, env={**kept, **hub_environment(base)},
        )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def bare(base: Base) -> Iterator[Server]:
    """The bare handler on such a database."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.live._bare:application", "--port", str(port)]
    command += ["--log-level", "warning", "--no-access-log", "--no-server-header"]
    server = start(command, port, "/ready", base.home / "bare.log", BENCH_DATABASE=base.address)
    try:
        yield server
    finally:
        stop(server)
