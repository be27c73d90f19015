"""The doctor says what is wrong, why it matters and what to do."""

import json
from datetime import UTC, datetime
from io import StringIO
from types import SimpleNamespace

import polars as pl
import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone, translation

from tedori.kernel.cases.models import CaseFile, CaseRow
from tedori.kernel.evidence import seals
from tedori.kernel.jobs.models import JobRow
from tedori.kernel.lake.store import house_lake
from tedori.kernel.operations import doctor
from tedori.kernel.operations.checks import data, machine, web
from tedori.kernel.operations.chores import declared
from tedori.kernel.operations.models import Chore, WorkerBeat
from tedori.kernel.operations.switching import JOURNAL

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def healthy(home, settings):
    """An installation in which nothing is wrong."""
    home.mkdir(parents=True)
    (home / "secret-key").touch(mode=0o600)
    settings.TEDORI_PUBLIC_URL = "https://data.example.jp"
    settings.ALLOWED_HOSTS = ["data.example.jp"]
    beat = WorkerBeat.objects.create(name="w", pid=1, started_at=timezone.now(), seen_at=timezone.now())
    for name in declared():
        Chore.objects.create(name=name, begun_at=timezone.now())
    with translation.override("ja"):
        yield SimpleNamespace(home=home, settings=settings, beat=beat)


def wrong():
    return {finding.code for finding in doctor.examine() if finding.level != "ok"}


def only(code):
    """The one finding, which must say everything."""
    (found,) = [finding for finding in doctor.examine() if finding.level != "ok"]
    assert found.code == code
    assert all(map(str, (found.what, found.why, found.todo)))
    return found


def test_a_healthy_installation_has_nothing_wrong():
    assert wrong() == set()


def test_no_worker_is_an_error_with_what_to_do():
    WorkerBeat.objects.all().delete()
    assert "tedori worker" in str(only("no-worker").todo)


def test_a_worker_that_was_last_seen_long_ago_does_not_run(healthy):
    WorkerBeat.objects.update(seen_at=NOW)
    only("no-worker")


def test_chores_that_nobody_does_or_that_fail_are_a_warning():
    Chore.objects.update(error="OSError: x")
    assert "OSError: x" in str(only("chores-failed").what)
    Chore.objects.update(error="", begun_at=NOW)
    assert only("chores-late").level == "warning"


def test_failed_jobs_are_a_warning():
    JobRow.objects.create(
        name="x", args={}, by={}, by_name="", created_at=NOW, not_before=NOW, state="failed"
    )
    assert only("failed-jobs").level == "warning"


def test_dead_letters_are_an_error(request):
    from tedori.kernel.events.models import OutboxEvent, UndeliveredLetter

    event = OutboxEvent.objects.create(topic="tests.happened", key="k", payload={}, at=NOW)
    UndeliveredLetter.objects.create(consumer="c", event=event, key="k", state="dead", next_at=NOW)
    only("dead-letters")


def test_damage_in_the_lake_names_the_file():
    stored = house_lake().write(
        dataset="datasets/aed", partition="131016", version=1, frame=pl.DataFrame({"a": [1]})
    )
    assert wrong() == set()
    house_lake().path(stored.path).write_bytes(b"x")
    assert stored.path in str(only("lake-damaged").what)


def test_lost_attachments_are_an_error():
    case = CaseRow.objects.create(
        kind="x.y", state="s", organisation="1", title="t", opened_at=NOW, opened_by="x"
    )
    CaseFile.objects.create(
        case=case, name="a", media_type="b", bytes=1, sha256="ab" * 32, by_name="x", at=NOW
    )
    only("attachments-damaged")


def test_a_broken_chain_and_a_missing_seal_are_errors(monkeypatch):
    monkeypatch.setattr(data, "sealed", lambda: False)
    only("evidence-unsealed")
    broken = SimpleNamespace(holds=False, broken_at=7, because="content", records=6)
    monkeypatch.setattr(data, "verify", lambda: broken)
    assert "7" in str(only("evidence-broken").what)
    assert seals.TABLE


