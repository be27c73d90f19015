"""`tedori restore FILE [--force]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from tedori.kernel.operations.restore import restore


class Command(BaseCommand):
    """Put a backup in place."""

    help = "Verify FILE and put it in place; stop `tedori serve` and `tedori worker` first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --force."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace the data that are here")

    def handle(self, *args: object, file: Path, force: bool, **options: object) -> None:
        """Restore and say what came of it."""
        done = restore(file, at=timezone.now(), force=force)
        said = _("{made_at} のバックアップから {count} 個のファイルを復元しました。")
        self.stdout.write(said.format(made_at=done.made_at, count=done.files))
        if done.former:
            self.stdout.write(_("以前のデータ：{path}").format(path=done.former))
        self.stdout.write(_("tedori doctor で確かめてから使い始めてください。"))
