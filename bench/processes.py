"""Runs programs to the end and says what they cost: CPU of user and system, wall time, peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and wall seconds, peak resident memory in MiB, exit code, of a process and its children."""

    cpu: float
    wall: float
    peak: float
    code: int


def run(command: list[str], *, log: Path, env: dict[str, str] | None = None) -> Cost:
    """Run a command to its end; its words go to a log file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with log.open("wb") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **(env or {})})
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=time.perf_counter() - started,
        peak=usage.ru_maxrss / 1024,
        code=child.returncode,
    )
