"""`tedori worker`: carries events and runs jobs."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from tedori.kernel.operations.switching import check_whole
from tedori.kernel.operations.worker import Stop, follow, listen, work

RESTART_SECONDS = 2.0


class Command(BaseCommand):
    """Work until SIGTERM; several workers may run side by side."""

    help = "Carry events to their consumers and run jobs, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--once, --beside, --processes."""
        parser.add_argument("--once", action="store_true", help="end when nothing is left to do")
        parser.add_argument(
            "--beside", action="store_true", help="end when standard input closes, however its writer ended"
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=0,
            metavar="N",
            help="keep N workers running, replacing dead ones",
        )

    def handle(self, *args: object, once: bool, beside: bool, processes: int, **options: object) -> None:
        """Work here, or watch over processes that do."""
        check_whole(Path(settings.TEDORI_HOME))
        stop = Stop()
        listen(stop)
        if beside:
            follow(stop)
        if processes:
            watch(stop, processes, once=once)
        else:
            work(stop, once=once)


def watch(stop: Stop, count: int, *, once: bool) -> None:
    """Keep so many workers running until `stop`; a worker that dies (not one that ends) is replaced."""
    command = [sys.executable, "-m", "django", "worker", *(["--once"] if once else [])]
    running = [subprocess.Popen(command) for _ in range(count)]
    while running:
        stop.wait(RESTART_SECONDS)
        if stop.asked():
            break
        running = [_same_or_new(process, command) for process in running if process.poll() != 0]
    for process in running:
        process.terminate()
    for process in running:
        process.wait()


def _same_or_new(process: subprocess.Popen, command: list[str]) -> subprocess.Popen:
    return process if process.poll() is None else subprocess.Popen(command)
