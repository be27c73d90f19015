"""`tedori links`: works for the links to other systems. `tedori serve` runs one beside the web server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from tedori.services.live.actions.linking.running import Links, Setup
from tedori.services.live.actions.relaying import relay
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.queries.options import options
from tedori.services.live.queries.store import STORE


class Command(BaseCommand):
    """Work until SIGTERM; of several for one database one works and the others wait."""

    help = "Exchange live entities with the systems that are linked, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--beside."""
        parser.add_argument(
            "--beside", action="store_true", help="end when standard input closes, however its writer ended"
        )

    def handle(self, *args: object, beside: bool, **others: object) -> None:
        """Work here."""
        chosen = options()
        private = chosen.private_endpoints or chosen.trial
        setup = Setup(STORE, WRITER, settings.SECRET_KEY, settings.TEDORI_PUBLIC_URL, private, relay)
        try:
            asyncio.run(_until_told(setup, beside=beside))
        finally:
            WRITER.close()
            STORE.close()


async def _until_told(setup: Setup, *, beside: bool) -> None:
    """Work until a signal, or until whoever started this process is gone."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def listening() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        loop.call_soon_threadsafe(stop.set)

    if beside:
        threading.Thread(target=listening, daemon=True, name="waits for the end of input").start()
    await Links(setup).run(stop)
