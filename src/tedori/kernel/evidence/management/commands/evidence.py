"""`tedori evidence verify [FILE]`, `tedori evidence export FILE`, `tedori evidence seal`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _

from tedori.kernel.evidence.files import verify_file
from tedori.kernel.evidence.queries import export, sealed, verify
from tedori.kernel.evidence.rules import BECAUSE
from tedori.kernel.evidence.seals import seal
from tedori.kernel.evidence.values import Verdict


class Command(BaseCommand):
    """Check or export the chain of evidence; exit code 1 when it is broken."""

    help = "Verify, export or seal the chain of evidence."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """verify [FILE], export FILE."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        checked = verbs.add_parser("verify", help="check the database, or an exported FILE")
        checked.add_argument("file", nargs="?", type=Path)
        written = verbs.add_parser("export", help="write every record to FILE as JSON Lines")
        written.add_argument("file", type=Path)
        verbs.add_parser("seal", help="make the database refuse changes again")

    def handle(self, *args: object, verb: str, file: Path | None = None, **options: object) -> None:
        """Run one of the three."""
        if verb == "seal":
            seal(connection)
            return
        if verb == "export":
            self.stdout.write(
                _("{count} 件の記録を書き出しました：{file}").format(count=export(file), file=file)
            )
            return
        verdict = verify_file(file) if file else verify()
        self._tell(verdict)
        if file is None and not sealed():
            self.stderr.write(
                _("データベースの改変防止が外れています。tedori evidence seal で戻してください。")
            )
            sys.exit(1)
        if not verdict.holds:
            sys.exit(1)

    def _tell(self, verdict: Verdict) -> None:
        if verdict.holds:
            said = _("証跡は無傷です。{count} 件、末尾 {head}")
            self.stdout.write(said.format(count=verdict.records, head=verdict.head[:16]))
            return
        said = _("証跡は {number} 番の記録で壊れています。{why}")
        self.stderr.write(said.format(number=verdict.broken_at, why=BECAUSE[verdict.because]))
