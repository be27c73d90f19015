"""Clients that others wrote create, query and subscribe: ngsildclient (NGSI-LD) and filip (NGSIv2).

Each lives in an environment of its own (`bench/peers.py` makes it); without it the test is skipped.
"""

# ruff: noqa: E501 - what the clients run
from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tedori.services.live.tests.instances import Instance
from tests.house import REPOSITORY

HOMES = REPOSITORY / "bench" / ".peers"
NGSILDCLIENT = """
import json, sys
from ngsildclient import Client, Entity, SubscriptionBuilder
port, notify = int(sys.argv[1]), sys.argv[2]
client = Client(hostname="127.0.0.1", port=port, verbose=False)
shelter = Entity("EvacuationShelter", "131016:1").prop("occupancy", 12).gprop("location", (35.694, 139.744))
other = Entity("EvacuationShelter", "131016:2").prop("occupancy", 80)
told = {"connected": client.is_connected(), "created": bool(client.create(shelter)), "upserted": client.upsert(other) is not None}
subscription = SubscriptionBuilder(notify).description("test").select_type("EvacuationShelter").build()
told["subscribed"] = client.subscriptions.create(subscription)
told["got"] = client.get(shelter.id).to_dict()
found = client.query(type="EvacuationShelter", q="occupancy>50")
told["found"] = [one.id for one in found]
told["count"] = client.count("EvacuationShelter")
told["types"] = client.types.list()
shelter["occupancy"]["value"] = 13
client.update(shelter)
told["deleted"] = bool(client.delete(other.id))
print(json.dumps(told, default=str))
"""
FILIP = """
import json, sys
from filip.clients.ngsi_v2 import ContextBrokerClient
from filip.models.base import FiwareHeader
from filip.models.ngsi_v2.context import ContextEntity, NamedContextAttribute
from filip.models.ngsi_v2.subscriptions import Subscription
from filip.utils.simple_ql import QueryString
port, notify = sys.argv[1:3]
header = FiwareHeader(service="filip", service_path="/testing")
told = {}
with ContextBrokerClient(url=f"http://127.0.0.1:{port}/", fiware_header=header) as client:
    room = ContextEntity(id="Room1", type="Room", temperature={"value": 22.5, "type": "Number"}, name={"value": "Kudan", "type": "Text"})
    client.post_entity(room)
    client.post_entity(ContextEntity(id="Room2", type="Room", temperature={"value": 30.0, "type": "Number"}))
    told["got"] = client.get_entity("Room1").model_dump()
    told["list"] = [one.id for one in client.get_entity_list(entity_types=["Room"], q=QueryString(qs=("temperature", ">", 25)))]
    told["types"] = client.get_entity_types()
    subscription = Subscription(
        description="test",
        subject={"entities": [{"idPattern": ".*", "type": "Room"}], "condition": {"attrs": ["temperature"]}},
        notification={"http": {"url": notify}, "attrs": ["temperature"]},
    )
    told["subscribed"] = client.post_subscription(subscription)
    told["again"] = client.post_subscription(subscription)
    told["subscriptions"] = [one.id for one in client.get_subscription_list()]
    client.update_attribute_value(entity_id="Room1", attr_name="temperature", value=23.5)
    told["value"] = client.get_attribute_value("Room1", "temperature")
    client.update_or_append_entity_attributes(entity_id="Room1", entity_type="Room", attrs=[NamedContextAttribute(name="PM2.5", value=9, type="Number")])
    told["pm"] = client.get_attribute("Room1", "PM2.5").value
    client.update(entities=[ContextEntity(id="Room3", type="Room", temperature={"value": 1, "type": "Number"})], action_type="append")
    client.delete_entity("Room2", entity_type="Room")
    told["left"] = sorted(one.id for one in client.get_entity_list())
print(json.dumps(told, default=str))
"""


@pytest.fixture
def hub(tmp_path):
    """A hub in trial mode with its notifier."""
    instance = Instance(tmp_path / "hub", more={"TEDORI_LIVE_TRIAL": "yes"})
    instance.home.mkdir()
    instance.do("token")
    try:
        instance.begin("web", "notifier")
        yield instance
    finally:
        instance.kill()


@pytest.fixture
def heard():
    """What was notified, and the address to notify."""
    came = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            came.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield came, f"http://127.0.0.1:{server.server_port}/notify"
    server.shutdown()
    server.server_close()


def run(name, script, hub, notify):
    python = HOMES / name / "bin" / "python"
    if not (HOMES / name / "made-from").exists():
        pytest.skip(f"the environment of {name} is not there: bench.peers.peer({name!r}) makes it")
    done = subprocess.run(
        [str(python), "-c", script, str(hub.port), notify],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.req("F09")
def test_ngsildclient_creates_queries_and_subscribes(hub, heard):
    came, notify = heard
    told = run("ngsildclient", NGSILDCLIENT, hub, notify)
    assert told["connected"] and told["created"] and told["deleted"]
    assert told["found"] == ["urn:ngsi-ld:EvacuationShelter:131016:2"]
    assert told["count"] == 2
    assert told["subscribed"].startswith("urn:")
    hub.until(lambda: any(one["data"][0].get("occupancy", {}).get("value") == 13 for one in came))


@pytest.mark.req("F09")
def test_filip_creates_queries_and_subscribes(hub, heard):
    came, notify = heard
    told = run("filip", FILIP, hub, notify)
    assert told["got"]["temperature"]["value"] == 22.5
    assert told["list"] == ["Room2"]
    assert told["subscribed"] == told["again"] == told["subscriptions"][0]
    assert (told["value"], told["pm"]) == (23.5, 9)
    assert told["left"] == ["Room1", "Room3"]
    hub.until(lambda: any(one["data"][0]["temperature"]["value"] == 23.5 for one in came))
    assert {one["subscriptionId"] for one in came} == {told["subscribed"]}
