"""To whom requests may be passed on, for whom, and how a loop is seen."""

import pytest

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.kernel.organisations.values import ANONYMOUS, Actor, system_actor
from tedori.services.live.rules.sources import acts_for, check_source, passed, via_of

CHIYODA, HACHIOJI = Actor(token_id=1, organisation="131016"), Actor(token_id=2, organisation="132012")
OWN = "https://live.example:443"

ENDPOINTS = [
    ("https://bus.example/hub", False, True),
    ("http://127.0.0.1:9", False, False),
    ("http://[::1]:9", False, False),
    ("http://localhost:9", False, False),
    ("http://10.0.0.7", False, False),
    ("http://169.254.169.254", False, False),
    ("http://127.0.0.1:9", True, True),
    ("https://live.example/other", False, False),
]


@pytest.mark.parametrize(("uri", "private", "allowed"), ENDPOINTS)
def test_a_source_is_somewhere_else_in_the_open_internet(uri, private, allowed):
    if allowed:
        check_source(uri, private=private, own=OWN, tenant=None)
        return
    with pytest.raises(NgsiLdError) as error:
        check_source(uri, private=private, own=OWN, tenant=None)
    assert error.value.where == "endpoint"


def test_another_tenant_of_this_hub_is_somebody_else():
    check_source(OWN, private=False, own=OWN, tenant="buses")


FOR = [
    ("131016", CHIYODA, True),
    ("131016", HACHIOJI, False),
    ("", HACHIOJI, True),
    ("131016", ANONYMOUS, False),
    ("131016", system_actor("trial"), True),
]


@pytest.mark.parametrize(("owner", "actor", "expected"), FOR)
def test_nobody_gets_what_others_write_by_registering_a_source(owner, actor, expected):
    assert acts_for(owner, actor) is expected


VIA = [
    ("", "bus-hub", False),
    ("1.1 bus-hub", "bus-hub", True),
    ("1.1 first, 1.1 bus-hub", "bus-hub", True),
    ("1.1 bus-hub-2", "bus-hub", False),
    ("1.1 first", "", False),
]


@pytest.mark.parametrize(("received", "alias", "expected"), VIA)
def test_who_was_there_already_is_known_by_name(received, alias, expected):
    assert passed(received, alias) is expected


def test_everybody_on_the_way_adds_a_name():
    assert via_of("live.example:443", "1.1 first") == "1.1 first, 1.1 tedori-live.example:443"
