"""`tedori drop NAME`: remove a service, its tables and its folder, without a trace."""

from __future__ import annotations

from django.core.management import BaseCommand

from tedori.site import scaffold


class Command(BaseCommand):
    """Remove a service."""

    help = "Remove a service with its tables (its evidence stays, as evidence must): tedori drop NAME"

    def add_arguments(self, parser) -> None:
        """Which service, and that you mean it."""
        parser.add_argument("name")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, name: str, yes: bool, **_: object) -> None:
        """Ask once, then remove."""
        folder = scaffold.folder_of(name)
        if not yes and input(f"Remove {folder} and every table of {name}? [y/N] ").lower() != "y":
            self.stdout.write("Nothing was removed.")
            return
        scaffold.remove(name)
        self.stdout.write(f"Removed {folder} and its tables.")
