"""The description of the hub's doors, and generated questions behind which nobody may find a 5xx."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from tedori.services.live.api.ngsiv2.door import ngsiv2
from tedori.services.live.api.openapi import description, routes
from tedori.services.live.api.router import hub

# More for a long look: TEDORI_API_EXAMPLES=300.
EXAMPLES = int(os.environ.get("TEDORI_API_EXAMPLES", "4"))
LOOK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
KNOWN = {"id": "urn:ngsi-ld:Toilet:1", "entityId": "urn:ngsi-ld:Toilet:1", "name": "free", "type": "Toilet"}
TOILET = {"id": KNOWN["id"], "type": "Toilet", "free": {"type": "Property", "value": 3}}


async def door(scope, receive, send):
    """Both doors, asked by this machine's own user."""
    asked = scope | {"client": ("127.0.0.1", 50000)}
    if not await ngsiv2(asked, receive, send):
        await hub(asked, receive, send)


def test_every_door_is_described(ask):
    told = ask("GET", "/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    described = {(method.upper(), path) for path, ways in told["paths"].items() for method in ways}
    assert described == {(one.method, one.path) for one in routes() if one.path.startswith("/ngsi-ld/v1")}
    for ways in told["paths"].values():
        for operation in ways.values():
            assert operation["summary"]


@pytest.mark.req("F09")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as-told", "against"]
)
@pytest.mark.parametrize("prefix", ["/ngsi-ld/v1", "/v2"])
def test_no_question_breaks_a_door(ask, prefix, mode):
    seen = Counter()
    schema = schemathesis.openapi.from_dict(description(routes(), prefix, title="live"))
    schema.app = door
    checks = [not_a_server_error]
    if prefix != "/v2":
        checks += [status_code_conformance, content_type_conformance]
    for result in schema.get_all_operations():
        operation = result.ok()
        ask("POST", "/entities", TOILET)  # which the operation before may have deleted

        @LOOK
        @given(case=operation.as_strategy(generation_mode=mode))
        def look(case):
            for known in ({}, KNOWN):
                # The same question again about what there is, so that more than refusals is looked at.
                for place in (case.path_parameters, case.query):
                    for name in set(known) & set(place or {}):
                        place[name] = known[name]
                response = case.call()
                case.validate_response(response, checks=checks)
                seen[response.status_code] += 1

        # What takes any text, or nothing at all, cannot be asked wrongly.
        with suppress(Unsatisfiable):
            look()
    assert sum(seen.values()) >= 2 * EXAMPLES
    assert seen[200 if mode is GenerationMode.POSITIVE else 400] > 0, seen


def test_the_hub_says_who_it_is(ask, settings):
    settings.TEDORI_PUBLIC_URL = "https://city.example"
    told = ask("GET", "/info/sourceIdentity").json()
    assert (told["type"], told["contextSourceAlias"]) == ("ContextSourceIdentity", "tedori-city.example:443")
    assert told["id"] == ask("GET", "/info/sourceIdentity").json()["id"]
    assert told["contextSourceUptime"].startswith("PT")
    assert told["contextSourceTimeAt"].endswith("Z")


def test_each_tenant_has_an_identity_of_its_own(ask):
    assert ask("GET", "/info/sourceIdentity", ngsild_tenant="nowhere").status_code == 404
    ask("POST", "/entities", TOILET, ngsild_tenant="ward")
    ids = {ask("GET", "/info/sourceIdentity", ngsild_tenant=name).json()["id"] for name in ("", "ward")}
    assert len(ids) == 2
