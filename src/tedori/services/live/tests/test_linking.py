"""What comes over a link, from cities, brokers and addresses, and what goes out; bad senders disturb nobody."""

# ruff: noqa: E501 - tables keep a case on one line
from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import aiomqtt
import httpx
import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.reading import read_entity
from tedori.services.live.actions.delivery.lanes import clock
from tedori.services.live.actions.delivery.matching import later
from tedori.services.live.actions.entities import Delete
from tedori.services.live.actions.linking import handing, progress
from tedori.services.live.actions.linking.inlets import Inlet
from tedori.services.live.actions.linking.partners import KEY, Unreachable, Wire
from tedori.services.live.actions.linking.probing import probe
from tedori.services.live.actions.linking.running import Links, Setup
from tedori.services.live.actions.linking.taking import taking
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.router import hub as door
from tedori.services.live.queries import links as queries
from tedori.services.live.queries.entities import fetch
from tedori.services.live.rules.locking import Sealed, locked, opened
from tedori.services.live.tests.hubs import CHIYODA, HACHIOJI, Hub

KEY_HERE = "the-key-of-the-link"
SHELTER = "urn:ngsi-ld:Shelter:1"
RECORDS = """
records:
  type: Sensor
  id: "urn:ngsi-ld:Sensor:{id}"
  observed: at
  attributes: {t: temperature}
"""


@pytest.fixture
def hub(store):
    return Hub()


@pytest.fixture
def link_of(hub, settings):
    """`link_of(protocol="mqtt")`: a link of 千代田区."""

    def made(**others):
        fields = {
            "name": "B", "address": "http://127.0.0.1:9", "protocol": "ngsi-ld", "direction": "both",
            "types": json.dumps([CORE.expand("Shelter")]), "mapping": "", "header": "Authorization",
            "hook": locked(KEY_HERE, key=settings.SECRET_KEY), "secret": "", "owner": "131016", "every": 10,
            "active": True, "version": 1, "position": 0, "tenant_id": hub.tenant, "created_by": "user:1",
            "created_at": clock(), "failures": 0, "received": 0, "sent": 0, "refused": 0,
            **dict.fromkeys(
                ("service", "path", "caught_up", "mark", "subscription", "last_ok", "last_failure", "reason"), ""
            ),
        } | others  # fmt: skip
        marks = ", ".join("?" for _ in fields)
        hub.session.run(
            f"INSERT INTO live_link ({', '.join(fields)}) VALUES ({marks})", tuple(fields.values())
        )
        return queries.links(hub.session)[-1]

    return made


def shelter(free, minute, urn=SHELTER, **more):
    return {
        "id": urn, "type": "Shelter",
        "free": {"type": "Property", "value": free, "observedAt": f"2026-04-01T00:{minute:02}:00Z", **more},
    }  # fmt: skip


def free(hub, urn=SHELTER):
    found = fetch(hub.tenant, urn, None)
    return found and found.entity.attributes[CORE.expand("free")][0].value


def tell(link, *entities, key=KEY_HERE, path=None, body=None):
    async def one():
        transport = httpx.ASGITransport(app=door, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            sent = body if body is not None else json.dumps({"data": list(entities)})
            return await client.post(
                path or f"/ngsi-ld/links/{link.id}", content=sent,
                headers={KEY: key, "content-type": "application/json"},
            )  # fmt: skip

    return asyncio.run(one())


@pytest.mark.req("F09")
def test_a_partners_notification_is_taken_in_once(hub, link_of):
    link = link_of()
    assert tell(link, shelter(5, 1)).status_code == 204
    assert tell(link, shelter(5, 1)).status_code == 204  # delivered twice
    tell(link, shelter(4, 0))  # out of order
    assert free(hub) == 5
    assert hub.session.one("SELECT count(*) FROM live_change") == (1,)
    assert hub.session.one("SELECT count(*) FROM live_history WHERE urn = ?", (SHELTER,)) == (1,)
    assert queries.link(hub.session, link.id).received == 1


def test_what_a_person_has_set_stays(hub, link_of):
    link = link_of()
    hub.create(free={"type": "Property", "value": 0, "setBy": "person", "observedAt": "2026-04-01T00:00:00Z"})
    tell(link, shelter(5, 30))
    assert free(hub) == 0


def test_an_observation_from_the_future_and_a_foreign_type_are_left(hub, link_of):
    link = link_of()
    tell(
        link,
        {**shelter(5, 1), "type": "Toilet"},
        {**shelter(5, 1, SHELTER + "2", observedAt="2999-01-01T00:00:00Z")},
    )
    assert free(hub) is None
    assert fetch(hub.tenant, SHELTER + "2", None).entity.attributes == {}


def test_another_organisations_entity_is_not_touched(hub, link_of):
    hub.create(by=HACHIOJI, free=9)
    link = link_of()
    tell(link, shelter(5, 1))
    assert free(hub) == 9
    assert queries.link(hub.session, link.id).refused == 1


def test_a_deletion_is_taken_in_unless_something_is_newer(hub, link_of):
    link = link_of()
    tell(link, shelter(5, 10))
    gone = {"id": SHELTER, "type": "Shelter", "deletedAt": "2026-04-01T00:05:00Z"}
    tell(link, gone)
    assert free(hub) == 5
    tell(link, {**gone, "deletedAt": "2999-01-01T00:00:00Z"})
    assert free(hub) is None


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"key": "wrong"}, 401),
        ({"key": ""}, 401),
        ({"path": "/ngsi-ld/links/999"}, 401),
        ({"path": "/ngsi-ld/links/%27"}, 401),
        ({"body": "["}, 400),
        ({"body": '{"data": 3}'}, 400),
        ({"body": '{"data": [3, {"id": 4}, null]}'}, 204),
    ],
)
def test_who_does_not_know_the_key_or_sends_rubbish_gets_nothing_done(hub, link_of, change, status):
    assert tell(link_of(), shelter(5, 1), **change).status_code == status
    assert free(hub) is None


