"""Keeps the worker running beside the web server, and takes it down with it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

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


def _leave(*_: object) -> None:
    sys.exit(0)
