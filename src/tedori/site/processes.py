"""Keeps the worker and its like running beside the web server, and takes them down with it."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings

from tedori.site import falls

log = logging.getLogger(__name__)

GRACE = 20  # seconds that a worker may take to finish the job in its hands
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds before one that died is started again
STEADY = 120.0  # seconds after which one that then dies is not taken to be dying again and again


def tedori(*arguments: str) -> list[str]:
    """The command line that runs `tedori …` with this very Python."""
    return [sys.executable, "-m", "tedori.site.cli", *arguments]


def wait_after(deaths: int) -> float:
    """Seconds to wait before a command is started again that died so many times in a row: 1, 2, 4 … 60."""
    return min(FIRST_WAIT * 2 ** min(deaths - 1, 20), LONGEST_WAIT)


class Companion:
    """A command that runs beside the web server, and is started again when it ends without being told.

    Its standard input is a pipe from here, which closes however this process ends.
    """

    def __init__(self, name: str, command: list[str], *, home: Path) -> None:
        self.name, self.command, self.home = name, command, home
        self._stop = threading.Event()
        self._starting = threading.Lock()  # so that none is started after the order to end
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True, name=f"keeps {name}")

    def start(self) -> None:
        """Run it, and keep it running."""
        self._thread.start()

    def tell_to_end(self) -> None:
        """Ask it to end in good order, and start it no more."""
        with self._starting:
            self._stop.set()
            if self._process is not None:
                self._process.terminate()

    def wait(self) -> None:
        """Come back when it has ended; one that does not within its grace is killed."""
        if self._process is not None:
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._thread.join()

    def _keep(self) -> None:
        deaths = 0
        while (process := self._begin()) is not None:
            began = time.monotonic()
            code, lived = process.wait(), time.monotonic() - began
            process.stdin.close()
            if self._stop.is_set():
                return
            deaths = 1 if lived >= STEADY else deaths + 1
            self._fell(code, lived, wait_after(deaths))

    def _begin(self) -> subprocess.Popen[bytes] | None:
        with self._starting:
            if self._stop.is_set():
                return None
            self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE)
            return self._process

    def _fell(self, code: int, lived: float, wait: float) -> None:
        log.error("tedori %s ended (%s) after %.0f s; starts again in %.0f s", self.name, code, lived, wait)
        try:
            falls.note(self.home, self.name, code, at=datetime.now(UTC))
        except OSError:
            log.exception("that tedori %s ended could not be written down", self.name)
        self._stop.wait(wait)


def companions() -> tuple[tuple[str, ...], ...]:
    """The commands that want to run beside the web server, as apps declare them: `companions = ("name",)`.

    Each takes `--beside` and then ends when its standard input closes.
    """
    declared = (name for app in apps.get_app_configs() for name in getattr(app, "companions", ()))
    return tuple(tuple(command.split()) for command in declared)


@contextmanager
def company() -> Iterator[None]:
    """Run the worker and every companion for as long as the block lasts.

    SIGTERM ends the block like any other exit (the web server hands the signal on to us when it has closed
    its doors).
    """
    home = Path(settings.TEDORI_HOME)
    falls.forget(home)
    every = [
        Companion(" ".join(arguments), tedori(*arguments, "--beside"), home=home)
        for arguments in (("worker",), *companions())
    ]
    signal.signal(signal.SIGTERM, _leave)
    try:
        for one in every:
            one.start()
        yield
    finally:
        for one in every:
            one.tell_to_end()
        for one in every:
            one.wait()


def _leave(*_: object) -> None:
    sys.exit(0)
