"""Many writers at once make one chain, on either database."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from tedori.kernel.evidence.actions import record
from tedori.kernel.evidence.models import Entry
from tedori.kernel.evidence.queries import sealed, verify
from tedori.kernel.organisations.values import system_actor

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def write(writer):
    try:
        for turn in range(10):
            with transaction.atomic():
                subject = f"{writer}:{turn}"
                record("test.written", by=system_actor("w"), at=NOW, organisation="", subject=subject)
    finally:
        connections.close_all()


def write_together():
    """What four writers at once leave behind: whether the chain holds, records, different subjects."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    verdict = verify()
    return [verdict.holds, verdict.records, Entry.objects.values("subject").distinct().count()]


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_make_one_chain():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's test database has one connection; the next test takes a file")
    assert write_together() == [True, 40, 40]


def test_writers_at_the_same_moment_make_one_chain_in_an_sqlite_file(tmp_path):
    """In a fresh process, because a test database in memory has one connection only."""
    script = (
        "import json, django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from tedori.kernel.evidence.tests.test_writers import write_together\n"
        "print(json.dumps(write_together()))\n"
    )
    environment = os.environ | {
        "TEDORI_HOME": str(tmp_path),
        "TEDORI_DATABASE": f"sqlite:{tmp_path / 'db.sqlite3'}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [True, 40, 40]


@pytest.mark.django_db(transaction=True)
def test_the_seals_stand_again_after_the_test_database_was_emptied():
    assert not Entry.objects.exists()
    assert sealed()
