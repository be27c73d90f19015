"""The database's own refusal to change or delete evidence, for SQLite and PostgreSQL.

On SQLite a migration that remakes the table drops its triggers: such a migration must seal again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "evidence_entry"
SAYS = "evidence is append-only"

SEAL = {
    "sqlite": tuple(
        f"CREATE TRIGGER IF NOT EXISTS evidence_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$",
        f"CREATE OR REPLACE TRIGGER evidence_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
        f"CREATE OR REPLACE TRIGGER evidence_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
    ),
}
UNSEAL = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS evidence_no_update",
        "DROP TRIGGER IF EXISTS evidence_no_delete",
    ),
    "postgresql": (
        f"DROP TRIGGER IF EXISTS evidence_no_change ON {TABLE}",
        f"DROP TRIGGER IF EXISTS evidence_no_truncate ON {TABLE}",
    ),
}
COUNT = {
    "sqlite": f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'",  # noqa: S608
    "postgresql": (
        "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' "  # noqa: S608
        f"AND tgrelid = to_regclass('{TABLE}')"
    ),
}


def seal(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; harmless when they are."""
    _run(connection, SEAL[connection.vendor])


def unseal(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away."""
    _run(connection, UNSEAL[connection.vendor])


def sealed(connection: BaseDatabaseWrapper) -> bool:
    """Whether both triggers stand."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT[connection.vendor])
        return cursor.fetchone()[0] == 2


@contextmanager
def unsealed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A stretch without the triggers, for emptying or restoring a database; a no-op without the table."""
    stands = TABLE in connection.introspection.table_names() and sealed(connection)
    if stands:
        unseal(connection)
    try:
        yield
    finally:
        if stands:
            seal(connection)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
