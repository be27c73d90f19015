"""`tedori datasets …`: import a folder, visit sources, import outlines, towns and codes."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tedori.kernel.errors import UserError
from tedori.kernel.organisations.queries import organisation as find_organisation
from tedori.kernel.organisations.values import system_actor
from tedori.services.datasets.actions.outlines import import_outlines
from tedori.services.datasets.actions.sources import add_source, files_below, import_files
from tedori.services.datasets.actions.supplies import KINDS, import_supplies

BY = system_actor("command")


class Command(BaseCommand):
    """Brings files in from this machine or from the web; the worker standardises them."""

    help = (
        "import PATH --organisation CODE [--watch SECONDS] | visit ADDRESS --organisation CODE [--ckan] | "
        "outlines FILE | towns FILE | codes FILE"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What may be asked."""
        steps = parser.add_subparsers(dest="step", required=True)
        load = steps.add_parser("import", help="receive a file, or every file of a folder")
        load.add_argument("path", type=Path)
        load.add_argument("--watch", type=float, default=0, metavar="SECONDS", help="look again and again")
        visit = steps.add_parser("visit", help="fetch an address, or walk through a CKAN catalogue")
        visit.add_argument("address")
        visit.add_argument("--ckan", action="store_true")
        visit.add_argument("--query", default="", help="CKAN fq")
        outlines = steps.add_parser(
            "outlines",
            help="draw maps with, and check points against, 国土数値情報 N03 (GeoJSON, shapefile, ZIP)",
        )
        towns = steps.add_parser("towns", help="look addresses up in a table of 町丁目 (CSV, Excel)")
        codes = steps.add_parser("codes", help="know the municipalities of a nationwide list (CSV, Excel)")
        for step in (outlines, towns, codes):
            step.add_argument("path", type=Path)
        for step in (load, visit):
            step.add_argument("--organisation", required=True, metavar="CODE")

    def handle(self, *args: object, **options: object) -> None:
        """Do it."""
        if options["step"] in {"outlines", *KINDS}:
            self._supply(options["step"], options["path"])
            return
        if find_organisation(options["organisation"]) is None:
            raise CommandError(f"no organisation {options['organisation']}")
        if options["step"] == "import":
            self._import(options["path"], options["organisation"], watch=options["watch"])
        else:
            self._visit(options)

    def _import(self, path: Path, organisation: str, *, watch: float) -> None:
        if not path.exists():
            raise CommandError(f"{path}: no such file or folder")
        seen: dict[Path, float] = {}
        while True:
            paths = list(files_below(path)) if path.is_dir() else [path]
            new = [found for found in paths if seen.get(found) != found.stat().st_mtime]
            self._receive(new, organisation)
            seen |= {found: found.stat().st_mtime for found in new}
            if not watch:
                return
            time.sleep(watch)

    def _supply(self, kind: str, path: Path) -> None:
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        try:
            if kind == "outlines":
                made = import_outlines(path, by=BY, at=timezone.now())
            else:
                made = import_supplies(path, kind=kind, by=BY, at=timezone.now())
        except UserError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made}: {made.stat().st_size:,} bytes")

    def _receive(self, paths: list[Path], organisation: str) -> None:
        for path, told in import_files(paths, organisation=organisation, by=BY, at=timezone.now()):
            if isinstance(told, UserError):
                self.stderr.write(f"{path.name}: {told}")
            else:
                self.stdout.write(f"{path.name}: {'received' if told.new else 'known'} ({told.delivery})")

    def _visit(self, options: dict[str, object]) -> None:
        kind = "ckan" if options["ckan"] else "url"
        added = add_source(
            kind=kind,
            address=options["address"],
            query=options["query"],
            organisation=options["organisation"],
            by=BY,
            at=timezone.now(),
        )
        self.stdout.write(f"source {added}: the worker will visit it")
