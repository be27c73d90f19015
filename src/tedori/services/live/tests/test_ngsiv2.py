"""The NGSIv2 door: what Orion's clients say, they can say here, onto the same entities."""

# ruff: noqa: E501 - tables keep a case on one line
from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from tedori.kernel.organisations.actions import issue_token, revoke_token
from tedori.services.live.api.ngsiv2.door import ngsiv2
from tedori.services.live.tests.conftest import Caller

ROOM = {
    "id": "Room1",
    "type": "Room",
    "temperature": {
        "value": 23.5,
        "type": "Float",
        "metadata": {
            "accuracy": {"value": 0.8, "type": "Number"},
            "unitCode": {"value": "CEL", "type": "Text"},
            "TimeInstant": {"value": "2026-04-01T09:00:00+09:00", "type": "DateTime"},
        },
    },
    "PM2.5": {"value": 12, "type": "Number", "metadata": {}},
    "name": {"value": "九段小学校", "type": "Text", "metadata": {}},
    "open": {"value": True, "type": "Boolean", "metadata": {}},
    "opened": {"value": "2026-04-01T00:00:00.000Z", "type": "DateTime", "metadata": {}},
    "address": {"value": {"city": "千代田区", "no": 3}, "type": "StructuredValue", "metadata": {}},
    "location": {"value": "35.694, 139.744", "type": "geo:point", "metadata": {}},
    "nothing": {"value": None, "type": "None", "metadata": {}},
    "building": {"value": "Building1", "type": "Relationship", "metadata": {}},
}
PLAIN = {name: one["value"] if isinstance(one, dict) else one for name, one in ROOM.items()}