def test_a_paused_link_takes_nothing_in(hub, link_of):
    assert tell(link_of(active=False), shelter(5, 1)).status_code == 404
    assert tell(link_of(name="C", direction="out"), shelter(5, 1)).status_code == 404


class Partner:
    """A partner in memory."""

    def __init__(self, *documents):
        self.there = {one["id"]: read_entity(one, CORE, system=True) for one in documents}
        self.sent, self.deleted, self.broken = [], [], False

    async def fetch(self, ids):
        if self.broken:
            raise Unreachable("the wire is cut")
        return {one: self.there[one] for one in ids if one in self.there}

    async def send(self, entities):
        self.sent += entities
        return 0

    async def delete(self, entity):
        self.deleted.append(entity.id)

    async def delete_attribute(self, entity, iri):
        self.deleted.append(iri)


def hand(hub, link, partner):
    parcel = handing.packed(hub.session, link)
    asyncio.run(handing.hand_over(parcel, link, partner))
    return parcel.position


def test_changes_go_out_once_and_what_came_over_the_link_does_not_go_back(hub, link_of):
    link, partner = link_of(), Partner()
    hub.create(**{name: value for name, value in shelter(5, 1).items() if name not in ("id", "type")})
    hub.create(by=HACHIOJI, urn=SHELTER + "2", free=1)  # somebody else's
    tell(link, shelter(7, 1, SHELTER + "3"))  # came over this link
    position = hand(hub, link, partner)
    assert [one.id for one in partner.sent] == [SHELTER]
    assert hand(hub, replace(link, position=position), partner) == position
    assert len(partner.sent) == 1


def test_what_the_partner_knows_better_is_not_sent(hub, link_of):
    hub.create(free=shelter(5, 1)["free"])
    for there, times in (
        (shelter(6, 2), 0),
        (shelter(5, 1), 0),
        (shelter(6, 2, setBy="person"), 0),
        (shelter(4, 0), 1),
    ):
        partner = Partner(there)
        hand(hub, link_of(name=f"{there['free']}"[-60:]), partner)
        assert len(partner.sent) == times, there


def test_a_deletion_goes_out(hub, link_of):
    hub.create(free=shelter(5, 1)["free"], other=3)
    link, partner = link_of(), Partner(shelter(5, 1))
    hub.session.run("UPDATE live_change SET changed = '{}'")
    hub.do(Delete(hub.tenant, SHELTER, CHIYODA))
    hand(hub, link, partner)
    assert partner.deleted == [SHELTER]


def test_a_cut_log_makes_a_link_begin_anew(hub, link_of):
    link = link_of()
    hub.create(free=1)
    assert not handing.must_begin(hub.session, link)
    assert handing.must_begin(hub.session, replace(link, position=-1))
    hub.create(urn=SHELTER + "2", free=1)
    hub.session.run("DELETE FROM live_change WHERE seq = 1")
    assert handing.must_begin(hub.session, link)
    parcel = handing.everything(hub.session, link, 0)
    assert set(parcel.present) == {SHELTER, SHELTER + "2"}


def test_only_one_works_for_the_links(hub):
    now = clock()
    assert progress.take_lease(hub.session, holder="one", now=now, until=later(now, 5))
    assert not progress.take_lease(hub.session, holder="two", now=now, until=later(now, 5))
    progress.leave_lease(hub.session, holder="one")
    assert progress.take_lease(hub.session, holder="two", now=now, until=later(now, 5))


