"""What goes from hub to hub ends where it began."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tedori.services.live.actions.delivery.lanes import Desk, Lanes
from tedori.services.live.api.ngsiv2.door import ngsiv2
from tedori.services.live.queries.subscriptions import changes_after, letters_waiting
from tedori.services.live.rules.endpoints import hub_name, passed_through
from tedori.services.live.tests.hubs import Hub
from tedori.services.live.tests.receivers import receiving

pytestmark = pytest.mark.req("F09")
HERE = "1.1 tedori-localhost:8000"  # as the settings of tests name this hub
OTHER = "1.1 tedori-other.example:443"
SHELTER = {"id": "urn:ngsi-ld:Shelter:1", "type": "Shelter"}


def free(value):
    return {**SHELTER, "free": {"type": "Property", "value": value}}


def told(value):
    entity = {"id": "urn:ngsi-ld:Room:1", "type": "Room", "free": {"type": "Number", "value": value}}
    return {"subscriptionId": "abc", "data": [entity]}


@pytest.fixture
def notify(ask):
    """`notify(5, via=…)` is a notification that another hub sends to the door of NGSIv2."""

    async def one(value, headers):
        transport = httpx.ASGITransport(app=ngsiv2, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return await client.post("/v2/op/notify", json=told(value), headers=headers)

    return lambda value, **headers: asyncio.run(one(value, headers)).status_code


def rooms(ask):
    return [one["free"] for one in ask("GET", "/entities?type=Room&options=keyValues").json()]


def test_a_notification_that_comes_back_is_taken_for_heard_and_changes_nothing(ask, notify):
    assert notify(1, via=OTHER) == 200
    assert notify(2, via=f"{HERE}, {OTHER}") == 200
    assert rooms(ask) == [1]


def test_the_hubs_that_a_change_has_come_through_stand_beside_it(ask, notify):
    assert ask("POST", "/entities", free(1)).status_code == 201
    assert ask("PATCH", "/entities/urn:ngsi-ld:Shelter:1/attrs", {"free": 2}, via=OTHER).status_code == 204
    assert notify(1, via=f"1.1 tedori-third.example:443, {OTHER}") == 200
    assert ask("PATCH", "/entities/urn:ngsi-ld:Shelter:1/attrs", {"free": 3}).status_code == 204
    logged = [one.via for one in changes_after(Hub().session, 0, limit=9)]
    assert logged == ["", OTHER, f"1.1 tedori-third.example:443, {OTHER}", ""]


async def sent(letters, matcher, address):
    """Send what waits for an address."""

    async def waiting(address, limit):
        return letters

    def settle(outcome):
        letters.clear()
        noted = asyncio.get_running_loop().create_future()
        noted.set_result(None)
        return noted

    lanes = Lanes(Desk(matcher.endpoint, waiting, settle, private=True))
    lanes.lane(address)
    while letters:
        await asyncio.sleep(0.01)
    await lanes.close()


def test_what_came_from_a_hub_is_told_with_its_name_so_that_it_stops_there(ask):
    async def work(letters_of, hub, matcher):
        async with receiving() as ward:
            hub.subscribe(uri=ward.uri)
            matcher.round("2026-11-22T00:00:00.000000Z")
            await asyncio.to_thread(ask_other_thread, ward)
            matcher.round("2026-11-22T00:00:01.000000Z")
            await sent(letters_of(ward.uri), matcher, ward.uri)
            return next(line for line in ward.heads[0].splitlines() if line.startswith("Via: "))

    def ask_other_thread(ward):
        assert ask("POST", "/entities", free(1), via=OTHER).status_code == 201

    hub = Hub()
    hub.publish("public")
    matcher = hub.matcher()
    via = asyncio.run(
        work(lambda uri: list(letters_waiting(hub.session, uri, limit=9)), hub, matcher)
    ).removeprefix("Via: ")
    assert via == f"{OTHER}, 1.1 tedori-test"
    assert passed_through(via, hub=hub_name("https://other.example"))  # there it began, and there it ends
    assert not passed_through(via, hub=hub_name("https://third.example"))
