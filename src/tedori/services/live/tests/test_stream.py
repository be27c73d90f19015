"""Changes as server-sent events: what a browser sees, from where it goes on, and what it may not see."""

import asyncio
from contextlib import asynccontextmanager

import orjson
import pytest

from tedori.services.live.actions.entities import Delete
from tedori.services.live.api.stream import stream
from tedori.services.live.queries import streams
from tedori.services.live.tests.hubs import CHIYODA, HACHIOJI, URN, Hub

pytestmark = pytest.mark.req("F09")


@pytest.fixture
def hub(store, settings):
    settings.TEDORI_LIVE_TRIAL = ""
    hub = Hub()
    hub.publish("public")
    return hub


class Browser:
    """One EventSource: what has come so far, and whether the server has ended it."""

    def __init__(self):
        self.status, self.text, self.ended, self.slow = 0, "", False, asyncio.Event()
        self.slow.set()
        self.leaving = asyncio.Event()

    async def send(self, message):
        await self.slow.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"].decode()
            self.ended = not message.get("more_body")

    async def receive(self):
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    def events(self):
        blocks = (block.split("\n") for block in self.text.split("\n\n"))
        told = (dict(line.split(": ", 1) for line in lines if ": " in line) for lines in blocks)
        return [(one["event"], orjson.loads(one["data"]), int(one["id"])) for one in told if "event" in one]

    async def have(self, kind, count=1):
        async with asyncio.timeout(20):
            while sum(one[0] == kind for one in self.events()) < count:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def looking(query="type=Shelter&options=keyValues", **headers):
    browser = Browser()
    scope = {
        "type": "http", "path": "/live/stream", "method": "GET", "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 5),
    }  # fmt: skip
    task = asyncio.create_task(stream(scope, browser.receive, browser.send))
    try:
        yield browser
    finally:
        browser.leaving.set()
        browser.slow.set()
        await task


def run(work):
    asyncio.run(asyncio.wait_for(work, 60))
    assert len(streams.STREAMS) == 0


def test_a_browser_sees_what_happens_to_what_it_asks_for(hub):
    async def work():
        async with looking("type=Shelter&q=free>0&options=keyValues") as browser:
            await browser.have("ready")
            hub.create(free=5)
            hub.create(urn="urn:well", kind="Well", free=5)
            hub.update(free=4)
            hub.update(free=0)
            hub.update(free=1)
            hub.do(Delete(hub.tenant, URN, CHIYODA))
            await browser.have("deleted")
            assert [(kind, data.get("free")) for kind, data, _ in browser.events()[1:]] == [
                ("created", 5), ("updated", 4), ("left", None), ("updated", 1), ("deleted", None),
            ]  # fmt: skip

    run(work())


def test_a_browser_that_comes_back_goes_on_where_it_was(hub):
    async def work():
        async with looking() as browser:
            await browser.have("ready")
            hub.create(free=5)
            await browser.have("created")
            last = browser.events()[-1][2]
        hub.update(free=4)
        hub.update(free=3)
        async with looking(last_event_id=str(last)) as browser:
            await browser.have("ready")
            hub.update(free=2)
            await browser.have("updated", 3)
            assert [one[1]["free"] for one in browser.events() if one[0] == "updated"] == [4, 3, 2]

    run(work())


def test_a_browser_that_was_away_too_long_is_told_to_read_anew(hub, monkeypatch):
    monkeypatch.setattr(streams, "MOST_REPLAYED", 2)

    async def work():
        hub.create(free=9)
        for free in range(4):
            hub.update(free=free)
        async with looking(last_event_id="1") as browser:
            await browser.have("ready")
            assert [one[0] for one in browser.events()] == ["resync", "ready"]

    run(work())


def test_a_browser_that_is_too_slow_is_let_go_with_the_advice_to_read_anew(hub, monkeypatch):
    monkeypatch.setattr(streams, "MOST_KEPT", 3)

    async def work():
        async with looking() as slow, looking() as quick:
            await asyncio.gather(slow.have("ready"), quick.have("ready"))
            slow.slow.clear()
            hub.create(free=0)
            await quick.have("created")
            for free in range(1, 9):
                hub.update(free=free)
                await quick.have("updated", free)
            slow.slow.set()
            await slow.have("resync")
            assert slow.ended
            assert not quick.ended

    run(work())


def test_what_is_not_public_stays_inside(hub):
    async def work():
        async with looking("type=Shelter,Well&options=keyValues") as stranger:
            await stranger.have("ready")
            hub.create(urn="urn:well", kind="Well", free=5)
            hub.create(free=5)
            await stranger.have("created")
            assert [one[1]["id"] for one in stranger.events()[1:]] == [URN]

    run(work())


