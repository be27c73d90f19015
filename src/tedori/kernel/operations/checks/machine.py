"""The machine: Python, data folder, room on the disk, secret key, clock."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from tedori.kernel.operations.rules import Finding

OLDEST_PYTHON = (3, 11)
LITTLE_ROOM, NO_ROOM = 5 * 2**30, 512 * 2**20
SKEW_SECONDS = 60
# No clock of a machine that runs this code can be right before the code was written.
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


def python() -> Iterator[Finding]:
    """Whether this Python can run the house."""
    have = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Finding(
            "python-old",
            "error",
            _("Python {version} は古すぎます。").format(version=have),
            _("3.11 より古い Python では動きません。"),
            _("Python 3.11 以降を入れて make install をやり直してください。"),
        )
    else:
        yield Finding("python", "ok", f"Python {have}")


def home() -> Iterator[Finding]:
    """Whether the data folder can be written, and lies where updates do not touch it."""
    folder = Path(settings.TEDORI_HOME)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            "home-not-writable",
            "error",
            _("データフォルダー {path} に書き込めません。").format(path=folder),
            _("受け取ったファイルも版も保存できません。"),
            _("フォルダーを作り、tedori を動かす利用者を所有者にしてください（chown）。"),
        )
        return
    yield Finding("home", "ok", _("データフォルダー {path}").format(path=folder))
    if not settings.DEBUG and any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        yield Finding(
            "home-in-repository",
            "warning",
            _("データフォルダーがプログラムのフォルダーの中にあります。"),
            _("更新や git clean で消えるおそれがあります。"),
            _("試用でなければ、TEDORI_HOME を /var/lib/tedori などに変えてください。"),
        )


def room() -> Iterator[Finding]:
    """Whether there is room on the disk of the data folder."""
    folder = Path(settings.TEDORI_HOME)
    if not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    said = _("ディスクの空きは {free:.1f} GB です。").format(free=free / 2**30)
    if free >= LITTLE_ROOM:
        yield Finding("room", "ok", said)
        return
    yield Finding(
        "room-little",
        "error" if free < NO_ROOM else "warning",
        said,
        _("いっぱいになると、受付も公開もできなくなります。"),
        _("不要なファイルを別の場所に移すか、ディスクを大きくしてください。"),
    )


def key() -> Iterator[Finding]:
    """Whether the secret key is secret."""
    place = Path(settings.TEDORI_HOME) / "secret-key"
    if os.environ.get("TEDORI_SECRET_KEY"):
        yield Finding("key", "ok", _("秘密鍵は環境変数にあります。"))
    elif place.is_file() and stat.S_IMODE(place.stat().st_mode) & 0o077:
        yield Finding(
            "key-readable",
            "error",
            _("秘密鍵 {path} を他の利用者が読めます。").format(path=place),
            _("鍵を読んだ人は、誰のふりをしてもサインインできます。"),
            _("chmod 600 {path} を実行し、鍵を作り直すためにファイルを消して再起動してください。").format(
                path=place
            ),
        )
    else:
        yield Finding("key", "ok", _("秘密鍵は所有者だけが読めます。"))


def clock() -> Iterator[Finding]:
    """Whether the clock can be right, and agrees with the database's."""
    now = datetime.now(UTC)
    skew = abs((now - _database_clock()).total_seconds()) if connection.vendor == "postgresql" else 0
    if now < WRITTEN or skew > SKEW_SECONDS:
        yield Finding(
            "clock-wrong",
            "error",
            _("時計が合っていません（{now}、データベースとの差 {skew:.0f} 秒）。").format(
                now=now.isoformat(timespec="seconds"), skew=skew
            ),
            _("期限、証跡の日時、作業の引き継ぎが狂います。"),
            _("NTP（chrony など）で時刻を合わせてください。"),
        )
    else:
        yield Finding("clock", "ok", _("時計は合っています。"))


def _database_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
