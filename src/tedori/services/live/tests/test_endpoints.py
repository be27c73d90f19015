"""Where notifications may go, and how patiently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tedori.engines.ngsild.errors import NgsiLdError
from tedori.services.live.rules.endpoints import (
    LONGEST_WAIT,
    check_endpoint,
    hub_name,
    is_final,
    is_public,
    passed_through,
    wait_after,
)

OWN = "https://city.example"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.114.7", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.9", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::1", False),
    ],
)
def test_only_the_open_internet_is_public(address, expected):
    assert is_public(address) is expected


REFUSED = [
    # endpoint                                     private ones allowed
    ("http://127.0.0.1/notify",                    False),
    ("http://[::1]:9000/",                         False),
    ("http://localhost/notify",                    False),
    ("http://hub.localhost/notify",                False),
    ("mqtt://192.168.0.9/shelters",                False),
    ("https://city.example/ngsi-ld/v1/entities",   False),
    ("https://CITY.example:443/ngsi-ld/v1/x",      True),
]  # fmt: skip


@pytest.mark.parametrize(("endpoint", "private"), REFUSED)
def test_endpoints_inside_and_the_hub_itself_are_refused(endpoint, private):
    with pytest.raises(NgsiLdError, match="BadRequestData"):
        check_endpoint(endpoint, private=private, own=OWN)


@pytest.mark.parametrize(
    ("endpoint", "private"),
    [
        ("https://ward.example/notify", False),
        ("mqtts://broker.example/shelters/open", False),
        ("http://127.0.0.1:9000/notify", True),
        ("https://city.example/links/1", False),
    ],
)
def test_other_endpoints_are_let_through(endpoint, private):
    check_endpoint(endpoint, private=private, own=OWN)


@given(st.integers(1, 500), st.floats(0, 1), st.floats(0, 1000))
def test_waits_grow_are_spread_and_end_at_five_minutes(failures, chance, cooldown):
    wait = wait_after(failures, chance=chance, cooldown=cooldown)
    assert cooldown <= wait <= max(LONGEST_WAIT * 4 / 3, cooldown)
    assert wait_after(failures + 1, chance=chance) >= wait_after(failures, chance=chance)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, False), (301, True), (400, True), (404, True), (429, False), (408, False), (503, False)],
)
def test_a_refusal_is_final_and_a_failure_is_not(status, expected):
    assert is_final(status) is expected


@pytest.mark.parametrize(
    ("via", "expected"),
    [
        ("", False),
        ("1.1 proxy.example", False),
        ("1.1 tedori-ward.example:443", False),
        ("1.1 tedori-city.example:443", True),
        ("1.1 proxy.example, 1.1 Tedori-City.example:443 , 2 edge", True),
        ("1.1 tedori-city.example:4430", False),
    ],
)
def test_a_message_that_came_from_here_is_known_by_its_via_header(via, expected):
    assert passed_through(via, hub=hub_name(OWN)) is expected
