"""The writer queue: nothing is lost between writers, and one command's failure is its own."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.patching import append
from tedori.engines.ngsild.values import Attribute, Entity
from tedori.kernel.organisations.rules import Forbidden
from tedori.kernel.organisations.values import Actor, system_actor
from tedori.services.live.actions.entities import Batch, Change, Create, Delete
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER, Writer, column_time, write_group

HOUSE = system_actor("tests")
CHIYODA, HACHIOJI = (
    Actor(token_id=one, organisation=code, scopes=frozenset({"live.write"}))
    for one, code in ((1, "131016"), (2, "132012"))
)
URN = "urn:ngsi-ld:Shelter:1"
SHELTER = Entity(URN, ("http://example.org/Shelter",), {"http://example.org/n": (Attribute("Property", 0),)})

WORKER = """
import sys, django
django.setup()
from tedori.services.live.tests.test_writing import add
add(sys.argv[1], 60)
"""


def adding(name):
    """A change that adds one attribute to whatever is there."""
    more = Entity(URN, (), {name: (Attribute("Property", 1),)})
    return Change(1, URN, lambda entity, at: append(entity, more, at=at), HOUSE)


def add(worker, amount):
    """What each of the processes does: many additions, several at a time."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(WRITER.write_now, (adding(f"http://example.org/{worker}-{n}") for n in range(amount))))
    WRITER.close()


@pytest.fixture
def writer(store):
    """A writer whose clock goes a second at a time, on a hub with one shelter of Chiyoda."""
    moments = iter(datetime(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(100_000))
    writer = Writer(store, clock=lambda: next(moments))
    assert writer.write_now(Found("")) == 1
    writer.write_now(Create(1, SHELTER, CHIYODA))
    yield writer
    writer.close()


WATCHED = """
import sys, django
django.setup()
from tedori.services.live.tests.test_writing import create_many
create_many(sys.argv[1], 100)
"""


def create_many(worker, amount):
    """What each of the processes does: many entities, several at a time, none of them another's."""
    entities = (
        Entity(f"urn:{worker}:{number}", SHELTER.types, SHELTER.attributes) for number in range(amount)
    )
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(WRITER.write_now, (Create(1, entity, HOUSE) for entity in entities)))
    WRITER.close()


def attributes(store):
    return {name for (name,) in store.session().all("SELECT DISTINCT name FROM live_value")}


def test_two_processes_lose_nothing_of_each_other(writer, place, store, tmp_path):
    environment = {
        **os.environ, "TEDORI_DATABASE": place, "TEDORI_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tedori.site.settings", "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, name], env=environment) for name in ("sato", "suzuki")
    ]
    assert [worker.wait(100) for worker in workers] == [0, 0]
    assert len(attributes(store)) == 1 + 2 * 60
    assert store.session().one("SELECT count(*) FROM live_change") == (121,)
    assert store.session().one("SELECT count(DISTINCT instance) FROM live_history") == (121,)
    ((after,),) = store.session().all("SELECT doc FROM live_change ORDER BY seq DESC LIMIT 1")
    assert after.count('"http://example.org/') == 122, "the last change knows of all the others"


def test_each_of_many_waiting_commands_has_its_own_outcome(writer, store):
    commands = [
        adding("http://example.org/a"),
        Change(1, "urn:ngsi-ld:Shelter:none", lambda entity, at: None, HOUSE),
        Create(1, SHELTER, HOUSE),
        Change(1, URN, adding("http://example.org/b").work, HACHIOJI),
        adding("http://example.org/c"),
    ]
    outcomes = write_group(store.session(), commands, writer.now)
    kinds = [getattr(one, "kind", type(one).__name__) for one in outcomes]
    assert kinds == ["Outcome", "ResourceNotFound", "AlreadyExists", "Forbidden", "Outcome"]
    assert {"http://example.org/a", "http://example.org/c"} < attributes(store)
    assert "http://example.org/b" not in attributes(store)


