"""What was backed up comes back whole, into the same place or another, or nothing changes."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pyarrow as pa
import pytest

from tedori.kernel.operations import archive
from tedori.kernel.operations.rules import (
    BackupDamaged,
    BackupExists,
    BackupMissing,
    BackupName,
    belongs,
    compression,
)
from tedori.kernel.operations.tests.conftest import House

# Each test is one process on an installation of its own: what `fill` puts there, `look` finds again.
STAGE = """
import django; django.setup()
import sys
from datetime import datetime, UTC
from pathlib import Path
import polars as pl
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from tedori.kernel.events.actions import publish
from tedori.kernel.events.queries import events
from tedori.kernel.evidence.actions import record
from tedori.kernel.evidence.queries import sealed, verify
from tedori.kernel.lake.store import house_lake
from tedori.kernel.operations import restore as restoring
from tedori.kernel.operations.rules import BackupDamaged, NotEmpty
from tedori.kernel.organisations.models import User
from tedori.kernel.organisations.values import system_actor

home = Path(settings.TEDORI_HOME)
at = datetime(2026, 4, 1, tzinfo=UTC)

def fill(person, name, version):
    User.objects.create_user(person, password="x")
    frame = pl.DataFrame({"名称": [name]})
    house_lake().write(dataset="datasets/aed", partition="131016", version=version, frame=frame)
    with transaction.atomic():
        record("tests.done", by=system_actor("tests"), at=at, organisation="131016", subject="x", grounds={})
        publish("tests.happened", {"n": version}, key="k", organisation="131016", at=at)

def look():
    lake = house_lake()
    assert verify().holds and sealed() and lake.verify() == ()
    names = [lake.open(stored.path).collect()["名称"].item() for _, stored in lake.manifests()]
    people = [user.username for user in User.objects.order_by("id")]
    return people, [event.payload["n"] for event in events()], verify().records, names

def hidden():
    return sorted(path.name for path in home.iterdir() if path.name.startswith("."))

def raises(error, *arguments):
    try:
        call_command(*arguments)
    except error:
        return True

WHOLE = (["sato"], [1], 1, ["区役所"])
backup, *others = sys.argv[1:]
"""


@pytest.fixture(scope="module")
def full(tmp_path_factory, new_house):
    """An installation with a person, a version, an evidence record, an event, and two backups of it."""
    house = new_house(tmp_path_factory.mktemp("full") / "var")
    script = """
call_command("migrate", verbosity=0)
fill("sato", "区役所", 1)
call_command("backup", backup)
call_command("backup", others[0], portable=True)
assert look() == WHOLE
"""
    house.run(
        "-c", STAGE + script, *(str(house.home.parent / name) for name in ("all.tar.zst", "rows.tar.gz"))
    )
    return house


@pytest.fixture(scope="module")
def saved(full):
    return full.home.parent / "all.tar.zst"


@pytest.fixture
def other(tmp_path, new_house):
    return new_house(tmp_path / "var")


def test_a_backup_comes_back_whole_on_another_machine(saved, other):
    script = """
call_command("restore", backup)
assert look() == WHOLE, look()
assert hidden() == []
"""
    said = other.run("-c", STAGE + script, str(saved))
    assert "復元しました" in said and "以前のデータ" not in said


def test_a_full_installation_is_replaced_only_by_force_and_its_data_stay(saved, other):
    script = """
call_command("restore", backup)
fill("suzuki", "図書館", 2)
changed = look()
assert changed == (["sato", "suzuki"], [2, 1], 2, ["区役所", "図書館"]), changed
assert raises(NotEmpty, "restore", backup)
assert look() == changed
call_command("restore", backup, force=True)
assert look() == WHOLE, look()
(former,) = home.glob(".former-*")
assert [path.name for path in (former / "database").iterdir()]
assert len(list(former.rglob("*.parquet"))) == 2
fill("takahashi", "公園", 2)
"""
    assert "以前のデータ" in other.run("-c", STAGE + script, str(saved))


def test_a_portable_backup_comes_back_as_rows(full, other):
    script = """
call_command("restore", backup)
assert look() == WHOLE, look()
fill("takahashi", "公園", 2)
"""
    other.run("-c", STAGE + script, str(full.home.parent / "rows.tar.gz"))


def test_a_portable_backup_moves_to_postgresql_and_back(full, tmp_path, postgresql):
    """SQLite → PostgreSQL → SQLite, with more written on the way; each end is whole and goes on counting."""
    rows, more = str(full.home.parent / "rows.tar.gz"), str(tmp_path / "more.tar.gz")
    script = """