def test_a_half_done_restore_is_found(healthy):
    (healthy.home / JOURNAL).touch()
    only("half-restored")


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("TEDORI_PUBLIC_URL", "http://data.example.jp", "https-missing"),
        ("TEDORI_PUBLIC_URL", "https://other.example.jp", "hosts-miss-public"),
        ("ALLOWED_HOSTS", ["*"], "hosts-any"),
        ("ALLOWED_HOSTS", ["example.jp"], "hosts-miss-public"),
        ("DEBUG", True, "debug"),
    ],
)
def test_settings_that_endanger_are_found(healthy, setting, value, code):
    setattr(healthy.settings, setting, value)
    only(code)


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000"])
def test_without_https_only_the_own_machine_is_safe(healthy, url):
    healthy.settings.TEDORI_PUBLIC_URL = url
    healthy.settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    assert wrong() == set()


def test_a_subdomain_of_an_allowed_domain_is_fine(healthy):
    healthy.settings.ALLOWED_HOSTS = [".example.jp"]
    assert wrong() == set()


def test_a_readable_key_is_an_error(healthy, monkeypatch):
    monkeypatch.delenv("TEDORI_SECRET_KEY", raising=False)
    (healthy.home / "secret-key").chmod(0o644)
    only("key-readable")


def test_data_inside_the_program_are_a_warning(healthy):
    (healthy.home.parent / ".git").mkdir()
    assert only("home-in-repository").level == "warning"


@pytest.mark.parametrize(("free", "level"), [(2 * 2**30, "warning"), (2**20, "error")])
def test_little_room_is_said_before_there_is_none(monkeypatch, free, level):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert only("room-little").level == level


def test_an_old_python_is_an_error(monkeypatch):
    monkeypatch.setattr(machine, "OLDEST_PYTHON", (4, 0))
    only("python-old")


def test_a_clock_before_the_code_was_written_is_wrong(monkeypatch):
    monkeypatch.setattr(machine, "WRITTEN", datetime(2999, 1, 1, tzinfo=UTC))
    only("clock-wrong")


def test_missing_style_sheets_are_an_error(monkeypatch):
    monkeypatch.setattr(web.finders, "find", lambda _: None)
    only("static-missing")


def test_a_data_folder_that_is_not_there_is_an_error(healthy):
    healthy.settings.TEDORI_HOME = healthy.home / "nowhere"
    assert wrong() == {"home-not-writable"}


def test_missing_migrations_are_named(monkeypatch):
    plan = [(SimpleNamespace(__str__=lambda self: "cases.0002"), False)]
    monkeypatch.setattr(data.MigrationExecutor, "migration_plan", lambda self, targets: plan)
    assert "1 件" in str(only("migrations-missing").what)


def test_a_database_that_does_not_answer_is_a_finding_and_not_a_crash(monkeypatch):
    def refuse(*_):
        raise OperationalError("connection refused")

    monkeypatch.setattr(data.connection, "ensure_connection", refuse)
    assert wrong() == {"database-unreachable", "check-impossible"}


def test_a_check_that_the_database_breaks_is_a_finding_and_the_others_go_on(monkeypatch):
    def refuse():
        raise OperationalError("no such table")
        yield

    monkeypatch.setattr("tedori.kernel.operations.checks.work.letters", refuse)
    assert "letters" in str(only("check-impossible").what)


def test_the_command_tells_people_and_programs():
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "問題は見つかりませんでした。" in out.getvalue()
    WorkerBeat.objects.all().delete()
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=out)
    assert ended.value.code == 1
    findings = {one["code"]: one for one in json.loads(out.getvalue())}
    assert findings["no-worker"]["level"] == "error" and findings["no-worker"]["todo"]
