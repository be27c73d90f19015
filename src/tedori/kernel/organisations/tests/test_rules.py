"""Walls and permissions, without a database."""

import pytest

from tedori.kernel.organisations import rules
from tedori.kernel.organisations.audiences import AUDIENCES, admits
from tedori.kernel.organisations.permissions import Permission, UnknownPermission, permission
from tedori.kernel.organisations.rules import Forbidden, SignInNeeded, allowed, demand, withheld_scopes
from tedori.kernel.organisations.values import ANONYMOUS, PLATFORM, Actor, system_actor

STEWARD = Actor(user_id=1, organisation="131016", kind="municipality", roles=frozenset({"steward"}))
MEMBER = Actor(user_id=2, organisation="131016", kind="municipality", roles=frozenset({"member"}))
STEERING = Actor(user_id=3, organisation="130001", kind="bureau", roles=frozenset({"admin", PLATFORM}))
RESIDENT = Actor(user_id=4)
COMPANY = Actor(user_id=5, organisation="acme", kind="company", roles=frozenset({"member"}))
TOKEN = Actor(token_id=1, organisation="131016", kind="municipality", scopes=frozenset({"evidence.read"}))
SYSTEM = system_actor("worker")


@pytest.mark.parametrize(
    ("actor", "organisation", "may"),
    [
        (STEWARD, "131016", True),
        (STEWARD, None, True),
        (STEWARD, "132012", False),
        (STEWARD, "", False),
        (MEMBER, "131016", False),
        (STEERING, "132012", True),
        (SYSTEM, "132012", True),
        (RESIDENT, "131016", False),
        (RESIDENT, None, False),
        (ANONYMOUS, "", False),
        (TOKEN, "131016", True),
        (TOKEN, "132012", False),
    ],
)
def test_a_permission_holds_inside_the_wall_and_nowhere_else(actor, organisation, may):
    assert allowed(actor, "evidence.read", organisation=organisation) is may


def test_a_token_without_the_scope_may_not_even_at_home():
    bare = Actor(token_id=2, organisation="131016", kind="municipality")
    assert not allowed(bare, "evidence.read", organisation="131016")


def test_a_token_never_manages_members_whatever_its_scopes_say():
    forged = Actor(token_id=3, organisation="131016", scopes=frozenset({"organisations.members"}))
    assert not allowed(forged, "organisations.members", organisation="131016")


def test_a_permission_that_nobody_declares_is_a_bug():
    with pytest.raises(UnknownPermission):
        allowed(STEERING, "evidence.raed", organisation=None)


def test_nobody_is_asked_to_sign_in_and_somebody_is_refused():
    with pytest.raises(SignInNeeded):
        demand(ANONYMOUS, "evidence.read", organisation="131016")
    with pytest.raises(Forbidden):
        demand(MEMBER, "evidence.read", organisation="131016")


def test_an_issuer_gives_no_scope_that_is_not_his_own():
    asked = ["evidence.read", "organisations.members", "nonsense"]
    assert withheld_scopes(STEWARD, asked, organisation="131016") == ("nonsense", "organisations.members")
    assert withheld_scopes(MEMBER, asked, organisation="131016") == tuple(sorted(asked))


def test_only_a_permission_that_may_be_narrowed_is(monkeypatch):
    narrow = Permission("tests.write", ("steward",), narrows="kinds")
    monkeypatch.setattr(rules, "grantable", lambda: (narrow, permission("evidence.read")))
    monkeypatch.setattr(rules, "declared", lambda name: narrow if name == narrow.name else permission(name))
    asked = ["tests.write:Toilet@131016", "tests.write:", "tests.write:a b", "evidence.read:all"]
    assert withheld_scopes(STEWARD, asked, organisation="131016") == (
        "evidence.read:all", "tests.write:", "tests.write:a b",
    )  # fmt: skip


def test_each_audience_admits_whom_it_names():
    admitted = """
                public resident staff partner
    nobody        x
    resident      x      x
    steward       x      x      x
    company       x      x      x      x
    token         x                    x
    system        x
    """
    actors = {
        "nobody": ANONYMOUS, "resident": RESIDENT, "steward": STEWARD,
        "company": COMPANY, "token": TOKEN, "system": SYSTEM,
    }  # fmt: skip
    head, *rows = [line for line in admitted.splitlines() if line.strip()]
    columns = {name: head.index(name) for name in AUDIENCES}
    for row in rows:
        who = row.split()[0]
        for name, start in columns.items():
            expected = "x" in row[start : start + len(name)]
            assert admits(name, actors[who]) is expected, (who, name)


def test_an_actor_is_named_without_personal_data():
    named = Actor(user_id=7, name="佐藤花子")
    assert [one.reference for one in (named, TOKEN, SYSTEM, ANONYMOUS)] == [
        "user:7", "token:1", "system:worker", "anonymous",
    ]  # fmt: skip