class Broken:
    """A command with a bug in it."""

    keys = ((1, URN),)

    def apply(self, unit):
        raise ZeroDivisionError


def test_a_bug_in_one_command_fails_that_one_alone(writer, store, caplog):
    outcomes = write_group(
        store.session(),
        [adding("http://example.org/a"), Broken(), adding("http://example.org/b")],
        writer.now,
    )
    assert [type(one).__name__ for one in outcomes] == ["Outcome", "ZeroDivisionError", "Outcome"]
    assert {"http://example.org/a", "http://example.org/b"} < attributes(store)


def test_an_entity_that_came_and_went_within_one_transaction_leaves_only_its_history(writer, store):
    other = Entity("urn:ngsi-ld:Shelter:2", SHELTER.types, SHELTER.attributes)
    outcomes = write_group(
        store.session(), [Create(1, other, CHIYODA), Delete(1, other.id, CHIYODA)], writer.now
    )
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert store.session().one("SELECT count(*) FROM live_entity WHERE urn = ?", (other.id,)) == (0,)
    told = store.session().all("SELECT operation FROM live_change WHERE urn = ? ORDER BY seq", (other.id,))
    assert told == [("created",), ("deleted",)]


def test_an_entity_that_went_and_came_back_within_one_transaction_is_the_new_one(writer, store):
    new = Entity(URN, ("http://example.org/Hall",), {"http://example.org/m": (Attribute("Property", 5),)})
    write_group(store.session(), [Delete(1, URN, CHIYODA), Create(1, new, CHIYODA)], writer.now)
    assert attributes(store) == {"http://example.org/m"}
    types = store.session().all("SELECT name FROM live_entitytype")
    assert types == [("http://example.org/Hall",)]


@pytest.mark.req("F09")
def test_changes_become_visible_in_their_order(writer, place, store, tmp_path):
    """A reader that goes on from the last number it saw never misses a change that came after."""
    environment = {
        **os.environ, "TEDORI_DATABASE": place, "TEDORI_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tedori.site.settings", "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    workers = [
        subprocess.Popen([sys.executable, "-c", WATCHED, name], env=environment)
        for name in ("sato", "suzuki")
    ]
    seen, session, looks = [], store.session(), 0
    while any(worker.poll() is None for worker in workers) or looks == 0:
        last = seen[-1] if seen else 0
        rows = session.all("SELECT seq FROM live_change WHERE seq > ? ORDER BY seq", (last,))
        seen += (seq for (seq,) in rows)
        looks += bool(rows)
    rows = session.all("SELECT seq FROM live_change WHERE seq > ? ORDER BY seq", (seen[-1],))
    seen += (seq for (seq,) in rows)
    assert [worker.returncode for worker in workers] == [0, 0]
    assert seen == [seq for (seq,) in session.all("SELECT seq FROM live_change ORDER BY seq")]
    assert len(seen) == 1 + 2 * 100
    assert looks > 2, "it was watched while it happened"


def test_another_organisation_changes_nothing(writer):
    for command in (Delete(1, URN, HACHIOJI), Change(1, URN, adding("http://example.org/x").work, HACHIOJI)):
        with pytest.raises(Forbidden):
            writer.write_now(command)
    (outcome,) = writer.write_now(Batch((Delete(1, URN, HACHIOJI),)))
    assert isinstance(outcome, Forbidden)


def test_a_writer_that_closes_writes_what_waits_and_starts_again(writer, store):
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(writer.write_now, adding(f"http://example.org/{n}")) for n in range(20)]
        writer.close()
        writer.write_now(adding("http://example.org/late"))
        for one in done:
            one.result(20)
    assert len(attributes(store)) == 22


def test_times_of_columns_sort_as_texts():
    assert column_time(datetime(2026, 4, 1, 9, tzinfo=UTC)) == "2026-04-01T09:00:00.000000Z"


def test_an_error_keeps_its_kind_through_the_queue(writer):
    with pytest.raises(NgsiLdError) as raised:
        writer.write_now(Create(1, SHELTER, HOUSE))
    assert raised.value.status == 409
