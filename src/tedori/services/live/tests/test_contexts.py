"""@contexts: from the mirror, hosted here, fetched from elsewhere within limits, and never from inside."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
import time
from contextlib import suppress

import pytest

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.services.live.actions import fetching
from tedori.services.live.actions.contexts import KEPT
from tedori.services.live.actions.fetching import Unreachable, allowed_address, document, fetched
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import WRITER
from tedori.services.live.api.forms import context_of
from tedori.services.live.queries.contexts import DOCUMENTS
from tedori.services.live.queries.store import ask as read_on_a_thread

GOOD = {"@context": {"帯": "http://example.org/belt"}}
LINK = '<{}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A web server that is asked for contexts of all kinds."""

    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        kind = self.path.strip("/")
        if kind.startswith("drip"):
            self.drip()
            return
        if kind.startswith("again"):
            self.send_response(302)
            self.send_header("Location", "/good" if kind == "again1" else self.path)
            self.end_headers()
            return
        body = {
            "good": json.dumps(GOOD).encode(),
            "html": b"<html>",
            "array": b"[]",
            "deep": b"[" * 5000,
            "large": b" " * (fetching.LARGEST + 1),
        }.get(kind, b"")
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body)

    def drip(self):
        """Headers without an end, one line at a time; nobody is ever silent for long."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\n")
        with suppress(OSError):
            for number in range(1_000):
                self.wfile.write(b"X-%d: drip\r\n" % number)
                time.sleep(0.02)

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere():
    Elsewhere.asked = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def allowed(settings):
    settings.TEDORI_LIVE_PRIVATE = "yes"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1", "0.0.0.0", "192.168.1.1"]
)
def test_nothing_is_fetched_from_inside(host):
    with pytest.raises(Unreachable, match="private network"):
        allowed_address(host, 80)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/c", "http:///c", "gopher://x"])
def test_only_the_web_is_asked(url):
    with pytest.raises(Unreachable, match="no http address"):
        fetched(url)


@pytest.mark.parametrize("kind", ["html", "array", "deep", "large", "none", "again"])
def test_what_is_no_context_is_unavailable(elsewhere, allowed, store, kind):
    with pytest.raises(NgsiLdError) as raised:
        document(f"{elsewhere}/{kind}")
    assert raised.value.kind == "LdContextNotAvailable"
    assert len(Elsewhere.asked) <= fetching.REDIRECTS + 1


def test_a_context_is_fetched_once_and_kept(elsewhere, allowed, store):
    url = f"{elsewhere}/again1"
    assert document(url) == document(url) == GOOD
    assert Elsewhere.asked == ["/again1", "/good"]


def test_a_kept_copy_serves_when_the_source_does_not_answer(elsewhere, allowed, store, monkeypatch):
    url = f"{elsewhere}/good"
    document(url)
    DOCUMENTS.forget()
    monkeypatch.setattr(fetching, "fetched", lambda url: (_ for _ in ()).throw(Unreachable("is gone")))
    assert document(url) == GOOD


def test_who_drips_is_given_up_in_time(elsewhere, allowed, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    with pytest.raises(Unreachable, match="takes longer"):
        fetched(f"{elsewhere}/drip")


def test_a_hundred_who_wait_for_a_dead_context_cost_one_fetch(elsewhere, allowed, store, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    url = f"{elsewhere}/drip"

    async def all_at_once():
        return await asyncio.gather(*(context_of(url) for _ in range(100)), return_exceptions=True)

    outcomes = asyncio.run(all_at_once())
    assert {getattr(one, "kind", one) for one in outcomes} == {"LdContextNotAvailable"}
    assert Elsewhere.asked == ["/drip"]


def test_who_reads_does_not_wait_for_those_who_fetch(elsewhere, allowed, ask, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 1.0)

    async def others_first():
        waiting = [asyncio.create_task(context_of(f"{elsewhere}/drip{number}")) for number in range(20)]
        await asyncio.sleep(0.1)
        found = await read_on_a_thread(lambda: "read")
        still = sum(not task.done() for task in waiting)
        await asyncio.gather(*waiting, return_exceptions=True)
        return found, still

    assert asyncio.run(others_first()) == ("read", 20)


def test_no_more_than_so_many_documents_are_awaited(store, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_AWAITED", 0)
    with pytest.raises(NgsiLdError) as raised:
        document("http://127.0.0.1:9/never")
    assert "too many others" in raised.value.detail


def test_the_mirror_goes_before_the_web(store, settings, tmp_path):
    (tmp_path / "belts.jsonld").write_text(json.dumps(GOOD))
    (tmp_path / "mirror.json").write_text(json.dumps({"https://example.org/belts": "belts.jsonld"}))
    settings.TEDORI_LIVE_CONTEXTS = str(tmp_path / "mirror.json")
    assert document("https://example.org/belts") == GOOD


def test_names_are_those_of_the_linked_context(ask, elsewhere, allowed):
    link = LINK.format(f"{elsewhere}/good")
    ask("POST", "/entities", {"id": "urn:a:1", "type": "A", "帯": 5}, link=link)
    assert ask("GET", "/entities/urn:a:1", link=link).json()["帯"]["value"] == 5
    assert "http://example.org/belt" in ask("GET", "/entities/urn:a:1").json()


def test_a_context_that_cannot_be_had_is_told(ask):
    answer = ask("GET", "/types", link=LINK.format("http://127.0.0.1:1/x"))
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (503, "LdContextNotAvailable")


def test_a_hosted_context_is_served_used_and_deleted(ask):
    added = ask("POST", "/jsonldContexts", GOOD)
    assert added.status_code == 201
    path = added.headers["location"].removeprefix("/ngsi-ld/v1")
    assert ask("GET", path).json() == GOOD
    link = LINK.format(f"http://hub{added.headers['location']}")
    assert ask("POST", "/entities", {"id": "urn:a:1", "type": "A", "帯": 5}, link=link).status_code == 201
    assert "http://example.org/belt" in ask("GET", "/entities/urn:a:1").json()
    (listed,) = ask("GET", "/jsonldContexts?details=true&kind=Hosted").json()
    assert listed["kind"] == "Hosted"
    assert ask("DELETE", path).status_code == 204
    assert ask("GET", path).status_code == 404


@pytest.mark.parametrize("kind", ["Cached", "Hosted"])
def test_it_is_kept_how_often_and_when_a_context_was_used(ask, elsewhere, allowed, kind):
    url = f"{elsewhere}/good"
    if kind == "Hosted":
        url = f"http://hub{ask('POST', '/jsonldContexts', GOOD).headers['location']}"
    for _ in range(4):
        ask("GET", "/types", link=LINK.format(url))
    (before,) = ask("GET", f"/jsonldContexts?details=true&kind={kind}").json()
    amount = before["numberOfHits"]
    assert amount == {"Cached": 3, "Hosted": 3}[kind], "the first one fetched it"
    KEPT.keep()
    DOCUMENTS.forget()  # as after a restart
    (after,) = ask("GET", f"/jsonldContexts?details=true&kind={kind}").json()
    assert (after["numberOfHits"], after["lastUsage"]) == (amount, before["lastUsage"])


CYCLES = [
    {"@context": 5},
    {"nothing": 1},
    {"@context": {"a": "b", "b": "a"}},
    {"@context": json.loads("[" * 60 + "]" * 60)},
]


@pytest.mark.parametrize("context", CYCLES)
def test_a_context_that_makes_no_sense_is_not_hosted(ask, context):
    answer = ask("POST", "/jsonldContexts", context)
    assert answer.status_code == 400, answer.text


def test_the_database_needs_the_default_tenant_once(store):
    assert WRITER.write_now(Found("")) == WRITER.write_now(Found(""))
