"""Why a backup or restore does not go through, what the doctor finds, which files belong to a backup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tedori.kernel.errors import UserError, Words

FORMAT = "tedori-backup/1"
# What can be made again, or must not leave the machine.
LEFT_OUT = frozenset({"static", "cache", "tmp", "backups", "secret-key"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor says about one thing: `level` is ok, warning or error; why it matters; what to do."""

    code: str
    level: str
    what: str | Promise
    why: str | Promise = ""
    todo: str | Promise = ""


def belongs(path: PurePosixPath, databases: Iterable[str]) -> bool:
    """Whether a file of the data folder (by its relative path) goes into a backup as a file."""
    if path.parts[0] in LEFT_OUT or any(part.startswith(".") for part in path.parts):
        return False
    return not any(str(path) in {name, f"{name}-wal", f"{name}-shm", f"{name}-journal"} for name in databases)


def compression(path: Path) -> str:
    """The compression that a file name asks for; raises BackupName."""
    for ending, kind in ((".tar.zst", "zstd"), (".tar.gz", "gzip"), (".tgz", "gzip")):
        if path.name.endswith(ending):
            return kind
    raise BackupName(where=path.name)


class BackupName(UserError):
    """The file name does not say a known compression."""

    code = "backup-name"
    words = Words(
        _("バックアップのファイル名は .tar.zst か .tar.gz で終わる必要があります。"),
        _("ファイル名を変えてください。"),
    )


class BackupExists(UserError):
    """A backup never replaces another."""

    code = "backup-exists"
    status = 409
    words = Words(_("同じ名前のファイルがすでにあります。"), _("別の名前を指定してください。"))


class BackupMissing(UserError):
    """There is no such file."""

    code = "backup-missing"
    status = 404
    words = Words(_("バックアップのファイルが見つかりません。"), _("ファイル名を確認してください。"))


class BackupDamaged(UserError):
    """The file is not a backup, is cut off, or its content does not match its checksums."""

    code = "backup-damaged"
    words = Words(
        _("このバックアップは壊れているか、バックアップではありません。何も変更していません。"),
        _("別のバックアップを使ってください。"),
    )


class BackupFromElsewhere(UserError):
    """The database inside cannot be put into the database of this installation."""

    code = "backup-from-elsewhere"
    words = Words(
        _("このバックアップは {there} のものなので、{here} には戻せません。"),
        _("元の環境で tedori backup --portable として作り直してください。"),
    )


class BackupNewer(UserError):
    """The backup was made by a newer version."""

    code = "backup-newer"
    words = Words(
        _("このバックアップは、より新しい版の Tedori で作られています。"),
        _("先に Tedori を更新してください。"),
    )


class NotEmpty(UserError):
    """Restoring would replace what is there."""

    code = "not-empty"
    status = 409
    words = Words(
        _("ここにはすでにデータがあります。何も変更していません。"),
        _("置き換えてよければ --force を付けてください。今のデータは別の場所に残します。"),
    )


class StillRunning(UserError):
    """A worker shows signs of life."""

    code = "still-running"
    status = 409
    words = Words(
        _("作業プロセスが動いているため、復元できません。"),
        _("tedori serve と tedori worker を止めて、1分後にやり直してください。"),
    )


class HalfRestored(UserError):
    """A restore was cut off; working on would mix old and new data."""

    code = "half-restored"
    status = 409
    words = Words(
        _("復元が途中で止まったままのため、動かせません。"),
        _("tedori restore --recover を実行してください。復元の前の状態に戻します。"),
    )


class DatabaseRefused(UserError):
    """The database did not take or give its content; nothing was changed."""

    code = "database-refused"
    status = 500
    words = Words(
        _("データベースの書き出しまたは復元に失敗しました。"), _("表示された理由を確認してください。")
    )
