"""A token may be limited to types and places, and then writes nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tedori.kernel.organisations.actions import issue_token, revoke_token
from tedori.kernel.organisations.rules import UnknownScope
from tedori.kernel.organisations.values import Actor
from tedori.services.live.rules.access import within_limits
from tedori.services.live.tests.conftest import Caller

AT = datetime.now(UTC)
TABLE = """
 scopes                                    | id                        | types                | may
 live.write                                | urn:ngsi-ld:Toilet:1      | Toilet               | yes
 live.write:Toilet                         | urn:ngsi-ld:Toilet:1      | Toilet               | yes
 live.write:Toilet                         | urn:ngsi-ld:Well:1        | Well                 | no
 live.write:Toilet                         | urn:ngsi-ld:Toilet:1      | Toilet,Well          | no
 live.write:Toilet live.write:Well         | urn:ngsi-ld:Toilet:1      | Toilet,Well          | yes
 live.write:Toilet@131016                  | urn:ngsi-ld:Toilet:131016:1 | Toilet             | yes
 live.write:Toilet@131016                  | urn:ngsi-ld:Toilet:132012:1 | Toilet             | no
 live.write:Toilet@131016                  | urn:ngsi-ld:Toilet:1131016:1 | Toilet            | no
 live.write:@131016                        | urn:ngsi-ld:Well:131016:1 | Well                 | yes
 live.write:https://example.org/Toilet     | urn:ngsi-ld:Toilet:1      | Toilet               | no
 live.write:https://example.org/Toilet     | urn:ngsi-ld:Toilet:1      | https://example.org/Toilet | yes
 live.write:Toilet                         | urn:ngsi-ld:Toilet:1      | https://example.org/Toilet | yes
 live.subscribe                            | urn:ngsi-ld:Toilet:1      | Toilet               | no
"""
VOCABULARY = "https://uri.etsi.org/ngsi-ld/default-context/"


def rows(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("scopes", "urn", "types", "may"), rows(TABLE))
def test_a_limit_names_types_and_places(scopes, urn, types, may):
    token = Actor(token_id=1, organisation="131016", scopes=frozenset(scopes.split()))
    found = [name if ":" in name else VOCABULARY + name for name in types.split(",")]
    assert within_limits(token, urn, found) == (may == "yes")


@pytest.fixture
def narrow(here, chiyoda, tanaka, acting):
    """A token for Chiyoda's toilets alone, and a way to call with it."""
    value, secret = issue_token(
        organisation="131016", label="トイレのセンサー", scopes=["live.write:Toilet@131016"],
        by=acting(tanaka), at=AT,
    )  # fmt: skip
    return value, Caller(authorization=f"Bearer {secret}")


def entity(kind, code="131016"):
    return {"id": f"urn:ngsi-ld:{kind}:{code}:1", "type": kind, "free": 3}


@pytest.mark.req("F09")
def test_a_limited_token_writes_what_it_is_for_and_nothing_else(narrow):
    _, call = narrow
    assert call("POST", "/entities", entity("Toilet")).status_code == 201
    assert call("PATCH", "/entities/urn:ngsi-ld:Toilet:131016:1/attrs", {"free": 2}).status_code == 204
    assert call("POST", "/entities", entity("Well")).status_code == 403
    assert call("POST", "/entities", entity("Toilet", "132012")).status_code == 403
    assert call("POST", "/entities/urn:ngsi-ld:Toilet:131016:1/attrs", {"type": "Well"}).status_code == 403
    answer = call("POST", "/entityOperations/upsert", [entity("Toilet"), entity("Well")])
    assert answer.status_code == 207
    assert [one["entityId"] for one in answer.json()["errors"]] == ["urn:ngsi-ld:Well:131016:1"]


def test_what_it_may_not_write_it_may_not_delete(narrow, here, tanaka, acting):
    _, call = narrow
    _, secret = issue_token(
        organisation="131016", label="すべて", scopes=["live.write"], by=acting(tanaka), at=AT
    )
    whole = Caller(authorization=f"Bearer {secret}")
    assert whole("POST", "/entities", entity("Well")).status_code == 201
    well = "/entities/urn:ngsi-ld:Well:131016:1"
    assert call("DELETE", well).status_code == 403
    assert call("DELETE", "/entities?type=Well").status_code == 204
    assert call("POST", "/entityOperations/delete", ["urn:ngsi-ld:Well:131016:1"]).status_code in {
        207,
        400,
        403,
    }
    assert whole("GET", well).status_code == 200


def test_a_revoked_token_is_refused_at_once(narrow, tanaka, acting):
    value, call = narrow
    assert call("POST", "/entities", entity("Toilet")).status_code == 201
    revoke_token(token_id=value.id, by=acting(tanaka), at=AT)
    assert call("PATCH", "/entities/urn:ngsi-ld:Toilet:131016:1/attrs", {"free": 2}).status_code == 401


def test_the_form_narrows_what_is_ticked(here, chiyoda, tanaka, browser_of):
    sent = {"label": "x", "scopes": ["live.write"], "only-live.write": "Toilet@131016, EvacuationShelter"}
    page = browser_of(tanaka).post("/organisations/131016/tokens/", sent).content.decode()
    assert "tdr_" in page
    assert "ライブ情報を書き込む（Toilet@131016）" in page
    assert "ライブ情報を書き込む（EvacuationShelter）" in page


def test_a_permission_that_cannot_be_narrowed_is_refused_with_a_limit(here, chiyoda, tanaka, acting):
    with pytest.raises(UnknownScope):
        issue_token(
            organisation="131016", label="x", scopes=["live.subscribe:Toilet"], by=acting(tanaka), at=AT
        )
