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
        findings = []
        for finding in examine():
            findings.append(finding)
            if not options["json"]:
                self._tell(finding)
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(one) for one in findings], ensure_ascii=False, indent=1))
        wrong = sum(one.level == "error" for one in findings)
        if not options["json"]:
            said = _("直すべきところが {count} 件あります。") if wrong else _("問題は見つかりませんでした。")
            self.stdout.write(said.format(count=wrong))
        if wrong:
            sys.exit(1)

    def _tell(self, finding: Finding) -> None:
        self.stdout.write(f"{SIGNS[finding.level]} {finding.what}")
        for line in (finding.why, finding.todo) if finding.level != "ok" else ():
            self.stdout.write(f"    {line}")


def _as_json(finding: Finding) -> dict[str, str]:
    return {name: str(getattr(finding, name)) for name in ("code", "level", "what", "why", "todo")}
