"""All entities of a type as one file: GeoJSON for maps, CSV for spreadsheets."""

from __future__ import annotations

import asyncio
import csv
import io

import httpx
import pytest

from tedori.services.live.api import snapshots
from tedori.services.live.api.snapshots import snapshot
from tedori.services.live.tests.test_access import caller_of, chiyoda_city, publish  # noqa: F401

AT = "2026-04-01T09:00:00Z"


def toilet(number, **more):
    place = {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [139 + number / 4, 35.6]}}
    free = {"type": "Property", "value": number, "observedAt": AT}
    return {"id": f"urn:ngsi-ld:Toilet:{number}", "type": "Toilet", "free": free, "location": place} | more


def get(path, **headers):
    async def one():
        transport = httpx.ASGITransport(app=snapshot, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(one())


@pytest.fixture
def toilets(ask):
    for number in (1, 2, 3):
        ask("POST", "/entities", toilet(number))
    ask("POST", "/entities", {"id": "urn:ngsi-ld:Well:1", "type": "Well"})


@pytest.mark.req("F09")
def test_a_map_gets_every_entity_of_the_type(toilets, monkeypatch):
    monkeypatch.setattr(snapshots, "AT_ONCE", 2)
    answer = get("/live/Toilet.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    assert [one["id"][-1] for one in answer.json()["features"]] == ["1", "2", "3"]
    first = answer.json()["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [139.25, 35.6]}
    assert first["properties"]["free"] == 1


def test_a_type_without_entities_is_an_empty_collection(store, ask):
    assert get("/live/Nothing.geojson").json() == {"type": "FeatureCollection", "features": []}
    assert get("/live/Nothing.csv").content == b"\xef\xbb\xbfid,type\r\n"


def test_a_spreadsheet_gets_a_row_for_each(toilets, ask):
    ask("POST", "/entities", toilet(4, note={"type": "Property", "value": '=HYPERLINK("x")'}, tags=["a", 1]))
    answer = get("/live/Toilet.csv?attrs=free,location,note,tags")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == [
        "id", "type", "free", "free_observedAt", "note", "note_observedAt", "tags", "tags_observedAt",
        "location_longitude", "location_latitude",
    ]  # fmt: skip
    assert rows[0] == ["urn:ngsi-ld:Toilet:1", "Toilet", "1", AT, "", "", "", "", "139.25", "35.6"]
    assert rows[3][4:8] == ['\'=HYPERLINK("x")', "", '["a",1]', ""]


def test_only_what_the_caller_may_read_is_in_it(chiyoda_city, monkeypatch):  # noqa: F811
    theirs = {"Authorization": chiyoda_city.headers["authorization"]}
    assert get("/live/Toilet.geojson").json()["features"] == []
    assert b"free" not in get("/live/Toilet.csv").content
    assert len(get("/live/Toilet.geojson", **theirs).json()["features"]) == 1
    publish("public")
    assert len(get("/live/Toilet.geojson").json()["features"]) == 1
    assert get("/live/Toilet.geojson", Authorization="Bearer wrong").status_code == 401


@pytest.mark.parametrize("question", ["colour=red", "options=pie", "attrs=", "lang=ja&lang=en"])
def test_a_question_that_makes_no_sense_is_refused(toilets, question):
    assert get(f"/live/Toilet.geojson?{question}").status_code == 400
