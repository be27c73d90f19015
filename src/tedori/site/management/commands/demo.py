"""`tedori demo`: generate the demo world and publish it, with progress bars."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.conf import settings
from django.core.management import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tedori.kernel.demo import World
from tedori.kernel.texts.catalogues import compile_stale
from tedori.site import demo

MOMENT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # the demo world's today: the same on every machine

COLUMNS = (TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


class Command(BaseCommand):
    """Build the demo world in TEDORI_HOME."""

    help = "Build the demo world in TEDORI_HOME (refuses to touch data that is not a demo)."

    def add_arguments(self, parser) -> None:
        """What to do when there is one already."""
        parser.add_argument("--if-missing", action="store_true", help="do nothing when there is data already")
        parser.add_argument("--fresh", action="store_true", help="build it anew even if it is there")
        parser.add_argument("--only", default="", help="codes of the organisations to build, by commas")
        parser.add_argument("--seed", type=int, default=62, help="another seed gives another world")

    def handle(self, *, if_missing: bool, seed: int, fresh: bool, only: str, **_: object) -> None:
        """Build, tell the logins."""
        home = settings.TEDORI_HOME
        if demo.finished(home) and (if_missing or not fresh):
            self.stdout.write(f"{home}: the world is there already (tedori demo --fresh builds it anew).")
            return
        compile_stale()
        demo.prepare(home)
        started = time.monotonic()
        columns = (
            TextColumn("{task.description:<34}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True)) as progress:
            bars: dict[str, object] = {}

            def tell(label: str, done: int, total: int) -> None:
                if label not in bars:
                    bars[label] = progress.add_task(label, total=total)
                progress.update(bars[label], completed=done, total=total)

            codes = tuple(code for code in only.split(",") if code)
            demo.build(World(home=home, seed=seed, at=MOMENT, progress=tell, only=codes))
        self.stdout.write(f"The demo world is built ({time.monotonic() - started:.0f} s): {home}")
        self.stdout.write(demo.logins())
