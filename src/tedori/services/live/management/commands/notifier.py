"""`tedori notifier`: tells subscribers of changes. `tedori serve` runs one beside the web server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from tedori.services.live.actions.delivery.running import Notifier, Setup
from tedori.services.live.actions.fetching import document
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.demo.simulating import playing, simulate
from tedori.services.live.queries.options import options
from tedori.services.live.queries.store import STORE
from tedori.services.live.rules.endpoints import hub_name


class Command(BaseCommand):
    """Notify until SIGTERM; of several for one database one works and the others wait."""

    help = "Tell subscribers of changes, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--beside."""
        parser.add_argument(
            "--beside", action="store_true", help="end when standard input closes, however its writer ended"
        )

    def handle(self, *args: object, beside: bool, **others: object) -> None:
        """Work here."""
        chosen = options()
        setup = Setup(
            STORE,
            document,
            hub_name(settings.TEDORI_PUBLIC_URL),
            private=chosen.private_endpoints or chosen.trial,
            trial=chosen.trial,
        )
        try:
            asyncio.run(_until_told(setup, beside=beside))
        finally:
            WRITER.close()
            STORE.close()


async def _until_told(setup: Setup, *, beside: bool) -> None:
    """Notify until a signal, or until whoever started this process is gone."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def listening() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        loop.call_soon_threadsafe(stop.set)

    if beside:
        threading.Thread(target=listening, daemon=True, name="waits for the end of input").start()
    # In a demo world somebody must play the sensors, so that there is something to tell.
    sensors = asyncio.create_task(simulate(stop)) if playing(settings.TEDORI_HOME) else None
    try:
        await Notifier(setup).run(stop)
    finally:
        if sensors is not None:
            await sensors
