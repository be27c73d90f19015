"""Puts a backup in place of what there is: checked first, switched at the end, undone when it is cut off."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from tedori.kernel.operations import archive, dumping
from tedori.kernel.operations.backup import own_files
from tedori.kernel.operations.models import WorkerBeat
from tedori.kernel.operations.queries import workers
from tedori.kernel.operations.rules import BackupNewer, NotEmpty, StillRunning
from tedori.kernel.operations.switching import Switch, unfinished


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where the former data lie (None when there were none)."""

    made_at: str
    files: int
    former: Path | None


def restore(path: Path, *, at: datetime, force: bool = False) -> Restored:
    """Replace this installation's data by a backup's; the former data stay in a folder beside.

    Raises BackupMissing, BackupDamaged, BackupFromElsewhere, BackupNewer, StillRunning, NotEmpty, DiskFull,
    and in each of these cases has changed nothing. Killed in the middle, it leaves a journal: the next call
    of `recover` (or of this) brings back what was there, or keeps what is new when it is all there.
    """
    home = Path(settings.TEDORI_HOME)
    home.mkdir(parents=True, exist_ok=True)
    recover(home)
    database = dumping.database_file()
    fresh = database is not None and not database.exists()
    staged = home / f".restore-{secrets.token_hex(4)}"
    staged.mkdir()
    try:
        manifest = archive.unpack(path, staged)
        dump = staged / "database" / str(manifest["database"])
        dumping.check_fits(dump.name)
        _check_known(manifest)
        if not force:
            _check_free(home, at, fresh=fresh)
        switch = Switch(home, home / f".former-{at:%Y%m%d-%H%M%S}-{staged.name[-4:]}", dumping.mark())
        _switch(switch, staged / "home", dump, database)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    call_command("migrate", verbosity=0, interactive=False)
    WorkerBeat.objects.all().delete()  # signs of life from the time of the backup
    return Restored(
        made_at=str(manifest["made_at"]),
        files=len(manifest["files"]),
        former=switch.former if switch.former.exists() else None,
    )


def recover(home: Path) -> str:
    """Settle a restore that was cut off: "undone", "ended" when all of it was there, "" when there is none.

    The files are moved back, unless the database (PostgreSQL) has been exchanged: that is its last step.
    """
    switch = unfinished(home)
    for leftover in home.glob(".restore-*") if switch is None else ():
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
    if switch is None:
        return ""
    exchanged = dumping.database_file() is None and dumping.mark() != switch.mark
    connections.close_all()
    switch.end() if exchanged else switch.undo()
    recover(home)  # what was unpacked is not needed any more
    return "ended" if exchanged else "undone"


def _check_known(manifest: dict) -> None:
    """Raise BackupNewer when the backup has migrations, of an app that we have, which we have not."""
    loader = MigrationLoader(None)
    known, squashed = set(loader.disk_migrations), set()
    for migration in loader.disk_migrations.values():
        squashed |= set(migration.replaces)
    for app, name in manifest["migrations"]:
        if app in loader.migrated_apps and (app, name) not in known | squashed:
            raise BackupNewer(where=f"{app}.{name}")


def _check_free(home: Path, now: datetime, *, fresh: bool) -> None:
    """Raise unless nobody works here and nothing would be replaced."""
    if next(own_files(home), None) is not None:
        raise NotEmpty(where=str(home))
    # Merely asking would make a new SQLite file.
    tables = [] if fresh else connection.introspection.table_names()
    if WorkerBeat._meta.db_table in tables and any(worker.alive for worker in workers(now)):
        raise StillRunning
    users = get_user_model()
    if users._meta.db_table in tables and users.objects.exists():
        raise NotEmpty


def _switch(switch: Switch, files: Path, dump: Path, database: Path | None) -> None:
    """Exchange files first, which can be undone, and the database last, which takes all or nothing."""
    connections.close_all()
    switch.begin()
    try:
        for name in sorted({file.relative_to(switch.home).parts[0] for file in own_files(switch.home)}):
            switch.move(switch.home / name, switch.former / name)
        for entry in sorted(files.iterdir()) if files.is_dir() else ():
            switch.move(entry, switch.home / entry.name)
        if database is not None:
            _switch_sqlite(switch, dump, database)
        else:
            _switch_postgresql(switch, dump)
    except BaseException:
        connections.close_all()
        switch.undo()
        raise
    switch.end()


def _switch_sqlite(switch: Switch, dump: Path, database: Path) -> None:
    """Put the former database aside, and the new one or a new one with the rows in its place."""
    places = [database.with_name(database.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    for old in places:
        if old.exists():
            switch.move(old, switch.former / "database" / old.name)
    if dump.name == dumping.SQLITE:
        switch.move(dump, database)
        return
    switch.will_make(places)
    _load_rows(dump)


def _switch_postgresql(switch: Switch, dump: Path) -> None:
    """Keep a dump of the former database, then replace its content in one transaction."""
    if get_user_model()._meta.db_table in connection.introspection.table_names():
        (switch.former / "database").mkdir(exist_ok=True)
        dumping.dump(switch.former / "database")
    if dump.name == dumping.PG_DUMP:
        dumping.load_postgresql(dump)
    else:
        _load_rows(dump)


def _load_rows(dump: Path) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    dumping.load_rows(dump)