@pytest.mark.parametrize(
    "query", ["type=Shelter&q=((", "", "type=Shelter&unknown=1", "type=Shelter&context=x"]
)
def test_a_question_that_cannot_be_read_is_refused(hub, query):
    async def work():
        async with looking(query) as browser:
            async with asyncio.timeout(20):
                while not browser.ended:
                    await asyncio.sleep(0.01)
            assert browser.status == 400
            assert orjson.loads(browser.text)["type"].startswith("https://uri.etsi.org/ngsi-ld/errors/")

    run(work())


GUARDED = "type=Shelter,Well&options=keyValues"


@pytest.fixture
def walls(here, chiyoda, hachioji, settings):
    """Shelters are for members, wells for nobody but their owner."""
    settings.TEDORI_LIVE_TRIAL = ""
    hub = Hub()
    hub.publish("members")
    return hub


def seen(hub, **headers):
    """The entities that somebody is told of when one of each kind of each owner comes up."""

    async def work():
        async with looking(GUARDED, **headers) as browser, looking("type=End") as end:
            await asyncio.gather(browser.have("ready"), end.have("ready"))
            for code, by in (("131016", CHIYODA), ("132012", HACHIOJI)):
                for kind in ("Shelter", "Well"):
                    hub.create(by, urn=f"urn:{kind}:{code}", kind=kind, free=5)
            hub.create(urn="urn:end", kind="End")
            await end.have("created")
            await asyncio.sleep(0)
            return [one[1]["id"] for one in browser.events() if one[0] == "created"]

    hub.publish("public", kind="End")
    return asyncio.run(asyncio.wait_for(work(), 60))


SHELTERS = ["urn:Shelter:131016", "urn:Shelter:132012"]
OF_CHIYODA = ["urn:Shelter:131016", "urn:Well:131016", "urn:Shelter:132012"]
PAGES = """
 who     | where the request comes from                          | sees
 sato    | sec_fetch_site=same-origin                            | OF_CHIYODA
 sato    | host=city.example origin=https://city.example         | OF_CHIYODA
 sato    | host=city.example                                     | OF_CHIYODA
 sato    | sec_fetch_site=same-site                              | nothing
 sato    | sec_fetch_site=cross-site                             | nothing
 sato    | sec_fetch_site=cross-site origin=https://city.example host=city.example | nothing
 sato    | host=city.example origin=https://evil.example         | nothing
 sato    | host=city.example origin=null                         | nothing
 nobody  | sec_fetch_site=same-origin                            | nothing
 forger  | sec_fetch_site=same-origin                            | nothing
 gone    | sec_fetch_site=same-origin                            | nothing
 left    | sec_fetch_site=same-origin                            | nothing
"""


@pytest.mark.parametrize(
    ("who", "where", "sees"),
    [[cell.strip() for cell in line.split("|")] for line in PAGES.strip().splitlines()[1:]],
)
def test_a_session_opens_the_stream_for_pages_of_this_origin_only(walls, client, sato, who, where, sees):
    headers = dict(pair.split("=", 1) for pair in where.split())
    if who != "nobody":
        client.force_login(sato)
        headers["cookie"] = f"lang=ja; sessionid={client.cookies['sessionid'].value}"
    if who == "forger":
        headers["cookie"] = "sessionid=0123456789abcdefghijklmnopqrstuv"
    if who == "gone":
        client.logout()
    if who == "left":
        sato.is_active = False
        sato.save()
    expected = {"OF_CHIYODA": OF_CHIYODA, "nothing": []}[sees]
    assert seen(walls, **headers) == expected


def test_other_members_see_what_members_may_see_and_nothing_internal_of_others(walls, client, takahashi):
    client.force_login(takahashi)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    assert seen(walls, cookie=cookie, sec_fetch_site="same-origin") == [*SHELTERS, "urn:Well:132012"]


def test_who_is_somebody_has_to_show_it_again_after_a_time(walls, client, sato, monkeypatch):
    monkeypatch.setitem(stream.__globals__, "LIFE", 0.0)
    client.force_login(sato)
    cookie = f"sessionid={client.cookies['sessionid'].value}"

    async def work():
        async with looking(cookie=cookie, sec_fetch_site="same-origin") as browser, looking() as stranger:
            await asyncio.gather(browser.have("ready"), stranger.have("ready"))
            async with asyncio.timeout(20):
                while not browser.ended:
                    await asyncio.sleep(0.01)
            assert not stranger.ended

    run(work())
