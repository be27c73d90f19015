"""`/ogc`: what maps and their tools read."""

from __future__ import annotations

import math
import urllib.parse

import pyogrio
import pytest

from tedori.services.datasets.queries.shelving import SHELVES
from tedori.services.datasets.rules.asking import BadFilter
from tedori.services.datasets.rules.cql2 import parsed
from tedori.services.datasets.tests.factories import CHIYODA, HACHIOJI
from tedori.services.datasets.tests.publications import publish_aed, publish_rows

ITEMS = "/ogc/collections/aed/items"
JGD = "http://www.opengis.net/def/crs/EPSG/0/6668"
MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What is published is seen by the next question."""
    monkeypatch.setattr(SHELVES, "fresh", 0.0)


@pytest.fixture
def public(db):
    publish_aed()
    publish_rows([{"ID": "1", "市区町村コード": "131016"}], slug="population")


@pytest.fixture
def found(public, client):
    def _found(**query):
        answer = client.get(ITEMS, {name.replace("_", "-"): value for name, value in query.items()})
        assert answer.status_code == 200, answer.content.decode()
        return [one["properties"]["名称"].split(" ")[0] for one in answer.json()["features"]]

    return _found


@pytest.mark.req("O04")
def test_every_published_dataset_is_a_collection(public, client):
    landing = client.get("/ogc/").json()
    assert {link["rel"] for link in landing["links"]} >= {"self", "service-desc", "conformance", "data"}
    answer = client.get("/ogc/collections").json()
    assert [one["id"] for one in answer["collections"]] == ["population", "aed"]
    box = answer["collections"][1]["extent"]["spatial"]["bbox"][0]
    assert box == [139.27, 35.6324, 139.7536, 35.695]
    assert any(name.endswith("/core") for name in client.get("/ogc/conformance").json()["conformsTo"])
    assert client.get("/ogc/collections/parking").status_code == 404


def test_queryables_name_the_items(public, client):
    told = client.get("/ogc/collections/aed/queryables").json()["properties"]
    assert {"名称", "geometry", "_organisation"} <= set(told)
    assert told["小児対応設備の有無"]["enum"][:1] == ["有"]


FILTERS = """
    "名称" = '九段図書館'                              | 九段図書館
    名称 = '九段図書館'                                | 九段図書館
    名称 <> '九段図書館' AND _organisation = '131016' AND 名称 LIKE '千%' | 千代田区役所
    名称 LIKE '%図書館'                                | 九段図書館
    名称 LIKE '__図書館'                               | 九段図書館
    名称 NOT LIKE '%市%' AND geometry IS NOT NULL      | 九段図書館 千代田区役所 高尾山口駅
    名称 IN ('九段図書館', '八王子市役所')             | 九段図書館 八王子市役所
    緯度 BETWEEN 35.6 AND 35.65                        | 高尾山口駅
    緯度 > 35.694 OR 緯度 < 35.64                      | 九段図書館 高尾山口駅
    _version >= 1 AND NOT (_organisation = '131016')   | 八王子市役所 高尾山口駅
    extra:管理番号 IS NULL AND geometry IS NOT NULL    | 九段図書館 千代田区役所
    S_INTERSECTS(geometry, BBOX(139.74, 35.69, 139.75, 35.70)) | 九段図書館
    S_INTERSECTS(geometry, POLYGON((139.2 35.6, 139.4 35.6, 139.4 35.7, 139.2 35.6))) | 高尾山口駅
    NOT S_INTERSECTS(geometry, BBOX(139, 35, 139.5, 36)) | 九段図書館 千代田区役所
    S_WITHIN(geometry, BBOX(139, 35, 139.3, 36))       | 高尾山口駅
    小児対応設備の有無 = '無' OR 名称 = '1'            | 九段図書館
