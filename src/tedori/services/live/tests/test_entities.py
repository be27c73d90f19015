"""Shelters come, change and go: entities and attributes over HTTP (GS CIM 009, clauses 6.4 to 6.7)."""

from __future__ import annotations

import pytest

SHELTER = {
    "id": "urn:ngsi-ld:EvacuationShelter:131016:1",
    "type": "EvacuationShelter",
    "name": {"type": "Property", "value": "九段小学校"},
    "occupancy": {"type": "Property", "value": 12, "unitCode": "IE", "observedAt": "2026-04-01T00:00:00Z"},
    "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [139.744, 35.694]}},
}
ONE = f"/entities/{SHELTER['id']}"
LD = "application/ld+json"


@pytest.fixture
def shelter(ask):
    answer = ask("POST", "/entities", SHELTER)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/ngsi-ld/v1{ONE}"
    return SHELTER["id"]


@pytest.mark.req("F09")
def test_what_was_created_is_read_again(ask, shelter):
    answer = ask("GET", ONE)
    assert answer.status_code == 200
    assert answer.json() == SHELTER
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["link"]


def test_an_entity_is_created_once(ask, shelter):
    answer = ask("POST", "/entities", SHELTER)
    assert answer.status_code == 409
    assert answer.json()["type"] == "https://uri.etsi.org/ngsi-ld/errors/AlreadyExists"


def test_json_ld_carries_its_context_inside_and_json_beside(ask, shelter):
    assert "@context" not in ask("GET", ONE).json()
    answer = ask("GET", ONE, accept=LD)
    assert answer.headers["content-type"] == LD
    assert answer.json()["@context"].endswith(".jsonld")
    assert "link" not in answer.headers


def test_geojson_is_a_feature(ask, shelter):
    feature = ask("GET", ONE, accept="application/geo+json").json()
    assert feature["type"] == "Feature"
    assert feature["geometry"] == SHELTER["location"]["value"]
    assert feature["properties"]["name"]["value"] == "九段小学校"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"accept": "text/html"}, 406),
        ({"accept": "text/html, application/*;q=0.5"}, 200),
        ({"accept": "application/json;q=0"}, 406),
    ],
)
def test_the_caller_chooses_among_what_there_is(ask, shelter, headers, status):
    assert ask("GET", ONE, **headers).status_code == status


def test_who_has_the_current_version_is_told_so(ask, shelter):
    etag = ask("GET", ONE).headers["etag"]
    assert ask("GET", ONE, if_none_match=etag).status_code == 304
    ask("PATCH", f"{ONE}/attrs/occupancy", {"value": 13})
    assert ask("GET", ONE, if_none_match=etag).status_code == 200


CHANGES = """
 method | path                | body                                    | status | occupancy
 PATCH  | /attrs/occupancy    | {"value": 13}                           | 204    | 13
 PATCH  | /attrs/nothing      | {"value": 13}                           | 404    | 12
 PUT    | /attrs/occupancy    | {"type": "Property", "value": 14}       | 204    | 14
 PATCH  | /attrs              | {"occupancy": {"value": 15}}            | 204    | 15
 PATCH  | /attrs              | {"other": {"value": 15}}                | 204    | 12
 POST   | /attrs              | {"occupancy": {"value": 16}}            | 204    | 16
 POST   | /attrs?options=noOverwrite | {"occupancy": {"value": 16}}     | 207    | 12
 PATCH  |                     | {"occupancy": {"value": 17}}            | 204    | 17
 PATCH  |                     | {"occupancy": "urn:ngsi-ld:null"}       | 204    | -
 PATCH  | ?options=keyValues  | {"occupancy": 18}                       | 204    | 18
 PUT    |                     | {"type": "EvacuationShelter"}           | 204    | -
 DELETE | /attrs/occupancy    |                                         | 204    | -
 DELETE | /attrs/nothing      |                                         | 404    | 12
 PATCH  | /attrs/id           | {"value": 1}                            | 400    | 12
 PATCH  | /attrs/occupancy    | {"value":                               | 400    | 12
 PATCH  | /attrs/occupancy?a=1| {"value": 13}                           | 400    | 12
"""


def rows(table):
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return lines[1:]


@pytest.mark.parametrize(("method", "path", "body", "status", "occupancy"), rows(CHANGES))
def test_attributes_change(ask, shelter, method, path, body, status, occupancy):
    answer = ask(method, ONE + path, body or None, content_type="application/json")
    assert answer.status_code == int(status), answer.text
    after = ask("GET", ONE).json()
    assert str(after.get("occupancy", {}).get("value", "-")) == occupancy