def test_secrets_are_kept_locked():
    kept = locked("Bearer abc", key="one")
    assert "abc" not in kept
    assert opened(kept, key="one") == "Bearer abc"
    with pytest.raises(Sealed):
        opened(kept, key="two")
    assert locked("", key="one") == opened("", key="one") == ""


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"])
def test_a_partner_in_a_private_network_is_not_asked(address):
    async def asked():
        await Wire(address, {}, private=False).ask("GET", "/v2")

    with pytest.raises(Unreachable, match="private"):
        asyncio.run(asked())


class Desk:
    """What an inlet needs, in one thread."""

    def __init__(self, hub, settings):
        self.hub = hub
        self.setup = Setup(None, WRITER, settings.SECRET_KEY, "http://hub", private=True)

    def session(self):
        return self.hub.session

    async def database(self, work, *arguments):
        return work(*arguments)


@asynccontextmanager
async def serving(answers):
    """A small web server; `answers` are (status, headers, body) in turn, the last one for ever."""
    heads = []

    async def serve(reader, writer):
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads
    finally:
        server.close()


@pytest.mark.req("F09")
def test_an_address_is_polled_and_asked_only_for_what_is_new(hub, link_of, settings):
    csv = b"id,t,at\n1,20.5,2026-04-01 09:00\nbad id,1,\n2,21,2026-04-01 09:00\n"

    async def polled():
        answers = [(200, {"ETag": '"one"', "Last-Modified": "then"}, csv), (304, {}, b""), (500, {}, b"")]
        async with serving(answers) as (address, heads):
            link = link_of(
                protocol="csv", direction="in", types="[]", address=f"{address}/x.csv?a=1", mapping=RECORDS
            )
            inlet = Inlet(Desk(hub, settings), link)
            await inlet._poll()
            await inlet._poll()
            with pytest.raises(Exception, match="500"):
                await inlet._poll()
            await inlet.close()
            return heads, queries.link(hub.session, link.id)

    heads, link = asyncio.run(polled())
    assert heads[0].startswith("GET /x.csv?a=1 ")
    assert 'if-none-match: "one"' in heads[1].lower()
    assert "if-modified-since: then" in heads[1].lower()
    assert (link.received, link.refused) == (2, 1)
    found = fetch(hub.tenant, "urn:ngsi-ld:Sensor:1", None).entity
    assert found.attributes[CORE.expand("temperature")][0].observed_at == "2026-04-01T00:00:00.000Z"


@pytest.mark.req("F09")
def test_messages_of_a_broker_are_taken_in(hub, link_of, settings, store):
    mapping = "records: {type: Sensor, id: 'urn:ngsi-ld:Sensor:{topic.2}', observed: at, attributes: {t: temperature}}"
    link = link_of(
        protocol="mqtt",
        direction="in",
        types="[]",
        address="mqtt://127.0.0.1:1883/tedori-tests/+/state",
        mapping=mapping,
    )
    links = Links(Setup(store, WRITER, settings.SECRET_KEY, "http://hub", private=True))

    async def heard():
        try:
            async with aiomqtt.Client("127.0.0.1", 1883, timeout=3) as broker:
                stop = asyncio.Event()
                working = asyncio.create_task(links.run(stop))
                try:
                    async with asyncio.timeout(20):
                        while fetch(hub.tenant, "urn:ngsi-ld:Sensor:9", None) is None:
                            await broker.publish("tedori-tests/8/state", b"rubbish")
                            await broker.publish("tedori-tests/9/state", b'{"t": 21.5, "at": 1775001600}')
                            await asyncio.sleep(0.3)
                finally:
                    stop.set()
                    await working
        except aiomqtt.MqttError:
            pytest.skip("no MQTT broker answers on 1883")

    asyncio.run(heard())
    found = fetch(hub.tenant, "urn:ngsi-ld:Sensor:9", None).entity
    assert found.attributes[CORE.expand("temperature")][0].value == 21.5
    assert queries.link(hub.session, link.id).received >= 1


def test_a_link_is_tried_out(hub, link_of, settings):
    body = json.dumps([shelter(5, 1)]).encode()

    async def tried(**link):
        async with serving([(200, {"Content-Type": "application/json"}, body)]) as (address, _heads):
            return await probe(link_of(address=address, **link), key=settings.SECRET_KEY, private=True)

    found = asyncio.run(tried())
    assert (found.reached, found.speaks) == (True, True)
    assert SHELTER in found.sample
    closed = asyncio.run(probe(link_of(name="X"), key=settings.SECRET_KEY, private=True))
    assert (closed.reached, closed.speaks) == (False, None)
    assert "refused" in closed.reason or "no answer" in closed.reason


def test_a_link_for_everything_is_read_as_one_command(link_of):
    link = link_of()
    command = taking(
        link, [read_entity(shelter(1, 1), CORE), read_entity({"id": "urn:a:b", "type": "T"}, CORE)]
    )
    assert [one.entity.id for one in command.takes] == [SHELTER]
