"""Two real instances keep shelters in sync: through a cut wire and a restart, once each, and the newest wins."""

# ruff: noqa: E501 - tables keep a case on one line
from __future__ import annotations

import sqlite3

import pytest

from tedori.services.live.tests.instances import Instance, Relay

HEAD = "urn:ngsi-ld:EvacuationShelter:131016:"
MAPPING = """
types:
  避難所:
    type: EvacuationShelter
    attributes:
      避難者数: headcount
      開設: {name: status, values: {開設中: open, 閉鎖: closed}}
"""


def shelter(
    number, *, at, status="open", headcount=0, kind="EvacuationShelter", names=("status", "headcount")
):
    return {
        "id": f"{HEAD}{number}",
        "type": kind,
        names[0]: {"type": "Property", "value": status, "observedAt": at},
        names[1]: {"type": "Property", "value": headcount, "observedAt": at},
    }


def at(minute):
    return f"2026-04-01T00:{minute:02}:00Z"


@pytest.fixture
def pair(tmp_path, request):
    """Two hubs, A linked to B both ways; `wires` lead from A to B and back."""
    protocol, types, mapping = request.param
    a, b = Instance(tmp_path / "a"), Instance(tmp_path / "b")
    out, back = Relay(b.port), Relay(a.port)
    a.public = f"http://127.0.0.1:{back.port}"
    for one in (a, b):
        one.home.mkdir()
        one.token = one.do("token")
    try:
        a.do("link", f"http://127.0.0.1:{out.port}", protocol, "both", types, b.token, mapping)
        b.begin("web", "notifier")
        yield a, b, out, back
    finally:
        for one in (a, b):
            one.kill()
        out.close()
        back.close()


@pytest.mark.req("F09", "R02")
@pytest.mark.parametrize(
    "pair", [("ngsi-ld", "EvacuationShelter", ""), ("ngsiv2", "EvacuationShelter", MAPPING)], indirect=True,
    ids=["ngsi-ld", "ngsiv2 with a mapping"],
)  # fmt: skip
def test_shelters_stay_in_sync_through_a_cut_and_a_restart(pair, request):
    a, b, out, back = pair
    mapped = "mapping" in request.node.name
    kind, names = (
        ("避難所", ("開設", "避難者数")) if mapped else ("EvacuationShelter", ("status", "headcount"))
    )
    words = {"open": "開設中", "closed": "閉鎖"} if mapped else {"open": "open", "closed": "closed"}

    def put_a(number, **values):
        answer = a.call(
            "POST", "/ngsi-ld/v1/entityOperations/upsert?options=update", [shelter(number, **values)]
        )
        assert answer.status_code < 300, answer.text

    def put_b(number, status="open", **values):
        body = shelter(number, status=words[status], kind=kind, names=names, **values)
        answer = b.call("POST", "/ngsi-ld/v1/entityOperations/upsert?options=update", [body])
        assert answer.status_code < 300, answer.text

    def in_a(number):
        found = a.call("GET", f"/ngsi-ld/v1/entities/{HEAD}{number}").json()
        return found["status"]["value"], found["headcount"]["value"]

    def in_b(number):
        found = b.call("GET", f"/ngsi-ld/v1/entities/{HEAD}{number}").json()
        back_again = {theirs: ours for ours, theirs in words.items()}
        return back_again[found[names[0]]["value"]], found[names[1]]["value"]

    a.begin("web")
    put_a(1, at=at(1), headcount=1)
    put_b(2, at=at(1), headcount=2)
    a.begin("links")
    a.until(lambda: in_b(1) == ("open", 1))
    a.until(lambda: in_a(2) == ("open", 2))

    put_b(1, at=at(2), status="closed", headcount=3)
    a.until(lambda: in_a(1) == ("closed", 3))
    put_a(2, at=at(2), headcount=4)
    a.until(lambda: in_b(2) == ("open", 4))

    # The wire is cut; both sides go on, and both change the same shelter.
    out.cut()
    back.cut()
    put_a(1, at=at(5), headcount=5)
    put_b(1, at=at(6), headcount=6)
    put_a(2, at=at(8), headcount=8)
    put_b(2, at=at(7), headcount=7)
    put_a(3, at=at(5), headcount=30)
    put_b(4, at=at(5), headcount=40)
    # A person in A decides, with an older time than what B will say.
    held = {"status": {"type": "Property", "value": "closed", "observedAt": at(5), "setBy": "person"}}
    assert a.call("PATCH", f"/ngsi-ld/v1/entities/{HEAD}2", held).status_code == 204
    put_b(2, at=at(9), headcount=9)

    # A is killed and starts again while the wire is still cut.
    a.kill()
    a.begin("web", "links")
    out.mend()
    back.mend()
    a.until(lambda: in_a(1) == in_b(1) == ("open", 6))
    a.until(lambda: in_a(2) == in_b(2) == ("closed", 9))
    a.until(lambda: in_b(3) == ("open", 30))
    a.until(lambda: in_a(4) == ("open", 40))

    # Nothing was taken or told twice, and what is older does nothing any more.
    put_b(1, at=at(3), headcount=99)
    put_b(4, at=at(10), headcount=41)
    a.until(lambda: in_a(4) == ("open", 41))
    assert in_a(1) == ("open", 6)
    assert writes(a, 3) == writes(b, 3) == 1
    assert writes(a, 4) == writes(b, 4) == 2


def writes(hub, number):
    """How often a shelter's headcount was written, by the hub's history."""
    with sqlite3.connect(hub.home / "tedori.sqlite3") as connection:
        rows = connection.execute(
            "SELECT count(*) FROM live_history WHERE urn = ? AND (name LIKE '%/headcount' OR kind = 'Property')"
            " AND number IS NOT NULL",
            (f"{HEAD}{number}",),
        )
        return rows.fetchone()[0]
