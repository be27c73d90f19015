"""The hot door for rows, asked as a server would ask it, and the tally of uses."""

from __future__ import annotations

import asyncio
from datetime import date

import httpx
import orjson
import pytest
from django.db import DatabaseError

from tedori.services.datasets.actions.voices import count_uses
from tedori.services.datasets.api import hot
from tedori.services.datasets.api.usage import Tally
from tedori.services.datasets.models import UsageDay
from tedori.services.datasets.queries.shelves import Shelf
from tedori.services.datasets.queries.shelving import SHELVES, Shelves, search
from tedori.services.datasets.queries.versions import published
from tedori.services.datasets.rules.asking import Ask
from tedori.services.datasets.tests.publications import aed, publish_aed, publish_rows

ROWS = "/api/v1/datasets/aed/rows"
DAY = date(2026, 4, 1)


@pytest.fixture
def public(db, monkeypatch):
    """Two publishers; the shelf stands ready, so that the door needs no database of another thread."""
    publish_aed()
    monkeypatch.setattr(SHELVES, "fresh", 0.0)
    SHELVES.get("aed")
    monkeypatch.setattr(SHELVES, "fresh", 3600.0)
    monkeypatch.setattr(hot, "TALLY", Tally(count_uses, every=3600))


def ask(path, *, method="GET", **headers):
    """One answer of the door, or None when it declines."""
    declined = []

    async def app(scope, receive, send):
        if await hot.rows(scope, receive, send) is False:
            declined.append(scope["path"])
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def one():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, headers=headers)

    answer = asyncio.run(one())
    return None if declined else answer


@pytest.mark.req("O04")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?municipality=132012",
        "?bbox=139,35,139.3,36&format=geojson",
        "?limit=2",
        "?text=図書館&format=csv",
        "?名称=九段図書館",
        "?limit=0",
        "?nothing=1",
        "?format=ndjson&fields=名称",
    ],
)
def test_both_doors_give_the_same_answer(query, public, client):
    ours, theirs = ask(f"{ROWS}{query}"), client.get(f"{ROWS}{query}")
    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    for name in ("content-type", "etag", "link", "access-control-allow-origin", "cache-control"):
        assert ours.headers.get(name) == theirs.headers.get(name)


def test_the_door_declines_what_is_not_its_own(public):
    for path in ("/api/v1/datasets/aed", f"{ROWS}/x", "/api/v1/datasets/AED/rows"):
        assert ask(path) is None
    assert ask(ROWS, method="POST") is None


def test_the_door_knows_head_options_and_etags(public):
    whole = ask(ROWS)
    head = ask(ROWS, method="HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(whole.content)))
    assert ask(ROWS, method="OPTIONS").headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert ask(ROWS, **{"if-none-match": whole.headers["etag"]}).status_code == 304


def test_the_door_refuses_in_the_readers_language(public):
    answer = ask(f"{ROWS}?limit=0", **{"accept-language": "en"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert ask("/api/v1/datasets/nothing/rows").status_code == 404
    assert ask(f"{ROWS}?" + "&".join(f"a{n}=1" for n in range(200))).json()["code"] == "bad-parameter"


def test_uses_are_counted_per_day_and_written_once(db):
    tally = Tally(count_uses, every=0)
    for _ in range(3):
        tally.add("aed", "api", DAY)
    assert tally.due()
    tally.flush()
    tally.flush()
    assert UsageDay.objects.get(dataset="aed", day=DAY, kind="api").count == 3


def test_no_count_is_lost_when_it_cannot_be_written():
    written, broken = [], [True]

    def write(counts):
        if broken:
            raise DatabaseError
        written.append(counts)

    tally = Tally(write, every=0)
    tally.add("aed", "api", DAY)
    tally.flush()
    broken.clear()
    tally.add("aed", "api", DAY)
    tally.flush()
    assert written == [{("aed", "api", DAY): 2}]


def test_only_one_caller_hears_that_it_is_time_to_write():
    tally = Tally(lambda counts: None, every=3600)
    tally.add("aed", "api", DAY)
    assert not tally.due()
    tally._written_at -= 3601
    assert [tally.due(), tally.due()] == [True, False]


def test_a_use_through_the_door_is_counted(public, monkeypatch):
    ask(ROWS)
    ask(f"{ROWS}?limit=0")
    hot.TALLY.flush()
    assert list(UsageDay.objects.values_list("dataset", "kind", "count")) == [("aed", "api", 1)]


def test_a_shelf_is_replaced_when_something_is_published(db):
    shelves = Shelves(fresh=0)
    publish_rows([aed(1, "一")])
    first = shelves.get("aed")
    assert shelves.get("aed") is first
    publish_rows([aed(1, "一"), aed(2, "二")], number=2)
    assert len(shelves.get("aed")) == 2


def test_while_one_looks_for_news_the_others_keep_the_old_shelf(db):
    shelves = Shelves(fresh=0)
    publish_rows([aed(1, "一")])
    old = shelves.get("aed")
    assert shelves.known("aed") is None
    with shelves._working():
        assert shelves.known("aed") is old


def test_shelves_make_room(db, monkeypatch):
    monkeypatch.setattr("tedori.services.datasets.queries.shelving.ROWS_KEPT", 1)
    publish_rows([aed(1, "一")])
    publish_rows([{"名称": "二"}], slug="public_toilet")
    shelves = Shelves(fresh=0)
    first = shelves.get("aed")
    shelves.get("public_toilet")
    assert shelves.get("aed") is not first


def test_remembered_lines_do_not_grow_without_end(db, home, monkeypatch):
    monkeypatch.setattr("tedori.services.datasets.queries.shelves.LINES_KEPT", 2)
    version = publish_rows([aed(number, f"{number}") for number in range(1, 9)])
    shelf = Shelf("aed", published("aed"), home / "lake")
    for _ in range(2):
        lines = [shelf.lines([row])[0] for row in range(len(shelf))]
    assert [orjson.loads(line)["名称"] for line in lines] == [str(number) for number in range(1, 9)]
    assert len(shelf._lines) <= 4
    assert version.rows == 8


def test_a_box_and_a_brute_force_search_agree(db, home):
    places = [(35 + n % 17 / 100, 139 + n % 23 / 100) for n in range(200)]
    publish_rows([aed(n, f"{n}", lat=f"{lat:.2f}", lon=f"{lon:.2f}") for n, (lat, lon) in enumerate(places)])
    shelf = Shelf("aed", published("aed"), home / "lake")
    box = (139.05, 35.03, 139.15, 35.11)
    found = search(shelf, Ask(box=box, limit=1000))
    expected = sum(
        box[1] <= round(lat, 2) <= box[3] and box[0] <= round(lon, 2) <= box[2] for lat, lon in places
    )
    assert (found.matched, len(found.rows)) == (expected, expected)
    assert list(found.rows) == sorted(found.rows)
