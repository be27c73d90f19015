"""Many entities at once: each has its own outcome."""

from __future__ import annotations

import pytest

OPERATIONS = "/entityOperations"


def one(number, **attributes):
    return {"id": f"urn:ngsi-ld:Toilet:{number}", "type": "Toilet", **attributes}


BAD = {"id": "no uri", "type": "Toilet"}


def outcome(answer):
    if answer.status_code != 207:
        return answer.status_code, answer.json() if answer.content else None
    told = answer.json()
    return 207, (told["success"], [(error["entityId"], error["error"]["status"]) for error in told["errors"]])


@pytest.fixture
def toilet(ask):
    assert ask("POST", "/entities", one(1, free=3, note="old")).status_code == 201
    return ask


def test_creating_fails_for_what_is_there_and_for_nonsense(toilet):
    answer = toilet("POST", f"{OPERATIONS}/create", [one(1), one(2), BAD, one(2)])
    status, (success, errors) = outcome(answer)
    assert (status, success) == (207, [one(2)["id"]])
    assert sorted(errors) == [("no uri", 400), (one(1)["id"], 409), (one(2)["id"], 409)]
    assert outcome(toilet("POST", f"{OPERATIONS}/create", [one(5)])) == (201, [one(5)["id"]])


def test_upserting_replaces_or_updates(toilet):
    assert outcome(toilet("POST", f"{OPERATIONS}/upsert", [one(1, free=1), one(2)])) == (201, [one(2)["id"]])
    assert "note" not in toilet("GET", "/entities/urn:ngsi-ld:Toilet:1").json()
    assert outcome(toilet("POST", f"{OPERATIONS}/upsert?options=update", [one(1, note="new")])) == (204, None)
    read = toilet("GET", "/entities/urn:ngsi-ld:Toilet:1?options=keyValues").json()
    assert (read["free"], read["note"]) == (1, "new")


def test_updating_and_merging_need_what_is_there(toilet):
    for operation in ("update", "merge"):
        answer = toilet("POST", f"{OPERATIONS}/{operation}", [one(1, free=0), one(9)])
        assert outcome(answer) == (207, ([one(1)["id"]], [(one(9)["id"], 404)]))
    assert toilet("GET", "/entities/urn:ngsi-ld:Toilet:1").json()["free"]["value"] == 0


def test_deleting_many(toilet):
    answer = toilet("POST", f"{OPERATIONS}/delete", [one(1)["id"], one(9)["id"]])
    assert outcome(answer) == (207, ([one(1)["id"]], [(one(9)["id"], 404)]))


def test_one_after_the_other_within_a_batch(toilet, store):
    steps = [one(1, free=2), one(1, free=1), one(1, free=0)]
    assert toilet("POST", f"{OPERATIONS}/upsert?options=update", steps).status_code == 204
    told = store.session().all("SELECT number FROM live_history WHERE number IS NOT NULL ORDER BY id")
    assert told == [(3.0,), (2.0,), (1.0,), (0.0,)]
    assert store.session().one("SELECT count(*) FROM live_change") == (4,)


@pytest.mark.parametrize("body", [[], {}, [None], "[", [[]], "[1]"])
def test_what_is_no_batch_is_refused(ask, body):
    answer = ask("POST", f"{OPERATIONS}/upsert", body, content_type="application/json")
    assert answer.status_code in (400, 207), answer.text
    if answer.status_code == 207:
        assert not answer.json()["success"]


def test_a_batch_that_is_too_long_is_refused(ask, settings):
    settings.TEDORI_LIVE_BATCH = "2"
    answer = ask("POST", f"{OPERATIONS}/create", [one(1), one(2), one(3)])
    assert answer.status_code == 413
    assert ask("GET", "/entities?type=Toilet").json() == []


def test_contexts_that_cannot_be_had_fail_only_their_own_entities(ask):
    far = {**one(1), "@context": "http://127.0.0.1:1/none.jsonld"}
    near = {**one(2), "@context": {"a": "http://a.example/a"}}
    answer = ask("POST", f"{OPERATIONS}/create", [far, near], content_type="application/ld+json")
    assert outcome(answer) == (207, ([near["id"]], [(far["id"], 503)]))


def test_a_thousand_at_once(ask, store):
    many = [
        one(number, free=number, location={"type": "Point", "coordinates": [139, 35]})
        for number in range(1000)
    ]
    assert ask("POST", f"{OPERATIONS}/upsert", many).status_code == 201
    assert ask("POST", f"{OPERATIONS}/upsert", many).status_code == 204
    for table, rows in (
        ("live_entity", 1000),
        ("live_value", 2000),
        ("live_place", 1000),
        ("live_history", 4000),
    ):
        assert store.session().one(f"SELECT count(*) FROM {table}") == (rows,)
