"""Which subscriptions are taken, how fragments change them, and how they are shown."""

import pytest

from tedori.engines.ngsild.contexts import CORE, compiled
from tedori.engines.ngsild.errors import NgsiLdError
from tedori.engines.ngsild.subscriptions.documents import (
    Record,
    changed_subscription,
    read_subscription,
    status,
    write_subscription,
)

NOW = "2026-07-01T00:00:00.000000Z"
VOCABULARY = "https://uri.etsi.org/ngsi-ld/default-context/"
CITY = compiled({"Shelter": "https://city.example/Shelter", "open": "https://city.example/open"}, load=None)


def shelters(**members):
    plain = {
        "type": "Subscription",
        "entities": [{"type": "Shelter"}],
        "notification": {"endpoint": {"uri": "https://ward.example/notify"}},
    }
    return {name: value for name, value in (plain | members).items() if value is not ...}


def told(**members):
    return {"notification": {"endpoint": {"uri": "https://ward.example/notify"}} | members}


def to(**members):
    return told(endpoint={"uri": "https://ward.example/notify"} | members)


def pair(key, value):
    return {"key": key, "value": value}


def selecting(**selector):
    return {"entities": [selector]}


INTERVAL, QOS_3 = {"timeInterval": 5}, pair("MQTT-QoS", "3")
CHANGES = told(showChanges=True, format="simplified")

REFUSED = [
    # what is wrong                       where (N: notification, E: its endpoint)
    ("it is no subscription",              "type",                   {"type": "Entity"}),
    ("the id is no URI",                   "id",                     {"id": "mine"}),
    ("the id is empty",                    "id",                     {"id": ""}),
    ("nothing is watched",                 "entities",               {"entities": ...}),
    ("no entities in the list",            "entities",               {"entities": []}),
    ("a selector without a type",          "entities[0].type",       selecting(id="urn:a:1")),
    ("a pattern that is none",             "q",                      selecting(type="A", idPattern="(")),
    ("nobody to notify",                   "notification",           {"notification": ...}),
    ("no endpoint",                        "N endpoint",             {"notification": {}}),
    ("an endpoint by mail",                "E uri",                  to(uri="mailto:sato@example.jp")),
    ("MQTT without a topic",               "E uri",                  to(uri="mqtt://broker.example/")),
    ("an unknown media type",              "E accept",               to(accept="text/csv")),
    ("a header that smuggles another",     "E receiverInfo[0]",      to(receiverInfo=[pair("A", "\nB: c")])),
    ("a quality that MQTT does not have",  "E notifierInfo[0].value", to(notifierInfo=[QOS_3])),
    ("an unknown format",                  "N format",               told(format="xml")),
    ("attributes beside pick",             "attrs",                  told(attributes=["a"], pick=["b"])),
    ("one member picked and omitted",      "omit",                   told(pick=["id"], omit=["id"])),
    ("changes without room for them",      "N showChanges",          CHANGES),
    ("an unknown trigger",                 "notificationTrigger[0]", {"notificationTrigger": ["moved"]}),
    ("throttling backwards",               "throttling",             {"throttling": -1}),
    ("throttling beside an interval",      "throttling",             INTERVAL | {"throttling": 5}),
    ("an interval, watching attributes",   "watchedAttributes",      INTERVAL | {"watchedAttributes": ["a"]}),
    ("it expired before it began",         "expiresAt",              {"expiresAt": "2026-06-30T23:59:59Z"}),
    ("a date is no moment",                "expiresAt",              {"expiresAt": "2027-01-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("where", "members"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_subscription_that_cannot_be_meant_is_refused_where_it_is_wrong(where, members):
    with pytest.raises(NgsiLdError) as caught:
        read_subscription(shelters(**members), CORE, at=NOW)
    whole = where.replace("E ", "N endpoint.").replace("N ", "notification.")
    assert (caught.value.kind, caught.value.where) == ("BadRequestData", whole)


def test_names_are_kept_expanded_and_shown_in_the_readers_context():
    kept = read_subscription(
        shelters(watchedAttributes=["open"], **told(pick=["id", "open", "bed{open}"])), CITY, at=NOW
    )
    assert kept["entities"] == [{"type": "https://city.example/Shelter"}]
    shown = write_subscription(kept, CITY, record=Record(), at=NOW)
    assert shown["watchedAttributes"] == ["open"]
    assert shown["notification"]["pick"] == ["id", "open", "bed{open}"]
    strange = write_subscription(kept, CORE, record=Record(), at=NOW)
    assert strange["entities"] == [{"type": "https://city.example/Shelter"}]


def test_a_new_subscription_shows_no_counters_and_the_default_triggers():
    shown = write_subscription(read_subscription(shelters(), CORE, at=NOW), CORE, record=Record(), at=NOW)
    assert shown == shelters() | {
        "notificationTrigger": ["attributeCreated", "attributeUpdated"],
        "status": "active",
    }


def test_what_the_system_tells_is_not_taken_from_the_caller():
    kept = read_subscription(shelters(status="expired", **told(timesSent=9)), CORE, at=NOW)
    shown = write_subscription(kept, CORE, record=Record(times_sent=1), at=NOW)
    assert (shown["status"], shown["notification"]["timesSent"]) == ("active", 1)


def test_the_latest_attempt_says_how_notifications_fare():
    early, late = "2026-07-01T00:00:01Z", "2026-07-01T00:00:02Z"
    assert Record().status is None
    assert Record(last_success=early, last_failure=late).status == "failed"
    assert Record(last_success=late, last_failure=early).status == "ok"


def test_a_fragment_replaces_members_and_nulls_remove_them():
    kept = read_subscription(shelters(description="beds", isActive=False), CORE, at=NOW)
    changed = changed_subscription(
        kept,
        {"isActive": True, "description": "urn:ngsi-ld:null", "entities": [{"type": "Toilet"}]},
        CORE,
        at=NOW,
    )
    assert changed["entities"] == [{"type": VOCABULARY + "Toilet"}]
    assert changed["isActive"] is True
    assert "description" not in changed
    assert changed["notification"] == kept["notification"]


@pytest.mark.parametrize(
    "fragment",
    [
        {"notification": None},
        {"notification": {"format": "keyValues"}},
        {"notification": {"endpoint": None}},
        {"entities": None},
        {"id": "urn:other"},
        {"expiresAt": "2020-01-01T00:00:00Z"},
        [],
    ],
)
def test_a_fragment_cannot_take_away_what_must_be_there(fragment):
    kept = read_subscription(shelters(id="urn:s:1"), CORE, at=NOW)
    with pytest.raises(NgsiLdError, match="BadRequestData"):
        changed_subscription(kept, fragment, CORE, at=NOW)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, "active"),
        ({"isActive": False}, "paused"),
        ({"expiresAt": "2026-07-01T00:00:00Z"}, "expired"),
        ({"expiresAt": "2026-07-01T00:00:00.5Z"}, "active"),
        ({"expiresAt": "2026-06-01T00:00:00Z", "isActive": False}, "expired"),
    ],
)
def test_status_follows_from_what_was_asked_and_the_clock(members, expected):
    assert status(members, at=NOW) == expected
