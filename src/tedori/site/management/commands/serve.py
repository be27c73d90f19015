"""`tedori serve`: bring the tables up to date, then serve the pages with a worker beside them."""

from __future__ import annotations

import warnings
from contextlib import nullcontext

import uvicorn
from django.conf import settings
from django.core.management import BaseCommand, call_command

from tedori.kernel.operations.switching import check_whole
from tedori.kernel.texts.catalogues import compile_stale
from tedori.site.processes import company


class Command(BaseCommand):
    """Serve the installation in TEDORI_HOME."""

    help = "Serve the pages and the APIs, with a worker beside them (--no-worker leaves it out)."

    def add_arguments(self, parser) -> None:
        """Where to listen, and whether to run a worker."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-worker", action="store_true")

    def handle(self, *, host: str, port: int, no_worker: bool, **_: object) -> None:
        """Serve until interrupted."""
        # Style sheets and scripts are read whole, which their size allows; Django warns of it with every one.
        warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
        check_whole(settings.TEDORI_HOME)
        compile_stale()
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(f"Tedori ({settings.TEDORI_HOME}): http://{host}:{port}/")
        with nullcontext() if no_worker else company():
            uvicorn.run(
                "tedori.site.asgi:application",
                host=host,
                port=port,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=10,
            )
