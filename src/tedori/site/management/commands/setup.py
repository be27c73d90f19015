"""`tedori setup`: make an empty installation ready: tables, organisations, an administrator."""

from __future__ import annotations

import getpass
import sys

from django.core.management import BaseCommand, call_command
from django.utils import timezone

from tedori.kernel.texts.catalogues import compile_stale
from tedori.site.people import register_administrator, register_organisations


class Command(BaseCommand):
    """Prepare an installation; may be run again, it only adds what is missing."""

    help = "Make the tables, register Tokyo and its 62 municipalities, and an administrator if one is named."

    def add_arguments(self, parser) -> None:
        """Who administers the platform."""
        parser.add_argument("--administrator", default="", help="user name of a new administrator")
        parser.add_argument("--name", default="", help="that person's name")

    def handle(self, *, administrator: str, name: str, **_: object) -> None:
        """Prepare, then say what to do next."""
        compile_stale()
        call_command("migrate", interactive=False, verbosity=0)
        added = register_organisations(at=timezone.now())
        self.stdout.write(f"{added} organisations registered.")
        if administrator:
            password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
            register_administrator(
                username=administrator, name=name or administrator, password=password, at=timezone.now()
            )
            self.stdout.write(f"{administrator} administers the platform.")
        self.stdout.write("Next: tedori serve, then sign in at /account/login/.")