"""


@pytest.mark.parametrize("line", FILTERS.strip().splitlines())
def test_cql2_filters_choose_features(line, found):
    text, _, expected = line.strip().rpartition("|")
    assert found(filter=text.strip()) == expected.split()


BAD = """
    名称 = | ( | 名称 LIKE 1 | ない = 'x' | S_INTERSECTS(名称, BBOX(1,2,3,4)) | 名称 = TRUE
    S_INTERSECTS(geometry, BBOX(1,2,3)) | S_INTERSECTS(geometry, POLYGON((1 2, 3 4))) | 1 | 名称
    S_INTERSECTS(geometry, geometry) | 名称 + 1 = 2 | foo(名称) = '1' | geometry = 1 | 名称 LIKE 名称
"""
DEEP = ["(" * 1500 + "名称 = '1'" + ")" * 400, "NOT (" * 300 + "a", "x" * 3000]


@pytest.mark.parametrize(
    "text", [part.strip() for part in BAD.replace("\n", "|").split("|") if part.strip()] + DEEP
)
def test_a_filter_that_cannot_be_read_is_told(text, public, client):
    answer = client.get(ITEMS, {"filter": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-filter")


def test_a_long_row_of_conditions_is_not_deep():
    assert parsed(" OR ".join(f"名称 = '{number}'" for number in range(80)))
    with pytest.raises(BadFilter):
        parsed("名称 = '1' OR " * 500)


def test_boxes_come_in_every_system(found):
    assert found(bbox="139.74,35.69,139.75,35.70") == ["九段図書館"]
    assert found(bbox="35.69,139.74,35.70,139.75", bbox_crs=JGD) == ["九段図書館"]
    assert found(bbox="15556000,4258000,15558000,4259000", bbox_crs=MERCATOR) == [
        "九段図書館",
        "千代田区役所",
    ]


def mercator(longitude, latitude):
    radius, north = 6378137, math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return [radius * math.radians(longitude), radius * north]


def test_places_are_given_in_every_system(public, client):
    query = {"名称": "九段図書館"}
    for system, expected in ((JGD, [35.695, 139.746]), (MERCATOR, mercator(139.746, 35.695))):
        answer = client.get(ITEMS, {**query, "crs": system})
        assert answer.headers["Content-Crs"] == f"<{system}>"
        assert answer.json()["features"][0]["geometry"]["coordinates"] == pytest.approx(expected, abs=0.1)


def test_pages_follow_each_other(public, client):
    seen, address = [], f"{ITEMS}?limit=2"
    while address:
        page = client.get(address).json()
        assert page["numberMatched"] == 5
        seen += [one["id"] for one in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(set(seen)) == len(seen) == 5
    third = client.get(ITEMS, {"offset": 2, "limit": 1}).json()
    assert [one["id"] for one in third["features"]] == [seen[2]]


def test_one_feature_has_an_address_of_its_own(public, client):
    for feature in client.get(ITEMS).json()["features"]:
        answer = client.get(f"{ITEMS}/{urllib.parse.quote(feature['id'], safe='')}")
        assert answer.json() == feature
    assert client.get(f"{ITEMS}/131016.nothing").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "offset=-1",
        "bbox=1,2",
        "crs=x",
        "unknown=1",
        "bbox-crs=x&bbox=1,2,3,4",
        "filter=a&filter-lang=ecql",
    ],
)
def test_what_cannot_be_understood_is_told(query, public, client):
    assert client.get(f"{ITEMS}?{query}").status_code == 400


def test_a_limit_beyond_ours_gives_as_many_as_we_give(public, client):
    assert client.get(ITEMS, {"limit": 1_000_000}).json()["numberReturned"] == 5


@pytest.mark.req("O04")
@pytest.mark.django_db(transaction=True)
def test_qgis_s_library_reads_every_layer_with_its_japanese(live_server):
    publish_aed()
    publish_rows([{"ID": "1", "市区町村コード": "131016"}], slug="population")
    address = f"OAPIF:{live_server.url}/ogc"
    layers = [str(name) for name, _ in pyogrio.list_layers(address)]
    assert layers == ["population", "aed"]
    for layer, rows in (("population", 1), ("aed", 5)):
        info, table = pyogrio.read_arrow(address, layer=layer)
        assert table.num_rows == rows
    assert set(table["名称"].to_pylist()) >= {"九段図書館", "高尾山口駅 ＡＥＤ"}
    assert table["_organisation"].to_pylist().count(HACHIOJI) == 2
    assert info["crs"]
    _, some = pyogrio.read_arrow(address, layer="aed", bbox=(139.7, 35.6, 139.8, 35.7))
    assert set(some["_organisation"].to_pylist()) == {CHIYODA}
    _, some = pyogrio.read_arrow(address, layer="aed", where="\"名称\" = '九段図書館'")
    assert some.num_rows == 1
