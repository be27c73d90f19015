"""`tedori live simulate`: plays the sensors of the demo world until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tedori.services.live.actions.writing import WRITER
from tedori.services.live.demo.simulating import playing, simulate
from tedori.services.live.queries.store import STORE


class Command(BaseCommand):
    """Everything about live entities that is done by hand."""

    help = "Play the sensors of the demo world, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and for whom."""
        parser.add_argument("what", choices=["simulate"])
        parser.add_argument(
            "--only", default="", help="codes of the municipalities, by commas; all if left out"
        )

    def handle(self, *args: object, what: str, only: str, **others: object) -> None:
        """Simulate; refuses a data folder that is not a demo."""
        if not playing(settings.TEDORI_HOME):
            raise CommandError(_("デモではないデータには書き込みません。"))
        try:
            asyncio.run(_until_told(tuple(code for code in only.split(",") if code)))
        finally:
            WRITER.close()
            STORE.close()


async def _until_told(codes: tuple[str, ...]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await simulate(stop, codes)
