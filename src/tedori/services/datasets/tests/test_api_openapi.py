"""The description of `/api/v1` and what stands behind it, held against each other by generated questions."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tedori.services.datasets.queries.shelving import SHELVES
from tedori.services.datasets.tests.publications import publish_aed, publish_rows

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# More for a long look: TEDORI_API_EXAMPLES=300.
OURS = {"slug": "aed", "code": "131016", "municipality": "131016"}
EXAMPLES = int(os.environ.get("TEDORI_API_EXAMPLES", "8"))
LOOK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def described(db, monkeypatch, settings):
    """The description, read from the house itself, with data behind it."""
    settings.RATES = {"public": "", "token": ""}
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr(SHELVES, "fresh", 3600.0)
    publish_aed()
    publish_rows([{"ID": "1", "名称": "中央公園"}], slug="public_toilet")
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.mark.req("O04")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as-told", "against"]
)
def test_every_operation_answers_as_it_is_described(mode, described):
    seen = Counter()
    for result in described.get_all_operations():
        operation = result.ok()

        @LOOK
        @given(case=operation.as_strategy(generation_mode=mode))
        def look(case):
            for known in ({}, OURS):
                # The same question again about what there is, so that more than refusals is looked at.
                for place in (case.path_parameters, case.query):
                    for name in set(known) & set(place or {}):
                        place[name] = known[name]
                response = case.call()
                case.validate_response(response, checks=CHECKS)
                seen[response.status_code] += 1

        # What takes any text, or nothing at all, cannot be asked wrongly.
        with suppress(Unsatisfiable):
            look()
    assert sum(seen.values()) >= 2 * EXAMPLES
    assert seen[200 if mode is GenerationMode.POSITIVE else 404] > 0, seen
