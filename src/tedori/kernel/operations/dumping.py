"""Takes the whole content of the database out, and puts it back in, each database in its own way."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.models import Model

from tedori.kernel.evidence.seals import unsealed
from tedori.kernel.operations.rules import BackupFromElsewhere, DatabaseRefused

SQLITE, PG_DUMP, ROWS = "sqlite.db", "postgresql.dump", "rows.jsonl"


def database_file() -> Path | None:
    """Where the SQLite database lies; None for PostgreSQL and for a database in memory."""
    name = str(connection.settings_dict["NAME"])
    in_memory = ":memory:" in name or "mode=memory" in name
    return None if connection.vendor != "sqlite" or in_memory else Path(name).absolute()


def dump(folder: Path, *, portable: bool = False) -> Path:
    """Write the database's content at this moment into a file in the folder; raises DatabaseRefused."""
    if portable:
        return _dump_rows(folder / ROWS)
    if connection.vendor == "sqlite":
        return _dump_sqlite(folder / SQLITE)
    return _dump_postgresql(folder / PG_DUMP) or _dump_rows(folder / ROWS)


def _dump_sqlite(path: Path) -> Path:
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    try:
        connection.connection.backup(copy)
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    finally:
        copy.close()
    if verdict != "ok":
        raise DatabaseRefused(where=str(verdict))
    return path


def _postgresql(program: str, *arguments: str) -> subprocess.CompletedProcess[str] | None:
    """Run a PostgreSQL program against our database; None when it is not installed."""
    if shutil.which(program) is None:
        return None
    where = connection.settings_dict
    address = {
        "PGHOST": where["HOST"],
        "PGPORT": where["PORT"],
        "PGUSER": where["USER"],
        "PGPASSWORD": where["PASSWORD"],
        "PGDATABASE": where["NAME"],
    }
    given = {name: str(value) for name, value in address.items() if value}
    return subprocess.run([program, *arguments], env={**os.environ, **given}, capture_output=True, text=True)


def _dump_postgresql(path: Path) -> Path | None:
    """A dump by pg_dump; None where it is missing or older than the server."""
    ran = _postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={path}")
    if ran is None or ran.returncode:
        path.unlink(missing_ok=True)
        return None
    return path


def _models() -> list[type[Model]]:
    """Every table's model, those first that others point to."""
    lists = [(config, None) for config in apps.get_app_configs()]
    models = serializers.sort_dependencies(lists, allow_cycles=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]


def _rows() -> Iterator[Model]:
    for model in _models():
        yield from model._base_manager.order_by("pk").iterator(chunk_size=2000)


def _dump_rows(path: Path) -> Path:
    with path.open("w", encoding="utf-8") as file, transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        serializers.serialize("jsonl", _rows(), stream=file, ensure_ascii=False)
    return path


def mark() -> int | None:
    """A number that changes when the content of a PostgreSQL database is exchanged; None while it is empty.

    It is the file behind the table of people: loading rows and pg_restore both give it a new one.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode(to_regclass(%s))", [get_user_model()._meta.db_table])
        (found,) = cursor.fetchone()
    return found


def check_fits(dump_name: str) -> None:
    """Raise BackupFromElsewhere unless this database can take such a dump."""
    owner = {SQLITE: "sqlite", PG_DUMP: "postgresql"}.get(dump_name, connection.vendor)
    if owner != connection.vendor:
        raise BackupFromElsewhere(there=owner, here=connection.vendor)


def load_postgresql(path: Path) -> None:
    """Replace the database's content by a pg_dump, all or nothing; raises DatabaseRefused."""
    connections.close_all()
    ran = _postgresql(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error",
        f"--dbname={connection.settings_dict['NAME']}", str(path),
    )  # fmt: skip
    if ran is None or ran.returncode:
        raise DatabaseRefused(where=ran.stderr.strip()[-500:] if ran else "pg_restore")


def load_rows(path: Path) -> None:
    """Replace the rows of a migrated database by those of the file, all or nothing."""
    with transaction.atomic(), unsealed(connection):
        _empty()
        with path.open(encoding="utf-8") as file:
            for found in serializers.deserialize("jsonl", file, ignorenonexistent=True):
                found.save(force_insert=True)
        connection.check_constraints()
        reset = connection.ops.sequence_reset_sql(no_style(), _models())
        with connection.cursor() as cursor:
            for statement in reset:
                cursor.execute(statement)


def _empty() -> None:
    """Delete every row; the order does not matter, because constraints are checked at the end."""
    tables = [
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed
    ]
    quoted = [connection.ops.quote_name(table) for table in dict.fromkeys(tables)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(quoted)}")
            return
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in quoted:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables' names