call_command("restore", backup)
assert look() == WHOLE, look()
fill("takahashi", "公園", 2)
call_command("backup", others[0], portable=True)
"""
    House(tmp_path / "moved" / "var", postgresql).run("-c", STAGE + script, rows, more)
    script = """
call_command("restore", backup)
assert look() == (["sato", "takahashi"], [2, 1], 2, ["区役所", "公園"]), look()
fill("suzuki", "図書館", 3)
assert look()[2] == 3
"""
    House(tmp_path / "back" / "var").run("-c", STAGE + script, more)


def test_postgresql_keeps_what_it_had_when_a_restore_is_killed_before_it_is_exchanged(
    full, tmp_path, postgresql
):
    house, backup = House(tmp_path / "var", postgresql), str(full.home.parent / "rows.tar.gz")
    house.run("-c", STAGE + 'call_command("migrate", verbosity=0); fill("suzuki", "図書館", 1)', backup)
    house.cut("-c", STAGE + CUT, backup, "4")
    script = """
call_command("restore", recover=True)
assert look() == (["suzuki"], [1], 1, ["図書館"]), look()
"""
    assert "前の状態に戻しました" in house.run("-c", STAGE + script, backup)


def test_postgresql_stays_new_when_a_restore_is_killed_after_it_was_exchanged(full, tmp_path, postgresql):
    house, backup = House(tmp_path / "var", postgresql), str(full.home.parent / "rows.tar.gz")
    house.run("-c", STAGE + 'call_command("migrate", verbosity=0); fill("suzuki", "図書館", 1)', backup)
    script = """
import os
from tedori.kernel.operations.switching import Switch
Switch.end = lambda self: os._exit(9)
call_command("restore", backup, force=True)
"""
    house.cut("-c", STAGE + script, backup)
    script = """
call_command("restore", recover=True)
assert look() == WHOLE, look()
"""
    assert "新しい状態で完了しました" in house.run("-c", STAGE + script, backup)


@pytest.mark.parametrize("file", ["all.tar.zst", "rows.tar.gz"])
def test_a_restore_that_fails_at_the_end_puts_everything_back(full, other, file):
    script = """
call_command("migrate", verbosity=0)
fill("suzuki", "図書館", 1)
before = look()
def fail(*_):
    raise ZeroDivisionError("at the worst moment")
restoring.dumping.load_postgresql = restoring.dumping.load_rows = fail
move = restoring.Switch.move
restoring.Switch.move = lambda self, source, target: (
    fail() if source.name == "sqlite.db" else move(self, source, target)
)
assert raises(ZeroDivisionError, "restore", backup, "--force")
assert look() == before, look()
assert hidden() == []
"""
    other.run("-c", STAGE + script, str(full.home.parent / file))


# Takes the power away after the n-th line of the journal.
CUT = """
import os
from tedori.kernel.operations.switching import Switch
left = int(others[0])
note = Switch._note
def cut(self, **what):
    global left
    note(self, **what)
    left -= 1
    if left == 0:
        os._exit(9)
Switch._note = cut
call_command("restore", backup, force=True)
"""


@pytest.mark.parametrize(("file", "line"), [("all.tar.zst", 5), ("rows.tar.gz", 6)])
def test_a_restore_that_is_killed_is_settled_before_anybody_works_on(full, tmp_path, new_house, file, line):
    house = new_house(tmp_path / "var")
    backup = str(full.home.parent / file)
    house.run("-c", STAGE + 'call_command("migrate", verbosity=0); fill("suzuki", "図書館", 1)', backup)
    house.cut("-c", STAGE + CUT, backup, str(line))
    assert "--recover" in house.tedori("worker", "--once", good=False), "nobody works on a mixture"
    script = """
call_command("restore", recover=True)
assert look() == (["suzuki"], [1], 1, ["図書館"]) and hidden() == [], (look(), hidden())
"""
    assert "前の状態に戻しました" in house.run("-c", STAGE + script, backup)


def test_the_secret_key_and_passwords_of_the_environment_stay_at_home(saved):
    with pa.input_stream(saved, compression="zstd") as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        names = tar.getnames()
    assert names[0].startswith("database/") and names[-1] == "manifest.json"
    assert not any("secret-key" in name for name in names)
    assert saved.stat().st_mode & 0o077 == 0


def test_what_is_damaged_or_newer_is_refused_and_changes_nothing(full, saved, tmp_path):
    cut = tmp_path / "cut.tar.zst"
    cut.write_bytes(saved.read_bytes()[:-200])
    script = """
