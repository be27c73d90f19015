"""Keeps the worker and its like running beside the web server, and takes them down with it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.apps import apps

GRACE = 20  # seconds that a worker may take to finish the job in its hands


def tedori(*arguments: str) -> list[str]:
    """The command line that runs `tedori …` with this very Python."""
    return [sys.executable, "-m", "tedori.site.cli", *arguments]


@contextmanager
def beside(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `tedori …` in a process of its own for as long as the block lasts.

    Its standard input is a pipe from here, which closes however this process ends. SIGTERM ends the block
    like any other exit (the web server hands the signal on to us when it has closed its doors).
    """
    process = subprocess.Popen(tedori(*arguments), stdin=subprocess.PIPE)
    signal.signal(signal.SIGTERM, _leave)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def companions() -> tuple[tuple[str, ...], ...]:
    """The commands that want to run beside the web server, as apps declare them: `companions = ("name",)`.

    Each takes `--beside` and then ends when its standard input closes.
    """
    declared = (name for app in apps.get_app_configs() for name in getattr(app, "companions", ()))
    return tuple(tuple(command.split()) for command in declared)


@contextmanager
def company() -> Iterator[None]:
    """Run the worker and every companion for as long as the block lasts."""
    with ExitStack() as stack:
        for arguments in (("worker",), *companions()):
            stack.enter_context(beside(*arguments, "--beside"))
        yield


def _leave(*_: object) -> None:
    sys.exit(0)
