"""CKAN's reading actions, asked by ckanapi and by hand."""

from __future__ import annotations

import json

import ckanapi
import pytest

from tedori.services.datasets.queries.shelving import SHELVES
from tedori.services.datasets.tests.factories import CHIYODA
from tedori.services.datasets.tests.publications import publish_aed, publish_rows

ACTION = "/api/3/action/"
NAME = f"aed-{CHIYODA}"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What is published is seen by the next question."""
    monkeypatch.setattr(SHELVES, "fresh", 0.0)


@pytest.fixture
def public(db):
    publish_aed()
    publish_rows([{"ID": "1", "名称": "中央公園"}], slug="public_toilet", title="公園のトイレ")


@pytest.fixture
def act(public, client):
    def _act(name, /, **given):
        return client.post(f"{ACTION}{name}", json.dumps(given), content_type="application/json").json()

    return _act


@pytest.mark.req("O04")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("base", ["", "/ckan"])
@pytest.mark.req("Z04")
def test_ckanapi_reads_with_every_call(live_server, base):
    publish_aed()
    with ckanapi.RemoteCKAN(f"{live_server.url}{base}") as remote:
        act = remote.action
        assert act.site_read() is True
        assert act.status_show()["site_title"] == "Tedori"
        assert act.package_list() == [NAME, "aed-132012"]
        found = act.package_search(q="AED", **{"facet.field": ["organization"]}, rows=1)
        assert (found["count"], len(found["results"])) == (2, 1)
        assert found["facets"]["organization"] == {"t131016": 1, "t132012": 1}
        package = act.package_show(id=NAME)
        assert package["title"] == "千代田区 AED設置箇所一覧"
        assert act.package_show(id=package["id"]) == package
        assert act.resource_show(id=package["resources"][0]["id"])["format"] == "CSV"
        assert "t131016" in act.organization_list()
        shown = act.organization_show(id="t131016", include_datasets=True)
        assert (shown["title"], shown["package_count"]) == ("千代田区", 1)
        assert len(act.group_list(all_fields=True)) == 7
        assert act.group_show(id="safety")["package_count"] == 2
        assert "AED" in act.tag_list()
        assert act.tag_show(id="救急")["name"] == "救急"
        assert {one["id"] for one in act.license_list()} >= {"CC-BY-4.0", "CC0-1.0"}
        assert len(act.current_package_list_with_resources()) == 2
        assert act.package_autocomplete(q="千代田")[0]["name"] == NAME
        resource = next(one["id"] for one in package["resources"] if one["datastore_active"])
        rows = act.datastore_search(resource_id=resource, filters={"名称": "九段図書館"})
        assert (rows["total"], rows["records"][0]["_organisation"]) == (1, CHIYODA)
        assert act.datastore_info(id=resource)["meta"]["count"] == 3
        with pytest.raises(ckanapi.NotFound):
            act.package_show(id="nothing")
        with pytest.raises(ckanapi.ValidationError):
            act.datastore_search(resource_id=resource, filters={"nothing": 1})
        with pytest.raises(ckanapi.NotAuthorized):
            act.datastore_search_sql(sql="SELECT 1")


SEARCHES = """
    q=千代田区                                   | aed-131016 public_toilet-131016
    q=八王子 AED                                 | aed-132012
    q=title:トイレ                               | public_toilet-131016
    q=*:*&fq=organization:t132012                | aed-132012
    q=*:*&fq=-organization:t132012               | aed-131016 public_toilet-131016
    fq=organization:(t132012 OR t131016) +groups:town | public_toilet-131016
    fq=res_format:CSV AND groups:"safety"        | aed-131016 aed-132012
    fq=tags:救急&q=name:aed*                     | aed-131016 aed-132012
    fq=license_id:CC0-1.0                        |
    q=ない言葉                                   |
    q=*:*&sort=name desc&rows=1                  | public_toilet-131016
    q=*:*&sort=name asc&start=1&rows=1           | aed-132012