assert raises(BackupDamaged, "restore", backup, "--force")
restoring.MigrationLoader = type("Older", (restoring.MigrationLoader,), {
    "disk_migrations": property(lambda self: {}, lambda self, value: None),
    "migrated_apps": property(lambda self: {"cases"}, lambda self, value: None),
    "build_graph": lambda self: None,
})
assert raises(restoring.BackupNewer, "restore", others[0], "--force")
assert look() == WHOLE, look()
assert hidden() == []
"""
    full.run("-c", STAGE + script, str(cut), str(saved))


# --- the file itself --------------------------------------------------------------------------------------


def write(path, **files):
    with archive.writing(path, {"made_at": "now"}) as draft:
        for name, content in files.items():
            source = path.parent / "source"
            source.write_text(content)
            draft.add(source, f"home/{name}")
    return path


@pytest.mark.parametrize("ending", ["tar.zst", "tar.gz", "tgz"])
def test_a_file_holds_what_was_added(tmp_path, ending):
    path = write(tmp_path / f"a.{ending}", one="1", two="2")
    manifest = archive.unpack(path, tmp_path / "out")
    assert (tmp_path / "out/home/two").read_text() == "2"
    assert sorted(manifest["files"]) == ["home/one", "home/two"]


def test_a_backup_replaces_no_file_and_a_failed_one_leaves_none(tmp_path):
    path = write(tmp_path / "a.tar.gz", one="1")
    with pytest.raises(BackupExists):
        write(path, two="2")
    with pytest.raises(ZeroDivisionError), archive.writing(tmp_path / "b.tar.gz", {}):
        raise ZeroDivisionError
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.tar.gz", "source"]


def test_a_file_that_vanishes_meanwhile_is_left_out(tmp_path):
    with archive.writing(tmp_path / "a.tar.gz", {}) as draft:
        draft.add(tmp_path / "gone", "home/gone")
    assert archive.unpack(tmp_path / "a.tar.gz", tmp_path / "out")["files"] == {}


def forge(path, members):
    """A tar with these members and a manifest that agrees with them."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content, kind in members:
            source = path.parent / "member"
            source.write_text(content)
            entry = tar.gettarinfo(source, arcname=name)
            entry.type, entry.linkname = kind, "/etc/passwd" if kind != tarfile.REGTYPE else ""
            with source.open("rb") as file:
                tar.addfile(entry, file if kind == tarfile.REGTYPE else None)
    return path


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("../outside", "x", tarfile.REGTYPE),
        ("/tmp/outside", "x", tarfile.REGTYPE),
        ("home/link", "", tarfile.SYMTYPE),
        ("home/link", "", tarfile.LNKTYPE),
        ("home/unlisted", "x", tarfile.REGTYPE),
        ("manifest.json", "{", tarfile.REGTYPE),
        ("manifest.json", '{"format": "other/1", "files": {}}', tarfile.REGTYPE),
        ("manifest.json", "[]", tarfile.REGTYPE),
    ],
)
def test_a_forged_file_is_refused_and_writes_nothing_outside(tmp_path, name, content, kind):
    (tmp_path / "out").mkdir()
    members = [(name, content, kind)]
    if name != "manifest.json":
        manifest = {"format": "tedori-backup/1", "files": {}}
        members.append(("manifest.json", json.dumps(manifest), tarfile.REGTYPE))
    with pytest.raises(BackupDamaged):
        archive.unpack(forge(tmp_path / "f.tar.gz", members), tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_a_changed_file_inside_is_found(tmp_path):
    manifest = {"format": "tedori-backup/1", "files": {"home/a": {"sha256": "0" * 64, "bytes": 1}}}
    members = [
        ("home/a", "x", tarfile.REGTYPE),
        ("manifest.json", json.dumps(manifest), tarfile.REGTYPE),
    ]
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupDamaged, match="home/a"):
        archive.unpack(forge(tmp_path / "f.tar.gz", members), tmp_path / "out")


def test_no_file_and_no_backup_are_told_apart(tmp_path):
    with pytest.raises(BackupMissing):
        archive.unpack(tmp_path / "none.tar.gz", tmp_path)
    (tmp_path / "text.tar.zst").write_text("hello")
    with pytest.raises(BackupDamaged):
        archive.unpack(tmp_path / "text.tar.zst", tmp_path)
    with pytest.raises(BackupName):
        compression(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("lake/datasets/aed/131016/v000001.json", True),
        ("deliveries/131016/x.csv", True),
        ("attachments/ab/abcd", True),
        ("deliveries/.incoming/x", False),
        (".backup-x/sqlite.db", False),
        ("static/pages/house.css", False),
        ("secret-key", False),
        ("tedori.sqlite3", False),
        ("tedori.sqlite3-wal", False),
    ],
)
def test_what_goes_into_a_backup(path, wanted):
    assert belongs(Path(path), ["tedori.sqlite3"]) is wanted