class V2(Caller):
    def __call__(self, method, path, body=None, *, params=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        given = (
            {"content": body} if isinstance(body, str | bytes) else {"json": body} if body is not None else {}
        )

        async def one():
            transport = httpx.ASGITransport(app=ngsiv2, client=("127.0.0.1", 50000))
            async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
                return await client.request(method, f"/v2{path}", params=params, headers=sent, **given)

        return asyncio.run(one())


@pytest.fixture
def v2(ask):
    return V2()


@pytest.fixture
def room(v2):
    answer = v2("POST", "/entities", ROOM)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == "/v2/entities/Room1?type=Room"


def test_the_entry_point_says_where_things_are(v2):
    assert v2("GET", "").json()["entities_url"] == "/v2/entities"


@pytest.mark.req("F09")
def test_what_was_created_is_read_again(v2, room):
    found = v2("GET", "/entities/Room1").json()
    assert found["temperature"]["metadata"].pop("TimeInstant")["value"] == "2026-04-01T00:00:00.000Z"
    wanted = {
        **ROOM,
        "temperature": {**ROOM["temperature"], "metadata": dict(ROOM["temperature"]["metadata"])},
    }
    del wanted["temperature"]["metadata"]["TimeInstant"]
    assert found == wanted
    assert v2("GET", "/entities/Room1?options=keyValues").json() == PLAIN
    assert v2("GET", "/entities/Room1?options=values&attrs=PM2.5,name").json() == [12, "九段小学校"]
    assert v2("GET", "/entities/Room1/attrs?options=keyValues&attrs=open").json() == {"open": True}
    assert v2("GET", "/entities?options=unique&attrs=PM2.5").json() == [[12]]


def test_the_same_entity_is_there_in_ngsi_ld(v2, room, ask):
    found = ask("GET", "/entities/urn:ngsi-v2:Room1").json()
    assert found["temperature"]["value"] == 23.5
    assert found["temperature"]["unitCode"] == "CEL"
    assert found["temperature"]["observedAt"] == "2026-04-01T00:00:00.000Z"
    assert found["ngsi-ld:default-context/PM2.5"]["value"] == 12
    assert found["location"]["value"] == {"type": "Point", "coordinates": [139.744, 35.694]}
    # What one door says, the other takes: also a name that NGSI-LD has no short form for.
    assert (
        ask("PATCH", "/entities/urn:ngsi-v2:Room1/attrs", {"ngsi-ld:default-context/PM2.5": 13}).status_code
        == 204
    )
    assert v2("GET", "/entities/Room1/attrs/PM2.5").json()["value"] == 13
    assert found["building"] == {"type": "Relationship", "object": "urn:ngsi-v2:Building1"}


ERRORS = """
 method | path                      | body                                          | status | error
 POST   | /entities                 | {"id": "Room1", "type": "Room"}               | 422    | Unprocessable
 POST   | /entities                 | {"id":                                        | 400    | ParseError
 POST   | /entities                 | {"type": "Room"}                              | 400    | BadRequest
 POST   | /entities                 | {"id": "a b"}                                 | 400    | BadRequest
 POST   | /entities                 | {"id": "R", "x": {"value": 1, "y": 2}}        | 400    | BadRequest
 POST   | /entities                 | {"id": "R", "t": {"type": "DateTime", "value": "soon"}} | 400 | BadRequest
 POST   | /entities                 | {"id": "R", "p": {"type": "geo:point", "value": "200, 1"}} | 400 | BadRequest
 GET    | /entities/Nobody          |                                               | 404    | NotFound
 GET    | /entities/Room1?type=Car  |                                               | 404    | NotFound
 GET    | /entities?limit=0         |                                               | 400    | BadRequest
 GET    | /entities?q=a==           |                                               | 400    | BadRequest
 GET    | /entities?q='             |                                               | 400    | BadRequest
 GET    | /entities?georel=near     |                                               | 400    | BadRequest
 GET    | /entities?idPattern=(     |                                               | 400    | BadRequest
 PATCH  | /entities/Room1/attrs     | {"other": {"value": 1}}                       | 422    | Unprocessable
 POST   | /entities/Room1/attrs?options=append | {"open": {"value": false}}         | 422    | Unprocessable
 POST   | /entities/Room1/attrs     | {"id": "x"}                                   | 400    | BadRequest
 GET    | /entities/Room1/attrs/x   |                                               | 404    | NotFound
 PUT    | /entities/Room1/attrs/x   | {"value": 1}                                  | 404    | NotFound
 DELETE | /entities/Room1/attrs/x   |                                               | 404    | NotFound
 PUT    | /entities                 | {}                                            | 405    | MethodNotAllowed
 POST   | /op/update                | {"actionType": "eat", "entities": []}         | 400    | BadRequest
 POST   | /op/update                | {"actionType": "update", "entities": [{"id": "Nobody", "x": {"value": 1}}]} | 404 | NotFound
 POST   | /subscriptions            | {"subject": {}, "notification": {}}           | 400    | BadRequest
 GET    | /subscriptions/0123       |                                               | 404    | NotFound
 GET    | /types/Nothing            |                                               | 404    | NotFound
 GET    | /nowhere                  |                                               | 404    | NotFound
"""


def rows(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()][1:]


@pytest.mark.parametrize(("method", "path", "body", "status", "error"), rows(ERRORS))
def test_errors_are_told_as_orion_does(v2, room, method, path, body, status, error):
    answer = v2(method, path, body or None, content_type="application/json")
    assert answer.status_code == int(status), answer.text
    assert answer.json()["error"] == error
    assert answer.json()["description"]


CHANGES = """
 method | path                                | body                                   | temperature
 PATCH  | /entities/Room1/attrs               | {"temperature": {"value": 1}}          | 1
 POST   | /entities/Room1/attrs               | {"temperature": {"value": 2}}          | 2
 POST   | /entities/Room1/attrs?options=keyValues | {"temperature": 3}                 | 3
 PUT    | /entities/Room1/attrs               | {"temperature": {"value": 4}}          | 4
 PUT    | /entities/Room1/attrs/temperature   | {"value": 5, "type": "Float"}          | 5
 DELETE | /entities/Room1/attrs/temperature   |                                        | -
 POST   | /entities?options=upsert            | {"id": "Room1", "type": "Room", "temperature": {"value": 6}} | 6
 POST   | /op/update | {"actionType": "append", "entities": [{"id": "Room1", "type": "Room", "temperature": {"value": 7}}]} | 7
 POST   | /op/update?options=keyValues | {"actionType": "update", "entities": [{"id": "Room1", "temperature": 8}]} | 8
 POST   | /op/update | {"actionType": "delete", "entities": [{"id": "Room1", "temperature": {}}]} | -
 POST   | /op/update | {"actionType": "replace", "entities": [{"id": "Room1", "temperature": {"value": 9}}]} | 9
"""


@pytest.mark.parametrize(("method", "path", "body", "temperature"), rows(CHANGES))
def test_attributes_change(v2, room, method, path, body, temperature):
    body = body.replace('"temperature": {}', '"temperature": {"value": 0}')
    answer = v2(method, path, body or None, content_type="application/json")
    assert answer.status_code == 204, answer.text
    after = v2("GET", "/entities/Room1?options=keyValues").json()
    assert str(after.get("temperature", "-")) == temperature


def test_a_new_value_keeps_the_metadata_but_not_the_time_of_the_old_one(v2, room):
    v2("PATCH", "/entities/Room1/attrs", {"temperature": {"value": 1, "type": "Float"}})
    kept = v2("GET", "/entities/Room1/attrs/temperature").json()["metadata"]
    assert set(kept) == {"accuracy", "unitCode"}
    v2("PATCH", "/entities/Room1/attrs?options=overrideMetadata", {"temperature": {"value": 2}})
    assert v2("GET", "/entities/Room1/attrs/temperature").json()["metadata"] == {}


def test_a_value_is_read_and_written_alone(v2, room):
    value = "/entities/Room1/attrs/{}/value"
    assert v2("GET", value.format("address")).json() == {"city": "千代田区", "no": 3}
    answer = v2("GET", value.format("name"))
    assert (answer.headers["content-type"], answer.text) == ("text/plain", '"九段小学校"')
    assert v2("PUT", value.format("temperature"), "30.5", content_type="text/plain").status_code == 204
    assert v2("GET", "/entities/Room1/attrs/temperature").json()["type"] == "Float"
    assert v2("PUT", value.format("temperature"), "hot", content_type="text/plain").status_code == 400
    assert v2("PUT", value.format("address"), {"city": "港区"}).status_code == 204
    assert v2("GET", value.format("address")).json() == {"city": "港区"}


def test_an_entity_is_deleted(v2, room):
    assert v2("DELETE", "/entities/Room1?type=Car").status_code == 404
    assert v2("DELETE", "/entities/Room1?type=Room").status_code == 204
    assert v2("DELETE", "/entities/Room1").status_code == 404


@pytest.fixture
def rooms(v2):
    entities = [
        {
            "id": f"Room{number}",
            "type": "Room" if number < 4 else "Hall",
            "temperature": {"value": 20 + number, "metadata": {"avg": {"value": number}}},
            "state": {"value": "open" if number % 2 else "closed"},
            "PM2.5": {"value": number},
            "seen": {"value": f"2026-04-0{number}T00:00:00Z", "type": "DateTime"},
            "address": {"value": {"city": {"no": number}}},
            "location": {"value": f"35.{number}, 139.7", "type": "geo:point"},
        }
        for number in range(1, 6)
    ]
    payload = {"actionType": "append", "entities": entities}
    assert v2("POST", "/op/update", payload).status_code == 204


QUESTIONS = """
 question                                      | found
 type=Room                                     | 1 2 3
 type=Room,Hall&limit=2&offset=1               | 2 3
 id=Room1,Room5                                | 1 5
 idPattern=^Room[12]$                          | 1 2
 typePattern=^H                                | 4 5
 typePattern=^X                                |
 q=temperature>23                              | 4 5
 q=temperature==21..22                         | 1 2
 q=temperature==21,25                          | 1 5
 q=temperature:21                              | 1
 q=state==open;temperature<25                  | 1 3
 q=state!=open                                 | 2 4
 q=state~=^cl                                  | 2 4
 q='PM2.5'>=4                                  | 4 5
 q=address.city.no==3                          | 3
 q=seen>2026-04-03                             | 4 5
 q=seen==2026-04-02T09:00:00%2B09:00           | 2
 q=!state                                      |
 q=state;type==x                               |
 q=dateCreated>2020-01-01                      | 1 2 3 4 5
 mq=temperature.avg>=5                         | 5
 georel=near;maxDistance:12000&geometry=point&coords=35.2,139.7 | 1 2 3
 georel=coveredBy&geometry=box&coords=35.35,139.6;35.6,139.8 | 4 5
 orderBy=!temperature&limit=2                  | 5 4
 orderBy=state,!'PM2.5'                        | 4 2 5 3 1
"""


@pytest.mark.parametrize(("question", "found"), rows(QUESTIONS))
def test_entities_are_asked_for(v2, rooms, question, found):
    answer = v2("GET", f"/entities?{question}&options=keyValues,count&attrs=PM2.5")
    assert answer.status_code == 200, answer.text
    assert " ".join(one["id"][4:] for one in answer.json()) == found
    if "limit" not in question:
        assert answer.headers["fiware-total-count"] == str(len(found.split()))


def test_a_query_is_also_posted(v2, rooms):
    payload = {
        "entities": [{"idPattern": ".*", "type": "Room"}, {"id": "Room5"}],
        "attrs": ["temperature", "dateCreated"],
        "expression": {"q": "temperature>22"},
        "metadata": ["dateModified"],
    }
    found = v2("POST", "/op/query", payload).json()
    assert [one["id"] for one in found] == ["Room3", "Room5"]
    assert set(found[0]) == {"id", "type", "temperature", "dateCreated"}
    assert set(found[0]["temperature"]["metadata"]) == {"dateModified"}


def test_types_are_listed_with_what_their_entities_hold(v2, rooms):
    found = v2("GET", "/types?options=count").json()
    assert [(one["type"], one["count"]) for one in found] == [("Hall", 2), ("Room", 3)]
    assert found[1]["attrs"]["seen"] == {"types": ["DateTime"]}
    assert v2("GET", "/types?options=values").json() == ["Hall", "Room"]
    assert v2("GET", "/types/Hall").json()["attrs"]["location"] == {"types": ["geo:point"]}


def test_a_service_is_a_world_of_its_own(v2, room):
    elsewhere = {"fiware_service": "Minato"}
    assert v2("GET", "/entities", **elsewhere).json() == []
    assert v2("GET", "/entities/Room1", **elsewhere).status_code == 404
    assert v2("POST", "/entities", ROOM, **elsewhere).status_code == 201
    v2("DELETE", "/entities/Room1", fiware_service="minato")
    assert v2("GET", "/entities/Room1").status_code == 200
    for wrong in ("../x", "a b", "x" * 51, "a'--"):
        assert v2("GET", "/entities", fiware_service=wrong).status_code == 400


PATHS = """
 path        | found
 /           | 1
 /ward       | 2
 /ward/#     | 2 3
 /ward/13101 | 3
 /#          | 1 2 3
 /other      |
 /other,/    | 1
"""


@pytest.mark.parametrize(("path", "found"), rows(PATHS))
def test_service_paths_choose_parts_of_a_world(v2, path, found):
    for number, place in enumerate(("/", "/ward", "/ward/13101"), 1):
        v2("POST", "/entities", {"id": f"Room{number}", "type": "Room"}, fiware_servicepath=place)
    answer = v2("GET", "/entities", fiware_servicepath=path)
    assert " ".join(one["id"][4:] for one in answer.json()) == found
    for number in (1, 2, 3):
        status = v2("GET", f"/entities/Room{number}", fiware_servicepath=path).status_code
        assert (status == 200) == (str(number) in found)
        changed = v2("POST", f"/entities/Room{number}/attrs", {"a": {"value": 1}}, fiware_servicepath=path)
        assert (changed.status_code == 204) == (str(number) in found)


@pytest.mark.parametrize("path", ["ward", "/a b", "//", "/a/../b", "/-x", "/a,/b", "/ward/#"])
def test_a_path_that_cannot_be_written_to_is_refused(v2, path):
    assert v2("POST", "/entities", {"id": "R"}, fiware_servicepath=path).status_code == 400


def test_notifications_of_others_are_taken_in(v2):
    payload = {"subscriptionId": "1", "data": [ROOM]}
    assert v2("POST", "/op/notify", payload).status_code == 200
    assert v2("GET", "/entities/Room1/attrs/PM2.5").json()["value"] == 12


SUBSCRIPTION = {
    "description": "空き",
    "subject": {
        "entities": [{"idPattern": "^Room.*", "type": "Room"}],
        "condition": {"attrs": ["PM2.5"], "expression": {"q": "'PM2.5'>10"}},
    },
    "notification": {"http": {"url": "http://127.0.0.1:9/notify"}, "attrs": ["PM2.5"]},
    "throttling": 5,
}


def test_subscriptions_are_kept_changed_and_ended(v2, ask):
    answer = v2("POST", "/subscriptions", SUBSCRIPTION)
    assert answer.status_code == 201, answer.text
    name = answer.headers["location"].removeprefix("/v2/subscriptions/")
    found = v2("GET", f"/subscriptions/{name}").json()
    assert (found["id"], found["status"], found["description"]) == (name, "active", "空き")
    assert found["subject"] == SUBSCRIPTION["subject"]
    assert v2("PATCH", f"/subscriptions/{name}", {"status": "inactive"}).status_code == 204
    assert v2("GET", "/subscriptions").json()[0]["status"] == "inactive"
    assert ask("GET", "/subscriptions").json()[0]["isActive"] is False
    assert v2("DELETE", f"/subscriptions/{name}").status_code == 204
    assert v2("GET", "/subscriptions").json() == []


def test_a_subscription_to_this_hub_itself_is_refused(v2, settings):
    settings.TEDORI_PUBLIC_URL = "http://hub.example"
    own = {"http": {"url": "http://hub.example/v2/op/notify"}}
    assert v2("POST", "/subscriptions", {**SUBSCRIPTION, "notification": own}).status_code == 400


def test_nobody_writes_without_a_token(v2, room, settings):
    settings.TEDORI_LIVE_TRIAL = "no"
    assert v2("POST", "/entities", {"id": "R"}).status_code == 401
    assert v2("DELETE", "/entities/Room1").status_code == 401
    assert v2("GET", "/entities").json() == []
    assert v2("GET", "/entities/Room1").status_code == 404
    assert v2("POST", "/subscriptions", SUBSCRIPTION).status_code == 401


def test_walls_of_organisations_hold_and_a_revoked_token_is_refused(
    transactional_db, store, tanaka, acting, chiyoda, hachioji
):
    at = datetime.now(UTC)

    def city(code):
        token, secret = issue_token(
            organisation=code, label="x", scopes=["live.write", "live.subscribe"], by=acting(tanaka), at=at
        )
        return token, V2(authorization=f"Bearer {secret}")

    token, ours = city("131016")
    _, theirs = city("132012")
    assert ours("POST", "/entities", ROOM).status_code == 201
    subscribed = ours("POST", "/subscriptions", PUBLIC_SUBSCRIPTION).headers["location"]
    assert theirs("GET", "/entities").json() == theirs("GET", "/types").json() == []
    assert theirs("GET", "/entities/Room1").status_code == 404
    assert theirs("PATCH", "/entities/Room1/attrs", {"open": {"value": False}}).status_code == 403
    assert theirs("DELETE", "/entities/Room1").status_code == 403
    assert theirs("POST", "/entities?options=upsert", ROOM).status_code == 403
    assert theirs("GET", subscribed.removeprefix("/v2")).status_code == 404
    assert theirs("DELETE", subscribed.removeprefix("/v2")).status_code == 404
    revoke_token(token_id=token.id, by=acting(tanaka), at=at)
    refused = ours("GET", "/entities")
    assert (refused.status_code, refused.json()["error"]) == (401, "Unauthorized")


PUBLIC_SUBSCRIPTION = {**SUBSCRIPTION, "notification": {"http": {"url": "https://city.example/notify"}}}
