"""`tedori doctor [--json]`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from tedori.kernel.operations.doctor import examine
from tedori.kernel.operations.rules import Finding

SIGNS = {"ok": "✓", "warning": "!", "error": "×"}


class Command(BaseCommand):
    """Say what is wrong with this installation and what to do; exit code 1 when anything is."""

    help = "Say what is wrong with this installation and what to do."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json."""
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: object, **options: object) -> None:
        """Examine, tell, and exit with 1 when there is an error (warnings do not count)."""
        if self._for_programs() if options["json"] else self._for_people():
            sys.exit(1)

    def _for_programs(self) -> int:
        """Tell everything as JSON; gives how many errors there are."""
        findings = list(examine())
        self.stdout.write(json.dumps([_as_json(one) for one in findings], ensure_ascii=False, indent=1))
        return sum(one.level == "error" for one in findings)

    def _for_people(self) -> int:
        """Tell everything as it is found; gives how many errors there are."""
        wrong = 0
        for finding in examine():
            self._tell(finding)
            wrong += finding.level == "error"
        said = _("直すべきところが {count} 件あります。") if wrong else _("問題は見つかりませんでした。")
        self.stdout.write(said.format(count=wrong))
        return wrong

    def _tell(self, finding: Finding) -> None:
        self.stdout.write(f"{SIGNS[finding.level]} {finding.what}")
        for line in (finding.why, finding.todo) if finding.level != "ok" else ():
            self.stdout.write(f"    {line}")


def _as_json(finding: Finding) -> dict[str, str]:
    return {name: str(getattr(finding, name)) for name in ("code", "level", "what", "why", "todo")}
