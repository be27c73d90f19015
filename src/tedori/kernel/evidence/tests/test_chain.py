"""The chain: what it records, and that it notices every kind of tampering."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction

from tedori.kernel.evidence.actions import record, record_many
from tedori.kernel.evidence.chain import GENESIS, canonical, link_hash
from tedori.kernel.evidence.models import Entry, EvidenceRefused
from tedori.kernel.evidence.queries import head, sealed, verify
from tedori.kernel.evidence.seals import unsealed
from tedori.kernel.evidence.values import Fact
from tedori.kernel.organisations.values import Actor, system_actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 4, 5, 678901, tzinfo=UTC)
SATO = Actor(user_id=1, name="佐藤花子", organisation="131016", roles=frozenset({"steward"}))


def fact(place=0, **grounds):
    return Fact("test.decided", SATO, NOW + timedelta(seconds=place), "131016", f"thing:{place}", grounds)


def chain_of(count):
    return record_many(fact(place, 理由="確認済み", share=0.1 + 0.2) for place in range(count))


def tamper(sql, *values):
    with unsealed(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_empty_chain_holds():
    verdict = verify()
    assert (verdict.holds, verdict.records, verdict.head) == (True, 0, GENESIS)


def test_each_record_is_bound_to_the_one_before():
    first = record(
        "test.decided", by=SATO, at=NOW, organisation="131016", subject="thing:1", grounds={"a": 1}
    )
    second = record("test.decided", by=SATO, at=NOW, organisation="131016", subject="thing:2")
    assert (first.number, first.previous, second.previous) == (1, GENESIS, first.hash)
    assert head() == (2, second.hash)
    assert verify().holds


def test_the_hash_is_what_the_documentation_says():
    link = record(
        "test.decided", by=SATO, at=NOW, organisation="131016", subject="物:1", grounds={"b": 1, "a": "あ"}
    )
    body = (
        '{"action":"test.decided","actor":"user:1","actor_organisation":"131016",'
        '"at":"2026-11-20T03:04:05.678901+00:00","grounds":{"a":"あ","b":1},"number":1,'
        '"organisation":"131016","subject":"物:1"}'
    )
    import hashlib

    assert link.hash == hashlib.sha256((GENESIS + "\n" + body).encode()).hexdigest()


def test_many_are_written_with_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        chain_of(1500)
    assert verify().records == 1500


def test_a_name_is_not_written_down():
    record("test.decided", by=SATO, at=NOW, organisation="131016", subject="thing:1")
    assert "佐藤" not in str(Entry.objects.get().__dict__)


def test_the_same_moment_in_another_zone_is_the_same_record():
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    link = record("test.decided", by=SATO, at=tokyo, organisation="131016", subject="thing:1")
    assert link.at == NOW
    assert verify().holds


@pytest.mark.parametrize("grounds", [{"when": NOW}, {"share": float("nan")}, {"set": {1}}])
def test_grounds_that_are_not_json_are_refused(grounds):
    with pytest.raises((TypeError, ValueError)):
        record("test.decided", by=SATO, at=NOW, organisation="", subject="x", grounds=grounds)
    assert head()[0] == 0


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        record("test.decided", by=SATO, at=NOW.replace(tzinfo=None), organisation="", subject="x")


def test_evidence_vanishes_with_the_transaction_that_it_belongs_to():
    with pytest.raises(RuntimeError), transaction.atomic():
        chain_of(2)
        raise RuntimeError("the act failed")
    assert head() == (0, GENESIS)
    chain_of(1)
    assert verify().holds


def test_a_changed_record_is_found():
    chain_of(5)
    tamper("UPDATE evidence_entry SET subject = 'thing:99' WHERE number = 3")
    verdict = verify()
    assert (verdict.holds, verdict.broken_at, verdict.because) == (False, 3, "content")


def test_changed_grounds_are_found_even_when_they_are_no_longer_json():
    chain_of(5)
    tamper("UPDATE evidence_entry SET grounds = '{' WHERE number = 4")
    assert verify().broken_at == 4


def test_a_changed_moment_is_found():
    chain_of(3)
    tamper("UPDATE evidence_entry SET at = %s WHERE number = 2", NOW + timedelta(seconds=1, microseconds=1))
    assert verify().broken_at == 2


def test_a_deleted_record_is_found():
    chain_of(5)
    tamper("DELETE FROM evidence_entry WHERE number = 2")
    verdict = verify()
    assert (verdict.broken_at, verdict.because) == (2, "gap")


def test_a_lost_tail_is_found():
    chain_of(5)
    tamper("DELETE FROM evidence_entry WHERE number > 3")
    verdict = verify()
    assert (verdict.broken_at, verdict.because) == (4, "head")


def test_a_chain_emptied_whole_is_found():
    chain_of(3)
    tamper("DELETE FROM evidence_entry")
    assert verify().broken_at == 1


def test_an_inserted_record_is_found():
    chain_of(3)
    last = Entry.objects.get(number=3)
    body = {"number": 4, "at": "2026-11-20T03:04:05.678901+00:00", "action": "test.forged", "actor": "user:9",
            "actor_organisation": "", "organisation": "", "subject": "x", "grounds": {}}  # fmt: skip
    Entry(
        **{**body, "at": NOW, "grounds": canonical({})}, previous=last.hash, hash=link_hash(last.hash, body)
    ).save()
    verdict = verify()
    assert (verdict.holds, verdict.broken_at, verdict.because) == (False, 4, "head")


def test_exchanged_records_are_found():
    chain_of(5)
    for before, after in ((2, 100), (3, 2), (100, 3)):
        tamper("UPDATE evidence_entry SET number = %s WHERE number = %s", after, before)
    assert verify().broken_at == 2


def test_a_record_forged_with_its_own_right_hash_breaks_the_next():
    chain_of(3)
    row = Entry.objects.get(number=2)
    body = {
        name: getattr(row, name)
        for name in ("number", "action", "actor", "actor_organisation", "organisation")
    }
    body |= {
        "at": row.at.isoformat(timespec="microseconds"),
        "subject": "thing:99",
        "grounds": json.loads(row.grounds),
    }
    tamper(
        "UPDATE evidence_entry SET subject = 'thing:99', hash = %s WHERE number = 2",
        link_hash(row.previous, body),
    )
    verdict = verify()
    assert (verdict.broken_at, verdict.because) == (3, "previous")


def test_the_tables_own_code_refuses_change_and_deletion():
    chain_of(1)
    row = Entry.objects.get()
    for attempt in (
        row.save, row.delete, Entry.objects.all().delete,
        lambda: Entry.objects.update(subject="x"),
        lambda: Entry.objects.bulk_update([row], ["subject"]),
    ):  # fmt: skip
        with pytest.raises(EvidenceRefused):
            attempt()


@pytest.mark.parametrize("sql", ["UPDATE evidence_entry SET subject = 'x'", "DELETE FROM evidence_entry"])
def test_the_database_refuses_them_too(sql):
    chain_of(1)
    assert sealed()
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert verify().records == 1


def test_the_system_is_named_as_such():
    link = record("test.cleaned", by=system_actor("worker"), at=NOW, organisation="", subject="x")
    assert link.actor == "system:worker"
