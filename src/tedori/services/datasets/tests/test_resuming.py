"""A worker killed in any stage leaves what was accepted intact, and another one finishes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tedori.kernel.jobs.models import JobRow
from tedori.kernel.jobs.running import run_waiting
from tedori.kernel.lake.store import Lake
from tedori.services.datasets import queries
from tedori.services.datasets.actions import loading, publishing, settling, standardising
from tedori.services.datasets.actions.loading import Incoming, load_many
from tedori.services.datasets.models import Delivery, Part, Version
from tedori.services.datasets.tests.factories import CHIYODA, HACHIOJI, NOW, aed_file

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone: nothing catches this."""


def die(*_: object, **__: object) -> None:
    raise Killed


STAGES = {
    "before the engine": (standardising, "prepare"),
    "after the engine": (standardising, "settle"),
    "after the numbers": (settling, "write_lake"),
    "after the lake": (settling, "_finish"),
    "inside the last transaction": (settling, "_save_deliveries"),
}


def revive() -> None:
    """The lease of the dead worker runs out."""
    JobRow.objects.filter(state="running").update(lease_until=None)
    run_waiting(1)
    JobRow.objects.filter(state="waiting").update(not_before=timezone.now())
    run_waiting()


@pytest.mark.parametrize("stage", STAGES)
def test_a_worker_killed_in_any_stage_is_resumed(send, carded, people, monkeypatch, stage, home):
    send(aed_file(5), name="before.csv")
    publishing.publish(version=Version.objects.get(state="draft").pk, by=people["suzuki"], at=NOW)
    module, name = STAGES[stage]
    with monkeypatch.context() as patch:
        patch.setattr(module, name, die)
        with pytest.raises(Killed):
            send(aed_file(6), name="after.csv")
    (public,) = queries.published()
    assert (public.number, public.rows) == (1, 5)
    assert not Version.objects.filter(state="draft").exists()
    assert not Part.objects.filter(delivery__name="after.csv").exists()
    revive()
    assert Delivery.objects.get(name="after.csv").state == "ready"
    draft = Version.objects.get(state="draft")
    assert draft.rows == 6
    assert Lake(home / "lake").verify() == ()
    assert Lake(home / "lake").open(draft.path).collect().height == 6
    assert not Version.objects.filter(state="writing").exists()


@pytest.fixture
def files(tmp_path, people) -> list[Incoming]:
    """Five files of two organisations, two of them rivals and one unreadable."""
    made = []
    for name, code, data in (
        ("a.csv", CHIYODA, aed_file(5)),
        ("b.csv", CHIYODA, aed_file(6)),
        ("c.csv", HACHIOJI, aed_file(7)),
        ("d.csv", HACHIOJI, bytes(range(256)) * 9),
        ("e.csv", CHIYODA, aed_file(5)),
    ):
        (tmp_path / name).write_bytes(data)
        made.append(Incoming(tmp_path / name, code))
    return made


class Here:
    """The engine in this process: starting others costs seconds and proves nothing more."""

    def map(self, function, things, chunksize: int):
        return map(function, things)


def test_many_files_at_once_meet_the_same_rules(files, people):
    told = []
    load_many(files, by=people["tanaka"], at=NOW, engine=Here(), progress=lambda *step: told.append(step))
    states = dict(Delivery.objects.values_list("name", "state"))
    assert states["a.csv"] == "ready"
    assert states["b.csv"] == "review"
    assert states["d.csv"] == "refused"
    assert "e.csv" not in states
    assert told == [(4, 4)]
    assert load_many(files, by=people["tanaka"], at=NOW, engine=Here()) == ()


def test_a_load_that_was_cut_off_is_taken_up_by_the_next(files, people, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(loading, "settle_many", die)
        with pytest.raises(Killed):
            load_many(files, by=people["tanaka"], at=NOW, engine=Here())
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
    load_many(files, by=people["tanaka"], at=NOW, engine=Here())
    assert not Delivery.objects.filter(state="waiting").exists()
