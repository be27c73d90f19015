"""`tedori restore FILE [--force]`, `tedori restore --recover`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tedori.kernel.operations.restore import recover as settle
from tedori.kernel.operations.restore import restore

SETTLED = {
    "undone": gettext_lazy("途中で止まった復元を取り消し、前の状態に戻しました。"),
    "ended": gettext_lazy("途中で止まった復元はデータベースまで済んでいたので、新しい状態で完了しました。"),
    "": gettext_lazy("途中で止まった復元はありません。"),
}


class Command(BaseCommand):
    """Put a backup in place."""

    help = "Verify FILE and put it in place; stop `tedori serve` and `tedori worker` first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --force, --recover."""
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--recover", action="store_true", help="settle a restore that was cut off, and do nothing else"
        )
        parser.add_argument("--force", action="store_true", help="replace the data that are here")

    def handle(self, *args: object, file: Path | None, force: bool, recover: bool, **options: object) -> None:
        """Restore, or settle what was cut off, and say what came of it."""
        if recover:
            self.stdout.write(str(SETTLED[settle(Path(settings.TEDORI_HOME))]))
            return
        if file is None:
            raise CommandError("tedori restore FILE")
        done = restore(file, at=timezone.now(), force=force)
        said = _("{made_at} のバックアップから {count} 個のファイルを復元しました。")
        self.stdout.write(said.format(made_at=done.made_at, count=done.files))
        if done.former:
            self.stdout.write(_("以前のデータ：{path}").format(path=done.former))
        self.stdout.write(_("tedori doctor で確かめてから使い始めてください。"))