def test_a_partial_update_keeps_what_it_does_not_name(ask, shelter):
    ask("PATCH", f"{ONE}/attrs/occupancy", {"value": 13})
    assert ask("GET", ONE).json()["occupancy"] == {**SHELTER["occupancy"], "value": 13}


def test_a_deleted_entity_is_gone_with_all_its_rows(ask, shelter, store):
    assert ask("DELETE", ONE).status_code == 204
    assert ask("GET", ONE).status_code == 404
    assert ask("DELETE", ONE).status_code == 404
    for table in ("live_entity", "live_value", "live_place", "live_entitytype", "live_scope"):
        assert store.session().one(f"SELECT count(*) FROM {table}") == (0,)


def test_every_change_is_written_down_in_its_order(ask, shelter, store):
    ask("PATCH", f"{ONE}/attrs/occupancy", {"value": 13})
    ask("DELETE", f"{ONE}/attrs/name")
    ask("DELETE", ONE)
    told = store.session().all(
        "SELECT operation, changed, doc IS NULL, before IS NULL FROM live_change ORDER BY seq"
    )
    assert [row[0] for row in told] == ["created", "updated", "updated", "deleted"]
    assert [(bool(after), bool(before)) for _, _, after, before in told] == [
        (False, True), (False, False), (False, False), (True, False),
    ]  # fmt: skip
    assert '"deleted"' in told[2][1]
    history = store.session().all(
        "SELECT name, number, deleted FROM live_history WHERE name = ? ORDER BY id",
        ("https://uri.etsi.org/ngsi-ld/default-context/occupancy",),
    )
    assert [(number, bool(gone)) for _, number, gone in history] == [(12.0, False), (13.0, False)]
    ended = store.session().all("SELECT name FROM live_history WHERE deleted ORDER BY id")
    assert [name.rsplit("/", 1)[-1] for (name,) in ended] == ["name", ""]


REFUSED = """
 content_type             | link | body                                       | status
 application/json         |      | {"type": "A"}                              | 400
 application/json         |      | {"id": "a b", "type": "A"}                 | 400
 application/json         |      | []                                         | 400
 application/json         |      |                                            | 400
 application/json         |      | {"id": "urn:a:1", "type": "A", "@context": {}}   | 400
 application/ld+json      |      | {"id": "urn:a:1", "type": "A"}             | 400
 application/ld+json      | yes  | {"id": "urn:a:1", "type": "A", "@context": {}}   | 400
 text/plain               |      | {"id": "urn:a:1", "type": "A"}             | 415
 application/json         |      | {"id": "urn:a:1", "type": "A", "b": "\\u0000"}   | 400
"""


@pytest.mark.parametrize(("content_type", "link", "body", "status"), rows(REFUSED))
def test_what_is_no_entity_is_refused(ask, content_type, link, body, status):
    headers = {"link": '<http://example.org/c>; rel="http://www.w3.org/ns/json-ld#context"'} if link else {}
    answer = ask("POST", "/entities", body.encode(), content_type=content_type, **headers)
    assert answer.status_code == int(status), answer.text


def test_a_path_without_a_door_and_a_door_without_the_method(ask):
    assert ask("GET", "/nothing").json()["type"].endswith("ResourceNotFound")
    answer = ask("PATCH", "/types")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_programs_of_other_sites_may_ask(ask, shelter):
    answer = ask("OPTIONS", ONE)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "DELETE" in answer.headers["access-control-allow-methods"]


def test_head_tells_what_get_would(ask, shelter):
    answer = ask("HEAD", ONE)
    assert answer.content == b""
    assert answer.headers["content-length"] == ask("GET", ONE).headers["content-length"]


def test_tenants_are_worlds_of_their_own(ask, shelter):
    assert ask("GET", ONE, ngsild_tenant="chiyoda").json()["type"].endswith("NonexistentTenant")
    assert ask("POST", "/entities", SHELTER, ngsild_tenant="chiyoda").status_code == 201
    ask("PATCH", f"{ONE}/attrs/occupancy", {"value": 99}, ngsild_tenant="chiyoda")
    assert ask("GET", ONE).json()["occupancy"]["value"] == 12
    answer = ask("GET", ONE, ngsild_tenant="chiyoda")
    assert (answer.json()["occupancy"]["value"], answer.headers["ngsild-tenant"]) == (99, "chiyoda")
    assert ask("POST", "/entities", SHELTER, ngsild_tenant="../x").status_code == 400


def test_a_body_that_is_too_large_is_refused_before_it_is_read(ask, settings):
    settings.TEDORI_LIVE_BODY = "1000"
    answer = ask("POST", "/entities", {**SHELTER, "name": "x" * 2000})
    assert answer.status_code == 413
    assert "1000" in answer.json()["title"]
