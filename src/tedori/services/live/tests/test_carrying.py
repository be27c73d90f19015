"""How notifications get to their endpoints: in order, again after failures, and past those that are dead."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import aiomqtt
import orjson
import pytest

from tedori.services.live.actions.delivery import lanes as lanes_module
from tedori.services.live.actions.delivery.http import Client, Unreachable
from tedori.services.live.actions.delivery.lanes import Desk, Lanes
from tedori.services.live.rules.letters import Letter
from tedori.services.live.rules.telling import Endpoint
from tedori.services.live.tests.receivers import receiving

HEADERS = {"Content-Type": "application/json"}


def run(work):
    asyncio.run(asyncio.wait_for(work, 60))


def test_one_connection_carries_many():
    async def work():
        async with receiving() as ward:
            client = Client(ward.uri, private=True)
            for number in range(3):
                assert await client.post(b"%d" % number, HEADERS) == 200
            await client.close()
            assert (ward.bodies, ward.connections) == ([0, 1, 2], 1)

    run(work())


def test_a_connection_that_died_while_it_was_kept_is_replaced():
    async def work():
        async with receiving(200, None, 204) as ward:
            client = Client(ward.uri, private=True)
            assert await client.post(b"1", HEADERS) == 200
            assert await client.post(b"2", HEADERS) == 204
            await client.close()
            assert ward.bodies == [1, 2]

    run(work())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200),
        (b"HTTP/1.0 200 OK\r\n\r\nas long as it lasts", 200),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 302),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 200_000, 200),
    ],
    ids=["in pieces", "without a length", "a redirection", "endless"],
)
def test_answers_of_every_kind_are_understood_and_none_is_followed(answer, expected):
    async def work():
        async with receiving(answer) as ward:
            client = Client(ward.uri, private=True)
            assert await client.post(b"1", HEADERS) == expected
            await client.close()

    run(work())


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n", None], ids=["not HTTP", "hangs up"])
def test_what_is_no_answer_is_a_failure(answer):
    async def work():
        async with receiving(answer) as ward:
            with pytest.raises(Unreachable):
                await Client(ward.uri, private=True).post(b"1", HEADERS)

    run(work())


def test_a_name_that_leads_into_this_machine_is_not_followed():
    async def work():
        async with receiving() as ward:
            with pytest.raises(Unreachable, match="private network"):
                await Client(f"http://localhost:{ward.port}/", private=False).post(b"1", HEADERS)
            assert ward.connections == 0

    run(work())


class Books:
    """A database in memory, as lanes see it."""

    def __init__(self, uris):
        self.endpoints = {
            number: Endpoint(uri, "application/json", HEADERS, {}, 0.5, 0.0)
            for number, uri in enumerate(uris)
        }
        self.waiting, self.dead, self.outcomes = {}, [], []

    def desk(self):
        return Desk(self.endpoints.get, self.read, self.settle, private=True)

    def letters(self, sub, numbers):
        uri = self.endpoints[sub].uri
        made = [Letter(f"urn:{sub}:{one}", sub, uri, orjson.dumps(one), 0, "2026") for one in numbers]
        self.waiting.update((letter.key, letter) for letter in made)
        return made

    async def read(self, uri, limit):
        await asyncio.sleep(0)
        return [letter for letter in self.waiting.values() if letter.endpoint == uri][:limit]

    def settle(self, outcome):
        self.outcomes.append(outcome)
        if outcome.taken or outcome.final:
            self.waiting.pop(outcome.letter.key)
            self.dead += [] if outcome.taken else [outcome.letter.key]
        noted = asyncio.get_running_loop().create_future()
        noted.set_result(None)
        return noted


@pytest.fixture
def impatient(monkeypatch):
    """Attempts follow each other quickly."""
    monkeypatch.setattr(lanes_module, "wait_after", lambda failures, **_: 0.02)


def test_notifications_of_one_endpoint_arrive_in_order_however_many(impatient):
    async def work():
        async with receiving() as ward:
            books = Books([ward.uri])
            lanes = Lanes(books.desk())
            for start in range(0, 300, 50):
                lanes.put(books.letters(0, range(start, start + 50)))
                await asyncio.sleep(0)
            await ward.have(300)
            await lanes.close()
            assert ward.bodies == list(range(300))
            assert not books.waiting

    run(work())


def test_what_was_read_from_the_database_before_it_was_handed_over_is_sent_once():
    async def work():
        async with receiving() as ward:
            books = Books([ward.uri])
            letters = books.letters(0, range(10))
            lanes = Lanes(books.desk())
            lanes.lane(ward.uri)
            await ward.have(3)
            lanes.put(letters)
            lanes.put(books.letters(0, [10]))
            await ward.have(11)
            await lanes.close()
            assert ward.bodies == list(range(11))

    run(work())


def test_what_an_endpoint_does_not_take_comes_again_before_what_follows(impatient):
    async def work():
        async with receiving(503, 200, 500, 429, 200) as ward:
            books = Books([ward.uri])
            lanes = Lanes(books.desk())
            lanes.put(books.letters(0, range(4)))
            await ward.have(7)
            await lanes.close()
            assert ward.bodies == [0, 0, 1, 1, 1, 2, 3]
            assert [outcome.reason for outcome in books.outcomes if outcome.reason][0] == "answered 503"

    run(work())


def test_what_an_endpoint_refuses_is_given_up_and_the_next_is_sent():
    async def work():
        async with receiving(200, 410, 200) as ward:
            books = Books([ward.uri])
            lanes = Lanes(books.desk())
            lanes.put(books.letters(0, range(3)))
            await ward.have(3)
            await lanes.close()
            assert ward.bodies == [0, 1, 2]
            assert books.dead == ["urn:0:1"]

    run(work())


def test_dead_endpoints_delay_nobody():
    async def work():
        async with receiving() as ward, receiving(None) as gone:
            books = Books([gone.uri, "http://127.0.0.1:9/closed", ward.uri])
            lanes = Lanes(books.desk())
            for sub in (0, 1, 2):
                lanes.put(books.letters(sub, range(100)))
            await ward.have(100)
            assert lanes.failing()
            await lanes.close()
            assert {letter.subscription for letter in books.waiting.values()} == {0, 1}

    run(work())


def test_an_endpoint_that_says_nothing_times_out(impatient):
    async def work():
        async def silent(reader, writer):
            await reader.read()
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        books = Books([f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"])
        lanes = Lanes(books.desk())
        lanes.put(books.letters(0, [1]))
        while not books.outcomes:
            await asyncio.sleep(0.01)
        await lanes.close()
        server.close()
        assert books.outcomes[0].reason == "no answer within 0.5 s"

    run(work())


def test_what_belongs_to_a_subscription_that_is_gone_is_not_sent():
    async def work():
        async with receiving() as ward:
            books = Books([ward.uri])
            letters = books.letters(0, [1])
            books.endpoints.clear()
            lanes = Lanes(books.desk())
            lanes.put(letters)
            while not books.outcomes:
                await asyncio.sleep(0.01)
            await lanes.close()
            assert (ward.bodies, books.dead) == ([], ["urn:0:1"])

    run(work())


@pytest.mark.parametrize("version", ["mqtt3.1.1", "mqtt5.0"])
def test_a_broker_gets_what_is_meant_for_its_topic(version):
    topic = f"tedori/tests/{uuid4()}"

    async def work():
        try:
            listener = await aiomqtt.Client("127.0.0.1", timeout=2).__aenter__()
        except aiomqtt.MqttError:
            pytest.skip("no MQTT broker answers on 127.0.0.1:1883")
        await listener.subscribe(topic, qos=1)
        books = Books([f"mqtt://127.0.0.1/{topic}"])
        info = {"MQTT-Version": version, "MQTT-QoS": "1"}
        books.endpoints[0] = replace(books.endpoints[0], info=info, timeout=5.0)
        lanes = Lanes(books.desk())
        lanes.put(books.letters(0, range(3)))
        came = []
        async for message in listener.messages:
            came.append(orjson.loads(message.payload))
            if len(came) == 3:
                break
        await lanes.close()
        await listener.__aexit__(None, None, None)
        assert came == [0, 1, 2]
        assert not books.waiting

    run(work())
