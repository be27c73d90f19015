"""Figure on questions: by value, by place and both, at 100,000 entities, against bare SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import orjson

from bench.figure import CannotMeasure, Figure, Measured
from bench.live.databases import bases
from bench.live.loading import loaded, request
from bench.live.servers import Server, bare, hub
from bench.live.things import KIND, place, thing
from bench.live.writing import BATCH, ROUNDS, UPSERT, Found, judge

SECONDS, THINGS, CONNECTIONS = 3.0, 100_000, 8
QUESTIONS = ("q", "geo", "q and geo")
REACH = {"geo": 500, "q and geo": 1_500}


def _asked(question: str, number: int) -> tuple[str, str]:
    """The same question for the hub and for the bare handler, each another than the one before."""
    above = 980 + number % 17 if question == "q" else 500 + number % 400
    lon, lat = place(1_000_003 + number)
    ours = {"type": KIND}
    theirs = {}
    if question != "geo":
        ours["q"] = f'occupancy>{above};condition=="open"'
        theirs["above"] = str(above)
    if question != "q":
        ours |= {"georel": f"near;maxDistance=={REACH[question]}", "geometry": "Point"}
        ours["coordinates"] = f"[{lon:.6f},{lat:.6f}]"
        theirs |= {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "reach": str(REACH[question])}
    return f"/ngsi-ld/v1/entities?{urlencode(ours, quote_via=quote)}", f"/?{urlencode(theirs)}"


def _requests(question: str, server: str, first: int) -> Iterator[bytes]:
    at = 0 if server == "hub" else 1
    return (request("GET", _asked(question, number)[at]) for number in count(first))


def _filled(server: Server) -> None:
    """Write the entities."""
    batches = (
        request("POST", UPSERT, orjson.dumps([thing(number) for number in range(first, first + BATCH)]))
        for first in range(0, THINGS, BATCH)
    )
    loaded(server, batches, seconds=600, connections=2)


def _ids(server: Server, path: str) -> list[str]:
    with urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=60) as answer:
        return [one["id"] for one in orjson.loads(answer.read())]


def _compare(servers: dict[str, Server]) -> None:
    """Refuse to measure where the answers differ."""
    for question in QUESTIONS:
        for number in range(5):
            ours, theirs = _asked(question, number)
            found, expected = _ids(servers["hub"], ours), _ids(servers["bare"], theirs)
            if found != expected or (not found and number):
                raise CannotMeasure(f"the answers to {ours} differ: {found[:3]} and {expected[:3]}")


def _query() -> Measured:
    found: Found = {}
    with bases() as empty:
        for vendor, base in empty.items():
            with ExitStack() as stack:
                own = stack.enter_context(base.copied())
                servers = {"hub": stack.enter_context(hub(own))}
                _filled(servers["hub"])
                servers["bare"] = stack.enter_context(bare(own))
                _compare(servers)
                for turn in range(ROUNDS + 1):
                    for question in QUESTIONS:
                        for name, server in servers.items():
                            asked = _requests(question, name, turn * 100_000)
                            seconds = SECONDS if turn else 1.0
                            one = loaded(server, asked, seconds=seconds, connections=CONNECTIONS)
                            if turn:
                                found.setdefault((vendor, question, name), []).append(one)
    what = f"{THINGS} entities, up to 20 in an answer, {CONNECTIONS} connections, one server process; "
    return judge(found, least=0.5, what=what)


FIGURE = Figure(
    "live-query",
    "by value, by place, by both",
    "requests/s",
    "≥ 0.5 of bare SQL behind a bare handler",
    _query,
)
