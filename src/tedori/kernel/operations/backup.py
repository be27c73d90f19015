"""Backs an installation up: its database, lake, attachments and every other file it was given."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tedori import __version__
from tedori.kernel.operations import archive, dumping
from tedori.kernel.operations.rules import belongs


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: where, how many files, how many bytes it takes."""

    path: Path
    files: int
    bytes: int


def backup(path: Path, *, at: datetime, portable: bool = False) -> Made:
    """Write a backup file; the installation may be in use meanwhile.

    The database is copied first: files that it names are older than the copy and never change. `portable`
    writes rows instead of the database's own format, to move between SQLite and PostgreSQL.
    """
    home = Path(settings.TEDORI_HOME)
    with tempfile.TemporaryDirectory(dir=home, prefix=".backup-") as temporary:
        dump = dumping.dump(Path(temporary), portable=portable)
        about = {
            "made_by": __version__,
            "made_at": at.isoformat(),
            "vendor": connection.vendor,
            "database": dump.name,
            "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
            # Names only: values may be secrets, and belong to the machine rather than to the data.
            "settings": sorted(name for name in os.environ if name.startswith("TEDORI_")),
        }
        with archive.writing(path.absolute(), about) as draft:
            draft.add(dump, f"database/{dump.name}")
            for file in own_files(home, besides=path.absolute()):
                draft.add(file, f"home/{file.relative_to(home)}")
    return Made(path, len(draft.files), path.stat().st_size)


def own_files(home: Path, *, besides: Path | None = None) -> Iterator[Path]:
    """The files of the data folder that belong to a backup, by name."""
    database = dumping.database_file()
    inside = [str(database.relative_to(home))] if database and database.is_relative_to(home) else []
    for file in sorted(home.rglob("*")):
        regular = file.is_file() and not file.is_symlink() and file != besides
        if regular and belongs(PurePosixPath(file.relative_to(home)), inside):
            yield file
