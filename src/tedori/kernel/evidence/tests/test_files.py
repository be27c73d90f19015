"""An export can be checked by anybody, without the database."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection

from tedori.kernel.evidence.actions import record_many
from tedori.kernel.evidence.files import verify_file
from tedori.kernel.evidence.queries import export
from tedori.kernel.evidence.rules import UnreadableExport
from tedori.kernel.evidence.seals import seal, sealed, unseal, unsealed
from tedori.kernel.evidence.values import Fact
from tedori.kernel.organisations.values import system_actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def exported(tmp_path):
    facts = (
        Fact("test.decided", system_actor("t"), NOW, "131016", f"物:{n}", {"値": n / 3}) for n in range(6)
    )
    record_many(facts)
    assert export(tmp_path / "chain.jsonl") == 6
    return tmp_path / "chain.jsonl"


def rewritten(path, change):
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))
    return verify_file(path)


def test_an_export_holds(exported):
    verdict = verify_file(exported)
    assert (verdict.holds, verdict.records) == (True, 6)


@pytest.mark.parametrize(
    ("change", "number", "because"),
    [
        (lambda lines: [line.replace("物:2", "物:9") for line in lines], 3, "content"),
        (lambda lines: lines[:2] + lines[3:], 3, "gap"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1, "gap"),
        (lambda lines: [*lines[:3], lines[1], *lines[3:]], 4, "order"),
        (lambda lines: lines[:4] + lines[-1:], 5, "head"),
        (lambda lines: lines[:-1], 7, "head"),
        (lambda lines: [], 1, "head"),
    ],
    ids=["changed", "deleted", "exchanged", "inserted", "tail lost", "cut off", "empty"],
)
def test_tampering_with_the_file_is_found(exported, change, number, because):
    verdict = rewritten(exported, change)
    assert (verdict.holds, verdict.broken_at, verdict.because) == (False, number, because)


@pytest.mark.parametrize("text", ["nonsense", "[]", "{}", '{"number": "1"}', "\x00"])
def test_what_is_no_export_is_said_to_be_none_with_its_line(tmp_path, text):
    path = tmp_path / "other.txt"
    path.write_text(text)
    with pytest.raises(UnreadableExport, match=r"other\.txt:1"):
        verify_file(path)


def test_a_binary_file_is_said_to_be_no_export(tmp_path):
    path = tmp_path / "other.bin"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableExport):
        verify_file(path)


def test_every_line_is_plain_json_with_the_documented_fields(exported):
    first, *_, last = [json.loads(line) for line in exported.read_text().splitlines()]
    assert set(first) == {
        "number", "at", "action", "actor", "actor_organisation", "organisation", "subject", "grounds",
        "previous", "hash",
    }  # fmt: skip
    assert last["records"] == 6


def test_an_export_that_fails_leaves_the_old_file_as_it_was(exported, monkeypatch):
    before = exported.read_text()
    monkeypatch.setattr(
        "tedori.kernel.evidence.queries.os.fsync", lambda _: (_ for _ in ()).throw(OSError("full"))
    )
    with pytest.raises(OSError, match="full"):
        export(exported)
    assert exported.read_text() == before
    assert [path.name for path in exported.parent.iterdir()] == ["chain.jsonl"]


def test_the_command_says_that_all_is_well(exported, capsys):
    call_command("evidence", "verify")
    call_command("evidence", "verify", str(exported))
    assert capsys.readouterr().out.count("6") >= 2


def test_the_command_exports(exported, capsys):
    target = exported.with_name("again.jsonl")
    call_command("evidence", "export", str(target))
    assert target.read_bytes() == exported.read_bytes()


def test_the_command_names_the_broken_record_and_fails(exported, capsys):
    with unsealed(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_entry SET subject = 'x' WHERE number = 5")
    with pytest.raises(SystemExit) as stop:
        call_command("evidence", "verify")
    assert stop.value.code == 1
    assert "5" in capsys.readouterr().err


def test_the_command_fails_when_the_seals_are_off_and_puts_them_back(exported):
    unseal(connection)
    try:
        with pytest.raises(SystemExit):
            call_command("evidence", "verify")
        call_command("evidence", "seal")
        assert sealed(connection)
    finally:
        seal(connection)
