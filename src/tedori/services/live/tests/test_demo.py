"""The demo world of the live hub: the same on every machine, a day of readings, some sensors silent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from tedori.engines.ngsild.values import Entity
from tedori.kernel.demo import World
from tedori.kernel.organisations.values import ANONYMOUS
from tedori.services.live import demo
from tedori.services.live.demo import simulating
from tedori.services.live.demo.places import Place
from tedori.services.live.demo.readings import now, silent, steady
from tedori.services.live.queries import explorer
from tedori.services.live.queries.store import STORE
from tedori.services.live.queries.tenants import tenant_id
from tedori.services.live.rules.access import wall
from tedori.services.live.rules.datamodels import complaints, document, models

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
KINDS = ("EvacuationShelter", "Toilet", "CrowdFlowObserved", "WaterSupplyPoint")


def place(kind, number="1"):
    return Place(kind, "131016", number, "九段", 35.69, 139.75)


@pytest.fixture
def world(here, home):
    home.mkdir(parents=True)
    world = World(home=home, seed=62, at=AT, progress=lambda *_: None, only=("131016", "132012"))
    demo.build(world)
    return world


def present():
    session = STORE.session()
    return session.all("SELECT urn, owner, doc FROM live_entity ORDER BY urn")


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_sensors_say_keeps_to_the_models(kind):
    for number in range(40):
        for hours in range(24):
            one, at = place(kind, str(number)), AT + timedelta(hours=hours)
            told = document(
                models()[kind], one.urn, steady(one) | now(one, at), observed_at="2026-11-20T03:00:00Z"
            )
            assert list(complaints(told)) == []


def test_the_same_moment_gives_the_same_readings():
    assert now(place("Toilet"), AT) == now(place("Toilet"), AT)
    crowd = [now(place("CrowdFlowObserved"), AT + timedelta(hours=hour))["peopleCount"] for hour in range(24)]
    assert len(set(crowd)) > 10
    assert 0 < sum(silent(place("Toilet", str(number))) for number in range(500)) < 100


@pytest.mark.req("F09")
def test_the_demo_has_a_day_of_readings_that_anybody_may_read(world):
    tenant, session = tenant_id(""), STORE.session()
    stranger = explorer.types(tenant, wall(ANONYMOUS))
    assert {one.name.rsplit("/", 1)[-1] for one in stranger} >= {
        "CrowdFlowObserved",
        "WaterSupplyPoint",
        "Alert",
    }
    assert {owner for _, owner, _ in present()} == {"131016", "132012"}
    moments = session.all(
        "SELECT DISTINCT observed_at FROM live_history WHERE observed_at IS NOT NULL ORDER BY 1"
    )
    assert len(moments) == 9
    assert moments[0][0] == "2026-11-19T03:00:00.000000Z" and moments[-1][0] == "2026-11-20T03:00:00.000000Z"


def test_sensors_go_on_speaking_in_a_demo_and_nowhere_else(world, home):
    assert not simulating.playing(home)
    with pytest.raises(CommandError):
        call_command("live", "simulate")
    (home / "demo-finished").touch()
    assert simulating.playing(home)

    async def once():
        stop = asyncio.Event()
        stop.set()
        await simulating.simulate(stop, ("131016",))

    asyncio.run(once())
    shown = explorer.entity(tenant_id(""), "urn:ngsi-ld:CrowdFlowObserved:131016:station", None)
    assert isinstance(shown.entity, Entity)
    other = explorer.entity(tenant_id(""), "urn:ngsi-ld:CrowdFlowObserved:132012:station", None)
    assert shown.latest > other.latest
