"""What every test of this service may ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tedori.kernel.jobs.running import run_waiting
from tedori.kernel.organisations.models import User
from tedori.kernel.organisations.values import Actor
from tedori.services.datasets.actions.cards import CardDraft, save_card
from tedori.services.datasets.actions.receiving import Receipt, receive
from tedori.services.datasets.tests.factories import CHIYODA, NOW, make_people, make_places


@pytest.fixture
def people(db) -> dict[str, Actor]:
    """The recurring people in their organisations."""
    make_places()
    return make_people()


@pytest.fixture
def send(people) -> Callable[..., Receipt]:
    """Receive a file and let the worker run: `send(data, name=…)`."""

    def _send(
        data: bytes, *, name: str = "aed.csv", by: str = "sato", organisation: str = CHIYODA
    ) -> Receipt:
        receipt = receive(iter([data]), name=name, organisation=organisation, by=people[by], at=NOW)
        run_waiting()
        return receipt

    return _send


@pytest.fixture
def carded(people) -> None:
    """千代田区's AED record, complete."""
    draft = CardDraft(title="AED設置箇所一覧", steward="佐藤花子", licence="CC-BY-4.0", granularity="1台ごと")
    save_card(draft, slug="aed", organisation=CHIYODA, by=people["sato"], at=NOW)


@pytest.fixture
def desk(people, client):
    """A browser in which `desk("sato")` is signed in."""

    def _desk(name: str):
        client.force_login(
            User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return _desk
