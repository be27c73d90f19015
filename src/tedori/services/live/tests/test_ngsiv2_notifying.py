"""Subscribers of the NGSIv2 door are told in NGSIv2, in the form that they asked for."""

# ruff: noqa: E501 - tables keep a case on one line
from __future__ import annotations

import orjson
import pytest

from tedori.services.live.actions.delivery.lanes import clock
from tedori.services.live.tests.hubs import Hub
from tedori.services.live.tests.test_ngsiv2 import ROOM, v2  # noqa: F401 - a fixture

HTTP = {"http": {"url": "http://127.0.0.1:9/notify"}}
TOLD = {
    "temperature": {"value": 30, "type": "Number", "metadata": {}},
    "name": {"value": "九段", "type": "Text", "metadata": {}},
}


def custom(**members):
    return {"httpCustom": {"url": "http://127.0.0.1:9/notify", **members}}


FORMS = [
    # what the subscriber asks for                  what one change tells
    (HTTP, [{"id": "Room1", "type": "Room", **TOLD}]),
    (HTTP | {"attrsFormat": "keyValues"}, [{"id": "Room1", "type": "Room", "temperature": 30, "name": "九段"}]),
    (HTTP | {"attrsFormat": "values", "attrs": ["name", "temperature"]}, [["九段", 30]]),
    (HTTP | {"attrs": ["temperature"]}, [{"id": "Room1", "type": "Room", "temperature": TOLD["temperature"]}]),
    (HTTP | {"exceptAttrs": ["temperature"]}, [{"id": "Room1", "type": "Room", "name": TOLD["name"]}]),
]  # fmt: skip


def after_a_change(v2, notification, *, condition=None):  # noqa: F811
    hub = Hub()
    matcher = hub.matcher()
    body = {
        "subject": {"entities": [{"idPattern": "^Room", "type": "Room"}], "condition": condition or {}},
        "notification": notification,
    }
    answer = v2("POST", "/subscriptions", body)
    assert answer.status_code == 201, answer.text
    room = {"id": "Room1", "type": "Room", "temperature": {"value": 30}, "name": {"value": "九段"}}
    v2("POST", "/entities", room)
    return hub, matcher, matcher.round(clock())[1]


@pytest.mark.req("F09")
@pytest.mark.parametrize(("notification", "data"), FORMS, ids=lambda one: str(one)[:60])
def test_a_notification_has_the_form_that_was_asked_for(v2, notification, data):  # noqa: F811
    _, _, (letter,) = after_a_change(v2, notification)
    told = orjson.loads(letter.body)
    assert told["data"] == data
    assert set(told) == {"subscriptionId", "data"}


def test_a_custom_request_is_filled_in(v2):  # noqa: F811
    wanted = custom(
        method="PUT",
        headers={"X-Key": "abc"},
        json={"t": "${temperature}", "who": "room ${id}", "no": "${x}"},
    )
    _, matcher, (letter,) = after_a_change(v2, wanted)
    assert orjson.loads(letter.body) == {"t": 30, "who": "room Room1", "no": None}
    endpoint = matcher.endpoint(letter.subscription)
    assert endpoint.method == "PUT"
    assert endpoint.headers["X-Key"] == "abc"


def test_a_text_is_filled_in_too(v2):  # noqa: F811
    _, _, (letter,) = after_a_change(v2, custom(payload="${id} is ${temperature}"))
    assert letter.body == b"Room1 is 30"


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({"attrs": ["temperature"]}, 1),
        ({"attrs": ["other"]}, 0),
        ({"expression": {"q": "temperature>29"}}, 1),
        ({"expression": {"q": "temperature>31"}}, 0),
        ({"alterationTypes": ["entityDelete"]}, 0),
        ({"alterationTypes": ["entityCreate"]}, 1),
    ],
)
def test_conditions_hold(v2, condition, count):  # noqa: F811
    assert len(after_a_change(v2, HTTP, condition=condition)[2]) == count


def test_the_same_value_again_is_no_change(v2):  # noqa: F811
    hub, matcher, letters = after_a_change(v2, HTTP)
    assert len(letters) == 1
    v2("PATCH", "/entities/Room1/attrs", {"temperature": {"value": 30}})
    assert matcher.round(clock())[1] == []
    v2("PATCH", "/entities/Room1/attrs", {"temperature": {"value": 31}})
    assert len(matcher.round(clock())[1]) == 1


@pytest.mark.parametrize(
    "notification",
    [
        {},
        {"http": {}},
        HTTP | custom(),
        HTTP | {"attrs": ["a"], "exceptAttrs": ["b"]},
        HTTP | {"attrsFormat": "legacy"},
        custom(headers={"X": "${id}"}),
        custom(method="GET"),
        custom(headers={"X": "a\r\nHost: evil"}),
        {"http": {"url": "file:///etc/passwd"}},
    ],
    ids=str,
)
def test_what_cannot_be_told_is_refused(v2, notification):  # noqa: F811
    body = {"subject": {"entities": [{"id": "Room1"}]}, "notification": notification}
    assert v2("POST", "/subscriptions", body).status_code in (400, 501)
    assert ROOM