"""


@pytest.mark.parametrize("line", SEARCHES.strip().splitlines())
def test_packages_are_searched(line, public, client):
    query, _, expected = line.strip().rpartition("|")
    given = dict(part.split("=", 1) for part in query.strip().split("&"))
    found = client.get(f"{ACTION}package_search", given).json()["result"]["results"]
    names = [one["name"] for one in found]
    assert (names if "sort" in given else sorted(names)) == expected.split()


def test_a_search_that_cannot_be_understood_is_told(act):
    for given in ({"q": "nofield:x"}, {"sort": "nothing desc"}):
        answer = act("package_search", **given)
        assert (answer["success"], answer["error"]["__type"]) == (False, "Search Query Error")
    assert act("package_search", rows="many")["error"]["__type"] == "Validation Error"
    assert act("package_search", **{"facet.field": '["x"'})["error"]["__type"] == "Validation Error"


def records(answer):
    return [one["名称"].split(" ")[0] for one in answer["result"]["records"]]


def test_a_dataset_over_all_publishers_is_asked_by_its_slug(act):
    answer = act("datastore_search", resource_id="aed", sort="_lat desc", limit=2, fields="_id,名称")
    assert answer["result"]["total"] == 5
    assert records(answer) == ["九段図書館", "千代田区役所"]
    assert list(answer["result"]["records"][0]) == ["_id", "名称"]


def test_rows_are_filtered_searched_and_paged(act):
    assert records(act("datastore_search", resource_id="aed", q="高尾")) == ["高尾山口駅"]
    assert records(act("datastore_search", resource_id="aed", q={"名称": "図書"})) == ["九段図書館"]
    assert records(act("datastore_search", resource_id="aed", filters={"_id": [2]})) == ["九段図書館"]
    both = {"小児対応設備の有無": ["有", "無"], "_organisation": CHIYODA}
    assert act("datastore_search", resource_id="aed", filters=both)["result"]["total"] == 3
    page = act("datastore_search", resource_id="aed", offset=4, limit=10, records_format="lists")["result"]
    assert len(page["records"]) == 1
    assert page["fields"][0] == {"id": "_id", "type": "int"}


def test_rows_as_csv_run_no_formula(act):
    text = act("datastore_search", resource_id="aed", records_format="csv")["result"]["records"]
    assert "'=HYPERLINK" in text


BAD = (
    {"resource_id": "nothing"},
    {"resource_id": "aed", "filters": "x"},
    {"resource_id": "aed", "filters": {"名称": {"$gt": 1}}},
    {"resource_id": "aed", "filters": {"名称": []}},
    {"resource_id": "aed", "sort": "名称; drop table"},
    {"resource_id": "aed", "fields": ["nothing"]},
    {"resource_id": "aed", "limit": -1},
    {"resource_id": "aed", "q": {"nothing": "x"}},
    {"resource_id": "aed", "records_format": "xml"},
    {},
)


@pytest.mark.parametrize("given", BAD)
def test_what_cannot_be_understood_is_told_in_ckans_shape(given, act):
    answer = act("datastore_search", **given)
    assert answer["success"] is False
    assert answer["error"]["__type"] in {"Validation Error", "Not Found Error"}


@pytest.mark.req("O04")
def test_raw_sql_is_refused(public, client):
    answer = client.get(f"{ACTION}datastore_search_sql", {"sql": "SELECT * FROM x"})
    assert (answer.status_code, answer.json()["error"]["__type"]) == (403, "Authorization Error")
    assert "datastore_search" in answer.json()["error"]["message"]


def test_nothing_is_written_and_unknown_actions_are_told(public, client):
    for action in ("package_create", "datastore_upsert", "organization_delete"):
        assert client.post(f"{ACTION}{action}", "{}", content_type="application/json").status_code == 400
    assert client.delete(f"{ACTION}package_list").status_code == 405
    broken = client.post(f"{ACTION}package_list", "{", content_type="application/json")
    assert (broken.status_code, broken.json()["success"]) == (400, False)


def test_help_tells_of_every_action(act):
    assert "Packages" in act("help_show", name="package_autocomplete")["result"]
    assert act("help_show", name="nothing")["error"]["__type"] == "Not Found Error"
