"""`tedori backup FILE [--portable]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.kernel.operations.backup import backup


class Command(BaseCommand):
    """Back everything up into one file."""

    help = "Write database, lake, attachments and uploads into one FILE (.tar.zst or .tar.gz)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --portable."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--portable", action="store_true", help="rows instead of the database's own format"
        )

    def handle(self, *args: object, file: Path, portable: bool, **options: object) -> None:
        """Back up and say what came of it."""
        made = backup(file, at=timezone.now(), portable=portable)
        said = _("{count} 個のファイルを {path}（{size}）に保存しました。")
        self.stdout.write(said.format(count=made.files, path=made.path, size=filesizeformat(made.bytes)))
        self.stdout.write(
            _("個人情報を含むことがあります。安全な場所に保管してください。秘密鍵は含みません。")
        )
