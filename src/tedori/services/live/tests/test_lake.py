"""The history in the lake, hour by hour, and rows of public tables with what is known live of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import polars as pl
import pytest

from tedori.engines.ngsild.contexts import CORE
from tedori.kernel.lake import tables
from tedori.kernel.lake.store import house_lake
from tedori.services.live.actions.shelving import shelve
from tedori.services.live.api import beside
from tedori.services.live.models import History
from tedori.services.live.queries import beside as queries
from tedori.services.live.queries.beside import Near, hourly
from tedori.services.live.rules.shelves import shelf

SHELTER = CORE.expand("EvacuationShelter")
NAME = shelf(1, SHELTER)
NINE = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
URN = "urn:ngsi-ld:EvacuationShelter:{}"


def kept(key, at, value=5, **more):
    moment = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    row = {
        "instance": f"urn:i:{key}:{moment}", "tenant_id": 1, "urn": URN.format(key), "owner": "131016",
        "types": f'["{SHELTER}"]', "name": CORE.expand("occupancy"), "kind": "Property", "value": str(value),
        "number": value, "observed_at": moment, "created_at": moment, "modified_at": moment,
    }  # fmt: skip
    return History.objects.create(**row | more)


def hours():
    return {hour: stored.rows for hour, (_, stored) in house_lake().newest(NAME).items()}


@pytest.mark.django_db
def test_an_hour_that_is_over_goes_into_the_lake_once():
    kept(1, NINE), kept(2, NINE), kept(1, NINE + timedelta(hours=1))
    place = '{"type":"Point","coordinates":[139.7,35.6]}'
    kept(1, NINE, name=CORE.expand("location"), kind="GeoProperty", value=place, number=None)
    assert shelve(NINE + timedelta(hours=1)) == 1
    assert shelve(NINE + timedelta(hours=1, minutes=10)) == 0
    assert hours() == {"2026-04-01T09": 3}
    assert shelve(NINE + timedelta(hours=2)) == 1
    assert hours() == {"2026-04-01T09": 3, "2026-04-01T10": 1}
    (_, stored) = house_lake().newest(NAME)["2026-04-01T09"]
    rows = house_lake().open(stored.path).collect()
    assert rows.filter(pl.col("kind") == "GeoProperty").select("longitude", "latitude").rows() == [
        (139.7, 35.6)
    ]
    assert rows["number"].to_list() == [5.0, 5.0, None]


@pytest.mark.django_db
def test_what_was_forgotten_leaves_the_lake_within_a_day():
    first, _, alone = kept(1, NINE), kept(2, NINE), kept(1, NINE + timedelta(hours=1))
    shelve(NINE + timedelta(hours=3))
    before = {file.name for file in house_lake().root.rglob("*.parquet")}
    first.delete(), alone.delete()
    assert shelve(NINE.replace(hour=3) + timedelta(days=1)) == 2
    assert hours() == {"2026-04-01T09": 1}
    assert not before & {file.name for file in house_lake().root.rglob("*.parquet")}
    assert house_lake().verify() == ()


@pytest.mark.django_db
def test_the_lake_tells_hourly_means_of_the_owners_readings_only():
    kept(1, NINE, 4), kept(1, NINE + timedelta(minutes=10), 8), kept(1, NINE, 99, owner="132012")
    kept(1, NINE + timedelta(hours=1), 7), kept(2, NINE, 1)
    shelve(NINE + timedelta(hours=3))
    asked = [Near(queries.Entity(URN.format(1), (SHELTER,)), "131016")]
    assert hourly(1, SHELTER, CORE.expand("occupancy"), asked) == {
        URN.format(1): [("2026-04-01T09:00:00Z", 6.0, 2), ("2026-04-01T10:00:00Z", 7.0, 1)]
    }
    assert hourly(1, CORE.expand("Toilet"), CORE.expand("occupancy"), asked) == {}


TABLE = pl.DataFrame(
    {
        "facility": ["A1", "B2", None],
        "lon": ["139.744", "139.8", "x"],
        "lat": [35.694, 35.7, None],
    }
)


@pytest.fixture
def table(monkeypatch, home):
    stored = house_lake().write(dataset="tests/places", partition="131016", version=1, frame=TABLE)
    monkeypatch.setattr(queries, "public_tables", lambda: {"places": (stored.path,)})


def get(path):
    async def one():
        transport = httpx.ASGITransport(app=beside.joined, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return await client.get(path)

    return asyncio.run(one())


@pytest.fixture
def shelters(ask):
    for key, x in (("A1", 139.744), ("C3", 139.7455)):
        place = {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [x, 35.694]}}
        ask("POST", "/entities", {
            "id": URN.format(key), "type": "EvacuationShelter", "location": place, "occupancy": 12,
            "facilityId": key,
        })  # fmt: skip


# question                                      | entities beside each row
JOINS = """
 key=facility                                   | A1 - -
 key=facility&attribute=facilityId              | A1 - -
 key=facility&prefix=urn:other:                 | -  - -
 longitude=lon&latitude=lat                     | A1C3 - -
 longitude=lon&latitude=lat&metres=50           | A1 - -
"""


@pytest.mark.req("F09")
@pytest.mark.parametrize("row", JOINS.strip().splitlines())
def test_rows_stand_beside_what_is_known_live(shelters, table, row):
    question, expected = (part.strip() for part in row.split("|"))
    answer = get(f"/live/EvacuationShelter/beside/places?{question}")
    assert answer.status_code == 200, answer.text
    found = [
        "".join(one["entity"]["id"][-2:] for one in row["entities"]) or "-" for row in answer.json()["rows"]
    ]
    assert found == expected.split()
    assert answer.json()["rows"][0]["row"] == {"facility": "A1", "lon": "139.744", "lat": 35.694}


def test_a_table_is_paged(shelters, table):
    page = get("/live/EvacuationShelter/beside/places?key=facility&limit=2").json()
    assert (len(page["rows"]), page["next"]) == (2, 2)
    page = get("/live/EvacuationShelter/beside/places?key=facility&limit=2&offset=2").json()
    assert (len(page["rows"]), page["next"]) == (1, None)


REFUSED = """
 places?key=colour                 | 400
 places                            | 400
 places?longitude=lon              | 400
 places?key=facility&limit=0       | 400
 places?key=facility&sql=1         | 400
 places?longitude=lon&latitude=lat&metres=99999 | 400
 secrets?key=facility              | 404
"""


@pytest.mark.parametrize("row", REFUSED.strip().splitlines())
def test_a_question_that_makes_no_sense_is_refused(shelters, table, row):
    question, status = (part.strip() for part in row.split("|"))
    assert get(f"/live/EvacuationShelter/beside/{question}").status_code == int(status)


@pytest.mark.django_db
def test_tables_of_the_lake_are_offered_once(monkeypatch):
    assert isinstance(tables.public_tables(), dict)
    monkeypatch.setattr(tables, "import_string", lambda path: lambda: {"same": ("a",)})
    app = type("App", (), {"lake_tables": ("x", "y")})
    monkeypatch.setattr(tables.apps, "get_app_configs", lambda: [app])
    with pytest.raises(ValueError, match="same"):
        tables.public_tables()
